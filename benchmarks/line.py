"""Claims a second through the whole automatic line, beside the same five steps on two peers.

Run from the project root: `make bench`, then `.venv/bin/python -m benchmarks.line [CLAIMS]`.
One embedded PostgreSQL with its defaults (fsync on), one Valkey, two worker processes for each.

Huzhu does the real work: it takes up stored page readings, extracts and checks the fields,
adjudicates, reserves limits, is approved by a person, queues payments and writes .docx letters;
with every audit event, step record and sealed value. DBOS and Procrastinate do nothing but
remember that five empty steps were done. Every clock starts when all claims have been handed in
to warm workers, and stops when the last one is done. They take turns, since no machine is as quick
in one minute as in the next; the median of the rounds counts, of DBOS that of its better way.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median, quantiles

import psycopg
from sqlalchemy import bindparam, func, select
from sqlalchemy.engine import make_url

from benchmarks import peers
from benchmarks.office import opened, tell_programs
from models import Claim, Letter, User, Worked
from models.people import Role
from models.states import ClaimState, LetterState
from settings import ROOT
from tests.desk import Desk, Person, a_card_number, an_id_number
from workflows.claims.approving import approval, approval_queue
from workflows.engine.garbage import collect_less_often
from workflows.engine.session import Bell

CLAIMS = 2000
ROUNDS = 3
SINGLE = 200
WARM_UP, AT_ONCE = 400, 25
"""Claims before each measurement, and how many a message carries then: so each worker process has
done every step, and has its statements compiled and its forms of letters taken apart."""
TARGETS = {"DBOS": 3.0, "Procrastinate": 2.0}
SLOWEST = 0.150


PEERS = {
    "DBOS, started directly": peers.dbos_direct,
    "DBOS, from a queue": peers.dbos_queue,
    "Procrastinate": peers.procrastinate,
}


def main() -> int:
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else CLAIMS
    rates: dict[str, list[float]] = {name: [] for name in (*PEERS, "Huzhu")}
    with opened() as desk:
        boss = desk.user(Role.SUPERVISOR)
        for number in range(ROUNDS):
            for name, peer in PEERS.items():
                rates[name].append(_peer(peer, desk, f"round{number}_{peer.__name__}", claims))
            with _workers(desk):
                _warm_up(desk, boss)
                rates["Huzhu"].append(_whole_line(desk, boss, waiting(desk, claims)))
            print("  ".join(f"{name} {each[-1]:.1f}" for name, each in rates.items()), flush=True)
        with _workers(desk):
            _warm_up(desk, boss)
            slowest = _one_at_a_time(desk, boss, waiting(desk, SINGLE))
    usual = {name: median(each) for name, each in rates.items()}
    for name, rate in usual.items():
        print(f"{name:<34}{rate:>8.1f} claims/s")
    reached = slowest <= SLOWEST
    for name, target in TARGETS.items():
        ratio = usual["Huzhu"] / max(rate for each, rate in usual.items() if each.startswith(name))
        print(f"Huzhu to {name:<25}{ratio:>8.1f}   target {target:.0f}")
        reached = reached and ratio >= target
    return 0 if reached else 1


def _peer(run: Callable[[str, int], float], desk: Desk, database: str, claims: int) -> float:
    """Claims a second, in a database of its own on the same server."""
    server = desk.office.settings.database_url
    with psycopg.connect(peers.plain(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    url = make_url(server).set(database=database).render_as_string(hide_password=False)
    return run(url, claims)


@contextmanager
def _workers(desk: Desk) -> Iterator[None]:
    """The real Celery worker with two processes, and this process as a console rings for it."""
    settings = desk.office.settings
    tell_programs(settings)
    # Imported late: the app reads the broker's address from the environment.
    from workers.app import ring

    desk.office.sessions.ringer = ring
    collect_less_often()
    command = [sys.executable, "-m", "huzhu", "worker", "--all-but", "mail", "--processes", "2"]
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
    with desk.office.sessions.read_only() as session:
        return session.scalar(select(func.count()).where(row.state == state)) or 0


def _until(desk: Desk, row: type[Worked], state: str, count: int) -> None:
    while _count(desk, row, state) < count:
        time.sleep(0.05)


def _warm_up(desk: Desk, boss: User) -> None:
    """Let both worker processes, and the supervisor's own, do each step some times."""
    claims = waiting(desk, WARM_UP)
    for first in range(0, WARM_UP, AT_ONCE):
        _ring(desk, claims[first : first + AT_ONCE])
    _until(desk, Claim, ClaimState.PROPOSED, WARM_UP)
    _approve(desk, boss, claims)


def _walk(desk: Desk, boss: User, claims: list[int]) -> tuple[float, float, float]:
    """Seconds until all are proposed, until all are approved, and until all letters are there."""
    began = time.perf_counter()
    _ring(desk, claims)
    _until(desk, Claim, ClaimState.PROPOSED, len(claims))
    proposed = time.perf_counter()
    approved = _approve(desk, boss, claims)
    return proposed - began, approved - proposed, time.perf_counter() - approved


def _approve(desk: Desk, boss: User, claims: list[int]) -> float:
    """Approve all that waits, and wait for the letters; when it was approved."""
    letters = _count(desk, Letter, LetterState.WRITTEN) + len(claims)
    with desk.office.sessions.unit_of_work() as session:
        items = approval_queue.queue(session, desk.office)
        approval.approve(session, desk.office, boss, items, items)
    approved = time.perf_counter()
    _until(desk, Letter, LetterState.WRITTEN, letters)
    return approved


def _whole_line(desk: Desk, boss: User, claims: list[int]) -> float:
    parts = _walk(desk, boss, claims)
    names = ("read, check, adjudicate", "approval", "payment, letter")
    for what, seconds in zip(names, parts, strict=True):
        print(f"    {what:<30}{len(claims) / seconds:>8.1f} claims/s")
    return len(claims) / sum(parts)


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
    with desk.office.sessions.read_only() as session:
        [item] = [
            item for item in approval_queue.queue(session, desk.office) if item.claim_id == claim_id
        ]
    began = time.perf_counter()
    with desk.office.sessions.unit_of_work() as session:
        approval.approve(session, desk.office, boss, [item], [item])
    with desk.office.sessions.engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        while connection.scalar(_LETTER, {"id": claim_id}) != LetterState.WRITTEN:
            time.sleep(0.001)
    return time.perf_counter() - began


_STATE = select(Claim.state).where(Claim.id == bindparam("id"))
_LETTER = select(Letter.state).where(Letter.claim_id == bindparam("id"))


if __name__ == "__main__":
    sys.exit(main())
