"""A proposed denial is undone only in sight: by papers, or by who may; it forgets no death."""

import pytest
from sqlalchemy import select

from console.queries.beside_the_queue import dropped_denials
from documents.kinds import Kind
from models import AuditEvent, User
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from tests.desk import Desk, a_card_number, a_page, handed_in, number_of, promises_hold
from tests.heirs import a_death
from tests.workflows.claims.acts.test_resting import deny
from tests.workflows.claims.letter_words import letter_words
from workflows.claims.acts import correction
from workflows.claims.judging.facts import goes_to_heirs
from workflows.sealed_values.decisions import tell_events


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def supervisor(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


def test_nothing_is_keyed_on_a_claim_that_is_proposed_to_be_denied(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id = handed_in(desk, hospital="某某无名医院")
    deny(desk, supervisor, claim_id, "check_up")
    for person in (clerk, desk.user(Role.CLERK, of=supervisor)):
        with pytest.raises(Refused, match="须先由审批人退回"), desk.at(claim_id) as (s, claim):
            card = a_card_number()
            correction.correct_field(s, desk.office, person, claim, "bank_card_number", card)
    with desk.at(claim_id) as (session, claim):
        page = claim.documents[0].pages[0].id
        with pytest.raises(Refused, match="须先由审批人退回"):
            correction.name_kind(session, desk.office, clerk, claim, page, Kind.OTHER)
        assert not correction.can_correct(claim)
    assert desk.approve_all().count == 1
    assert desk.state_of(claim_id) == ClaimState.DENIED


def test_a_denial_that_quotes_a_day_of_no_calendar_has_its_letter(
    desk: Desk, supervisor: User
) -> None:
    claim_id = handed_in(desk, hospital="某某无名医院")
    deny(desk, supervisor, claim_id, "check_up", "出院日期写作2026-02-30，系2026-02-28体检")
    assert desk.approve_all().count == 1
    words = letter_words(desk, claim_id, "denial_notice")
    assert "出院日期写作2026-02-30，系2026年2月28日体检" in words
    promises_hold(desk)


def test_papers_withdraw_a_proposed_denial_and_who_proposed_it_is_told(
    desk: Desk, supervisor: User
) -> None:
    claim_id = handed_in(desk, hospital="某某无名医院")
    deny(desk, supervisor, claim_id, "check_up")
    page = a_page(Kind.OTHER, "情况说明")
    desk.drop(number_of(desk, claim_id), {"more.jpg": desk.scan(page)})
    desk.look()
    assert desk.state_of(claim_id) != ClaimState.PROPOSED
    with desk.office.sessions.read_only() as session:
        told = session.scalars(select(AuditEvent.verb).filter_by(subject="claim"))
        assert "drop_denial" in set(told)
        [row] = dropped_denials(session, supervisor)
        assert row.number == number_of(desk, claim_id)
        assert dropped_denials(session, desk.user(Role.SUPERVISOR)) == []
    deny(desk, supervisor, claim_id, "check_up")
    with desk.office.sessions.read_only() as session:
        assert dropped_denials(session, supervisor) == []


def test_a_denial_of_a_death_that_cannot_be_read_any_more_does_not_forget_it(
    desk: Desk, supervisor: User
) -> None:
    """The clerk blots the day out, the supervisor denies: the stay still goes to the heirs."""
    person = desk.member()
    died = a_death(desk, person)
    assert desk.state_of(died) == ClaimState.REFERRED
    with desk.at(died) as (_session, claim):
        tell_events(desk.office.keys, claim, [{"kind": "accident"}])
    deny(desk, supervisor, died, "CAUSE_NOT_COVERED", "无法核实")
    desk.approve_all()
    assert desk.state_of(died) == ClaimState.DENIED
    stay = handed_in(desk, person)
    with desk.at(stay) as (session, claim):
        assert goes_to_heirs(session, desk.office, claim)
    assert desk.state_of(stay) == ClaimState.REFERRED
    promises_hold(desk)
