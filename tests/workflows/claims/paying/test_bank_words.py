"""What does not fit in a reply goes to a person; what the bank leaves open is settled by two."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from banking.results import BankOutcome
from models import BankWord, Batch, LateReturn, Letter, Payment, ReplyCase, User
from models.bank_words import BankWay, LineAnswer
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from rules.money import yuan
from tests.desk import BANK_PAPER, Desk, Person, promises_hold
from tests.workflows.claims.paying.test_bank_reply import bank_says, load, states
from workflows.claims.paying import bank_words, late_returns, paid_again, reply_cases
from workflows.claims.paying.bank_answers import BankAnswer
from workflows.claims.paying.bank_words import ToldByBank

HEAD = "处理结果,账号,户名,金额,备注"


@dataclass(frozen=True)
class AnsweringBank:
    """A released batch, whose cashier loads replies and takes down what the bank says."""

    desk: Desk
    cashier: User
    batch_id: int
    claims: list[int]
    people: list[Person]

    def line(self, number: int, result: str, **other: str) -> str:
        """The line of the payment of this number, from 0, as a true one or another."""
        payment, person = self.payment(number), self.people[number]
        told = {
            "account": person.card,
            "name": person.name,
            "amount": yuan(payment.amount),
            "reference": payment.reference,
        } | other
        return ",".join([result, *told.values()])

    def says(self, *lines: str) -> tuple[int, int, int]:
        text = "\n".join([HEAD, *lines])
        return load(self.desk, self.cashier, self.batch_id, text.encode())

    def payment(self, number: int) -> Payment:
        with self.desk.office.sessions.read_only() as session:
            own = select(Payment).filter_by(claim_id=self.claims[number]).order_by(Payment.id)
            found = session.scalars(own.limit(1)).one()
            session.expunge_all()
            return found

    def odd(self) -> list[ReplyCase]:
        with self.desk.office.sessions.read_only() as session:
            found = list(session.scalars(select(ReplyCase).order_by(ReplyCase.id)))
            session.expunge_all()
            return found

    def matched(self, case: ReplyCase, number: int) -> None:
        reference = self.payment(number).reference
        with self.desk.office.sessions.unit_of_work() as session:
            found = session.get_one(ReplyCase, case.id)
            args = (session, self.desk.office, self.cashier, found, reference)
            reply_cases.match_line(*args, "户名为异体字")

    def told(
        self, number: int, outcome: BankOutcome, code: str = "", paper: bytes = BANK_PAPER
    ) -> None:
        answer = BankAnswer(outcome, code, "营业部书面答复")
        with self.desk.office.sessions.unit_of_work() as session:
            payment = session.get_one(Payment, self.payment(number).id)
            told = ToldByBank(answer, BankWay.LETTER, paper)
            bank_words.tell_word(session, self.desk.office, self.cashier, payment, told)

    def dealt(self, person: User, act: Callable[..., None]) -> None:
        """The person agrees to, or refuses, the one word that waits."""
        with self.desk.office.sessions.unit_of_work() as session:
            word = session.scalars(select(BankWord).filter_by(agreed=None)).one()
            act(session, self.desk.office, person, word, bank_words.mark_of_word(word))
        self.desk.work()


def test_a_line_that_does_not_fit_waits_while_the_others_count(bank: AnsweringBank) -> None:
    odd = bank.line(1, "3031", name="李肆")
    assert bank.says(bank.line(0, "0000"), odd, bank.line(2, "处理中")) == (1, 0, 2)
    assert states(bank.desk, bank.claims) == [ClaimState.PAID, ClaimState.SENT, ClaimState.SENT]
    [case] = bank.odd()
    assert (case.place, case.payment_id, case.name) == ("3", bank.payment(1).id, "李*")
    assert (case.outcome, case.result_code) == ("returned", "3031")
    assert "户名：“李*”与批次中的“李*”不符" in case.why
    promises_hold(bank.desk)


def test_a_matched_line_moves_the_payment_once_a_supervisor_agrees(bank: AnsweringBank) -> None:
    bank.says(bank.line(1, "3031", name="李肆"))
    [case] = bank.odd()
    bank.matched(case, 1)
    assert bank.desk.state_of(bank.claims[1]) == ClaimState.SENT
    with pytest.raises(Refused, match="已提请匹配"):
        bank.matched(case, 1)
    with pytest.raises(Refused, match="审批"):
        bank.dealt(bank.cashier, bank_words.agree_word)
    same = bank.desk.user(Role.SUPERVISOR, of=bank.cashier)
    with pytest.raises(Refused, match="不能自己确认"):
        bank.dealt(same, bank_words.agree_word)
    bank.dealt(bank.desk.user(Role.SUPERVISOR), bank_words.refuse_word)
    assert bank.odd()[0].answer is None
    bank.matched(case, 1)
    bank.dealt(bank.desk.user(Role.SUPERVISOR), bank_words.agree_word)
    assert bank.desk.state_of(bank.claims[1]) == ClaimState.RETURNED
    assert bank.odd()[0].answer == LineAnswer.MATCHED
    with bank.desk.office.sessions.read_only() as session:
        kinds = session.scalars(select(Letter.kind).filter_by(claim_id=bank.claims[1])).all()
    assert "return_notice" in kinds
    promises_hold(bank.desk)


def test_a_line_with_another_sum_is_matched_with_nothing(bank: AnsweringBank) -> None:
    bank.says(bank.line(0, "0000", amount="599.99"))
    [case] = bank.odd()
    with pytest.raises(Refused, match=r"回盘金额 599\.99 元与付款 600\.00 元不符，不能匹配"):
        bank.matched(case, 0)
    with bank.desk.office.sessions.unit_of_work() as session:
        found = session.get_one(ReplyCase, case.id)
        args = (session, bank.desk.office, bank.cashier, found, LineAnswer.REJECTED)
        with pytest.raises(Refused, match="请写明理由"):
            reply_cases.set_aside(*args, " ")
        reply_cases.set_aside(*args, "金额有误，已请银行重出")
    with pytest.raises(Refused, match="等审批人员"):
        bank.matched(case, 0)
    assert bank.desk.payments(bank.claims[0]) == ["sent"]
    promises_hold(bank.desk)


def test_a_matched_line_that_takes_back_an_earlier_word_is_a_late_return(
    bank: AnsweringBank,
) -> None:
    bank.says(bank.line(0, "0000"))
    bank.desk.clock.pass_(days=20)
    bank.says(bank.line(0, "已冲正", name="张叁"))
    bank.matched(bank.odd()[0], 0)
    assert bank.desk.payments(bank.claims[0]) == ["credited"]
    with bank.desk.office.sessions.unit_of_work() as session:
        late = session.scalars(select(LateReturn)).one()
        supervisor = bank.desk.user(Role.SUPERVISOR)
        late_returns.confirm_return(session, bank.desk.office, supervisor, late, "银行称已冲正")
    assert bank.desk.payments(bank.claims[0]) == ["returned"]
    promises_hold(bank.desk)


def test_what_the_bank_says_in_writing_settles_a_payment_by_two(bank: AnsweringBank) -> None:
    with bank.desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, bank.batch_id)
        args = (session, bank.desk.office, bank.cashier, batch.payments[0])
        bank_words.note_asked(*args, "6 月 20 日电话询问营业部")
    with pytest.raises(Refused, match="请附上银行书面答复"):
        bank.told(0, BankOutcome.CREDITED, paper=b"")
    with pytest.raises(Refused, match="请选择已到账或已退回"):
        bank.told(0, BankOutcome.UNKNOWN)
    with pytest.raises(Refused, match="结果码与所选结果不符"):
        bank.told(0, BankOutcome.CREDITED, "3031")
    bank.told(0, BankOutcome.CREDITED)
    with pytest.raises(Refused, match="等审批人员办理"):
        bank.told(0, BankOutcome.RETURNED)
    bank.dealt(bank.desk.user(Role.SUPERVISOR), bank_words.agree_word)
    bank.told(1, BankOutcome.RETURNED, "3031")
    bank.dealt(bank.desk.user(Role.SUPERVISOR), bank_words.agree_word)
    assert states(bank.desk, bank.claims) == [
        *(ClaimState.PAID, ClaimState.RETURNED, ClaimState.SENT)
    ]
    with bank.desk.office.sessions.read_only() as session:
        hashes = session.scalars(select(BankWord.sha256)).all()
    assert [bank.desk.office.store.get(str(each)) for each in hashes] == [BANK_PAPER, BANK_PAPER]
    with pytest.raises(Refused, match="不在等待银行答复"):
        bank.told(0, BankOutcome.RETURNED)
    promises_hold(bank.desk)


def test_a_reply_that_comes_first_closes_what_waits(bank: AnsweringBank) -> None:
    bank.told(0, BankOutcome.CREDITED)
    load(bank.desk, bank.cashier, bank.batch_id, bank_says(bank.desk, bank.batch_id))
    with bank.desk.office.sessions.read_only() as session:
        assert session.scalars(select(BankWord.agreed)).all() == [False]
        assert session.scalars(select(LateReturn)).all() == []
    assert bank.desk.payments(bank.claims[0]) == ["credited"]
    promises_hold(bank.desk)


def test_who_told_of_a_return_does_not_approve_what_is_paid_again(bank: AnsweringBank) -> None:
    bank.told(0, BankOutcome.RETURNED, "3008")
    agreed = bank.desk.user(Role.SUPERVISOR)
    bank.dealt(agreed, bank_words.agree_word)
    with bank.desk.at(bank.claims[0]) as (session, claim):
        clerk = bank.desk.user(Role.CLERK)
        paid_again.pay_again(session, bank.desk.office, clerk, claim, "已与会员核实")
    for maker in (agreed, bank.desk.user(Role.SUPERVISOR, of=bank.cashier)):
        assert "经手" in bank.desk.approve_all(maker).dropped[0].reason
    assert bank.desk.approve_all().count == 1
