"""Messages that this program did not send change nothing and end no worker."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import redis
from sqlalchemy import func, select

from models import Claim, StepRun
from settings import Settings
from tests.desk import Desk
from tests.faults.crew import crew, until
from tests.faults.envelopes import envelope
from tests.faults.own_broker import client_of, key_of, own_broker
from workers.tags import tagged
from workflows.engine import broker_notes
from workflows.pipeline import QUEUES

pytestmark = [pytest.mark.line, pytest.mark.timeout(300)]

UNKNOWN = {"task": "no_such_task", "id": "1", "lang": "py"}
PICKLE = b"cposix\nsystem\n(S'touch /tmp/huzhu-was-here'\ntR."


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
    "nested deeply": b"[" * 100_000,
}
FORGED = {
    "what the office itself would send": envelope(
        b"[[1], {}, {}]", "application/json", {"task": "check", "id": "5", "lang": "py"}
    ),
    "for the far future": envelope(
        b"[[1], {}, {}]",
        "application/json",
        {"task": "check", "id": "6", "lang": "py", "eta": "9999-12-31T23:59:59+00:00"},
    ),
    "an answer to be sent elsewhere": envelope(
        b"[[1], {}, {}]",
        "application/json",
        {"task": "no_such_task", "id": "7", "lang": "py"},
        reply_to="elsewhere",
        correlation_id="7",
    ),
    "headers that are a list": envelope(b"[[1], {}, {}]", "application/json", ["task"]),
    "a task that is a table": envelope(b"[[1], {}, {}]", "application/json", {"task": {}}),
    "a body of 8 MB": envelope(b" " * 8_000_000, "application/json", {"task": "check", "id": "8"}),
}


PLANTS: list[Callable[[redis.Redis, str], object]] = [
    lambda client, name: client.set(name, "9" * 5000),
    lambda client, name: client.lpush(name, "no message"),
    lambda client, name: client.hset(
        name, mapping={"dropped:forged": "9" * 5000, "swept": "9" * 20}
    ),
    lambda client, name: client.sadd(name, "7"),
    lambda client, name: client.zadd(name, {"tag": 1}),
    lambda client, name: client.xadd(name, {"task": "check"}),
]
"""Ways to put something of each kind under a name."""

COUNTED = {"garbage": 4, "unknown task": 1, "unreadable body": 1}
"""Of the poisons that carry a tag of this office."""


def nothing_waits(settings: Settings) -> bool:
    """Whether the workers have taken every message."""
    with client_of(settings) as client:
        return not any(client.llen(queue) for queue in QUEUES)


def all_counted(log: Path, counted: dict[str, int]) -> bool:
    return counted.items() <= set(poisons_in(log))


def poisons_in(log: Path) -> Iterator[tuple[str, int]]:
    """What the log of the worker counts, in the order in which it was counted."""
    for line in log.read_text().splitlines(keepends=True):
        if "poison" in line and line.endswith("\n"):
            told = json.loads(line)
            yield told["poison"], told["count"]


def is_proposed(desk: Desk, claim_id: int) -> bool:
    return desk.state_of(claim_id) == "proposed"


def goes_on_after(desk: Desk, folder: Path, kept: list[bytes], counted: dict[str, int]) -> None:
    """Whether a worker that finds this in its queue counts it and brings a claim to its end."""
    desk.clock.now = datetime.now(UTC)
    claim_id = desk.claim(desk.member())
    settings = desk.office.settings
    with client_of(settings) as client:
        client.flushall()
        client.lpush("claims", *kept)
    with crew(settings, folder) as hands:
        until(lambda: desk.state_of(claim_id) == "proposed", "a proposal")
        until(lambda: all_counted(folder / "worker.log", counted), "each poison in the log")
        assert hands.processes["worker"].poll() is None


def test_messages_without_a_tag_of_the_office_are_counted_and_not_even_read(
    desk: Desk, tmp_path: Path
) -> None:
    kept = [*POISONS.values(), *FORGED.values()]
    of_another_queue = tagged(key_of(desk.office.settings), "reading", FORGED[next(iter(FORGED))])
    of_another_office = tagged(b"another key", "claims", FORGED[next(iter(FORGED))])
    kept += [of_another_queue, of_another_office]
    goes_on_after(desk, tmp_path, kept, {"forged": len(kept)})
    assert not COUNTED.keys() & dict(poisons_in(tmp_path / "worker.log")).keys()
    with client_of(desk.office.settings) as client:
        assert not client.exists("elsewhere")


def test_workers_go_on_after_poison_under_a_tag_of_the_office_and_count_it(
    desk: Desk, tmp_path: Path
) -> None:
    key = key_of(desk.office.settings)
    kept = [tagged(key, "claims", poison) for poison in POISONS.values()]
    goes_on_after(desk, tmp_path, kept, COUNTED)
    assert not Path("/tmp/huzhu-was-here").exists()  # noqa: S108


def test_keys_of_another_kind_under_each_name_that_is_used_are_removed(
    desk: Desk, tmp_path: Path
) -> None:
    desk.clock.now = datetime.now(UTC)
    settings = desk.office.settings
    names = [f"{queue}{step}" for queue in QUEUES for step in ("", "\x06\x163", "\x06\x169")]
    names += ["unacked", "unacked_index", "unacked_mutex", "_kombu.binding.claims"]
    names += [broker_notes.COUNTS, broker_notes.INSTANTS]
    with client_of(settings) as client, crew(settings, tmp_path) as hands:
        for plant in PLANTS:
            claim_id = desk.claim(desk.member())
            for name in names:
                # In one transaction: the worker makes the key anew as soon as it is gone.
                with client.pipeline() as together:
                    together.delete(name)
                    plant(together, name)
                    together.execute()
            client.publish("/0.celery.pidbox", '{"method": "shutdown", "arguments": {}}')
            until(partial(is_proposed, desk, claim_id), "a proposal")
        assert hands.processes["worker"].poll() is None
        until(
            lambda: bool(broker_notes.counted(settings.redis_url, broker_notes.DROPPED)), "a count"
        )
    assert "no list" in dict(poisons_in(tmp_path / "worker.log"))


@pytest.mark.parametrize("plant", PLANTS, ids=["text", "list", "hash", "set", "zset", "stream"])
def test_what_others_put_where_counts_are_kept_is_replaced(
    desk: Desk, plant: Callable[[redis.Redis, str], object]
) -> None:
    url = desk.office.settings.redis_url
    with client_of(desk.office.settings) as client:
        for name in (broker_notes.COUNTS, broker_notes.INSTANTS):
            client.delete(name)
            plant(client, name)
        assert broker_notes.counted(url, "dropped") == {}
        assert broker_notes.last(url, broker_notes.SWEPT) is None
        broker_notes.count(url, "dropped", "forged")
        broker_notes.note_instant(url, broker_notes.SWEPT, datetime(2026, 1, 1, tzinfo=UTC))
        assert broker_notes.counted(url, "dropped") == {"forged": 1}
        assert broker_notes.last(url, broker_notes.SWEPT) == datetime(2026, 1, 1, tzinfo=UTC)
        client.delete(broker_notes.COUNTS, broker_notes.INSTANTS)


def test_a_worker_starts_although_no_name_is_left_for_its_queues(
    desk: Desk, tmp_path: Path
) -> None:
    desk.clock.now = datetime.now(UTC)
    claim_id = desk.claim(desk.member())
    settings = desk.office.settings
    with client_of(settings) as client:
        client.flushall()
        for queue in QUEUES:
            client.sadd(queue, "no message")
    with crew(settings, tmp_path):
        until(lambda: desk.state_of(claim_id) == "proposed", "a proposal")


def test_forged_ids_and_arguments_leave_no_trace(desk: Desk, tmp_path: Path) -> None:
    desk.clock.now = datetime.now(UTC)
    claim_id = desk.claim(desk.member())
    broker = own_broker(desk.office.settings)
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
