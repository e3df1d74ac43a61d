"""Of two payments for what is left of one right, made at the same moment, one is refused."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Payment
from rules.money import Fen
from tests.desk import Desk
from tests.races.order import Act
from tests.races.test_races import both_orders, in_order, payable
from workflows.claims.paying.payout import NewPayment
from workflows.engine.moves import start_all
from workflows.proof import prove

LEFT = Fen(10000)


def topped_up(desk: Desk, claim_id: int, number: int) -> Act:
    """Pay what is left of the claim's right, in a round of its own."""

    def act(session: Session) -> str:
        first = session.scalars(select(Payment).filter_by(claim_id=claim_id)).one()
        row = NewPayment(
            f"{first.reference}-{number}",
            first.entitlement_id,
            first.decision_id,
            None,
            number,
            claim_id,
            LEFT,
            first.payee,
            first.card_print or b"",
            desk.clock(),
        )
        try:
            with session.begin_nested():
                start_all(session, [row], "queue", desk.office)
                session.flush()
                session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        except IntegrityError as clash:
            return str(getattr(clash.orig, "diag").constraint_name)  # noqa: B009
        return "queued"

    return act


@both_orders
def test_what_is_left_of_a_right_is_paid_once(desk: Desk, order: tuple[int, int]) -> None:
    claim_id = payable(desk)
    with desk.office.sessions.unit_of_work() as session:
        session.execute(text("UPDATE payment SET amount = amount - :left"), {"left": LEFT})
    met = in_order(desk, order, *(topped_up(desk, claim_id, number) for number in (1, 2)))
    assert (met.first, met.second) == ("queued", "payments_within_the_right")
    assert met.second_waited
    with desk.office.sessions.read_only() as session:
        assert session.scalar(select(func.sum(Payment.amount))) == 60000
    with desk.office.sessions.read_only() as session:
        broken = [found for found in prove(session, desk.office) if found.violations]
    assert broken == []


def test_at_the_commit_the_sum_is_checked_without_being_asked(desk: Desk) -> None:
    claim_id = payable(desk)
    first = topped_up(desk, claim_id, 1)
    with desk.office.sessions.unit_of_work() as session:
        assert first(session) == "payments_within_the_right"
    with pytest.raises(IntegrityError), desk.office.sessions.unit_of_work() as session:
        session.execute(text("UPDATE payment SET amount = amount + 1"))
