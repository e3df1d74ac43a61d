"""Claims a second through the whole automatic line, beside the same five steps on two peers.

Run from the project root: `make bench`, then `.venv/bin/python -m benchmarks.line [CLAIMS]`.
One embedded PostgreSQL with its defaults (fsync on), one Valkey, two worker processes for each.

Huzhu does the real work: it takes up stored page readings, extracts and checks the fields,
adjudicates, reserves limits, is approved by a person, queues payments and writes .docx letters;
with every audit event, step record and sealed value. DBOS and Procrastinate do nothing but
remember that five empty steps were done. Every clock starts when all claims have been handed in
to warm workers, and stops when the last one is done.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import quantiles

import psycopg
from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import make_url

from benchmarks import peers
from benchmarks.office import opened
from models import Claim, Letter, User, Worked
from models.people import Role
from models.states import ClaimState, LetterState
from settings import ROOT
from tests.desk import Desk, Person, a_card_number, an_id_number
from workflows import approval
from workflows.session import Bell

CLAIMS = 2000
SINGLE = 200
TARGETS = {"DBOS": 3.0, "Procrastinate": 2.0}
SLOWEST = 0.150


def main() -> int:
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else CLAIMS
    with opened() as desk:
        url = desk.office.settings.database_url
        rates = {
            "DBOS": max(
                _peer(peers.dbos_direct, url, "DBOS, started directly", claims),
                _peer(peers.dbos_queue, url, "DBOS, from a queue", claims),
            ),
            "Procrastinate": _peer(peers.procrastinate, url, "Procrastinate", claims),
        }
        with _workers(desk):
            boss = desk.user(Role.SUPERVISOR)
            _walk(desk, boss, waiting(desk, 100))
            ours = _whole_line(desk, boss, waiting(desk, claims))
            slowest = _one_at_a_time(desk, boss, waiting(desk, SINGLE))
    ratios = {name: ours / rate for name, rate in rates.items()}
    for name, ratio in ratios.items():
        print(f"Huzhu to {name:<25}{ratio:>8.1f}   target {TARGETS[name]:.0f}")
    reached = all(ratios[name] >= target for name, target in TARGETS.items())
    return 0 if reached and slowest <= SLOWEST else 1


def _peer(run: Callable[[str, int], float], server: str, name: str, claims: int) -> float:
    """In a database of its own on the same server."""
    database = run.__name__
    with psycopg.connect(peers.plain(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    url = make_url(server).set(database=database).render_as_string(hide_password=False)
    rate = run(url, claims)
    print(f"{name:<34}{rate:>8.1f} claims/s", flush=True)
    return rate


@contextmanager
def _workers(desk: Desk) -> Iterator[None]:
    """The real Celery worker with two processes, and this process as a console rings for it."""
    settings = desk.office.settings
    os.environ |= {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "HUZHU_DATA": str(settings.data),
        "HUZHU_KEYS": settings.keys.get_secret_value(),
        "HUZHU_INDEX_KEY": settings.index_key.get_secret_value(),
        "HUZHU_SECRET": settings.secret.get_secret_value(),
    }
    # Imported late: the app reads the broker's address from the environment.
    from workers.app import ring

    desk.office.sessions.ringer = ring
    queues = "intake,claims,letters,reading,beat"
    command = [sys.executable, "-m", "huzhu", "worker", "--queues", queues, "--processes", "2"]
    with (settings.data / "worker.log").open("wb") as log:
        worker = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            yield
        finally:
            worker.terminate()
            worker.wait(30)


def waiting(desk: Desk, count: int) -> list[int]:
    """Claims of as many members, each a clean stay a month ago, whose pages have been read."""
    ringer, desk.office.sessions.ringer = desk.office.sessions.ringer, None
    discharged = desk.office.today() - timedelta(days=30)
    admitted = discharged - timedelta(days=12)
    made = [
        desk.claim(_member(desk, n), admitted=str(admitted), discharged=str(discharged))
        for n in range(count)
    ]
    desk.office.sessions.ringer = ringer
    return made


def _member(desk: Desk, number: int) -> Person:
    born = f"{1975 + number // 336 % 25}{number // 28 % 12 + 1:02d}{number % 28 + 1:02d}"
    return desk.member(on_roster=Person("张三", an_id_number(born), a_card_number()))


def _ring(desk: Desk, claims: list[int]) -> None:
    """As the sweep would ring after a night without workers."""
    assert desk.office.sessions.ringer is not None
    desk.office.sessions.ringer([Bell("claim", ClaimState.RECEIVED, each) for each in claims])


def _count(desk: Desk, row: type[Worked], state: str) -> int:
    with desk.office.sessions.look() as session:
        return session.scalar(select(func.count()).where(row.state == state)) or 0


def _until(desk: Desk, row: type[Worked], state: str, count: int) -> None:
    while _count(desk, row, state) < count:
        time.sleep(0.05)


def _walk(desk: Desk, boss: User, claims: list[int]) -> tuple[float, float, float]:
    """Seconds until all are proposed, until all are approved, and until all letters are there."""
    began = time.perf_counter()
    _ring(desk, claims)
    _until(desk, Claim, ClaimState.PROPOSED, len(claims))
    proposed = time.perf_counter()
    letters = _count(desk, Letter, LetterState.WRITTEN) + len(claims)
    with desk.office.sessions.unit_of_work() as session:
        approval.approve(session, desk.office, boss, approval.queue(session))
    approved = time.perf_counter()
    _until(desk, Letter, LetterState.WRITTEN, letters)
    return proposed - began, approved - proposed, time.perf_counter() - approved


def _whole_line(desk: Desk, boss: User, claims: list[int]) -> float:
    parts = _walk(desk, boss, claims)
    count, rate = len(claims), len(claims) / sum(parts)
    print(f"{'Huzhu, the whole line':<34}{rate:>8.1f} claims/s")
    for what, seconds in zip(
        ("read, check, adjudicate", "approval", "payment, letter"), parts, strict=True
    ):
        print(f"    {what:<30}{count / seconds:>8.1f} claims/s")
    return rate


def _one_at_a_time(desk: Desk, boss: User, claims: list[int]) -> float:
    """The slowest in a hundred of single claims through idle workers, in seconds."""
    proposed = _percentiles("from its bell to a proposal", [_proposed(desk, c) for c in claims])
    _percentiles("from approval to its letter", [_written(desk, boss, c) for c in claims])
    return proposed


def _percentiles(what: str, times: list[float]) -> float:
    cuts = quantiles(times, n=100)
    print(f"{'One claim, ' + what:<44}p50 {cuts[49] * 1000:.0f} ms   p99 {cuts[98] * 1000:.0f} ms")
    return cuts[98]


def _proposed(desk: Desk, claim_id: int) -> float:
    began = time.perf_counter()
    _ring(desk, [claim_id])
    with desk.office.sessions.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        while connection.scalar(_STATE, {"id": claim_id}) != ClaimState.PROPOSED:
            time.sleep(0.001)
    return time.perf_counter() - began


def _written(desk: Desk, boss: User, claim_id: int) -> float:
    with desk.office.sessions.look() as session:
        [item] = [item for item in approval.queue(session) if item.claim_id == claim_id]
    began = time.perf_counter()
    with desk.office.sessions.unit_of_work() as session:
        approval.approve(session, desk.office, boss, [item])
    with desk.office.sessions.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        while connection.scalar(_LETTER, {"id": claim_id}) != LetterState.WRITTEN:
            time.sleep(0.001)
    return time.perf_counter() - began


_STATE = select(Claim.state).where(Claim.id == bindparam("id"))
_LETTER = select(Letter.state).where(Letter.claim_id == bindparam("id"))


if __name__ == "__main__":
    sys.exit(main())
