"""How fast a roster of 100,000 people is looked through, enrolled and covered, in what memory.

Run from the project root: `.venv/bin/python -m benchmarks.enrolment [ROWS]`. The peer is the least
the same rows can cost on the same server: PostgreSQL's COPY of the members, lines and covers that
the roster left behind, into empty copies of the tables with all their keys and constraints.
"""

import resource
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter
from sqlalchemy import func, select, text

from benchmarks.office import opened
from models import Coverage, Enrolment, EnrolmentLine, Unit
from models.people import Role
from models.states import FeePayer
from rules.money import Fen
from samples.people import id_number
from tests.desk import STEP_BY_NAME, Desk
from workflows.engine.run import run
from workflows.enrolment import fees, rosters
from workflows.enrolment.consent import Consent
from workflows.enrolment.opened_roster import opened_roster

ROWS = 100_000
SECONDS, BYTES = 60.0, 1_000_000_000
PLAN, OWN = "main-2025", 8000
CONSENT = Consent(date(2026, 6, 1), "2026-1")
TABLES = ("member", "audit_event", "enrolment_line", "coverage")


class Spent(NamedTuple):
    """Seconds by the clock, which other work on the machine makes longer, and of this process."""

    seconds: float
    worked: float


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    content = _roster(rows)
    print(f"{rows:,} rows in a file of {len(content):,} bytes")
    with opened() as desk:
        clerk, cashier = desk.user(Role.CLERK), desk.user(Role.CASHIER)
        unit_id = desk.unit(headcount=rows)
        spent: dict[str, Spent] = {}
        with _peak() as peak:
            with _timed(spent, "hand in"), desk.office.sessions.unit_of_work() as session:
                unit = session.get_one(Unit, unit_id)
                roster = opened_roster(desk.office, clerk, content)
                given = session, desk.office, clerk, unit, PLAN, roster
                [made] = rosters.hand_in(*given, consent=CONSENT)
                number, id_ = made.number, made.id
            with _timed(spent, "accept"), desk.office.sessions.unit_of_work() as session:
                found = rosters.locked(session, number)
                accepted = rosters.accept(session, desk.office, clerk, found)
                assert accepted == rosters.Accepted(rows, 0, 0)
            with _timed(spent, "enrol"), _progress(desk, number):
                run(desk.office, STEP_BY_NAME["enrol"], id_)
            with desk.office.sessions.unit_of_work() as session:
                found = rosters.locked(session, number)
                entry = (FeePayer.UNIT, Fen(rows * OWN), desk.office.today())
                fees.note_receipt(session, desk.office, cashier, found, "1", *entry)
            with _timed(spent, "cover"):
                run(desk.office, STEP_BY_NAME["begin_cover"], id_)
        assert _counted(desk) == (rows, rows)
        copied = _copy(desk)
    whole = sum(each.seconds for each in spent.values())
    spent["whole"] = Spent(whole, sum(each.worked for each in spent.values()))
    for act, (seconds, worked) in spent.items():
        rate = rows / seconds
        print(f"{act:>8}: {seconds:6.1f} s   {rate:>8,.0f} rows/s   {worked:5.1f} s of processor")
    print(f"    COPY: {copied:6.1f} s   {rows / copied:>8,.0f} rows/s   {whole / copied:.1f} times")
    print(f"resident: {peak[0] / 1e6:,.0f} MB at most")
    return 0 if whole <= SECONDS * rows / ROWS and peak[0] <= BYTES else 1


def _roster(rows: int) -> bytes:
    """As many made-up people as asked for, no two alike."""
    out = BytesIO()
    options = {"constant_memory": True, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("序号", "姓名", "证件号码", "手机号", "用工性质", "开户行"))
        for row in range(1, rows + 1):
            county = f"2201{row // 1000 % 6 + 2:02d}"
            born = date(1970 + row // 6000 % 30, row // 500 % 12 + 1, row // 1000 % 28 + 1)
            person = (row, f"职工{row}", id_number(county, born, row % 1000), f"138{row:08d}")
            sheet.write_row(row, 0, (*person, "正式", "中国建设银行"))
    return out.getvalue()


@contextmanager
def _timed(spent: dict[str, Spent], act: str) -> Iterator[None]:
    began, worked = time.monotonic(), time.process_time()
    yield
    spent[act] = Spent(time.monotonic() - began, time.process_time() - worked)


@contextmanager
def _peak() -> Iterator[list[int]]:
    """The most memory this process had resident; the server's own is not in it."""
    found = [0]
    yield found
    found[0] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@contextmanager
def _progress(desk: Desk, number: str) -> Iterator[None]:
    """Say now and then how far the step has come, as the page does."""
    done = threading.Event()

    def tell() -> None:
        while not done.wait(5):
            with desk.office.sessions.read_only() as session:
                count = session.scalar(select(Enrolment.rows_done).filter_by(number=number))
            print(f"          {count:>8,} rows done", flush=True)

    teller = threading.Thread(target=tell)
    teller.start()
    yield
    done.set()
    teller.join()


def _counted(desk: Desk) -> tuple[int, int]:
    with desk.office.sessions.read_only() as session:
        lines = session.scalar(select(func.count()).select_from(EnrolmentLine)) or 0
        return lines, session.scalar(select(func.count()).select_from(Coverage)) or 0


def _copy(desk: Desk) -> float:
    """How long the server takes for nothing but writing the same rows."""
    taken = 0.0
    with desk.office.sessions.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for table in TABLES:
            data = BytesIO()
            with driver.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as source:
                for block in source:
                    data.write(block)
            connection.execute(text(f"CREATE TABLE peer (LIKE {table} INCLUDING ALL)"))
            began = time.monotonic()
            with driver.cursor().copy("COPY peer FROM STDIN (FORMAT binary)") as target:
                target.write(data.getvalue())
            taken += time.monotonic() - began
            connection.execute(text("DROP TABLE peer"))
        connection.rollback()
    return taken


if __name__ == "__main__":
    sys.exit(main())
