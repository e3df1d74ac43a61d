"""Whose act stands in a decision does not approve it; whose act something took the place of may."""

import pytest

from models import User
from models.people import Role
from models.states import ClaimState
from rules.verdict import Code
from tests.desk import Desk, promises_hold
from tests.workflows.claims.acts.test_answers import agree, answer, decided, establish, suspected
from tests.workflows.claims.objecting.test_objections import (
    answered,
    corrected_stay,
    paid,
    reopened,
    sums_paid,
)
from workflows.claims.acts import correction, denial, resting
from workflows.claims.approving import approval

EXCLUSION = Code.EXCLUSION_SUSPECTED
OWN = ["本人经手过此案，须由他人审批"]


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def insider(desk: Desk) -> User:
    """A clerk who has become a supervisor since."""
    return desk.user(Role.CLERK)


@pytest.fixture
def same(desk: Desk, insider: User) -> User:
    """The insider as a supervisor."""
    return desk.user(Role.SUPERVISOR, of=insider)


@pytest.fixture
def supervisor(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


def sent_back(desk: Desk, supervisor: User, claim_id: int) -> None:
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, supervisor, claim, "另查")


def rechecked(desk: Desk, clerk: User, claim_id: int) -> None:
    with desk.at(claim_id) as (session, claim):
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()


def refused(desk: Desk, person: User) -> list[str]:
    return [each.reason for each in desk.approve_all(person).dropped]


def test_an_office_of_one_supervisor_puts_its_own_mistake_right_to_the_fen(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id = paid(desk, supervisor)
    for discharged, amount in (("2026-03-22", 40_000), ("2026-03-26", 20_000)):
        reopened(desk, clerk, claim_id)
        corrected_stay(desk, clerk, claim_id, discharged)
        assert desk.approve_all(supervisor).count == 1
        answered(desk)
        assert sums_paid(desk, claim_id)[-1][1:] == (amount, "credited")
        promises_hold(desk)


def test_who_reopened_a_claim_or_keyed_what_is_paid_does_not_approve_it(
    desk: Desk, clerk: User, insider: User, same: User, supervisor: User
) -> None:
    claim_id = paid(desk, same)
    reopened(desk, insider, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-22")
    assert refused(desk, same) == OWN
    desk.approve_all(supervisor)
    answered(desk)
    # A later revision takes the place of the one he asked for; he keyed nothing.
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-26")
    assert desk.approve_all(same).count == 1
    promises_hold(desk)


def test_who_gave_an_answer_that_no_longer_stands_may_approve(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id, confirmer = suspected(desk, clerk), desk.user(Role.SUPERVISOR)
    answer(desk, supervisor, claim_id, EXCLUSION, "not_excluded")
    agree(desk, confirmer, claim_id)
    for maker in (supervisor, confirmer):
        assert refused(desk, maker) == OWN
    sent_back(desk, confirmer, claim_id)
    rechecked(desk, clerk, claim_id)
    answer(desk, clerk, claim_id, EXCLUSION, "excluded")
    assert decided(desk, claim_id) == ("deny", 0, ["EXCLUDED"])
    assert desk.approve_all(supervisor).count == 1
    promises_hold(desk)


def test_who_keyed_a_value_may_approve_once_another_one_was_keyed_over_it(
    desk: Desk, clerk: User, insider: User, same: User
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.correct(insider, claim_id, discharged_on="2026-03-12")
    # To confirm the value is not to take its place: he who keyed it made what is paid.
    desk.correct(clerk, claim_id, discharged_on="2026-03-12")
    assert refused(desk, same) == OWN
    desk.correct(clerk, claim_id, discharged_on="2026-03-14")
    assert desk.approve_all(same).count == 1
    promises_hold(desk)


def test_who_told_an_event_stays_its_maker(
    desk: Desk, clerk: User, insider: User, same: User
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    establish(desk, insider, claim_id, hospital={"level": 2, "city": "四平市"})
    establish(desk, clerk, claim_id, hospital={"level": 3, "city": "长春市"})
    assert refused(desk, same) == OWN


def test_who_proposed_a_denial_that_another_sent_back_may_approve_the_payment(
    desk: Desk, clerk: User, supervisor: User
) -> None:
    claim_id, other = desk.claim(desk.member()), desk.user(Role.SUPERVISOR)
    desk.work()
    sent_back(desk, other, claim_id)
    with desk.at(claim_id) as (session, claim):
        clause = next(iter(denial.clauses_for(session, claim, desk.office)))
        denial.propose_denial(session, desk.office, supervisor, claim, clause, "印章不符")
    assert refused(desk, supervisor) == OWN
    sent_back(desk, other, claim_id)
    rechecked(desk, clerk, claim_id)
    assert desk.approve_all(supervisor).count == 1
    assert desk.state_of(claim_id) == ClaimState.PAYABLE
    promises_hold(desk)


def test_who_withdrew_a_claim_that_another_resumed_may_approve_it(
    desk: Desk, clerk: User, insider: User, same: User
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    with desk.at(claim_id) as (session, claim):
        resting.withdraw(session, desk.office, insider, claim, "以另一件为准")
    with desk.at(claim_id) as (session, claim):
        resting.resume(session, desk.office, clerk, claim)
    desk.work()
    assert desk.approve_all(same).count == 1
    promises_hold(desk)
