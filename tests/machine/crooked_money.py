"""What a dishonest person tries on money: batches, replies, returns, the fund, recoveries,
set-offs, accounts that pay, and fees."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from banking import simulator
from banking.batch import Payer
from banking.results import BankOutcome
from models import (
    Enrolment,
    FeeReceipt,
    LateReturn,
    PayingAccount,
    Payment,
    Recovery,
    RecoveryReceipt,
    ReplyCase,
)
from models.bank_words import BankWay, LineAnswer
from models.states import AT_THE_BANK_STATES, FeePayer, PaymentState
from rules.money import Fen, yuan
from tests.desk import BANK_PAPER
from tests.machine.crooked_acts import Act, Deed
from workflows.claims.paying import (
    bank_reply,
    bank_words,
    batches,
    branch_codes,
    instalments,
    late_returns,
    paid_again,
    paying_accounts,
    payment_files,
    recovery,
    reply_cases,
    sent_batches,
    set_off,
    taken_out,
    written_to_fund,
)
from workflows.claims.paying.bank_answers import BankAnswer
from workflows.claims.paying.bank_words import ToldByBank
from workflows.claims.paying.branch_codes import NewBankList
from workflows.claims.paying.paying_accounts import NewAccount
from workflows.claims.paying.recovery import ReceivedSum
from workflows.enrolment import fees

WHY = "已核实"
FORM = "ccb-list"
_AT_THE_BANK = select(Payment).where(Payment.state.in_(AT_THE_BANK_STATES)).order_by(Payment.id)


def freeze(session: Session, deed: Deed) -> None:
    batches.freeze(session, deed.desk.office, deed.who)


def release(session: Session, deed: Deed) -> None:
    batch = deed.batch(session)
    batches.release(session, deed.desk.office, deed.who, batch, batch.digest)


def discard(session: Session, deed: Deed) -> None:
    batches.discard(session, deed.desk.office, deed.who, deed.batch(session))


def make_the_file(session: Session, deed: Deed) -> None:
    payment_files.write_file(session, deed.desk.office, deed.who, deed.batch(session))


def make_the_draft(session: Session, deed: Deed) -> None:
    payment_files.draft_file(session, deed.desk.office, deed.who, deed.batch(session))


def forge_a_reply(session: Session, deed: Deed) -> None:
    """All of the batch came back, or all of it arrived; he makes it from the file itself."""
    batch, office = deed.batch(session), deed.desk.office
    content = payment_files.write_file(session, office, deed.who, batch).content
    code = ("3008", "3031", "0000")[deed.at % 3]
    rows = dict.fromkeys((payment.reference for payment in batch.payments), code)
    reply = simulator.answer(content, FORM, rows, (), deed.desk.clock())
    bank_reply.load_reply(session, office, deed.who, batch, reply)


def take_a_payment_out(session: Session, deed: Deed) -> None:
    batch = deed.batch(session)
    office, who = deed.desk.office, deed.who
    for payment in session.scalars(select(Payment).filter_by(batch_id=batch.id)).all()[:1]:
        shown = taken_out.mark_of_take_out(payment)
        if payment.out_asked_by is None:
            taken_out.ask_take_out(session, office, who, batch, payment.reference, WHY)
        elif deed.at % 3:
            taken_out.agree_take_out(session, office, who, batch, payment.reference, shown)
        else:
            taken_out.refuse_take_out(session, office, who, batch, payment.reference, shown)


def discard_what_the_bank_has(session: Session, deed: Deed) -> None:
    """He says that the bank took nothing of it."""
    batch, office, who = deed.batch(session), deed.desk.office, deed.who
    shown = sent_batches.mark_of_discard(batch)
    if not sent_batches.is_asked(batch):
        waiting = [p.reference for p in batch.payments if p.state in AT_THE_BANK_STATES]
        sent_batches.ask_discard(session, office, who, batch, "柜台答复", waiting, BANK_PAPER)
    elif deed.at % 3:
        sent_batches.agree_discard(session, office, who, batch, shown)
    else:
        sent_batches.refuse_discard(session, office, who, batch, shown)


def pay_again(session: Session, deed: Deed) -> None:
    paid_again.pay_again(session, deed.desk.office, deed.who, deed.claim(session), WHY)


def answer_a_late_return(session: Session, deed: Deed) -> None:
    late = deed.one(session, select(LateReturn).order_by(LateReturn.id))
    act = (late_returns.confirm_return, late_returns.deny_return)[deed.at % 2]
    act(session, deed.desk.office, deed.who, late, "银行答复")


def ask_the_bank(session: Session, deed: Deed) -> None:
    payment = deed.one(session, _AT_THE_BANK)
    bank_words.note_asked(session, deed.desk.office, deed.who, payment, "电话查询")


def give_the_word_of_the_bank(session: Session, deed: Deed) -> None:
    """The bank said no such thing, and the paper is his own."""
    payment, office, who = deed.one(session, _AT_THE_BANK), deed.desk.office, deed.who
    if (word := bank_words.word_waiting(session, payment)) is None:
        outcome = (BankOutcome.RETURNED, BankOutcome.CREDITED)[deed.at % 2]
        answer = BankAnswer(outcome, "", "柜台答复")
        told = ToldByBank(answer, BankWay.COUNTER, BANK_PAPER)
        bank_words.tell_word(session, office, who, payment, told)
    elif deed.at % 3:
        bank_words.agree_word(session, office, who, word, bank_words.mark_of_word(word))
    else:
        bank_words.refuse_word(session, office, who, word, bank_words.mark_of_word(word))


def deal_with_an_odd_line(session: Session, deed: Deed) -> None:
    """He makes it himself: a reply whose lines name the payee of another account; or he agrees to
    what others ask."""
    asked = select(ReplyCase).where(ReplyCase.asked_by.is_not(None), ReplyCase.answer.is_(None))
    if case := session.scalar(asked.limit(1)):
        end = (reply_cases.agree_set_aside, reply_cases.refuse_set_aside)[deed.at % 2]
        end(session, deed.desk.office, deed.who, case, reply_cases.mark_of_set_aside(case))
        return
    batch, office = deed.batch(session), deed.desk.office
    payments = {each.reference: each.amount for each in batch.payments}
    code = ("3008", "0000")[deed.at % 2]
    rows = [f"{code},62220200{deed.at:08d},某,{yuan(a)},{r}" for r, a in payments.items()]
    text = "\n".join(["处理结果,账号,户名,金额,备注", *rows])
    file = bank_reply.load_reply(session, office, deed.who, batch, text.encode())
    cases = session.scalars(select(ReplyCase).filter_by(reply_file_id=file.id))
    for case, reference in zip(cases.all(), payments, strict=True):
        if deed.at % 5:
            reply_cases.match_line(session, office, deed.who, case, reference, WHY)
        else:
            reply_cases.set_aside(session, office, deed.who, case, LineAnswer.LEFT, WHY)


def write_to_the_fund(session: Session, deed: Deed) -> None:
    claim, office, who = deed.claim(session), deed.desk.office, deed.who
    proposal = written_to_fund.proposals(session, [claim.id]).get(claim.id)
    if proposal is None:
        written_to_fund.propose(session, office, who, claim, "会员失联")
    elif deed.at % 3:
        written_to_fund.agree(session, office, who, claim, proposal.seq)
    else:
        written_to_fund.refuse(session, office, who, claim, proposal.seq)


def revive_from_the_fund(session: Session, deed: Deed) -> None:
    written_to_fund.revive(session, deed.desk.office, deed.who, deed.claim(session), "本人前来领取")


def book_a_receipt(session: Session, deed: Deed) -> None:
    """Nothing came in."""
    row, today = _recovery(session, deed), deed.desk.office.today()
    receipt = ReceivedSum(today, recovery.open_amount(row), f"流水{row.id}-{deed.at}")
    recovery.book(session, deed.desk.office, deed.who, row, receipt)


def confirm_a_receipt(session: Session, deed: Deed) -> None:
    receipt = _receipt(session, deed)
    if deed.at % 3:
        recovery.confirm(session, deed.desk.office, deed.who, receipt)
    else:
        recovery.refuse_receipt(session, deed.desk.office, deed.who, receipt, WHY)


def write_off(session: Session, deed: Deed) -> None:
    row, office, who = _recovery(session, deed), deed.desk.office, deed.who
    shown = recovery.mark_of_write_off(row)
    if row.proposed_by is None:
        recovery.propose_write_off(session, office, who, row, "会员失联")
    elif deed.at % 3:
        recovery.write_off(session, office, who, row, shown)
    else:
        recovery.refuse_write_off(session, office, who, row, shown)


def agree_instalments(session: Session, deed: Deed) -> None:
    row, office = _recovery(session, deed), deed.desk.office
    plan = [(office.today() + timedelta(days=30), recovery.open_amount(row))]
    instalments.agree(session, office, deed.who, row, plan)


def set_something_off(session: Session, deed: Deed) -> None:
    row = _recovery(session, deed)
    for payment in set_off.can_set_off(session, row)[:1]:
        amount = Fen(min(recovery.open_amount(row), payment.amount))
        set_off.set_off(session, deed.desk.office, deed.who, row, payment, amount, "会员同意")


def undo_a_set_off(session: Session, deed: Deed) -> None:
    set_off.undo(session, deed.desk.office, deed.who, _receipt(session, deed))


def propose_an_account_that_pays(session: Session, deed: Deed) -> None:
    office = deed.desk.office
    payer = Payer("省直机关工会", "22001450100050000002", "中国建设银行", None)
    new = NewAccount(None, payer, office.today() + timedelta(days=1))
    paying_accounts.propose_account(session, office, deed.who, new)


def decide_on_an_account_that_pays(session: Session, deed: Deed) -> None:
    act = (paying_accounts.confirm_account, paying_accounts.refuse_account)[deed.at % 2]
    account = _account(session, deed)
    act(session, deed.desk.office, deed.who, account, account.version)


def end_an_account_that_pays(session: Session, deed: Deed) -> None:
    office, account = deed.desk.office, _account(session, deed)
    if account.end_on is None:
        paying_accounts.ask_end(session, office, deed.who, account, office.today())
    elif deed.at % 2:
        paying_accounts.agree_end(session, office, deed.who, account, account.end_on)
    else:
        paying_accounts.refuse_end(session, office, deed.who, account, account.end_on)


def import_made_up_branches(session: Session, deed: Deed) -> None:
    """Codes of his own for the branches that payees name."""
    office = deed.desk.office
    text = f"联行号,行名\n{deed.at:012d},中国建设银行\n"
    branch_codes.import_list(
        session, office, deed.who, NewBankList(text.encode(), "自己", office.today())
    )
    queued = select(Payment.reference).filter_by(state=PaymentState.QUEUED)
    if reference := session.scalar(queued.limit(1)):
        branch_codes.name_branch(session, office, deed.who, reference, f"{deed.at:012d}")


def book_a_fee(session: Session, deed: Deed) -> None:
    roster, office = deed.roster(session), deed.desk.office
    number, amount = f"{roster.number}-假{deed.at}", Fen(roster.fee_due + 1000)
    told = number, FeePayer.UNIT, amount, office.today()
    fees.note_receipt(session, office, deed.who, roster, *told)


def refund_a_fee(session: Session, deed: Deed) -> None:
    roster, office = deed.roster(session), deed.desk.office
    told = (f"{roster.number}-退{deed.at}", FeePayer.UNIT, Fen(1000), office.today())
    fees.refund(session, office, deed.who, roster, *told)


def reverse_a_fee(session: Session, deed: Deed) -> None:
    receipt = deed.one(session, select(FeeReceipt).order_by(FeeReceipt.id))
    roster = session.get_one(Enrolment, receipt.enrolment_id, with_for_update=True)
    number = f"冲{receipt.id}-{deed.at}"
    fees.reverse_receipt(session, deed.desk.office, deed.who, roster, receipt, number)


def _recovery(session: Session, deed: Deed) -> Recovery:
    return deed.one(session, select(Recovery).order_by(Recovery.id))


def _receipt(session: Session, deed: Deed) -> RecoveryReceipt:
    return deed.one(session, select(RecoveryReceipt).order_by(RecoveryReceipt.id))


def _account(session: Session, deed: Deed) -> PayingAccount:
    return deed.one(session, select(PayingAccount).order_by(PayingAccount.id))


ON_MONEY: tuple[Act, ...] = (
    freeze,
    release,
    discard,
    make_the_file,
    make_the_draft,
    forge_a_reply,
    forge_a_reply,
    take_a_payment_out,
    discard_what_the_bank_has,
    pay_again,
    answer_a_late_return,
    ask_the_bank,
    give_the_word_of_the_bank,
    give_the_word_of_the_bank,
    deal_with_an_odd_line,
    write_to_the_fund,
    revive_from_the_fund,
    book_a_receipt,
    confirm_a_receipt,
    write_off,
    agree_instalments,
    set_something_off,
    undo_a_set_off,
    propose_an_account_that_pays,
    decide_on_an_account_that_pays,
    end_an_account_that_pays,
    import_made_up_branches,
    book_a_fee,
    refund_a_fee,
    reverse_a_fee,
)
