"""How fast a roster of 100,000 members is checked, beside openpyxl merely reading the same file.

Run from the project root, after `make bench`: `.venv/bin/python -m benchmarks.rosters`.
Every tenth row has a fault. Memory is the highest the program and its reading process took.
"""

import resource
import sys
import time
from datetime import date
from io import BytesIO
from random import Random

import xlsxwriter

from documents.rosters.check import check_roster
from documents.rosters.roster_template import COLUMNS
from rules.plans import load
from samples.people import made_up_person

ROWS = 100_000
TARGET = 20.0
MEMORY = 600


def a_roster(rows: int) -> bytes:
    """A file in our own layout."""
    content, rng = BytesIO(), Random("a roster")
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("参保名单")
        sheet.write_row(0, 0, [column.heading for column in COLUMNS])
        for at in range(1, rows + 1):
            one = made_up_person(rng)
            number = one.id_number if at % 10 else one.id_number[:-1] + "0"
            who = [at, "吉林省样例厅机关工会", one.name, number, one.phone, "正式", "续保"]
            fees = ["main-2020", 110, 50, 30, 30]
            sheet.write_row(at, 0, [*who, *fees, one.bank_name, one.card_number, "无"])
    return content.getvalue()


def read_by_openpyxl(content: bytes) -> int:
    """Cells in the file, as a program with openpyxl would first get at them."""
    from openpyxl import load_workbook

    sheet = load_workbook(BytesIO(content), read_only=True).worksheets[0]
    return sum(len(row) for row in sheet.iter_rows(values_only=True))


def main() -> int:
    content = a_roster(ROWS)
    before = _memory(resource.RUSAGE_SELF)
    began, spent = time.perf_counter(), _processor()
    check = check_roster(content, load("main-2020"), date(2026, 1, 1))
    seconds, spent = time.perf_counter() - began, _processor() - spent
    memory = _memory(resource.RUSAGE_SELF) + _memory(resource.RUSAGE_CHILDREN)
    began, peer_spent = time.perf_counter(), _processor()
    cells = read_by_openpyxl(content)
    peer, peer_spent = time.perf_counter() - began, _processor() - peer_spent
    print(f"rows                          {len(check.rows):>10,}   cells {cells:,}")
    print(f"faults found                  {len(check.faults):>10,}")
    print(
        f"read and checked, rows/s      {ROWS / seconds:>10,.0f}   {seconds:.1f} s, target {TARGET}"
    )
    print(f"openpyxl only reads, rows/s   {ROWS / peer:>10,.0f}   ratio {peer / seconds:.1f}")
    print(f"processor seconds             {spent:>10.1f}   openpyxl {peer_spent:.1f}")
    print(f"memory at most, MB            {memory:>10,.0f}   target {MEMORY}, before {before:.0f}")
    return 0 if seconds <= TARGET and memory <= MEMORY else 1


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _memory(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    sys.exit(main())
