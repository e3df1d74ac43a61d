"""The demonstration's bank and its books: what was approved is paid, one payment comes back and is
paid again, and at the end the books balance.

Each act first looks at what the data already holds, as those of the demonstration do.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from banking import formats
from banking.simulated_days import Fate, bank_days
from language import _
from models import Batch, Books, LedgerAccount, Payment, Voucher
from models.ledger import AccountKind
from models.states import BatchState, ClaimState, PaymentState
from rules.money import Fen, yuan
from servers import samples
from servers.progress import screen
from workflows.books.bank_places import bank_code, bank_places
from workflows.claims.approving import approval, approval_queue
from workflows.claims.paying import bank_reply, batches, paid_again, payment_files
from workflows.day_proof.day_proof import prove_day
from workflows.engine.office import Office
from workflows.opening.opening import mark_of_opening, open_books, state_balances
from workflows.people.accounts import user_by_login

SENT_BACK = "24-two-hospitals-first.tif"
_HELD = Fen(500_000_00)
_BANK = 9
"""One that answers in a text with masked accounts, and refuses what is over the limit of a card."""


def open_the_books(office: Office) -> None:
    """A cashier states what the bank holds for each plan, a supervisor opens the books with it."""
    with office.sessions.unit_of_work() as session:
        books = session.get(Books, 1)
        if books is not None and books.opened_at is not None:
            return
        sums = {bank_code(place): _HELD for place in bank_places(session)}
        state_balances(session, office, user_by_login(session, "cashier"), sums)
    with office.sessions.unit_of_work() as session:
        shown = mark_of_opening(session.get_one(Books, 1))
        open_books(session, office, user_by_login(session, "supervisor"), shown)


def pay_out(office: Office, claim_ids: Sequence[int]) -> None:
    """Another cashier releases the batches with payments of these claims, and the bank answers."""
    for batch_id in _batches(office, claim_ids):
        with office.sessions.unit_of_work() as session:
            batch = session.get_one(Batch, batch_id)
            if batch.state == BatchState.FROZEN:
                cashier = user_by_login(session, "cashier2")
                batches.release(session, office, cashier, batch, batch.digest)
        _answer(office, batch_id)


def _batches(office: Office, claim_ids: Sequence[int]) -> Sequence[int]:
    """Those that are not released or not answered."""
    open_ = Payment.state.in_((PaymentState.FROZEN, PaymentState.SENT))
    theirs = select(Payment.batch_id).where(Payment.claim_id.in_(claim_ids), open_)
    with office.sessions.read_only() as session:
        return session.scalars(
            select(Batch.id).where(Batch.id.in_(theirs)).order_by(Batch.id)
        ).all()


def _answer(office: Office, batch_id: int) -> None:
    """The bank in the box credits all but one payment, which it sends back once."""
    with office.sessions.unit_of_work() as session:
        batch, cashier = session.get_one(Batch, batch_id), user_by_login(session, "cashier")
        file = payment_files.write_file(session, office, cashier, batch)
        path = payment_files.save_file(office.settings.out_folder / batch.number, file)
        screen.print(_("银行文件：%(path)s") % {"path": path}, soft_wrap=True)
        payments = formats.read(batch.format, file.content)
        fates = {payment.reference: Fate.CREDITED for payment in payments}
        fates |= dict.fromkeys(_refused(session, office), Fate.REFUSED)
        for day in bank_days(payments, fates, _BANK, office.clock()):
            reply = bank_reply.load_reply(session, office, cashier, batch, day.content)
            words = {"number": batch.number, "credited": reply.credited, "back": reply.returned}
            sentence = _("批次 %(number)s 已放行，银行回盘：到账 %(credited)s 笔，退票 %(back)s 笔")
            screen.print(sentence % words)


def _refused(session: Session, office: Office) -> Sequence[str]:
    claim = samples.claim_of(session, office, SENT_BACK)
    if claim is None or any(each.state == PaymentState.RETURNED for each in claim.payments):
        return ()
    return [each.reference for each in claim.payments]


def ask_again(office: Office) -> None:
    """A clerk has paid again what came back, to the same card: the member has been to his bank."""
    with office.sessions.unit_of_work() as session:
        claim = samples.claim_of(session, office, SENT_BACK)
        if claim is None or claim.state != ClaimState.RETURNED:
            return
        came_back = max(claim.payments, key=lambda payment: payment.id)
        words = {"number": claim.number, "sum": yuan(came_back.amount)}
        words |= {"why": came_back.result_text or ""}
        reason = _("会员已到开户行调高收款限额")
        paid_again.pay_again(session, office, user_by_login(session, "clerk"), claim, reason)
        screen.print(_("案件 %(number)s 退票 %(sum)s 元（%(why)s），已提请重新付款") % words)


def approve_again(office: Office, claim_ids: Sequence[int]) -> None:
    """A supervisor approves these claims who neither approved nor heard before."""
    with office.sessions.unit_of_work() as session:
        waiting = approval_queue.queue(session, office)
        again = [item for item in waiting if item.claim_id in claim_ids]
        if again:
            supervisor = user_by_login(session, "supervisor3")
            approved = approval.approve(session, office, supervisor, again, again)
            words = {"count": approved.count, "sum": yuan(approved.sum)}
            screen.print(_("重新付款和异议共 %(count)s 件已审批，核定 %(sum)s 元") % words)


def freeze_again(office: Office, claim_ids: Sequence[int]) -> None:
    """Put into a second batch what these claims still owe."""
    with office.sessions.unit_of_work() as session:
        queued = select(Payment.amount).filter_by(state=PaymentState.QUEUED)
        amounts = session.scalars(queued.where(Payment.claim_id.in_(claim_ids))).all()
        if amounts:
            batches.freeze(session, office, user_by_login(session, "cashier"))
            words = {"count": len(amounts), "sum": yuan(Fen(sum(amounts)))}
            screen.print(_("补付和重新付款 %(count)s 笔，合计 %(sum)s 元") % words)


def show_books(office: Office) -> None:
    """What the books hold, and what the proof of today says."""
    today = office.today()
    with office.sessions.read_only() as session:
        vouchers = session.scalar(select(func.count()).select_from(Voucher))
        held = select(LedgerAccount.kind, func.sum(LedgerAccount.balance))
        sums = dict(session.execute(held.group_by(LedgerAccount.kind)).all())
        proved = prove_day(session, office, today)
    words = {"vouchers": vouchers, "sum": yuan(Fen(int(sum(sums.values()))))}
    words |= {
        "sent": yuan(Fen(-int(sums.get(AccountKind.IN_TRANSIT, 0)))),
        "back": yuan(Fen(-int(sums.get(AccountKind.RETURNED, 0)))),
    }
    sentence = _(
        "账簿：%(vouchers)s 张凭证，借贷相抵 %(sum)s 元，在途 %(sent)s 元，退票待处理 %(back)s 元"
    )
    screen.print(sentence % words)
    found = {"day": today, "stations": len(proved.totals), "count": len(proved.differences)}
    screen.print(_("当日核对 %(day)s：%(stations)s 个环节，差异 %(count)s 处") % found)
