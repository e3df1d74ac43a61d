"""While anything that the bank said of a payment is open, its right is not paid again."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from banking.results import BankOutcome
from models import BankWord, Batch, LateReturn, Payment, ReplyCase, User
from models.bank_words import LineAnswer
from models.people import Role
from models.states import BatchState, ClaimState
from rules.errors import Refused
from tests.desk import BANK_PAPER, promises_hold
from tests.workflows.claims.paying.test_bank_reply import bank_says, load, sent
from tests.workflows.claims.paying.test_bank_words import HEAD, AnsweringBank
from workflows.claims.paying import (
    bank_words,
    late_returns,
    paid_again,
    reply_cases,
    sent_batches,
)
from workflows.claims.sums.bank_doubts import notes_of_doubts


def agreed(bank: AnsweringBank) -> None:
    bank.dealt(bank.desk.user(Role.SUPERVISOR), bank_words.agree_word)


def paid_anew(bank: AnsweringBank) -> None:
    with bank.desk.at(bank.claims[0]) as (session, claim):
        clerk = bank.desk.user(Role.CLERK)
        paid_again.pay_again(session, bank.desk.office, clerk, claim, "已与会员核实")


def set_aside(bank: AnsweringBank, case: ReplyCase, how: LineAnswer = LineAnswer.REJECTED) -> None:
    with bank.desk.office.sessions.unit_of_work() as session:
        found = session.get_one(ReplyCase, case.id)
        args = (session, bank.desk.office, bank.cashier, found, how)
        reply_cases.set_aside(*args, "银行电话称此行有误")


def dealt_with_by(
    bank: AnsweringBank, case: ReplyCase, person: User, act: Callable[..., None]
) -> None:
    with bank.desk.office.sessions.unit_of_work() as session:
        found = session.get_one(ReplyCase, case.id)
        act(session, bank.desk.office, person, found, reply_cases.mark_of_set_aside(found))


def late(bank: AnsweringBank, act: Callable[..., None]) -> None:
    with bank.desk.office.sessions.unit_of_work() as session:
        found = session.scalars(select(LateReturn).filter_by(dealt_at=None)).one()
        supervisor = bank.desk.user(Role.SUPERVISOR)
        act(session, bank.desk.office, supervisor, found, "银行核实")


def test_a_line_is_not_agreed_to_while_another_says_the_contrary(bank: AnsweringBank) -> None:
    bank.says(bank.line(0, "3008"), bank.line(0, "0000"))
    returned, credited = bank.odd()
    bank.matched(returned, 0)
    with pytest.raises(Refused, match=r"第 3 行对付款 \S+ 的说法相反"):
        agreed(bank)
    set_aside(bank, credited)
    supervisor = bank.desk.user(Role.SUPERVISOR)
    dealt_with_by(bank, credited, supervisor, reply_cases.agree_set_aside)
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


def test_a_second_line_of_an_old_file_is_a_late_return_that_a_supervisor_settles(
    bank: AnsweringBank,
) -> None:
    bank.says(bank.line(0, "0000"), bank.line(0, "0000"))
    first, second = bank.odd()
    bank.desk.clock.pass_(days=1)
    bank.matched(first, 0)
    agreed(bank)
    bank.says(bank.line(0, "已冲正", name="张叁"))
    bank.desk.clock.pass_(days=1)
    bank.matched(bank.odd()[2], 0)
    bank.desk.approve_all()
    late(bank, late_returns.confirm_return)
    assert bank.desk.payments(bank.claims[0]) == ["returned"]
    bank.matched(second, 0)
    bank.desk.clock.pass_(days=1)
    late(bank, late_returns.deny_return)
    assert bank.desk.payments(bank.claims[0]) == ["credited"]
    promises_hold(bank.desk)


def test_a_reply_that_says_the_contrary_of_a_waiting_word_closes_it_as_a_late_return(
    bank: AnsweringBank,
) -> None:
    bank.says(bank.line(1, "3031", name="李肆"))
    [case] = bank.odd()
    bank.matched(case, 1)
    bank.told(0, BankOutcome.RETURNED, "3031")
    load(bank.desk, bank.cashier, bank.batch_id, bank_says(bank.desk, bank.batch_id))
    assert bank.odd()[0].answer == LineAnswer.MATCHED
    with bank.desk.office.sessions.read_only() as session:
        assert [word.agreed for word in session.scalars(select(BankWord))] == [False, False]
        by_line, by_letter = session.scalars(select(LateReturn).order_by(LateReturn.payment_id))
        said = notes_of_doubts(session, bank.claims)
    assert sorted([by_line.reply_file_id, by_letter.reply_file_id], key=str) == [1, None]
    assert "称到账" in said[bank.claims[0]][0]
    promises_hold(bank.desk)


def test_a_line_that_says_what_became_of_a_payment_is_set_aside_by_two(
    bank: AnsweringBank,
) -> None:
    bank.says(bank.line(0, "3008", name="张叁"), bank.line(1, "处理中", name="李肆"))
    returned, unclear = bank.odd()
    set_aside(bank, unclear, LineAnswer.LEFT)
    set_aside(bank, returned)
    assert [case.answer for case in bank.odd()] == [None, LineAnswer.LEFT]
    with pytest.raises(Refused, match="等审批人员"):
        bank.matched(returned, 0)
    bank.told(0, BankOutcome.CREDITED)
    with pytest.raises(Refused, match="说法相反"):
        agreed(bank)
    supervisor = bank.desk.user(Role.SUPERVISOR)
    for person in (bank.cashier, bank.desk.user(Role.SUPERVISOR, of=bank.cashier)):
        with pytest.raises(Refused):
            dealt_with_by(bank, returned, person, reply_cases.agree_set_aside)
    dealt_with_by(bank, returned, supervisor, reply_cases.refuse_set_aside)
    set_aside(bank, returned)
    dealt_with_by(bank, returned, supervisor, reply_cases.agree_set_aside)
    assert bank.odd()[0].answer == LineAnswer.REJECTED
    agreed(bank)
    assert bank.desk.payments(bank.claims[0]) == ["credited"]
    promises_hold(bank.desk)


def test_a_line_that_names_one_payment_is_not_matched_with_another(bank: AnsweringBank) -> None:
    bank.says(bank.line(0, "3008", name="张叁"))
    [case] = bank.odd()
    with pytest.raises(Refused, match=r"这一行写的是付款 \S+-1，不能匹配另一笔"):
        bank.matched(case, 1)


def test_a_line_about_payments_of_two_batches_waits_in_both_and_is_matched_once(
    bank: AnsweringBank,
) -> None:
    other, claims = sent(bank.desk, bank.desk.member("赵六"))
    with bank.desk.office.sessions.read_only() as session:
        [paid] = session.scalars(select(Payment).filter_by(batch_id=other))
        both = f"原付款 {bank.payment(0).reference} 与 {paid.reference} 退回"
    text = "\n".join([HEAD, bank.line(0, "3008", reference=both)]).encode()
    for batch_id in (bank.batch_id, other):
        load(bank.desk, bank.cashier, batch_id, text)
    one, twin = bank.odd()
    assert "写有两笔付款的编号" in one.why
    bank.matched(one, 0)
    with bank.desk.office.sessions.unit_of_work() as session:
        found = session.get_one(ReplyCase, twin.id)
        args = (session, bank.desk.office, bank.cashier, found, paid.reference)
        with pytest.raises(Refused, match="一行只能匹配一笔付款"):
            reply_cases.match_line(*args, "银行退回")
    assert bank.desk.state_of(claims[0]) == ClaimState.SENT
    promises_hold(bank.desk)


def test_a_line_without_a_sum_waits_while_the_others_count_beside_a_total(
    bank: AnsweringBank,
) -> None:
    odd = bank.line(2, "0000", amount="")
    assert bank.says(bank.line(0, "0000"), bank.line(1, "0000"), odd, "合计,,,1200.00,") == (
        2,
        0,
        1,
    )
    assert len(bank.odd()) == 1
