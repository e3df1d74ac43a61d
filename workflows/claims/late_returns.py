"""Late returns (迟到退票): the bank sends back what was recovered or written off already. The line
waits until a person has asked the bank and says what was done."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import LateReturn, Payment, ReplyFile, User
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require


def note_late_returns(session: Session, file: ReplyFile, payments: Collection[Payment]) -> None:
    """Keep these payments in sight; one that waits already stays as it is."""
    waiting = select(LateReturn.payment_id).where(
        any_of(LateReturn.payment_id, [payment.id for payment in payments]),
        LateReturn.dealt_at.is_(None),
    )
    known = set(session.scalars(waiting)) if payments else set()
    for payment in payments:
        if payment.id not in known:
            session.add(LateReturn(reply_file_id=file.id, payment_id=payment.id))


def deal_with(
    session: Session, office: Office, person: User, late: LateReturn, outcome: str
) -> None:
    """Say what came of it; the line is no longer shown."""
    require(person, Act.BOOK_RECOVERY)
    session.refresh(late, with_for_update=True)
    session.refresh(late.payment, with_for_update=True)
    reference = late.payment.reference
    if late.dealt_at is not None:
        raise Refused(_("付款 %(reference)s 的迟到退票已经处理") % {"reference": reference})
    late.outcome = told_reason(outcome, _("请写明向银行核实的结果和处理办法"))
    late.dealt_by, late.dealt_at = person.id, office.clock()
    record(
        session,
        late.payment,
        "deal_with_late_return",
        late.dealt_at,
        person.id,
        outcome=late.outcome,
    )
