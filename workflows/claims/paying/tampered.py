"""Pays nothing that was changed past the program: each row that makes money flow has its stamp.

Somebody with the database's password can write a decision, an approval and a larger sum that fit
together, and he has no key to stamp them with.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from language import _
from models import (
    Approval,
    ApprovalItem,
    Base,
    Batch,
    Decision,
    Entitlement,
    PayingAccount,
    Payment,
    User,
)
from rules.errors import Refused
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.engine.stamped_rows import changed_row
from workflows.people.tampered_accounts import refuse_tampered_accounts


def refuse_tampered(
    session: Session,
    office: Office,
    person: User,
    payments: Collection[Payment],
    batch: Batch | None = None,
) -> None:
    """Refused if these payments, what they carry out, who approved and who pays them, or the batch
    they are in, are not what the program last wrote. Ask before the act changes any of them."""
    for kind, which in _what_pays(payments, batch):
        if row_key := changed_row(session, office, kind, which):
            raise Refused(
                _("要付的款与系统所写不符（%(table)s %(key)s），不能付；请运行 huzhu audit verify")
                % {"table": kind.__tablename__, "key": row_key}
            )
    approvers = select(Approval.approver_id).where(Approval.id.in_(_approvals(payments)))
    hands = {*session.scalars(approvers), person.id}
    refuse_tampered_accounts(session, office, hands | ({batch.frozen_by} if batch else set()))


def _what_pays(
    payments: Collection[Payment], batch: Batch | None
) -> Iterator[tuple[type[Base], ColumnElement[bool]]]:
    decisions = [payment.decision_id for payment in payments]
    yield Payment, any_of(Payment.id, [payment.id for payment in payments])
    yield Decision, any_of(Decision.id, decisions)
    yield Entitlement, any_of(Entitlement.id, [payment.entitlement_id for payment in payments])
    yield ApprovalItem, any_of(ApprovalItem.decision_id, decisions)
    yield Approval, Approval.id.in_(_approvals(payments))
    if batch:
        yield Batch, Batch.id == batch.id
        yield PayingAccount, PayingAccount.id == batch.paying_account_id


def _approvals(payments: Collection[Payment]) -> Select[int]:
    decisions = [payment.decision_id for payment in payments]
    return select(ApprovalItem.approval_id).where(any_of(ApprovalItem.decision_id, decisions))
