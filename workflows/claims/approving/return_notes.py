"""Who said of which payment that it came back: a reply is a file that one cashier loads, and what
it calls returned would be paid again."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.masks import mask_numbers
from language import _
from models import AuditEvent, Payment, User
from models.states import PaymentState
from workflows.claims.sums.returned_payments import NOT_TAKEN
from workflows.engine.office import BEIJING
from workflows.engine.rows import any_of


def notes_of_returns(session: Session, claim_ids: Collection[int]) -> Mapping[int, list[str]]:
    """Of each of these claims: the payments that a reply called returned, whose reply it was, and
    what to compare it with. What two cashiers discarded upon the bank's word is left out."""
    rows = session.execute(
        select(Payment, AuditEvent.at, User.name)
        .join(
            AuditEvent,
            (AuditEvent.subject == Payment.__tablename__)
            & (AuditEvent.subject_id == Payment.id)
            & (AuditEvent.verb == "return"),
        )
        .join(User, User.id == AuditEvent.actor_id)
        .where(any_of(Payment.claim_id, claim_ids), Payment.state == PaymentState.RETURNED)
        .where(Payment.result_code.is_distinct_from(NOT_TAKEN))
        .order_by(Payment.id, AuditEvent.seq)
    )
    notes: defaultdict[int, list[str]] = defaultdict(list)
    for payment, at, name in rows:
        words = {
            "reference": payment.reference,
            "name": name,
            "day": at.astimezone(BEIJING).date().isoformat(),
            "code": payment.result_code or "",
            "why": mask_numbers(payment.result_text or ""),
        }
        said = _(
            "付款 %(reference)s 按%(name)s %(day)s 载入的回盘记为退票（%(code)s %(why)s），"
            "请对照银行流水确认款项已退回"
        )
        notes[payment.claim_id].append(said % words)
    return notes
