"""A roster becomes members with cover; every fault names its row."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from documents.rosters import RosterRow, read_roster
from models import Coverage, CoverYear, Member
from rules.errors import Refused
from tests.desk import UNIT, Desk, a_card_number, an_id_number
from workflows.enrolment import Enrolled, enrol, register_unit
from workflows.personal import card_of, id_number_of

ROSTER = Path(__file__).parents[2] / "samples" / "roster.xlsx"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def enrolled(
    desk: Desk, rows: list[RosterRow], unit: str = UNIT, period: tuple[date, date] = YEAR
) -> Enrolled:
    with desk.office.sessions.unit_of_work() as session:
        found = register_unit(session, desk.office, unit, "长春市")
        return enrol(session, desk.office, found, "main-2020", *period, rows)


def a_row(number: int = 1, name: str = "张三") -> RosterRow:
    return RosterRow(number, name, an_id_number(), card=a_card_number(), phone="13800001234")


def many(desk: Desk, table: type[Member] | type[Coverage] | type[CoverYear]) -> int:
    with desk.office.sessions.look() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_sample_roster_is_enrolled_whole_and_only_once(desk: Desk) -> None:
    rows = read_roster(ROSTER.read_bytes())
    assert enrolled(desk, rows) == Enrolled(len(rows), ())
    assert enrolled(desk, rows) == Enrolled(0, ())
    assert (many(desk, Member), many(desk, Coverage)) == (len(rows), len(rows))
    assert many(desk, CoverYear) == 1


def test_a_member_is_kept_with_sealed_numbers_and_facts_from_the_id(desk: Desk) -> None:
    row = replace(a_row(), id_number=an_id_number("19550602", sequence=12))
    enrolled(desk, [row])
    with desk.office.sessions.look() as session:
        member = session.scalars(select(Member)).one()
        assert (member.birth_date, member.sex) == (date(1955, 6, 2), "F")
        assert id_number_of(desk.office.keys, member) == row.id_number
        assert card_of(desk.office.keys, member) == row.card
        kept = session.scalar(text("SELECT row_to_json(m)::text FROM member m"))
        for number in (row.id_number, row.card, row.phone):
            assert number not in kept
            assert number.encode().hex() not in kept


def test_each_fault_names_its_row_and_the_others_are_enrolled(desk: Desk) -> None:
    good = a_row(1)
    rows = [
        good,
        replace(a_row(2), id_number="220104198503170001"),
        replace(a_row(3), id_number=good.id_number),
        replace(a_row(4), card="6217000000000001"),
        replace(a_row(5), name=""),
        a_row(6),
    ]
    result = enrolled(desk, rows)
    assert result.members == 2
    assert [fault[: len("第 2 行")] for fault in result.faults] == [
        f"第 {n} 行" for n in (2, 3, 4, 5)
    ]
    assert not [n for n in (good.id_number, good.card) if n in str(result.faults)]


def test_a_known_number_under_another_name_is_said_and_not_changed(desk: Desk) -> None:
    row = a_row()
    enrolled(desk, [row])
    result = enrolled(desk, [replace(row, name="张珊")])
    assert "姓名" in result.faults[0]
    with desk.office.sessions.look() as session:
        assert session.scalars(select(Member.name)).all() == ["张三"]


def test_a_member_covered_through_another_unit_is_not_covered_twice(desk: Desk) -> None:
    row = a_row()
    enrolled(desk, [row])
    result = enrolled(
        desk, [row], unit="另一单位工会", period=(date(2026, 7, 1), date(2027, 6, 30))
    )
    assert result.members == 0
    assert "2026-01-01 至 2026-12-31 已参保" in result.faults[0]


def test_the_next_year_follows_on(desk: Desk) -> None:
    row = a_row()
    enrolled(desk, [row])
    result = enrolled(desk, [row], period=(date(2027, 1, 1), date(2027, 12, 31)))
    assert result == Enrolled(1, ())
    assert many(desk, Member) == 1


def test_a_period_that_ends_before_it_starts_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="起始日"):
        enrolled(desk, [a_row()], period=YEAR[::-1])


def test_a_unit_is_registered_once(desk: Desk) -> None:
    with desk.office.sessions.unit_of_work() as session:
        first = register_unit(session, desk.office, UNIT, "长春市")
        assert register_unit(session, desk.office, UNIT, "吉林市").id == first.id
