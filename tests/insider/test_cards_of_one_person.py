"""A dishonest person brings his own card with the roster, and later the claim whose papers show it:
register and papers agree, and nobody else has seen the card."""

from datetime import date

import pytest
from sqlalchemy import select, text

from models import Packet, User
from models.people import Role
from rules.second_look import Look
from tests.conftest import AS_OWNER
from tests.desk import Desk, Person, promises_hold
from tests.insider.test_payee_swaps import paid_to
from tests.workflows.claims.approving.test_second_look import approved, looks, queued
from tests.workflows.enrolment.rosters import OWN, Hall, Worker
from tests.workflows.test_proof import answered
from workflows.proof import check

FIRST, SECOND = ("2026-08-01", "2026-08-11"), ("2026-08-25", "2026-09-05")


@pytest.fixture
def unit_clerk(desk: Desk) -> User:
    return desk.user(Role.UNIT_CLERK, unit_id=desk.unit(headcount=1))


def enrolled(desk: Desk, author: User, card: str | None = None) -> Person:
    """A member whom this person alone enrolled three months ago."""
    hall = Hall.of(desk, headcount=1)
    worker = Worker("张三") if card is None else Worker("张三", card=card)
    [number] = hall.hand_in([worker], date(2026, 6, 16), person=author)
    hall.accept(number, person=author)
    desk.work()
    hall.pay(number, OWN, desk.office.today())
    desk.work()
    desk.clock.pass_(days=90)
    return Person(worker.name, worker.id_number, worker.card)


def claimed(desk: Desk, person: Person, sender: User | None, stay: tuple[str, str] = FIRST) -> int:
    """A claim whose papers this person sent from a screen; None is the drop folder."""
    claim_id = desk.claim(person, admitted=stay[0], discharged=stay[1])
    with desk.office.sessions.unit_of_work() as session:
        packet = session.scalars(select(Packet).filter_by(claim_id=claim_id)).one()
        packet.sent_by = sender.id if sender else None
    desk.work()
    return claim_id


def test_a_unit_clerks_roster_and_papers_make_no_card_clean(desk: Desk, unit_clerk: User) -> None:
    claim_id = claimed(desk, enrolled(desk, unit_clerk), unit_clerk)
    assert looks(desk) == {claim_id: {Look.CARD_BY_ONE_PERSON}}
    [item] = queued(desk)
    assert unit_clerk.name in item.looks[0].sentence
    assert approved(desk, desk.user(Role.SUPERVISOR), [item]) == 0
    assert paid_to(desk, claim_id) == set()


def test_another_account_of_the_same_person_makes_it_no_cleaner(
    desk: Desk, unit_clerk: User
) -> None:
    again = desk.user(Role.CLERK, of=unit_clerk)
    claim_id = claimed(desk, enrolled(desk, unit_clerk), again)
    assert looks(desk) == {claim_id: {Look.CARD_BY_ONE_PERSON}}


def test_an_office_clerks_roster_and_a_scan_that_nobody_signs_are_of_one_person(desk: Desk) -> None:
    claim_id = claimed(desk, enrolled(desk, desk.user(Role.CLERK)), sender=None)
    assert looks(desk) == {claim_id: {Look.CARD_BY_ONE_PERSON}}


def test_who_handed_the_roster_in_and_is_a_supervisor_now_does_not_approve_it(
    desk: Desk,
) -> None:
    """By name neither; he may have laid the scans into the folder himself."""
    clerk = desk.user(Role.CLERK)
    claim_id = claimed(desk, enrolled(desk, clerk), sender=None)
    [dropped] = desk.approve_all(desk.user(Role.SUPERVISOR, of=clerk)).dropped
    assert "本人报送的名册" in dropped.reason
    desk.approve_all()
    assert paid_to(desk, claim_id) != set()


def test_two_persons_who_name_the_same_card_are_enough(desk: Desk, unit_clerk: User) -> None:
    person = enrolled(desk, unit_clerk)
    scanned = claimed(desk, person, sender=None)
    sent = claimed(desk, person, desk.user(Role.CLERK), SECOND)
    assert Look.CARD_BY_ONE_PERSON not in looks(desk)[scanned] | looks(desk)[sent]


def test_a_card_that_a_second_person_put_on_the_register_is_not_asked_about_for_its_roster(
    desk: Desk, unit_clerk: User
) -> None:
    person = enrolled(desk, unit_clerk, card="")
    card = Worker().card
    desk.change_card(person, card)
    desk.clock.pass_(days=31)
    claim_id = claimed(desk, Person(person.name, person.id_number, card), unit_clerk)
    assert Look.CARD_BY_ONE_PERSON not in looks(desk)[claim_id]


def test_money_that_the_bank_took_to_the_card_once_makes_it_known(
    desk: Desk, unit_clerk: User
) -> None:
    """Bank and supervisor have seen it by then."""
    person = enrolled(desk, unit_clerk)
    claimed(desk, person, unit_clerk)
    desk.approve_all()
    answered(desk, desk.released(), {})
    later = claimed(desk, person, unit_clerk, SECOND)
    assert Look.CARD_BY_ONE_PERSON not in looks(desk)[later]
    promises_hold(desk)


def test_money_that_came_back_proves_nothing_of_the_card(desk: Desk, unit_clerk: User) -> None:
    person = enrolled(desk, unit_clerk)
    claimed(desk, person, unit_clerk)
    desk.approve_all()
    answered(desk, desk.released(), {person.card: "3031"})
    later = claimed(desk, person, unit_clerk, SECOND)
    assert Look.CARD_BY_ONE_PERSON in looks(desk)[later]


def test_the_promise_is_broken_where_such_a_card_was_paid_as_clean(
    desk: Desk, unit_clerk: User
) -> None:
    claimed(desk, enrolled(desk, unit_clerk), unit_clerk)
    desk.approve_all()
    promises_hold(desk)
    with desk.office.sessions.read_only() as session:
        session.execute(text(AS_OWNER))
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("UPDATE approval_item SET looks = '{}'"))
        broken = {each.code for each in check(session, desk.office) if each.violations}
    assert broken == {"clean_payees_are_seen"}
