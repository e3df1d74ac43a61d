"""What a claim costs while ever more claims are stored, and how each query finds its rows.

Run from the project root: `.venv/bin/python -m benchmarks.scale [MOST]`, MOST being 100000 or
another power of ten. At each size the same new claims walk the line in this process; every
statement they and the screens send is explained by the server, and none may read a growing
table from end to end.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event, select, update

from benchmarks.line import waiting
from benchmarks.multiply import copied, keep_patterns, multiply
from benchmarks.office import opened
from console.queries import approvals, claims, failures, home, one_claim, packets
from models import Claim, Letter, Payment, User
from models.people import Role
from models.states import ClaimState, LetterState, PaymentState
from tests.desk import STEP_BY_NAME, Desk
from workflows.claims.approving import approval, approval_queue
from workflows.claims.packets import inbox
from workflows.claims.paying import batches
from workflows.engine.row_stamps import execute_stamped
from workflows.engine.run import run
from workflows.sweep import sweep

SIZES = (1_000, 10_000, 100_000, 1_000_000)
PATTERNS = 50
WALKED = 200
ROUNDS = 3
FLAT = 1.2
GROUP = 50
SMALL = 10
"""Pages of 8 kB: below this, reading a whole table is as quick as any index."""


@dataclass(frozen=True)
class Asked:
    """A statement as it was sent, with one set of its values."""

    statement: str
    values: dict[str, object]


def main() -> int:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with opened() as desk:
        staff = {role: desk.user(role) for role in Role}
        _stored(desk, staff)
        keep_patterns(desk.office.sessions.engine)
        costs, size = {}, PATTERNS
        for wanted in (size for size in SIZES if size <= most):
            multiply(desk.office.sessions.engine, size // PATTERNS, wanted // PATTERNS - 1)
            size = wanted
            costs[size] = min(_cost(desk, staff) for _ in range(ROUNDS))
            ratio = costs[size] / costs[SIZES[0]]
            print(f"{size:>9,} claims stored: {costs[size]:6.2f} ms a claim   {ratio:.2f}")
        plans = dict(_plans(desk, staff))
    whole = {name: plan for name, plan in plans.items() if _read_whole(plan)}
    print(f"{len(plans)} different statements, {len(whole)} read a growing table from end to end")
    for statement, plan in (plans if "--plans" in sys.argv else whole).items():
        print(f"\n{statement}\n{plan}")
    return 1 if whole or costs[size] > FLAT * costs[SIZES[0]] else 0


def _stored(desk: Desk, staff: dict[Role, User]) -> None:
    """A few claims that have gone all the way: paid, with their letters written."""
    _walk(desk, staff, waiting(desk, PATTERNS))
    with desk.office.sessions.unit_of_work() as session:
        [batch] = batches.freeze(session, desk.office, staff[Role.CASHIER])
        batches.release(session, desk.office, desk.user(Role.CASHIER), batch, batch.digest)
    with desk.office.sessions.unit_of_work() as session:
        execute_stamped(session, update(Payment).values(state=PaymentState.CREDITED))
        session.execute(update(Claim).values(state=ClaimState.PAID))


def _cost(desk: Desk, staff: dict[Role, User]) -> float:
    """Milliseconds for each claim that walks the line in this one process."""
    made = waiting(desk, WALKED)
    began = time.perf_counter()
    _walk(desk, staff, made)
    return (time.perf_counter() - began) / WALKED * 1000


def _walk(desk: Desk, staff: dict[Role, User], made: list[int]) -> None:
    _run(desk, "read", made)
    with desk.office.sessions.unit_of_work() as session:
        items = approval_queue.queue(session, desk.office)
        approval.approve(session, desk.office, staff[Role.SUPERVISOR], items, items)
    _run(desk, "prepare_payment", made)
    with desk.office.sessions.read_only() as session:
        due = select(Letter.id).where(Letter.due_at.is_not(None))
        wanted = list(session.scalars(due.where(Letter.state == LetterState.WANTED)))
    _run(desk, "write_letter", wanted)


def _run(desk: Desk, name: str, ids: list[int]) -> None:
    for first in range(0, len(ids), GROUP):
        run(desk.office, STEP_BY_NAME[name], *ids[first : first + GROUP])


def _plans(desk: Desk, staff: dict[Role, User]) -> Iterator[tuple[str, str]]:
    """The plan of each statement that the line, the sweep and the screens send."""
    made = waiting(desk, GROUP)
    with _listening(desk) as asked:
        _walk(desk, staff, made[:-1])
        run(desk.office, STEP_BY_NAME["read"], made[-1])
        sweep(desk.office)
        inbox.look(desk.office)
        _screens(desk, staff, made[0])
    with desk.office.sessions.engine.connect() as connection:
        for each in asked.values():
            yield each.statement, _plan(connection, each)
            connection.rollback()


def _screens(desk: Desk, staff: dict[Role, User], claim_id: int) -> None:
    with desk.office.sessions.read_only() as session:
        clerk, supervisor = staff[Role.CLERK], staff[Role.SUPERVISOR]
        claim = session.get_one(Claim, claim_id)
        claims.claim_counts(session, clerk)
        claims.claims_found(session, desk.office, clerk, claims.Filters())
        claims.claims_found(session, desk.office, clerk, claims.Filters(state=ClaimState.PAID))
        claims.claims_found(session, desk.office, clerk, claims.Filters(after=claim.number))
        claims.waiting(session, desk.office, clerk)
        claims.numbers_like(session, clerk, claim.number[:8])
        claims.claims_found(session, desk.office, clerk, claims.Filters(number=claim.number[-6:]))
        home.tiles(session, desk.office, clerk)
        home.tiles(session, desk.office, supervisor)
        home.tiles(session, desk.office, staff[Role.CASHIER])
        approvals.queue_as_shown(session, desk.office, supervisor)
        failures.failure_groups(session)
        failures.retried_lately(session, desk.office)
        packets.latest_packets(session, desk.office, clerk)
        one_claim.claim_view(session, desk.office, clerk, claim)


@contextmanager
def _listening(desk: Desk) -> Iterator[dict[str, Asked]]:
    asked: dict[str, Asked] = {}
    engine = desk.office.sessions.engine

    def listen(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        one = values[0] if isinstance(values, list) else values
        asked.setdefault(statement, Asked(statement, one))

    event.listen(engine, "before_cursor_execute", listen)
    yield asked
    event.remove(engine, "before_cursor_execute", listen)


def _plan(connection: Connection, asked: Asked) -> str:
    plan = _explained(connection, asked)
    if any(_is_small(connection, name) for name in _read_whole(plan)):
        # Of a table that is nearly empty here, the server rightly reads all. Asked not to, it has
        # to show the index that it would use once the table has grown.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = _explained(connection, asked)
    return plan


def _explained(connection: Connection, asked: Asked) -> str:
    rows = connection.exec_driver_sql(f"EXPLAIN (COSTS OFF) {asked.statement}", asked.values)
    return "\n".join(row[0] for row in rows)


def _is_small(connection: Connection, table: str) -> bool:
    pages = "SELECT relpages FROM pg_class WHERE oid = CAST(%(table)s AS regclass)"
    return bool(connection.exec_driver_sql(pages, {"table": table}).scalar_one() < SMALL)


def _read_whole(plan: str) -> set[str]:
    """The growing tables that the plan reads from end to end."""
    scans = [line.partition("Seq Scan on ")[2].split() for line in plan.splitlines()]
    return {words[0] for words in scans if words} & {table.name for table in copied()}


if __name__ == "__main__":
    sys.exit(main())
