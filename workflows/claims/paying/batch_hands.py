"""Who may lay hands on a batch: nobody who approved what it pays."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from language import _
from models import Approval, ApprovalItem, Claim, Payment, User
from rules.errors import OwnWork
from workflows.engine.rows import any_of
from workflows.people.persons import own_accounts


def refuse_approvers(session: Session, person: User, payments: Collection[Payment]) -> None:
    """Between a scan and the bank stand three people at least: a maker, an approver, a payer.

    Roles keep an approver of today from paying; this keeps one of yesterday, whose post changed.
    """
    query = (
        select(Claim.number)
        .join(ApprovalItem, ApprovalItem.claim_id == Claim.id)
        .join(Approval, Approval.id == ApprovalItem.approval_id)
        .where(
            any_of(ApprovalItem.decision_id, [payment.decision_id for payment in payments]),
            Approval.approver_id.in_(own_accounts(session, person)),
        )
    )
    if number := session.scalar(query.order_by(Claim.id).limit(1)):
        words = {"number": number}
        raise OwnWork(_("案件 %(number)s 由本人审批，其付款须由他人组批和放行") % words)
