"""While anything that the bank said of a payment is open, its right is not paid again."""

import pytest

from banking.results import BankOutcome
from models import Batch
from models.bank_words import LineAnswer
from models.people import Role
from models.states import BatchState
from rules.errors import Refused
from tests.desk import BANK_PAPER, promises_hold
from tests.workflows.claims.paying.test_bank_words import AnsweringBank
from workflows.claims.paying import bank_words, paid_again, reply_cases, sent_batches


def agreed(bank: AnsweringBank) -> None:
    bank.dealt(bank.desk.user(Role.SUPERVISOR), bank_words.agree_word)


def paid_anew(bank: AnsweringBank) -> None:
    with bank.desk.at(bank.claims[0]) as (session, claim):
        clerk = bank.desk.user(Role.CLERK)
        paid_again.pay_again(session, bank.desk.office, clerk, claim, "已与会员核实")


def test_a_line_is_not_agreed_to_while_another_says_the_contrary(bank: AnsweringBank) -> None:
    bank.says(bank.line(0, "3008"), bank.line(0, "0000"))
    returned, credited = bank.odd()
    bank.matched(returned, 0)
    with pytest.raises(Refused, match=r"第 3 行对付款 \S+ 的说法相反"):
        agreed(bank)
    with bank.desk.office.sessions.unit_of_work() as session:
        found = session.get_one(type(credited), credited.id)
        args = (session, bank.desk.office, bank.cashier, found, LineAnswer.REJECTED)
        reply_cases.set_aside(*args, "银行电话称此行有误")
    agreed(bank)
    assert bank.desk.payments(bank.claims[0]) == ["returned"]
    promises_hold(bank.desk)


def test_what_came_back_is_not_paid_again_while_a_line_calls_it_credited(
    bank: AnsweringBank,
) -> None:
    bank.told(0, BankOutcome.RETURNED, "3008")
    agreed(bank)
    bank.says(bank.line(0, "0000", name="张叁"))
    with pytest.raises(Refused, match="先称退票、后称到账"):
        paid_anew(bank)
    promises_hold(bank.desk)


def test_what_was_queued_again_is_neither_approved_nor_frozen_while_a_line_calls_it_credited(
    bank: AnsweringBank,
) -> None:
    bank.told(0, BankOutcome.RETURNED, "3008")
    agreed(bank)
    paid_anew(bank)
    bank.says(bank.line(0, "0000", name="张叁"))
    assert "先称退票、后称到账" in bank.desk.approve_all().dropped[0].reason
    assert bank.desk.payments(bank.claims[0]) == ["returned"]


def test_a_batch_is_not_discarded_while_the_bank_said_otherwise_of_what_it_did_not_take(
    bank: AnsweringBank,
) -> None:
    bank.told(0, BankOutcome.CREDITED)
    bank.says(bank.line(1, "0000", name="李肆"), bank.line(2, "处理中"))
    not_taken = [bank.payment(number).reference for number in range(2)]
    with bank.desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, bank.batch_id)
        args = (session, bank.desk.office, bank.desk.user(Role.CASHIER), batch)
        sent_batches.ask_discard(*args, "银行称没有受理", not_taken, BANK_PAPER)
    with bank.desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, bank.batch_id)
        args = (session, bank.desk.office, bank.desk.user(Role.CASHIER), batch)
        with pytest.raises(Refused, match="、".join(not_taken) + " 另有答复待办理"):
            sent_batches.agree_discard(*args, sent_batches.mark_of_discard(batch))
        assert batch.state == BatchState.RELEASED
    assert bank.desk.payments(bank.claims[0]) == ["sent"]
