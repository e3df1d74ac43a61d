"""Messages that this program did not send change nothing and end no worker."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
from celery import Celery
from sqlalchemy import func, select

from models import Claim, StepRun
from settings import Settings
from tests.desk import Desk
from tests.faults.crew import crew, until
from workflows.pipeline import QUEUES

pytestmark = [pytest.mark.line, pytest.mark.timeout(300)]

UNKNOWN = {"task": "no_such_task", "id": "1", "lang": "py"}
PICKLE = b"cposix\nsystem\n(S'touch /tmp/huzhu-was-here'\ntR."


def envelope(body: bytes, content_type: str, headers: object) -> bytes:
    """A message as it is kept in the queue, with any body."""
    properties = {
        "delivery_tag": "1",
        "delivery_info": {"exchange": "", "routing_key": "claims"},
        "body_encoding": "base64",
    }
    text = {
        "body": base64.b64encode(body).decode(),
        "content-encoding": "utf-8",
        "content-type": content_type,
        "headers": headers,
        "properties": properties,
    }
    return json.dumps(text).encode()


POISONS = {
    "not even json": b"\x80\x04garbage",
    "json, but no message": b'{"hello": 1}',
    "a list": b"[1, 2, 3]",
    "an unknown task": envelope(b"[[1], {}, {}]", "application/json", UNKNOWN),
    "no task at all": envelope(b"[[1], {}, {}]", "application/json", {}),
    "a body that is no json": envelope(
        b"{{{", "application/json", {"task": "check", "id": "2", "lang": "py"}
    ),
    "a pickle": envelope(PICKLE, "application/x-python-serialize", {"task": "check", "id": "3"}),
    "arguments of another shape": envelope(
        b'{"args": 7}', "application/json", {"task": "check", "id": "4", "lang": "py"}
    ),
}


COUNTED = {"garbage": 3, "unknown task": 1, "unreadable body": 1}


def broker_of(settings: Settings) -> redis.Redis:
    return redis.Redis(unix_socket_path=settings.redis_url.removeprefix("redis+socket://"))


def nothing_waits(settings: Settings) -> bool:
    """Whether the workers have taken every message."""
    with broker_of(settings) as client:
        return not any(client.llen(queue) for queue in QUEUES)


def all_counted(log: Path) -> bool:
    text = log.read_text()
    return all(f"poison={kind} count={count}" in text for kind, count in COUNTED.items())


def test_workers_go_on_after_poison_and_count_it(desk: Desk, tmp_path: Path) -> None:
    desk.clock.now = datetime.now(UTC)
    claim_id = desk.claim(desk.member())
    settings = desk.office.settings
    with broker_of(settings) as client:
        client.flushall()
        client.lpush("claims", *POISONS.values())
    with crew(settings, tmp_path) as hands:
        until(lambda: desk.state_of(claim_id) == "proposed", "a proposal")
        until(lambda: all_counted(tmp_path / "worker.log"), "each kind of poison in the log")
        assert hands.processes["worker"].poll() is None
    assert not Path("/tmp/huzhu-was-here").exists()  # noqa: S108


def test_forged_ids_and_arguments_leave_no_trace(desk: Desk, tmp_path: Path) -> None:
    desk.clock.now = datetime.now(UTC)
    claim_id = desk.claim(desk.member())
    broker = Celery(broker=desk.office.settings.redis_url)
    for forged in ([0], [-5], [10**12], [10**30], ["'; DROP TABLE claim; --"], [None], [], [1.5]):
        for queue, task in (("claims", "check"), ("reading", "read"), ("letters", "write_letter")):
            broker.send_task(task, args=forged, queue=queue)
    broker.send_task("check", kwargs={"subject_id": 1}, queue="claims")
    settings = desk.office.settings
    with crew(settings, tmp_path) as hands:
        until(lambda: desk.state_of(claim_id) == "proposed", "a proposal")
        until(lambda: nothing_waits(settings), "an empty queue")
        assert hands.processes["worker"].poll() is None
    with desk.office.sessions.read_only() as session:
        assert session.scalar(select(func.count()).select_from(Claim)) == 1
        runs = session.scalars(select(StepRun.step).order_by(StepRun.id)).all()
        assert sorted(runs) == ["adjudicate", "check", "read"]
