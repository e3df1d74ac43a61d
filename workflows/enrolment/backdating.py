"""Backdated cover (R31): a supervisor lets it pass with a reason, or lets cover begin tomorrow."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from language import _
from models import Enrolment, FeeReceipt, User
from models.states import EnrolmentState, FeePayer
from rules.backdating import begins_before_roster, is_entered_late
from rules.errors import OwnWork, Refused
from workflows.engine.moves import advance
from workflows.engine.office import BEIJING, Office
from workflows.enrolment.roster_makers import had_a_hand_in
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


@dataclass(frozen=True)
class Backdated:
    """Why cover waits for a supervisor: its first day lies before the roster, or receipts are late.

    `starts_on` is None if the first day is not the reason. A roster that lay longer than a receipt
    may before a person accepted it came on the day of acceptance: until then the unit could wait
    for what happens.
    """

    starts_on: date | None
    handed_in_on: date
    accepted_late: bool
    late: tuple[FeeReceipt, ...]

    @property
    def found(self) -> bool:
        return self.starts_on is not None or bool(self.late)

    @property
    def came_on(self) -> date:
        """The day on which the last of what bought the cover came to the office."""
        return max([self.handed_in_on, *map(entered_on, self.late)])


def backdated(session: Session, enrolment: Enrolment, starts_on: date) -> Backdated:
    """What is backdated if cover begins on this day with the receipts that are booked."""
    handed_in_on, accepted_late = _came_on(enrolment)
    reversal = aliased(FeeReceipt)
    receipts = session.scalars(
        select(FeeReceipt)
        .outerjoin(reversal, reversal.reverses_id == FeeReceipt.id)
        .where(FeeReceipt.enrolment_id == enrolment.id, reversal.id.is_(None))
        # A refund that was reversed is money that came on the refund's day.
        .where(FeeReceipt.payer == FeePayer.UNIT, FeeReceipt.amount > 0)
        .order_by(FeeReceipt.id)
    )
    return Backdated(
        starts_on if begins_before_roster(starts_on, handed_in_on) else None,
        handed_in_on,
        accepted_late,
        tuple(each for each in receipts if _is_late(each)),
    )


def entered_on(receipt: FeeReceipt) -> date:
    """The day in Beijing on which the receipt was entered."""
    return receipt.noted_at.astimezone(BEIJING).date()


def begin_tomorrow(
    session: Session, office: Office, person: User, enrolment: Enrolment, reason: str
) -> None:
    """Refuse the backdating: cover begins tomorrow at the earliest. Raises Refused."""
    require(person, Act.WAIVE)
    if enrolment.state != EnrolmentState.BACKDATED:
        raise Refused(_("这份名册的起保日不待审批"))
    told = told_reason(reason, _("请写明原因"))
    if had_a_hand_in(session, enrolment, person):
        raise OwnWork(_("交名册、确认名册或登记会费的人不能审批"))
    enrolment.not_before = office.today() + timedelta(days=1)
    advance(
        session,
        enrolment,
        "begin_tomorrow",
        office,
        person,
        reason=told,
        not_before=enrolment.not_before.isoformat(),
    )


def _came_on(enrolment: Enrolment) -> tuple[date, bool]:
    """The day on which the roster came, and whether that is the day of a late acceptance."""
    handed_in_on = enrolment.handed_in_at.astimezone(BEIJING).date()
    if enrolment.accepted_at is None:
        return handed_in_on, False
    accepted_on = enrolment.accepted_at.astimezone(BEIJING).date()
    if is_entered_late(handed_in_on, accepted_on):
        return accepted_on, True
    return handed_in_on, False


def _is_late(receipt: FeeReceipt) -> bool:
    return is_entered_late(receipt.moved_on, entered_on(receipt))
