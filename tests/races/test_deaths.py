"""A member's death becomes known while his own payment leaves: it goes before, or not at all."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Batch, Member, User
from models.people import Role
from tests.desk import Desk, release_as_shown
from tests.races.order import Act
from tests.races.test_races import both_orders, in_order, on_batch, proven
from workflows.enrolment import membership

__all__ = ["proven"]


def known(desk: Desk, person: User) -> Act:
    """Note on the member's page that he has died."""

    def act(session: Session) -> str:
        member = session.scalars(select(Member)).one()
        membership.leave(session, desk.office, person, member, desk.office.today(), "died")
        session.flush()
        return "known"

    return act


@both_orders
def test_a_death_becomes_known_or_the_members_payment_leaves_first(
    desk: Desk, order: tuple[int, int]
) -> None:
    desk.claim(desk.member())
    desk.work()
    desk.approve_all()
    batch_id = desk.frozen(desk.user(Role.CASHIER))
    clerk = desk.user(Role.CLERK)

    def release(session: Session, person: User, batch: Batch) -> None:
        release_as_shown(session, desk.office, person, batch)

    met = in_order(desk, order, known(desk, clerk), on_batch(desk, release, batch_id))
    assert met.second_waited
    if order == (0, 1):
        assert met.first == "known"
        assert "会员已身故，付款" in str(met.second)
    else:
        assert (met.first, met.second) == ("done", "known")
    assert desk.payments(1) == (["frozen"] if order == (0, 1) else ["sent"])
