"""The list of a former system becomes members with cover; every fault names its row."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from documents.rosters.roster_file import RosterRow, read_roster
from models import Coverage, CoverYear, Member, Unit
from rules.errors import Refused
from tests.desk import UNIT, Desk, a_card_number, an_id_number
from workflows.enrolment.take_over import TakenOver, take_over
from workflows.sealed_values.members import card_of, id_number_of

ROSTER = Path(__file__).parents[3] / "samples" / "roster.xlsx"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def taken_over(
    desk: Desk, rows: list[RosterRow], unit: str = UNIT, period: tuple[date, date] = YEAR
) -> TakenOver:
    unit_id = desk.unit(unit)
    with desk.office.sessions.unit_of_work() as session:
        found = session.get_one(Unit, unit_id)
        return take_over(session, desk.office, found, "main-2020", *period, rows)


def a_row(number: int = 1, name: str = "张三") -> RosterRow:
    return RosterRow(number, name, an_id_number(), card=a_card_number(), phone="13800001234")


def many(desk: Desk, table: type[Member] | type[Coverage] | type[CoverYear]) -> int:
    with desk.office.sessions.read_only() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_list_is_taken_over_whole_and_only_once(desk: Desk) -> None:
    rows = read_roster(ROSTER.read_bytes())
    assert taken_over(desk, rows) == TakenOver(len(rows), ())
    again = taken_over(desk, rows)
    assert (again.members, len(again.faults)) == (0, len(rows))
    assert (many(desk, Member), many(desk, Coverage)) == (len(rows), len(rows))
    assert many(desk, CoverYear) == 1


def test_a_member_is_kept_with_sealed_numbers_and_facts_from_the_id(desk: Desk) -> None:
    row = replace(a_row(), id_number=an_id_number("19550602", sequence=12))
    taken_over(desk, [row])
    with desk.office.sessions.read_only() as session:
        member = session.scalars(select(Member)).one()
        assert (member.birth_date, member.sex) == (date(1955, 6, 2), "F")
        assert id_number_of(desk.office.keys, member) == row.id_number
        assert card_of(desk.office.keys, member) == row.card
        kept = session.scalar(text("SELECT row_to_json(m)::text FROM member m"))
        for number in (row.id_number, row.card, row.phone):
            assert number not in kept
            assert number.encode().hex() not in kept


def test_each_fault_names_its_row_and_the_others_are_taken_over(desk: Desk) -> None:
    good = a_row(1)
    rows = [
        good,
        replace(a_row(2), id_number="220104198503170001"),
        replace(a_row(3), id_number=good.id_number),
        replace(a_row(4), card="6217000000000001"),
        replace(a_row(5), name=""),
        a_row(6),
    ]
    result = taken_over(desk, rows)
    assert result.members == 2
    assert [fault[: len("第 2 行")] for fault in result.faults] == [
        f"第 {n} 行" for n in (2, 3, 4, 5)
    ]
    assert not [n for n in (good.id_number, good.card) if n in str(result.faults)]


def test_a_known_number_under_another_name_is_said_and_not_changed(desk: Desk) -> None:
    row = a_row()
    taken_over(desk, [row])
    result = taken_over(desk, [replace(row, name="张珊")])
    assert "姓名" in result.faults[0]
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Member.name)).all() == ["张三"]


def test_a_member_covered_through_another_unit_is_not_covered_twice(desk: Desk) -> None:
    row = a_row()
    taken_over(desk, [row])
    result = taken_over(
        desk, [row], unit="另一单位工会", period=(date(2026, 7, 1), date(2027, 6, 30))
    )
    assert result.members == 0
    assert "未重复参保" in result.faults[0]


def test_the_next_year_follows_on(desk: Desk) -> None:
    row = a_row()
    taken_over(desk, [row])
    result = taken_over(desk, [row], period=(date(2027, 1, 1), date(2027, 12, 31)))
    assert result == TakenOver(1, ())
    assert many(desk, Member) == 1


def test_a_period_that_ends_before_it_starts_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="起始日"):
        taken_over(desk, [a_row()], period=YEAR[::-1])
