"""The sweep: which rows it rings for, when it rings again, and when it rings for one alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Claim, StepRun
from models.states import ClaimState
from tests.desk import Desk
from workflows.pipeline import STEP_AT
from workflows.sweep import LOST, sweep


@pytest.fixture
def claim_id(desk: Desk) -> int:
    found = desk.claim(desk.member())
    desk.bells.clear()
    return found


def get(desk: Desk, claim_id: int) -> Claim:
    with desk.office.sessions.read_only() as session:
        return session.get_one(Claim, claim_id)


def pass_until_due(desk: Desk, claim_id: int) -> None:
    due_at = get(desk, claim_id).due_at
    assert due_at is not None
    desk.clock.now = due_at


def test_a_row_is_rung_for_at_the_instant_it_is_due_and_not_before(
    desk: Desk, claim_id: int
) -> None:
    pass_until_due(desk, claim_id)
    desk.clock.now -= timedelta(microseconds=1)
    assert sweep(desk.office) == 0
    desk.clock.now += timedelta(microseconds=1)
    assert sweep(desk.office) == 1


def test_only_from_its_second_ring_on_a_row_is_rung_for_alone(desk: Desk, claim_id: int) -> None:
    for _time in range(3):
        pass_until_due(desk, claim_id)
        sweep(desk.office)
    assert [bell.alone for bell in desk.bells] == [False, True, True]
    assert {bell.id for bell in desk.bells} == {claim_id}


def test_each_ring_waits_twice_as_long_for_the_next(desk: Desk, claim_id: int) -> None:
    grace = timedelta(seconds=desk.office.settings.grace_seconds)
    waits = []
    for _time in range(3):
        pass_until_due(desk, claim_id)
        sweep(desk.office)
        waits.append(get(desk, claim_id).due_at)
        assert waits[-1] - desk.clock.now == grace * 2 ** len(waits)  # type: ignore[operator]


def test_the_rows_that_wait_longest_are_rung_for_first(desk: Desk, claim_id: int) -> None:
    desk.clock.pass_(seconds=1)
    later = desk.claim(desk.member())
    desk.bells.clear()
    desk.clock.pass_(hours=1)
    for due in (claim_id, later):
        assert sweep(desk.office, limit=1) == 1
        assert desk.bells[-1].id == due


def test_a_row_that_no_step_takes_up_is_no_longer_due(desk: Desk, claim_id: int) -> None:
    with desk.at(claim_id) as (_session, claim):
        claim.state, claim.due_at = ClaimState.PROPOSED, desk.clock()
    assert sweep(desk.office) == 0
    assert get(desk, claim_id).due_at is None


def test_a_ring_ends_the_lease_of_the_worker_that_was_lost(desk: Desk, claim_id: int) -> None:
    with desk.at(claim_id) as (_session, claim):
        claim.held_until = desk.clock() + timedelta(days=1)
    pass_until_due(desk, claim_id)
    sweep(desk.office)
    assert get(desk, claim_id).held_until is None


def test_a_row_that_wears_out_its_rings_is_parked_with_its_cause(desk: Desk, claim_id: int) -> None:
    while get(desk, claim_id).due_at is not None:
        pass_until_due(desk, claim_id)
        sweep(desk.office)
    found = get(desk, claim_id)
    assert (found.parked_cause, found.attempts) == (LOST, len(desk.bells))
    with desk.office.sessions.read_only() as session:
        [lost] = session.scalars(select(StepRun).filter_by(subject_id=claim_id))
        assert (lost.outcome, lost.cause, lost.attempt) == ("lost", LOST, found.attempts)


def test_a_long_queue_holds_up_its_own_steps_only(desk: Desk, claim_id: int) -> None:
    own = STEP_AT["claim", get(desk, claim_id).state].queue
    pass_until_due(desk, claim_id)
    assert sweep(desk.office, lambda queue: None if queue == own else {}) == 0
    assert sweep(desk.office, lambda queue: {} if queue == own else None) == 1
