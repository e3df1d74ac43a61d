"""Messages made up at random end no worker; `make fuzz` tries ten thousand."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from models import Claim, StepRun
from tests.desk import Desk
from tests.faults.crew import crew, until
from tests.faults.envelopes import envelope
from tests.faults.own_broker import client_of, key_of
from workers.tags import tagged
from workflows.pipeline import STEPS

pytestmark = [pytest.mark.line, pytest.mark.timeout(300)]

MESSAGES = int(os.environ.get("MESSAGES", "500"))
SEED = os.environ.get("SEED", "1")
QUEUES = ("claims", "reading", "letters", "beat", "claims\x06\x163")
HEADERS = ("task", "id", "lang", "eta", "expires", "timelimit", "retries", "group", "compression")
PROPERTIES = ("delivery_tag", "delivery_info", "body_encoding", "reply_to", "priority")


def anything(draw: Random, depth: int = 0) -> object:
    """A value of JSON, of any shape."""
    simple: list[object] = [
        None,
        draw.random() < 0.5,
        draw.choice((0, -1, 1.5, 10**30, 2**63)),
        draw.choice(STEPS).name,
        draw.choice(("", "\0", "互助", "9999-12-31T00:00:00", "gzip", "base64", "../x", "a" * 999)),
    ]
    if depth > 3 or draw.random() < 0.6:
        return draw.choice(simple)
    parts = [anything(draw, depth + 1) for _ in range(draw.randrange(4))]
    return parts if draw.random() < 0.5 else {str(part)[:20]: part for part in parts}


def noise(draw: Random) -> bytes:
    return draw.randbytes(draw.randrange(200))


def deep(draw: Random) -> bytes:
    return draw.choice((b"[", b'{"a":', b"[[{", b'"\\')) * draw.randrange(1, 20_000)


def well_formed(draw: Random) -> bytes:
    """A message as the program sends it, but for any of its parts."""
    headers: object = {"task": draw.choice(STEPS).name, "id": "1", "lang": "py"}
    if isinstance(headers, dict):
        headers |= {draw.choice(HEADERS): anything(draw) for _ in range(draw.randrange(3))}
    more = {draw.choice(PROPERTIES): anything(draw) for _ in range(draw.randrange(3))}
    body = draw.choice((b"[[1], {}, {}]", b"[[1]", b"{}", noise(draw), deep(draw)))
    kind = draw.choice(("application/json", "application/x-python-serialize", anything(draw)))
    return envelope(body, kind, draw.choice((headers, headers, anything(draw))), **more)


def bent(draw: Random, key: bytes) -> bytes:
    """A message of the program itself of which one byte is another, or the end is missing."""
    kept = bytearray(tagged(key, "claims", envelope(b"[[1], {}, {}]", "application/json", {})))
    place = draw.randrange(len(kept))
    if draw.random() < 0.3:
        return bytes(kept[:place])
    kept[place] ^= draw.randrange(1, 256)
    return bytes(kept)


def test_a_worker_counts_every_message_made_up_at_random_and_goes_on(
    desk: Desk, tmp_path: Path
) -> None:
    desk.clock.now = datetime.now(UTC)
    claim_id = desk.claim(desk.member())
    settings, draw = desk.office.settings, Random(SEED)
    key = key_of(settings)
    makers: list[Callable[[Random], bytes]] = [noise, deep, well_formed, lambda d: bent(d, key)]
    log = tmp_path / "worker.log"
    with client_of(settings) as client:
        client.flushall()
        for _ in range(MESSAGES):
            client.lpush(draw.choice(QUEUES), draw.choice(makers)(draw))
    with crew(settings, tmp_path) as hands:
        until(
            lambda: f'"poison": "forged", "count": {MESSAGES}}}\n' in log.read_text(),
            "each in the log",
        )
        until(lambda: desk.state_of(claim_id) == "proposed", "a proposal")
        assert hands.processes["worker"].poll() is None
    assert "Traceback" not in log.read_text()
    with desk.office.sessions.read_only() as session:
        assert session.scalar(select(func.count()).select_from(Claim)) == 1
        assert sorted(session.scalars(select(StepRun.step))) == ["adjudicate", "check", "read"]
