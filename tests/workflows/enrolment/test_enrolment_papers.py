"""What a unit takes home: rows to correct, the confirmation of cover, the list of its members."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from models import Enrolment, User
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk
from tests.workflows.enrolment.rosters import Hall, Worker, workers
from workflows.engine.office import Office
from workflows.enrolment import rosters
from workflows.enrolment.enrolment_papers import confirmation, faulty_rows, member_list

Write = Callable[[Session, Office, User, Enrolment], bytes]


def written(hall: Hall, write: Write, number: str, person: User | None = None) -> bytes:
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        return write(session, hall.desk.office, person or hall.clerk, found)


def cells(content: bytes) -> list[list[object]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]


def words(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    tables = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *tables])


@pytest.mark.notice("5", "不列入《领导干部个人事项报告》")
def test_the_confirmation_says_who_paid_what_for_which_days(desk: Desk) -> None:
    hall = Hall.of(desk)
    number = hall.covered(workers(3))
    paper = written(hall, confirmation, number)
    days, sums = ("2026年7月1日", "2027年6月30日"), ("240.00", "90.00", "叁佰叁拾元整")
    assert [said for said in ("3人，3份", *days, *sums, number) if said not in words(paper)] == []
    assert "连续参保" not in words(paper)
    assert "依照吉直工发〔2020〕1号“五、资金来源”" in words(paper)
    assert "不列入《领导干部个人事项报告》" in words(paper)
    desk.clock.pass_(days=3)
    assert written(hall, confirmation, number) == paper


def test_the_confirmation_of_a_renewal_says_since_when(desk: Desk) -> None:
    hall = Hall.of(desk, 1)
    person = Worker()
    hall.covered([person], date(2026, 6, 16))
    desk.clock.pass_(days=350)
    number = hall.covered([person], date(2027, 6, 16))
    assert "自2026年6月16日起连续参保" in words(written(hall, confirmation, number))


def test_the_list_names_the_members_and_masks_their_numbers(desk: Desk) -> None:
    hall = Hall.of(desk, 2)
    people = [Worker("甲"), Worker("乙")]
    [heading, *rows] = cells(written(hall, member_list, hall.covered(people)))
    assert [row[1] for row in rows] == ["甲", "乙"]
    assert len(heading) == len(rows[0]) == 11
    text = str(rows)
    assert not [p for p in people if p.id_number in text or p.card in text]
    assert people[0].id_number[:4] in text


def test_the_faulty_rows_come_back_with_what_only_the_office_knows(desk: Desk) -> None:
    hall = Hall.of(desk, 2)
    known = Worker("甲")
    hall.covered([known, Worker("丙")], date(2026, 6, 16))
    [number] = hall.hand_in([replace(known, name="乙"), Worker("丁"), Worker("")])
    rows = cells(written(hall, faulty_rows, number))[1:]
    assert [row[0] for row in rows] == [2, 4]
    assert "已登记的姓名不一致" in str(rows[0])


def test_there_is_no_paper_before_cover_and_none_for_another_unit(desk: Desk) -> None:
    hall = Hall.of(desk, 1)
    number = hall.enrolled([Worker()])
    stranger = desk.user(Role.UNIT_CLERK, unit_id=desk.unit("另一单位工会"))
    own = desk.user(Role.UNIT_CLERK, unit_id=hall.unit_id)
    for write in (confirmation, member_list):
        with pytest.raises(Refused, match="尚未生效"):
            written(hall, write, number)
    for write in (confirmation, member_list, faulty_rows):
        with pytest.raises(Refused, match="本单位"):
            written(hall, write, number, stranger)
    with pytest.raises(Refused, match="没有需改正的行"):
        written(hall, faulty_rows, number, own)
