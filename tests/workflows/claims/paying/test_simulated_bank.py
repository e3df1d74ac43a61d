"""A bank that does all that banks do: every payment ends credited, whatever came in between."""

from sqlalchemy import select

from banking import formats
from banking.results import BankOutcome
from banking.simulated_days import Fate, bank_days
from models import Batch, LateReturn, Payment, ReplyCase, User
from models.bank_words import LineAnswer
from models.people import Role
from models.states import AT_THE_BANK_STATES, ClaimState
from tests.desk import Desk, promises_hold
from tests.workflows.claims.paying.test_bank_reply import load, sent
from tests.workflows.claims.paying.test_bank_words import AnsweringBank
from workflows.claims.paying import bank_words, late_returns, paid_again, payment_files, reply_cases

SEED = 7


def answered(desk: Desk, cashier: User, batch_id: int, fates: list[Fate]) -> None:
    """Load all that the bank says of the batch in its days."""
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = payment_files.write_file(session, desk.office, cashier, batch)
        payments = formats.read(batch.format, file.content)
    told = {each.reference: fate for each, fate in zip(payments, fates, strict=True)}
    passed = 0
    for day in bank_days(payments, told, SEED, desk.clock()):
        desk.clock.pass_(days=day.after_days - passed)
        passed = day.after_days
        load(desk, cashier, batch_id, day.content)
    desk.work()


def cases_dealt_with(desk: Desk, cashier: User, supervisor: User) -> None:
    """The first line of each payment is matched, unless its sum differs; the others are left."""
    with desk.office.sessions.read_only() as session:
        cases = list(session.scalars(select(ReplyCase).order_by(ReplyCase.id)))
        ids = [(case.id, case.payment_id) for case in cases]
    for case_id, payment_id in ids:
        with desk.office.sessions.unit_of_work() as session:
            case, payment = (
                session.get_one(ReplyCase, case_id),
                session.get_one(Payment, payment_id),
            )
            is_first = payment.state in AT_THE_BANK_STATES and payment.amount == case.amount
            if is_first:
                args = (session, desk.office, cashier, case, payment.reference)
                reply_cases.match_line(*args, "两行相同")
                session.flush()
                word = bank_words.word_waiting(session, payment)
                assert word is not None
                mark = bank_words.mark_of_word(word)
                bank_words.agree_word(session, desk.office, supervisor, word, mark)
            else:
                left = LineAnswer.LEFT
                reply_cases.set_aside(session, desk.office, cashier, case, left, "银行更正")
                session.flush()
                mark = reply_cases.mark_of_set_aside(case)
                reply_cases.agree_set_aside(session, desk.office, supervisor, case, mark)


def test_every_fate_ends_credited_with_books_that_balance(desk: Desk) -> None:
    cashier, supervisor = desk.user(Role.CASHIER), desk.user(Role.SUPERVISOR)
    people = [
        desk.member(name) for name in ("张甲", "张乙", "张丙", "张丁", "张戊", "张己", "张庚")
    ]
    batch_id, claims = sent(desk, *people)
    answered(desk, cashier, batch_id, list(Fate))
    cases_dealt_with(desk, cashier, supervisor)
    with desk.office.sessions.unit_of_work() as session:
        [late] = session.scalars(select(LateReturn))
        late_returns.confirm_return(session, desk.office, supervisor, late, "银行流水已退回")
    states = dict(zip(Fate, map(desk.state_of, claims), strict=True))
    assert {fate for fate, state in states.items() if state == ClaimState.RETURNED} == {
        *(Fate.REFUSED, Fate.LATE_RETURN)
    }
    assert {fate for fate, state in states.items() if state == ClaimState.SENT} == {Fate.WRONG_SUM}
    bank = AnsweringBank(desk, cashier, batch_id, claims, people)
    bank.told(list(Fate).index(Fate.WRONG_SUM), BankOutcome.CREDITED)
    bank.dealt(desk.user(Role.SUPERVISOR), bank_words.agree_word)
    for fate in (Fate.REFUSED, Fate.LATE_RETURN):
        with desk.at(claims[list(Fate).index(fate)]) as (session, claim):
            clerk = desk.user(Role.CLERK)
            paid_again.pay_again(session, desk.office, clerk, claim, "已与会员核实")
        desk.work()
    desk.approve_all()
    answered(desk, cashier, desk.released(), [Fate.CREDITED] * 2)
    assert {desk.state_of(claim) for claim in claims} == {ClaimState.PAID}
    promises_hold(desk)
