"""A unit's roster goes from hand to cover; nothing is enrolled before it was accepted."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from console.queries import one_enrolment
from models import AuditEvent, Coverage, Enrolment, EnrolmentLine, Member, Unit
from models.people import Role
from models.states import FeePayer
from rules.errors import BadInput, HuzhuError, Refused
from rules.money import Fen
from tests.desk import Desk, a_card_number, an_id_number, at_once
from tests.renewals import set_day
from tests.sheets import a_sheet
from tests.workflows.enrolment.rosters import (
    CONSENT,
    DAY_BEFORE,
    OWN,
    PLAN,
    START,
    Hall,
    Worker,
    sheet,
    workers,
)
from tests.workflows.test_personal_data import everything_kept
from workflows.enrolment import roster_preview, rosters, units
from workflows.enrolment.opened_roster import opened_roster
from workflows.enrolment.roster_preview import Preview


@pytest.fixture
def hall(desk: Desk) -> Hall:
    return Hall.of(desk)


def seen(hall: Hall, number: str) -> Preview:
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        return roster_preview.preview(session, hall.desk.office, found)


def codes(preview: Preview) -> list[tuple[int, str]]:
    return [(fault.row, str(fault.code)) for fault in preview.faults]


def events(hall: Hall, number: str) -> list[str]:
    id_ = hall.find(number).id
    with hall.desk.office.sessions.read_only() as session:
        query = select(AuditEvent.verb).filter_by(subject="enrolment", subject_id=id_)
        return list(session.scalars(query.order_by(AuditEvent.seq)))


def test_a_roster_goes_from_hand_to_cover(hall: Hall) -> None:
    people = workers(3)
    [number] = hall.hand_in(people)
    assert hall.state(number) == "checked"
    assert hall.accept(number) == rosters.Accepted(joining=3, left_out=0, short=0)
    hall.desk.work()
    assert hall.state(number) == "unpaid"
    found = hall.find(number)
    assert (found.rows_done, found.fee_due, found.subsidy_due) == (3, 3 * OWN, 9000)
    hall.pay(number, 3 * OWN)
    hall.desk.work()
    assert hall.state(number) == "covered"
    assert hall.periods() == [(START, date(2027, 6, 30))] * 3
    assert events(hall, number) == [
        *("hand_in", "accept", "enrol", "note_receipt", "fund", "begin_cover")
    ]


def test_nothing_is_enrolled_before_it_is_accepted(hall: Hall) -> None:
    [number] = hall.hand_in(workers(3))
    hall.desk.work()
    with hall.desk.office.sessions.read_only() as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 0
    assert hall.state(number) == "checked"


def test_the_number_says_the_year(hall: Hall) -> None:
    [number] = hall.hand_in(workers(3))
    assert number.startswith("CB2026")


def test_faulty_rows_are_told_and_left_out(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=2)
    known, other = Worker("乙"), Worker("丙")
    hall.covered([known, other], date(2026, 6, 16))
    [number] = hall.hand_in([Worker("甲"), replace(known, name="已"), other, Worker("")])
    preview = seen(hall, number)
    assert codes(preview) == [
        (3, "NAME_DIFFERS"),
        (4, "ALREADY_COVERED"),
        (5, "NAME_MISSING"),
    ]
    assert [row.row for row in preview.sound] == [2]
    assert preview.left_out == 3


def test_who_is_on_another_units_roster_is_told_and_the_other_unit_is_not_named(
    desk: Desk,
) -> None:
    here, there = Hall.of(desk, 1), Hall.of(desk, 1, "另一单位工会")
    person = Worker()
    there.enrolled([person])
    [number] = here.hand_in([person])
    [fault] = seen(here, number).faults
    assert (fault.code, fault.text) == ("ANOTHER_UNITS_MEMBER", "不能在本名册参保，请联系办公室")
    assert "另一单位工会" not in fault.text
    with pytest.raises(Refused, match="没有可以参保"):
        here.accept(number)


def test_two_rosters_at_once_with_the_same_new_people_enrol_each_of_them_once(desk: Desk) -> None:
    here, there = Hall.of(desk, 5), Hall.of(desk, 5, "另一单位工会")
    shared = workers(4)
    [first] = here.hand_in([Worker("甲"), *shared])
    [second] = there.hand_in([*reversed(shared), Worker("乙")])
    here.accept(first)
    there.accept(second)
    both = [bell for bell in desk.bells if bell.machine == "enrolment"]
    desk.bells.clear()

    def enrol(at: int) -> None:
        from tests.desk import STEP_BY_NAME
        from workflows.engine.run import run

        run(desk.office, STEP_BY_NAME["enrol"], both[at].id)

    at_once(lambda: enrol(0), lambda: enrol(1))
    assert {here.state(first), here.state(second)} == {"unpaid"}
    with desk.office.sessions.read_only() as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 6
        assert session.scalar(select(func.count()).select_from(EnrolmentLine)) == 6


def test_a_short_roster_waits_until_another_supervisor_lets_it_pass(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=4)
    other = desk.user(Role.CLERK)
    same = desk.user(Role.SUPERVISOR, of=other)
    [number] = hall.hand_in(workers(3), person=other)
    preview = seen(hall, number)
    assert (preview.participation.needed, preview.participation.short) == (4, 1)
    assert hall.accept(number).short == 1
    desk.work()
    assert hall.state(number) == "short"
    with desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        for person, reason in ((same, "一人病假"), (hall.clerk, "一人病假")):
            with pytest.raises(Refused):
                rosters.let_pass(session, desk.office, person, found, reason)
        with pytest.raises(Refused, match="原因"):
            rosters.let_pass(session, desk.office, hall.supervisor, found, " ")
        rosters.let_pass(session, desk.office, hall.supervisor, found, "一人长期病假")
    desk.work()
    assert hall.state(number) == "unpaid"


@pytest.mark.parametrize(("headcount", "short"), [(3, 0), (4, 1)])
def test_below_200_everybody_has_to_join(desk: Desk, headcount: int, short: int) -> None:
    hall = Hall.of(desk, headcount)
    [number] = hall.hand_in(workers(3))
    assert seen(hall, number).participation.short == short


def test_members_covered_already_count_when_more_are_added(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=3)
    hall.covered(workers(3), None)
    desk.clock.pass_(days=100)
    with desk.office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        facts = replace(units.facts_of(unit), headcount=4)
        units.change(session, desk.office, hall.clerk, unit, facts)
    [number] = hall.hand_in([Worker("新人")], None)
    found = seen(hall, number)
    assert hall.find(number).kind == "addition"
    assert (found.participation.covered, found.participation.short) == (3, 0)
    assert hall.accept(number).short == 0
    desk.work()
    hall.pay(number, OWN, desk.office.today())
    desk.work()
    assert hall.periods()[-1] == (date(2026, 9, 24), date(2027, 9, 23))


def test_a_roster_on_its_way_counts_for_its_own_year_only(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=2)
    people = workers(3)
    hall.enrolled(people[:2], START)
    [same] = hall.hand_in(people[2:], START)
    [next_year] = hall.hand_in([Worker("新人")], date(2027, 7, 1))
    assert seen(hall, same).participation.covered == 2
    assert seen(hall, next_year).participation.covered == 0


def test_a_renewal_follows_on_and_is_compared_with_the_year_before(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=3)
    stays, leaves, renumbered = Worker("甲"), Worker("乙"), Worker("丙", an_id_number(sequence=11))
    hall.covered([stays, leaves, renumbered], date(2026, 6, 16))
    desk.clock.pass_(days=350)
    card = a_card_number()
    old = Worker("丁", an_id_number("19660620"))
    again = replace(renumbered, id_number=an_id_number(sequence=13))
    [number] = hall.hand_in([replace(stays, card=card), again, old], date(2027, 6, 16))
    assert hall.find(number).kind == "renewal"
    told = seen(hall, number).comparison
    assert [row.name for row in told.joined] == ["丙", "丁"]
    assert [leaver.name for leaver in told.left] == ["乙", "丙"]
    assert [row.name for row in told.changed_card] == ["甲"]
    assert [pair.row.name for pair in told.changed_id] == ["丙"]
    assert [(each.row.name, each.age) for each in told.ageing] == [("丁", 61)]


def hand_in_sheet(hall: Hall, people: list[tuple[Worker, str]]) -> list[str]:
    """A roster without a first day that says of each whether he joins or renews."""
    rows = [["姓名", "证件号码", "参保类型"]]
    rows += [[each.name, each.id_number, word] for each, word in people]
    office = hall.desk.office
    roster = opened_roster(office, hall.clerk, a_sheet(rows))
    with office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        made = rosters.hand_in(session, office, hall.clerk, unit, PLAN, roster, consent=CONSENT)
        return [each.number for each in made]


def set_headcount(hall: Hall, headcount: int) -> None:
    with hall.desk.office.sessions.unit_of_work() as session:
        session.get_one(Unit, hall.unit_id).headcount = headcount


def test_a_renewal_without_a_first_day_continues_the_running_cover(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=2)
    people = workers(2)
    hall.covered(people, date(2026, 6, 16))
    desk.clock.pass_(days=300)
    number = hall.enrolled(people, None)
    found = hall.find(number)
    assert (found.kind, found.asked_start) == ("renewal", date(2027, 6, 16))
    hall.pay(number, 2 * OWN, desk.office.today())
    desk.work()
    assert hall.periods()[2:] == [(date(2027, 6, 16), date(2028, 6, 15))] * 2


def test_on_a_mixed_roster_each_renews_his_cover_and_new_people_begin_by_their_fee(
    desk: Desk,
) -> None:
    hall = Hall.of(desk, headcount=3)
    old = workers(3)
    hall.covered(old, date(2026, 6, 16))
    set_headcount(hall, 7)
    set_day(desk, date(2027, 5, 31))
    new = [Worker(name) for name in "丁戊己庚"]
    mixed = [(old[0], "续保"), (new[0], "新参"), (old[1], ""), (old[2], "续保")]
    mixed += [(each, "") for each in new[1:]]
    going_on, joining = hand_in_sheet(hall, mixed)
    begun = {number: hall.find(number) for number in (going_on, joining)}
    assert [(each.kind, each.asked_start) for each in begun.values()] == [
        ("renewal", date(2027, 6, 16)),
        ("addition", None),
    ]
    for number, people in ((going_on, [2, 4, 5]), (joining, [3, 6, 7, 8])):
        told = seen(hall, number)
        assert ([row.row for row in told.sound], told.faults) == (people, ())
        assert told.participation.short == told.participation.over == 0
        hall.accept(number)
    desk.work()
    for number, count in ((going_on, 3), (joining, 4)):
        hall.pay(number, count * OWN, desk.office.today())
    desk.work()
    assert sorted(hall.periods()[3:]) == [
        *[(date(2027, 6, 1), date(2028, 5, 31))] * 4,
        *[(date(2027, 6, 16), date(2028, 6, 15))] * 3,
    ]
    # A year later each follows his own cover, also one whose number was corrected.
    set_day(desk, date(2028, 5, 20))
    again = [(each, "续保") for each in (*old, *new)] + [(Worker("丁二"), "续保")]
    starts = {number: hall.find(number) for number in hand_in_sheet(hall, again)}
    assert [(each.asked_start, each.rows) for each in starts.values()] == [
        (date(2028, 6, 16), 3),
        (date(2028, 6, 1), 5),
    ]


def test_who_is_named_as_new_and_has_cover_is_a_fault_of_his_row(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=2)
    covered = Worker("甲")
    hall.covered([covered, Worker("乙")], date(2026, 6, 16))
    desk.clock.pass_(days=100)
    [number] = hand_in_sheet(hall, [(covered, "新参"), (Worker("丙"), "新参")])
    assert hall.find(number).sheet_rows is None
    assert [fault.code for fault in seen(hall, number).faults] == ["ALREADY_COVERED"]


def test_a_file_of_several_parts_is_not_handed_in_twice(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=1)
    old = Worker("甲")
    hall.covered([old], date(2026, 6, 16))
    desk.clock.pass_(days=300)
    people = [(old, "续保"), (Worker("丙"), "新参")]
    going_on, joining = hand_in_sheet(hall, people)
    for number in (going_on, joining):
        with pytest.raises(Refused, match="已经交过"):
            hand_in_sheet(hall, people)
        with desk.office.sessions.unit_of_work() as session:
            rosters.withdraw(session, desk.office, hall.clerk, rosters.locked(session, number))
    assert len(hand_in_sheet(hall, people)) == 2


def test_the_parts_of_a_file_know_each_other_although_the_clock_goes_on(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=4)

    def going_on() -> datetime:
        desk.clock.pass_(milliseconds=1)
        return desk.clock.now

    desk.office = replace(desk.office, clock=going_on)
    people = workers(3)
    named = replace(workers(1)[0], plan="illness-2020")
    numbers = hall.hand_in([*people, named])
    assert [hall.find(number).plan for number in numbers] == [PLAN, "illness-2020"]
    # The rows that name no plan are for the plan that was asked for, not for that of each part.
    assert [[row.row for row in seen(hall, number).sound] for number in numbers] == [[2, 3, 4], [5]]
    with desk.office.sessions.read_only() as session:
        parts = [session.query(Enrolment).filter_by(number=number).one() for number in numbers]
        told = [one_enrolment.enrolment_view(session, hall.clerk, part) for part in parts]
    assert [[other.number for other in each.beside] for each in told] == [numbers[1:], numbers[:1]]


def test_a_fee_that_comes_late_starts_the_renewal_late_but_unbroken(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=1)
    person = Worker()
    hall.covered([person], date(2026, 6, 16))
    desk.clock.pass_(days=360)
    number = hall.enrolled([person], date(2027, 6, 16))
    desk.clock.pass_(days=20)
    hall.pay(number, OWN, date(2027, 6, 25))
    desk.work()
    assert hall.periods() == [
        (date(2026, 6, 16), date(2027, 6, 15)),
        (date(2027, 6, 26), date(2028, 6, 25)),
    ]


def test_who_is_covered_otherwise_meanwhile_is_struck_and_his_fee_is_over(desk: Desk) -> None:
    here, there = Hall.of(desk, 2), Hall.of(desk, 1, "另一单位工会")
    shared = Worker("乙")
    number = here.enrolled([Worker("甲"), shared])
    with desk.office.sessions.unit_of_work() as session:
        member = session.scalars(select(Member).filter_by(name="乙")).one()
        from tests.workflows.enrolment.cover import cover_by_hand

        cover_by_hand(session, there.unit_id, member, START)
    here.pay(number, 2 * OWN)
    desk.work()
    found = here.find(number)
    assert (found.state, found.fee_due, found.subsidy_due) == ("covered", OWN, 3000)
    with desk.office.sessions.read_only() as session:
        from workflows.enrolment import fees

        assert fees.standing(session, found).unit.over == OWN


def test_who_has_grown_too_old_by_the_first_day_is_struck(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=2)
    old = Worker("老", an_id_number("19650701"))
    number = hall.enrolled([Worker("甲"), old], None)
    desk.clock.pass_(days=30)
    hall.pay(number, 2 * OWN, date(2026, 6, 29))
    hall.let_pass(number)
    desk.work()
    assert hall.periods() == [(date(2026, 6, 30), date(2027, 6, 29))] * 2
    later = Worker("也老", an_id_number("19650718"))
    other = Hall.of(desk, 2, "另一单位工会")
    number = other.enrolled([Worker("乙"), later], None)
    desk.clock.pass_(days=10)
    other.pay(number, 2 * OWN, date(2026, 7, 20))
    other.let_pass(number)
    desk.work()
    assert other.find(number).fee_due == OWN


def test_a_roster_under_several_plans_is_one_enrolment_for_each(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=2)
    first, second = Worker("甲"), Worker("乙")
    extra = replace(first, plan="illness-2020", shares=2)
    numbers = hall.hand_in([first, second, extra])
    plans = {hall.find(number).plan: number for number in numbers}
    assert set(plans) == {"main-2025", "illness-2020"}
    for number in numbers:
        hall.accept(number)
    desk.work()
    assert hall.lines(plans["main-2025"]) == [2, 3]
    assert hall.lines(plans["illness-2020"]) == [4]
    found = hall.find(plans["illness-2020"])
    assert (found.fee_due, found.subsidy_due) == (6000, 0)
    hall.pay(found.number, 6000)
    desk.work()
    with desk.office.sessions.read_only() as session:
        cover = session.scalars(select(Coverage)).one()
        assert (cover.plan, cover.family, cover.shares) == ("illness-2020", "illness", 2)


def test_a_plan_whose_fee_is_not_known_cannot_be_enrolled(hall: Hall) -> None:
    with pytest.raises(Refused, match="会费标准未定"):
        hall.hand_in(workers(3), plan="accident-2022")


def test_the_same_file_again_is_refused_until_the_first_is_withdrawn(hall: Hall) -> None:
    people = workers(3)
    [number] = hall.hand_in(people)
    with pytest.raises(Refused, match="已经交过"):
        hall.hand_in(people)
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        rosters.withdraw(session, hall.desk.office, hall.clerk, found)
    assert hall.hand_in(people) != [number]


def test_a_unit_without_a_union_or_a_headcount_cannot_enrol(desk: Desk) -> None:
    hall = Hall.of(desk)
    with desk.office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        facts = units.facts_of(unit)
        units.change(session, desk.office, hall.clerk, unit, replace(facts, has_union=False))
    with pytest.raises(Refused, match="没有建立工会"):
        hall.hand_in(workers(1))
    hall = Hall.of(desk, unit="人数未知的单位")
    with desk.office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        unit.headcount = None
    with pytest.raises(Refused, match="在职职工人数"):
        hall.hand_in(workers(1))


def test_a_units_clerk_acts_for_his_own_unit_only(desk: Desk) -> None:
    here, there = Hall.of(desk, 1), Hall.of(desk, 1, "另一单位工会")
    own = desk.user(Role.UNIT_CLERK, unit_id=here.unit_id)
    [number] = here.hand_in([Worker()], person=own)
    [other] = there.hand_in([Worker()])
    with pytest.raises(Refused, match="本单位"):
        there.hand_in([Worker()], person=own)
    with pytest.raises(Refused, match="本单位"):
        there.accept(other, own)
    assert here.accept(number, own).joining == 1
    with desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, other)
        with pytest.raises(Refused, match="本单位"):
            rosters.withdraw(session, desk.office, own, found)


def test_a_line_struck_before_cover_is_not_due(hall: Hall) -> None:
    number = hall.enrolled(workers(3))
    hall.pay(number, 2 * OWN)
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        rosters.strike_line(session, hall.desk.office, hall.clerk, found, 3, "已调离")
    hall.desk.work()
    assert hall.state(number) == "covered"
    assert len(hall.periods()) == 2


def test_the_last_line_is_withdrawn_with_the_roster_not_struck(desk: Desk) -> None:
    hall = Hall.of(desk, 1)
    number = hall.enrolled([Worker()])
    with desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        with pytest.raises(Refused, match="撤回"):
            rosters.strike_line(session, desk.office, hall.clerk, found, 2, "已调离")


def test_the_members_part_cannot_exceed_what_the_subsidy_leaves(hall: Hall) -> None:
    office = hall.desk.office
    roster = opened_roster(office, hall.clerk, sheet(workers(1)))
    with office.sessions.unit_of_work() as session:
        unit = session.get_one(Unit, hall.unit_id)
        with pytest.raises(Refused, match="个人承担"):
            rosters.hand_in(session, office, hall.clerk, unit, "main-2025", roster, None, Fen(8001))


def test_what_is_no_spreadsheet_is_said_so(hall: Hall) -> None:
    with pytest.raises(HuzhuError):
        opened_roster(hall.desk.office, hall.clerk, b"x")
    with pytest.raises(BadInput):
        hall.hand_in([])


def test_the_subsidy_does_not_hold_up_cover(hall: Hall) -> None:
    number = hall.enrolled(workers(3))
    hall.pay(number, 3 * OWN)
    hall.desk.work()
    assert hall.state(number) == "covered"
    hall.pay(number, 9000, DAY_BEFORE, FeePayer.SUBSIDY)
    assert hall.state(number) == "covered"


def test_preview_says_who_bears_what(hall: Hall) -> None:
    [number] = hall.hand_in(workers(3))
    fees = seen(hall, number).fees
    assert (fees.from_unit, fees.from_members, fees.subsidy) == (15000, 9000, 9000)
    assert fees.whole == 33000


def test_enrolments_end_the_same_when_every_bell_comes_twice(hall: Hall) -> None:
    [number] = hall.hand_in(workers(3))
    hall.accept(number)
    hall.desk.bells *= 2
    hall.desk.work()
    hall.pay(number, 3 * OWN)
    hall.desk.bells *= 2
    hall.desk.work()
    assert len(hall.periods()) == 3
    with hall.desk.office.sessions.read_only() as session:
        assert session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_no_number_of_a_person_is_kept_in_clear(hall: Hall) -> None:
    people = workers(3)
    hall.covered(people)
    with hall.desk.office.sessions.read_only() as session:
        kept = "\n".join(row for _table, row in everything_kept(session))
    numbers = [number for each in people for number in (each.id_number, each.card)]
    assert [n for n in numbers if n in kept or n.encode().hex() in kept] == []
