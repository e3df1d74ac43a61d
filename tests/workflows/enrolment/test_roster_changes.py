"""Rosters propose and do not take: members, cards and phones of others stay what they are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from models import AuditEvent, Enrolment, Member, RosterChange, Unit, User
from models.people import Role
from rules.errors import Refused
from tests.desk import Desk, Person, a_card_number, an_id_number
from tests.renewals import set_day
from tests.workflows.enrolment.rosters import Hall, Worker
from workflows.enrolment import membership, roster_cards, rosters, unit_moves
from workflows.enrolment.roster_preview import preview
from workflows.sealed_values.members import card_of

NEXT_YEAR = date(2027, 6, 16)
OTHER = "另一单位工会"
TOLD = "不能在本名册参保，请联系办公室"


def member_of(desk: Desk, worker: Worker) -> Member | None:
    with desk.office.sessions.read_only() as session:
        print_ = desk.office.keys.fingerprint(worker.id_number)
        found = session.scalar(select(Member).filter_by(id_print=print_))
        if found is not None:
            session.expunge(found)
        return found


def card(desk: Desk, worker: Worker) -> str | None:
    found = member_of(desk, worker)
    assert found is not None
    return card_of(desk.office.keys, found)


def events_of(desk: Desk, worker: Worker) -> list[tuple[str, int | None]]:
    found = member_of(desk, worker)
    assert found is not None
    with desk.office.sessions.read_only() as session:
        query = select(AuditEvent).filter_by(subject="member", subject_id=found.id)
        events = session.scalars(query.order_by(AuditEvent.seq))
        return [(event.verb, event.actor_id) for event in events]


def faults(hall: Hall, number: str) -> list[str]:
    with hall.desk.office.sessions.read_only() as session:
        found = session.scalars(select(Enrolment).filter_by(number=number)).one()
        return [fault.text for fault in preview(session, hall.desk.office, found).faults]


def act(hall: Hall, number: str, do: Callable[..., object], person: User, *more: object) -> None:
    with hall.desk.office.sessions.unit_of_work() as session:
        do(session, hall.desk.office, person, rosters.locked(session, number), *more)


def decide(
    hall: Hall, number: str, do: Callable[..., object], person: User, row: int, *more: object
) -> None:
    """Decide on the card of this row as the page shows it now."""
    with hall.desk.office.sessions.unit_of_work() as session:
        found, keys = rosters.locked(session, number), hall.desk.office.keys
        marks = {
            line.row: roster_cards.mark_of_card(keys, line.member, change)
            for line, change in roster_cards.cards_waiting(session, found)
        }
        do(session, hall.desk.office, person, found, row, marks.get(row, ""), *more)


def test_a_roster_takes_no_member_of_another_unit_and_tells_nothing_of_him(desk: Desk) -> None:
    there, here = Hall.of(desk, 1, OTHER), Hall.of(desk, 2)
    theirs, own = Worker("李四"), Worker("张三")
    there.covered([theirs], date(2026, 6, 16))
    before = events_of(desk, theirs)
    insider = desk.user(Role.UNIT_CLERK, unit_id=here.unit_id)

    # Covered elsewhere, of another name, or free: the insider learns the same of all.
    for start, name in ((date(2026, 7, 1), "李四"), (NEXT_YEAR, "李思"), (NEXT_YEAR, "李四")):
        grab = replace(theirs, name=name, card=a_card_number())
        [number] = here.hand_in([own, grab], start, person=insider)
        assert faults(here, number) == [TOLD]
        if (start, name) != (NEXT_YEAR, "李四"):
            act(here, number, rosters.withdraw, insider)
    here.accept(number, insider)
    here.let_pass(number)
    desk.work()
    assert here.lines(number) == [2]
    here.pay(number, 8000)
    desk.work()
    found = member_of(desk, theirs)
    assert found is not None
    assert (found.unit_id, card(desk, theirs)) == (there.unit_id, theirs.card)
    assert events_of(desk, theirs) == before


def test_a_real_change_of_unit_is_confirmed_by_the_office_and_counts_from_cover_on(
    desk: Desk,
) -> None:
    there, here = Hall.of(desk, 1, OTHER), Hall.of(desk, 1)
    mover = Worker("李四")
    there.covered([mover], date(2026, 6, 16))
    moved = replace(mover, card=a_card_number())
    unit_clerk = desk.user(Role.UNIT_CLERK, unit_id=here.unit_id)
    [number] = here.hand_in([moved], NEXT_YEAR, person=unit_clerk)
    with pytest.raises(Refused, match="岗位"):
        act(here, number, unit_moves.confirm_moves, unit_clerk)
    with pytest.raises(Refused, match="第 9 行"):
        act(here, number, unit_moves.confirm_moves, here.clerk, [9])
    mediator = desk.user(Role.CLERK)
    act(here, number, unit_moves.confirm_moves, mediator)
    assert faults(here, number) == []
    with pytest.raises(Refused, match="没有可以确认"):
        act(here, number, unit_moves.confirm_moves, here.clerk)
    here.accept(number, unit_clerk)
    desk.work()
    found = member_of(desk, mover)
    assert found is not None
    assert found.unit_id == there.unit_id, "nothing moves before cover begins"
    with pytest.raises(Refused, match="待确认的名册"):
        act(here, number, unit_moves.confirm_moves, here.clerk)
    here.pay(number, 8000)
    desk.work()
    found = member_of(desk, mover)
    assert found is not None
    assert (found.unit_id, card(desk, mover)) == (here.unit_id, mover.card)
    assert events_of(desk, mover)[-1] == ("transfer", mediator.id)
    with pytest.raises(Refused, match="不能确认换卡"):
        decide(here, number, roster_cards.confirm_card, mediator, 2)
    decide(here, number, roster_cards.confirm_card, here.supervisor, 2)
    assert card(desk, mover) == moved.card


def test_a_member_who_went_on_to_a_third_unit_is_not_moved_back(desk: Desk) -> None:
    there, here = Hall.of(desk, 1, OTHER), Hall.of(desk, 1)
    third = desk.unit("第三单位工会")
    mover = Worker("李四")
    there.covered([mover], date(2026, 6, 16))
    [number] = here.hand_in([mover], NEXT_YEAR)
    act(here, number, unit_moves.confirm_moves, here.clerk)
    here.accept(number)
    desk.work()
    with desk.office.sessions.unit_of_work() as session:
        member = session.scalars(select(Member).with_for_update()).one()
        unit = session.get_one(Unit, third)
        membership.transfer(session, desk.office, here.clerk, member, unit)
    here.pay(number, 8000)
    desk.work()
    found = member_of(desk, mover)
    assert found is not None
    assert found.unit_id == third


def test_another_card_of_a_known_member_waits_for_a_person_who_had_no_hand_in_the_roster(
    desk: Desk,
) -> None:
    hall = Hall.of(desk, headcount=2)
    people = [Worker("张三"), Worker("李四")]
    hall.covered(people, date(2026, 6, 16))
    desk.clock.pass_(days=350)
    renewed = [replace(each, card=a_card_number()) for each in people]
    number = hall.enrolled(renewed, NEXT_YEAR)
    with pytest.raises(Refused, match="没有待确认"):
        decide(hall, number, roster_cards.confirm_card, hall.supervisor, 2)
    hall.pay(number, 16000, desk.office.today())
    desk.work()
    assert hall.state(number) == "covered", "the change of a card holds up no cover"
    assert [card(desk, each) for each in people] == [each.card for each in people]
    with pytest.raises(Refused, match="不能确认换卡"):
        decide(hall, number, roster_cards.confirm_card, hall.clerk, 2)
    with pytest.raises(Refused, match="岗位"):
        decide(hall, number, roster_cards.confirm_card, hall.cashier, 2)
    decide(hall, number, roster_cards.confirm_card, hall.supervisor, 2)
    with pytest.raises(Refused, match="原因"):
        decide(hall, number, roster_cards.refuse_card, hall.supervisor, 3, " ")
    decide(hall, number, roster_cards.refuse_card, hall.supervisor, 3, "本人否认换卡")
    assert [card(desk, each) for each in people] == [renewed[0].card, people[1].card]
    assert events_of(desk, people[0])[-1] == ("change_card", hall.supervisor.id)
    found = member_of(desk, people[0])
    assert found is not None
    assert found.card_changed_at == desk.clock()
    with pytest.raises(Refused, match="没有待确认"):
        decide(hall, number, roster_cards.refuse_card, hall.supervisor, 3, "再次")


def test_a_rosters_card_is_confirmed_only_beside_the_card_that_was_shown(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=1)
    worker = Worker("张三")
    hall.covered([worker], date(2026, 6, 16))
    desk.clock.pass_(days=350)
    number = hall.enrolled([replace(worker, card=a_card_number())], NEXT_YEAR)
    hall.pay(number, 8000, desk.office.today())
    desk.work()
    with desk.office.sessions.read_only() as session:
        [(line, change)] = roster_cards.cards_waiting(session, rosters.locked(session, number))
        shown = roster_cards.mark_of_card(desk.office.keys, line.member, change)
    own = a_card_number()
    desk.change_card(Person(worker.name, worker.id_number, worker.card), own)
    for do, more in ((roster_cards.confirm_card, ()), (roster_cards.refuse_card, ("本人否认",))):
        with pytest.raises(Refused, match="显示之后已有变动"):
            act(hall, number, do, hall.supervisor, 2, shown, *more)
    assert card(desk, worker) == own
    decide(hall, number, roster_cards.refuse_card, hall.supervisor, 2, "本人另有新卡")


def test_a_first_card_and_a_return_come_with_the_cover_and_name_who_accepted(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=1)
    person = Worker(card="")
    hall.covered([person], date(2026, 6, 16))
    with desk.office.sessions.unit_of_work() as session:
        member = session.scalars(select(Member).with_for_update()).one()
        membership.leave(session, desk.office, hall.clerk, member, date(2027, 1, 1), "left")
    desk.clock.pass_(days=350)
    number = hall.enrolled([replace(person, card=a_card_number())], NEXT_YEAR)
    found = member_of(desk, person)
    assert found is not None
    assert (found.card, found.left_on) == (None, date(2027, 1, 1))
    hall.pay(number, 8000, desk.office.today())
    desk.work()
    found = member_of(desk, person)
    assert found is not None
    assert card(desk, person) is not None
    assert (found.left_on, found.card_changed_at) == (None, None)
    assert events_of(desk, person)[-1] == ("change", hall.clerk.id)
    assert {by for _verb, by in events_of(desk, person)} == {hall.clerk.id}


def test_a_withdrawn_roster_leaves_nothing_behind(desk: Desk) -> None:
    there, here = Hall.of(desk, 1, OTHER), Hall.of(desk, 2)
    mover, victim = Worker("李四"), Worker("王五")
    there.covered([mover], date(2026, 6, 16))
    [number] = here.hand_in([replace(mover, card=a_card_number()), victim], NEXT_YEAR)
    act(here, number, unit_moves.confirm_moves, here.clerk)
    here.accept(number)
    desk.work()
    assert len(here.lines(number)) == 2
    act(here, number, rosters.withdraw, here.clerk)
    assert member_of(desk, victim) is None, "nobody but this roster has named him"
    found = member_of(desk, mover)
    assert found is not None
    assert (found.unit_id, card(desk, mover)) == (there.unit_id, mover.card)
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(RosterChange)).all() == []
        [forgotten] = session.scalars(select(Member).where(Member.id != found.id))
        assert (forgotten.name, forgotten.card, forgotten.phone) == ("", None, None)
    # His own unit enrols him as if he had never been named.
    theirs = Hall.of(desk, 1, "王五的单位工会")
    own = theirs.covered([replace(victim, name="王伍")], date(2026, 7, 1))
    assert theirs.state(own) == "covered"
    found = member_of(desk, victim)
    assert found is not None
    assert (found.name, found.unit_id) == ("王伍", theirs.unit_id)


def test_whom_another_roster_names_too_stays_known_after_a_withdrawal(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=1)
    person = Worker()
    first = hall.enrolled([person])
    desk.clock.pass_(minutes=1)
    [second] = hall.hand_in([person], date(2027, 7, 1), plan="illness-2020")
    hall.accept(second)
    desk.work()
    assert hall.lines(second) == [2]
    act(hall, first, rosters.withdraw, hall.clerk)
    assert member_of(desk, person) is not None
    act(hall, second, rosters.withdraw, hall.clerk)
    assert member_of(desk, person) is None


def test_money_goes_to_the_members_own_card_after_an_insiders_roster(desk: Desk) -> None:
    there, here = Hall.of(desk, 1, OTHER), Hall.of(desk, 1)
    theirs = Worker("李四", an_id_number(), a_card_number())
    there.covered([theirs], date(2026, 6, 16))
    insider = desk.user(Role.UNIT_CLERK, unit_id=here.unit_id)
    here.hand_in([replace(theirs, card=a_card_number())], NEXT_YEAR, person=insider)
    set_day(desk, date(2026, 9, 1))
    person = Person(theirs.name, theirs.id_number, theirs.card)
    claim_id = desk.claim(person, admitted="2026-07-01", discharged="2026-07-11")
    desk.work()
    assert desk.open_findings(claim_id) == set()
    desk.approve_all()
    assert desk.state_of(claim_id) == "payable"
