"""A member's death becomes known while his own payment leaves: it goes before, or not at all."""

from sqlalchemy.orm import Session

from documents.kinds import Kind
from models import Batch, User
from models.people import Role
from tests.desk import Desk
from tests.heirs import an_heir, of_a_death
from tests.races.order import Act
from tests.races.test_races import both_orders, in_order, locked, on_batch, proven
from workflows.claims import batches
from workflows.engine.steps import Quick
from workflows.pipeline import STEP_BY_NAME

__all__ = ["proven"]


def known(desk: Desk, claim_id: int) -> Act:
    """Adjudicate the claim for the death, which has been read and checked."""

    def act(session: Session) -> str:
        step = STEP_BY_NAME["adjudicate"]
        assert isinstance(step, Quick)
        step.do(session, [locked(session, claim_id)], desk.office)
        return "known"

    return act


@both_orders
def test_a_death_becomes_known_or_the_members_payment_leaves_first(
    desk: Desk, order: tuple[int, int]
) -> None:
    member, heir = desk.member(), an_heir()
    desk.claim(member)
    desk.work()
    desk.approve_all()
    batch_id = desk.frozen(desk.user(Role.CASHIER))
    without = (Kind.DISCHARGE_RECORD, Kind.BANK_CARD)
    death = desk.claim(member, more=of_a_death(member, heir), without=without, card=heir.card)
    for name in ("read", "check"):
        desk.run_only(name, death)
    desk.bells.clear()

    def release(session: Session, person: User, batch: Batch) -> None:
        batches.release(session, desk.office, person, batch)

    met = in_order(desk, order, known(desk, death), on_batch(desk, release, batch_id))
    assert met.second_waited
    if order == (0, 1):
        assert met.first == "known"
        assert "会员已身故，付款" in str(met.second)
    else:
        assert (met.first, met.second) == ("done", "known")
    assert desk.payments(1) == (["frozen"] if order == (0, 1) else ["sent"])
