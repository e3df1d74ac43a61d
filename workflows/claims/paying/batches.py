"""Batches (批次): what is queued is frozen, and released by a second person or discarded."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banking.formats import available, layout
from banking.formats.layout import Layout
from banking.shaping import EVERYTHING, BatchShape, WaitingPayment, shape
from language import _
from models import Batch, Claim, Member, PayingAccount, Payment, User
from models.states import BatchState
from rules.errors import OwnWork, Refused
from rules.money import Fen, yuan
from workflows.books.funds import hold, let_go
from workflows.claims.paying.batch_content import (
    as_frozen,
    batch_of,
    lock_batch,
    refuse_if_file,
    refuse_sample_account,
)
from workflows.claims.paying.batch_hands import refuse_approvers
from workflows.claims.paying.branch_codes import name_branches
from workflows.claims.paying.held_payments import Held, held_back
from workflows.claims.paying.sent_batches import is_asked, send_payments
from workflows.claims.paying.taken_out import refuse_while_asked
from workflows.claims.paying.tampered import refuse_tampered
from workflows.claims.paying.unwritable import refuse_unwritable
from workflows.claims.paying.waiting_payments import QUEUED, as_waiting
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.engine.rows import any_of
from workflows.engine.turns import OneAtATime, wait_for
from workflows.people.persons import own_accounts
from workflows.people.rights import Act, require

USUAL_FORMAT = next(iter(available()))


def freeze(
    session: Session,
    office: Office,
    person: User,
    format_code: str = USUAL_FORMAT,
    asked: BatchShape = EVERYTHING,
) -> list[Batch]:
    """Put what waits into batches as asked, at least one for each account that pays.

    What is left out, what passes a limit, and what must not leave now goes on waiting. A batch's
    one file will be in this format, which limits its rows too.
    """
    require(person, Act.PAY)
    form = layout(format_code)
    queued = list(session.scalars(QUEUED.with_for_update(skip_locked=True)))
    _refuse_strange(asked, queued)
    held = held_back(session, queued)
    waits = {payment for each in held for payment in each.payments}
    free = [payment for payment in queued if payment not in waits]
    waiting = as_waiting(session, office, free)
    rows = min(asked.rows or form.max_rows, form.max_rows)
    chosen = shape(waiting, replace(asked, rows=rows))
    if not chosen:
        _refuse_too_large(asked, waiting)
        _refuse_held(held)
        raise Refused(_("没有待组批的付款"))
    payment_of = {payment.reference: payment for payment in free}
    going = [payment_of[each.reference] for batch in chosen for each in batch]
    refuse_tampered(session, office, person, going)
    return [
        _frozen(
            session, office, person, each[0].account, form, [payment_of[p.reference] for p in each]
        )
        for each in chosen
    ]


def _refuse_strange(asked: BatchShape, queued: Sequence[Payment]) -> None:
    if asked.rows is not None and asked.rows < 1:
        raise Refused(_("每批至少一笔"), at="rows")
    named = asked.without | (asked.only or frozenset())
    if gone := sorted(named - {payment.reference for payment in queued}):
        words = {"references": "、".join(gone)}
        raise Refused(_("付款 %(references)s 已不在待组批之列，请重新选择") % words)


def _refuse_too_large(asked: BatchShape, waiting: Sequence[WaitingPayment]) -> None:
    """Only the limit of the sum can keep the oldest payment that was chosen from every batch."""
    for payment in filter(asked.takes, waiting):
        words = {"reference": payment.reference, "yuan": yuan(payment.amount)}
        sentence = _("付款 %(reference)s 一笔就有 %(yuan)s 元，超过每批的限额")
        raise Refused(sentence % words, at="most")


def _frozen(
    session: Session,
    office: Office,
    person: User,
    account_id: int,
    form: Layout,
    payments: list[Payment],
) -> Batch:
    refuse_approvers(session, person, payments)
    account = session.get(PayingAccount, account_id)
    if account is None:
        raise Refused(_("没有付款账户：请出纳提出，由审批人员确认"))
    refuse_sample_account(office, account.account)
    name_branches(session, office, payments)
    refuse_unwritable(session, office, form, payments)
    batch = _batch(session, office, person, account, payments, form)
    start(session, batch, "freeze", office, person, count=batch.count, sum=batch.sum)
    for payment in payments:
        payment.batch_id = batch.id
        advance(session, payment, "freeze", office, person, batch=batch.number)
    hold(session, office, payments, batch.paying_account_id)
    session.flush()
    return batch


def _batch(
    session: Session,
    office: Office,
    person: User,
    account: PayingAccount,
    payments: list[Payment],
    form: Layout,
) -> Batch:
    """A new batch of these payments, with its number, sum and digest."""
    batch = Batch(
        number=_next_number(session, office),
        execute_on=office.today(),
        count=len(payments),
        sum=Fen(sum(payment.amount for payment in payments)),
        digest="",
        format=form.code,
        paying_account_id=account.id,
        payer_name=account.name,
        payer_account=account.account,
        payer_bank=account.bank,
        payer_cnaps=account.cnaps,
        frozen_by=person.id,
        frozen_at=office.clock(),
    )
    batch.digest = batch_of(office, batch, payments).digest()
    return batch


def discard(session: Session, office: Office, person: User, batch: Batch) -> None:
    """Undo a batch that has not been released: its payments wait again.

    Refused if there is a file of it, which a bank may have taken.
    """
    require(person, Act.PAY)
    payments = lock_batch(session, batch)
    refuse_if_file(session, batch)
    advance(session, batch, "discard", office, person)
    let_go(session, office, payments, batch.paying_account_id)
    for payment in payments:
        payment.batch_id = payment.out_asked_by = payment.out_reason = None
        advance(session, payment, "thaw", office, person, batch=batch.number)


def release(session: Session, office: Office, person: User, batch: Batch, shown: str) -> None:
    """Let the batch go to the bank; from now on its payments are sent until the bank answers.

    `shown` is the digest of what the person saw.
    """
    require(person, Act.PAY)
    payments = lock_batch(session, batch)
    refuse_tampered(session, office, person, payments, batch)
    if batch.frozen_by in own_accounts(session, person):
        raise OwnWork(_("组批人不能放行同一批次，须由第二人放行"))
    refuse_approvers(session, person, payments)
    if shown != batch.digest:
        raise Refused(
            _("批次 %(number)s 在显示之后已有变动，请重新核对") % {"number": batch.number}
        )
    refuse_while_asked(payments)
    if is_asked(batch):
        raise Refused(_("批次 %(number)s 已提请作废，须先办理") % {"number": batch.number})
    if batch.state == BatchState.FROZEN:
        as_frozen(office, batch, payments)
        _let_execute_from_today(office, batch, payments)
    batch.released_by, batch.released_at = person.id, office.clock()
    advance(session, batch, "release", office, person, sum=batch.sum)
    send_payments(session, office, person, batch, payments)
    # Last, since adjudication locks claims before members. From here on no death becomes known
    # before this transaction ends.
    ids = [payment.claim_id for payment in payments]
    members = select(Claim.member_id).where(any_of(Claim.id, ids))
    locked = select(Member.id).where(Member.id.in_(members)).order_by(Member.id)
    session.execute(locked.with_for_update(read=True)).all()
    _refuse_held(held_back(session, payments))


def _let_execute_from_today(office: Office, batch: Batch, payments: list[Payment]) -> None:
    """No bank takes a day that is past. There is no file yet which the new digest could belie."""
    if batch.execute_on < office.today():
        batch.execute_on = office.today()
        batch.digest = batch_of(office, batch, payments).digest()


def _refuse_held(held: Sequence[Held]) -> None:
    for each in held:
        raise Refused(each.words)


def _next_number(session: Session, office: Office) -> str:
    # Two cashiers who freeze at once must not be given the same number.
    wait_for(session, OneAtATime.NUMBER_BATCH)
    day = f"B{office.today():%Y%m%d}"
    used = session.scalar(select(func.count()).where(Batch.number.startswith(day))) or 0
    return f"{day}-{used + 1:02d}"
