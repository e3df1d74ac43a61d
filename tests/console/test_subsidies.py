"""The quarterly statement of the subsidy: from the rosters to page, spreadsheet and letter."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from models.people import Role
from tests.desk import UNIT, Desk
from tests.renewals import set_day
from tests.workflows.enrolment.rosters import OWN, Hall, Worker, workers

At = Callable[..., Any]
OTHER = "吉林省另一厅机关工会"


@pytest.mark.notice("5", "对主选项目省直机关工会每个职工补助30元")
def test_each_quarter_counts_the_members_whose_cover_was_put_in_force_in_it(
    desk: Desk, at_desk: At
) -> None:
    here, there = Hall.of(desk, 3), Hall.of(desk, 2, OTHER)
    people = [*workers(2), Worker("退出")]
    number = here.enrolled(people)
    clerk = at_desk(Role.CLERK)
    clerk.post(f"/enrolments/{number}/lines/4/strike", {"reason": "不参加"})
    here.pay(number, 2 * OWN)
    desk.work()
    set_day(desk, date(2026, 7, 1))
    there.covered(workers(2), date(2026, 8, 1))
    html = clerk.get("/boards/subsidy?year=2026&quarter=2").text
    assert UNIT in html
    assert OTHER not in html
    path = "year=2026&quarter=2"
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(clerk.get(f"/boards/subsidy.xlsx?{path}").content)
    )
    rows = [row for row in book.get_sheet_by_index(0).to_python() if len(row) > 2 and row[2]]
    assert [UNIT, 2, 60] in rows
    assert ["合计", 2, 60] in rows
    paper = Document(io.BytesIO(clerk.get(f"/boards/subsidy.docx?{path}").content))
    cells = [cell.text for row in paper.tables[0].rows for cell in row.cells]
    assert {UNIT, "2", "60.00", "人民币陆拾元整"} <= set(cells)
    assert any("2026年第二季度" in line.text for line in paper.paragraphs)
    later = clerk.get("/boards/subsidy?year=2026&quarter=3").text
    assert OTHER in later
    assert "60.00" in later


def test_there_is_no_fifth_quarter(at_desk: At) -> None:
    assert at_desk(Role.CLERK).get("/boards/subsidy.xlsx?year=2026&quarter=5").status_code == 404
