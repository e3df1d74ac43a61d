"""Whole claims through the stages, in this process, on real PostgreSQL."""

from sqlalchemy import select

from models import Letter, Payment
from models.people import Role
from models.states import ClaimState
from rules.money import Fen
from tests.desk import Desk
from workflows.claims.approving import approval, approval_queue


def test_a_clean_stay_is_proposed_approved_queued_and_gets_its_letter(desk: Desk) -> None:
    person = desk.member()
    claim_id = desk.claim(person)
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    supervisor = desk.user(Role.SUPERVISOR)
    with desk.office.sessions.unit_of_work() as session:
        items = approval_queue.queue(session, desk.office)
        assert [(item.outcome, item.amount) for item in items] == [("pay", Fen(60000))]
        approval.approve(session, desk.office, supervisor, items, items)
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PAYABLE
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Letter.state)).all() == ["written"]
        assert session.scalars(select(Payment.amount)).all() == [60000]
