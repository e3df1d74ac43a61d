"""Take one payment out (抽出) of a frozen batch before its release: two people.

It waits for a batch again, under the same right; the batch's count, sum and digest are those of
what is left, and its draft is another one.
"""

from sqlalchemy.orm import Session

from language import _
from models import Batch, Payment, User
from rules.errors import OwnWork, Refused
from rules.money import Fen
from workflows.books.funds import let_go
from workflows.claims.paying.batch_content import (
    as_frozen,
    batch_of,
    lock_batch,
    refuse_if_file,
)
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people.persons import own_accounts
from workflows.people.reasons import told_reason
from workflows.people.rights import Act, require
from workflows.people.shown_proposals import mark_of, refuse_another


def ask_take_out(
    session: Session, office: Office, person: User, batch: Batch, reference: str, reason: str
) -> None:
    """Ask a second person to take the payment of this reference out of the batch."""
    require(person, Act.PAY)
    payments = lock_batch(session, batch)
    payment = _named(batch, payments, reference)
    if payment.out_asked_by is not None:
        raise Refused(_("付款 %(reference)s 已经提请抽出，等另一人办理") % _of(payment))
    why = told_reason(reason, _("请写明抽出的原因"))
    refuse_if_file(session, batch)
    _refuse_last(payments)
    advance(session, batch, "ask_take_out", office, person, reference=reference, reason=why)
    payment.out_asked_by, payment.out_reason = person.id, why


def agree_take_out(
    session: Session, office: Office, person: User, batch: Batch, reference: str, shown: str
) -> None:
    """Take the payment out as another person asked, and as it was `shown`."""
    require(person, Act.PAY)
    payments = lock_batch(session, batch)
    payment = _asked(batch, payments, reference, shown)
    if payment.out_asked_by in own_accounts(session, person):
        raise OwnWork(_("提请抽出的人不能自己同意，须由另一人办理"))
    refuse_if_file(session, batch)
    _refuse_last(payments)
    as_frozen(office, batch, payments)
    why = payment.out_reason
    let_go(session, office, [payment], batch.paying_account_id)
    payment.batch_id = payment.out_asked_by = payment.out_reason = None
    advance(session, payment, "take_out", office, person, batch=batch.number)
    left = [each for each in payments if each is not payment]
    batch.count, batch.sum = len(left), Fen(sum(each.amount for each in left))
    batch.digest = batch_of(office, batch, left).digest()
    batch.edition += 1
    advance(
        session,
        batch,
        "agree_take_out",
        office,
        person,
        reference=reference,
        reason=why,
        count=batch.count,
        sum=batch.sum,
    )


def refuse_take_out(
    session: Session, office: Office, person: User, batch: Batch, reference: str, shown: str
) -> None:
    """Leave the payment in the batch, against what was `shown`."""
    require(person, Act.PAY)
    payment = _asked(batch, lock_batch(session, batch), reference, shown)
    advance(session, batch, "refuse_take_out", office, person, reference=reference)
    payment.out_asked_by = payment.out_reason = None


def mark_of_take_out(payment: Payment) -> str:
    """What a form sends back of who asks to take the payment out, and why."""
    return mark_of(payment.out_asked_by, payment.out_reason)


def refuse_while_asked(payments: list[Payment]) -> None:
    """Refused while one of these shall be taken out, and no second person has said."""
    for payment in payments:
        if payment.out_asked_by is not None:
            raise Refused(_("付款 %(reference)s 已提请抽出，须先办理") % _of(payment))


def _named(batch: Batch, payments: list[Payment], reference: str) -> Payment:
    for payment in payments:
        if payment.reference == reference:
            return payment
    words = {"reference": reference, "number": batch.number}
    raise Refused(_("付款 %(reference)s 不在批次 %(number)s 中") % words)


def _asked(batch: Batch, payments: list[Payment], reference: str, shown: str) -> Payment:
    payment = _named(batch, payments, reference)
    if payment.out_asked_by is None:
        raise Refused(_("没有人提请抽出付款 %(reference)s") % _of(payment))
    refuse_another(mark_of_take_out(payment), shown)
    return payment


def _refuse_last(payments: list[Payment]) -> None:
    if len(payments) == 1:
        raise Refused(_("批次只有这一笔付款，请作废批次"))


def _of(payment: Payment) -> dict[str, str]:
    return {"reference": payment.reference}
