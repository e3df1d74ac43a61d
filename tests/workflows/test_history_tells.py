"""The history says of each act who did it, and what an auditor would ask next."""

import pytest
from sqlalchemy import select

from models import AuditEvent, Batch, Claim, User
from models.people import Role
from rules.errors import BadInput, Refused
from tests.desk import Desk
from tests.heirs import a_death, an_heir, confirm, key, keyed
from tests.workflows.claims.objecting.test_objections import (
    booked,
    corrected_stay,
    objected,
    paid,
    recoveries,
    reopened,
)
from workflows.claims.acts import denial
from workflows.claims.approving import approval
from workflows.claims.judging import reversal, revision
from workflows.engine.sealed_details import detail_of


@pytest.fixture
def supervisor(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


def told(
    desk: Desk, verb: str, subject: str = "claim"
) -> list[tuple[int | None, dict[str, object]]]:
    """Who did this, and what is written down of it, the oldest first."""
    query = select(AuditEvent).filter_by(verb=verb, subject=subject)
    with desk.office.sessions.read_only() as session:
        rows = session.scalars(query.order_by(AuditEvent.subject_id, AuditEvent.seq))
        return [(row.actor_id, detail_of(row)) for row in rows]


def test_who_approves_stands_beside_the_sum_and_who_sends_back_beside_the_payment(
    desk: Desk, supervisor: User
) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.approve_all(supervisor)
    [(who, what)] = told(desk, "approve")
    assert (who, what["amount"]) == (supervisor.id, desk.decision(claim_id).amount)
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, supervisor, claim, "日期存疑")
    assert [who for who, _ in told(desk, "cancel", "payment")] == [supervisor.id]


def test_who_approves_a_denial_is_written_down(desk: Desk, supervisor: User) -> None:
    desk.claim(desk.member(), admitted="2020-03-02", discharged="2020-03-09")
    desk.work()
    desk.approve_all(supervisor)
    assert told(desk, "deny") == [(supervisor.id, {})]


def test_what_a_denial_was_proposed_by_and_its_period_are_written_down(
    desk: Desk, supervisor: User
) -> None:
    claim_id = desk.claim(desk.member(), hospital="某某无名医院")
    desk.work()
    with desk.at(claim_id) as (session, claim):
        judged = claim.decisions[-1].parts[0]
        period = judged.period_start, judged.period_end
        denial.propose_denial(session, desk.office, supervisor, claim, "check_up", "体检住院")
        part = claim.decisions[-1].parts[0]
        assert (part.period_start, part.period_end) == period
        assert None not in period
        assert len(set(period)) == 2
    [(who, what)] = told(desk, "propose_denial")
    assert (who, what["clause"], what["reason"]) == (supervisor.id, "check_up", "体检住院")


def test_a_released_batch_is_named_at_each_of_its_claims(desk: Desk) -> None:
    desk.claim(desk.member())
    desk.work()
    desk.approve_all()
    batch_id = desk.released()
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Batch, batch_id).number
    assert [what["batch"] for _, what in told(desk, "send")] == [number]
    [(froze, what)] = told(desk, "freeze", "payment")
    assert what["batch"] == number
    assert froze is not None


def test_an_objection_names_its_claim(desk: Desk, supervisor: User) -> None:
    claim_id = paid(desk, supervisor)
    clerk = desk.user(Role.CLERK)
    objected(desk, clerk, claim_id)
    with desk.office.sessions.read_only() as session:
        number = session.get_one(Claim, claim_id).number
    assert told(desk, "register", "objection") == [(clerk.id, {"claim": number})]


def test_who_confirms_heirs_is_written_down(desk: Desk) -> None:
    claim_id = a_death(desk, desk.member())
    key(desk, claim_id, keyed(desk, claim_id, an_heir(), "100%"))
    second = confirm(desk, claim_id)
    assert told(desk, "confirm_heirs") == [(second.id, {"heirs": 1})]


def test_a_decision_that_was_paid_is_not_taken_back_and_the_refusal_names_the_claim(
    desk: Desk, supervisor: User
) -> None:
    claim_id = paid(desk, supervisor)
    with desk.at(claim_id) as (session, claim):
        assert not reversal.can_reverse(session, claim)
        with pytest.raises(Refused, match=f"案件 {claim.number} 已有款项付出"):
            reversal.reverse(session, claim, desk.office)


def test_a_claim_is_reopened_for_a_known_cause_alone(desk: Desk, supervisor: User) -> None:
    claim_id = paid(desk, supervisor)
    with desk.at(claim_id) as (session, claim), pytest.raises(BadInput, match="原因：whim"):
        clerk = desk.user(Role.CLERK)
        revision.reopen(session, desk.office, clerk, claim, "whim", "出院日期录入有误")


def test_each_sum_that_comes_back_is_written_down(desk: Desk, supervisor: User) -> None:
    clerk, cashier = desk.user(Role.CLERK), desk.user(Role.CASHIER)
    claim_id = paid(desk, supervisor, discharged="2026-03-22")
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-14")
    desk.approve_all(desk.user(Role.SUPERVISOR))
    [(id_, *_)] = recoveries(desk, claim_id)
    booked(desk, cashier, id_, 15_000, "2026061500001")
    booked(desk, cashier, id_, 25_000, "2026061500002")
    sums = [(who, what["amount"]) for who, what in told(desk, "book", "recovery")]
    assert sums == [(cashier.id, 15_000), (cashier.id, 25_000)]
    confirmed = [
        what["amount"]
        for verb in ("receive", "receive_last")
        for _, what in told(desk, verb, "recovery")
    ]
    assert confirmed == [15_000, 25_000]
