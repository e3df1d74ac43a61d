"""A wrong decision is put right to the fen: from the objection to the money or the letter."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from banking import simulator
from models import (
    Batch,
    Claim,
    Entitlement,
    LateReturn,
    Letter,
    LimitCounter,
    Objection,
    Payment,
    Recovery,
    User,
)
from models.people import Role
from models.states import ClaimState, ObjectionState, RecoveryState, RevisionCause
from rules.errors import BadInput, Refused
from rules.money import Fen
from tests import as_shown
from tests.desk import Desk, Person, promises_hold, said_of
from tests.workflows.claims.letter_words import letter_words
from workflows.claims.acts import correction, denial, resting
from workflows.claims.approving import approval, approval_queue
from workflows.claims.judging import revision
from workflows.claims.objecting import objections
from workflows.claims.objecting.objection_withdrawals import (
    ask_to_withdraw,
    confirm_withdrawal,
    refuse_withdrawal,
)
from workflows.claims.objecting.objections import NewObjection
from workflows.claims.paying import (
    bank_reply,
    instalments,
    late_returns,
    payment_files,
    recovery,
)
from workflows.claims.paying.recovery import ReceivedSum

FORM = "ccb-list"
WORDS = "出院记录上的日期写错了，实际住院十二天"
TODAY = date(2026, 6, 15)


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def first(desk: Desk) -> User:
    """The supervisor who approved the first decision."""
    return desk.user(Role.SUPERVISOR)


@pytest.fixture
def second(desk: Desk) -> User:
    """A supervisor who had no part in it."""
    return desk.user(Role.SUPERVISOR)


@pytest.fixture
def cashier(desk: Desk) -> User:
    return desk.user(Role.CASHIER)


def decided(desk: Desk, first: User, person: Person | None = None, **papers: Any) -> int:
    claim_id = desk.claim(person or desk.member(), **papers)
    desk.work()
    desk.approve_all(first)
    return claim_id


def paid(desk: Desk, first: User, person: Person | None = None, **papers: Any) -> int:
    claim_id = decided(desk, first, person, **papers)
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    return claim_id


def answered(desk: Desk, results: dict[str, str] | None = None) -> None:
    """Everything payable goes to the bank, and the bank answers."""
    batch_id = desk.released()
    cashier = desk.user(Role.CASHIER)
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        file = payment_files.write_file(session, desk.office, desk.user(Role.CASHIER), batch)
        reply = simulator.answer(file.content, FORM, results or {}, (), desk.clock())
        bank_reply.load_reply(session, desk.office, cashier, batch, reply)
    desk.work()


def objected(
    desk: Desk, person: User, claim_id: int, made_on: date | None = None, late_reason: str = ""
) -> int:
    said = NewObjection(made_on or desk.office.today(), "member", "张三", WORDS)
    with desk.at(claim_id) as (session, claim):
        row = objections.register(session, desk.office, person, claim, said, late_reason)
        return row.id


def upheld(desk: Desk, person: User, objection_id: int, reason: str = "病案首页为准") -> None:
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Objection, objection_id)
        objections.uphold(session, desk.office, person, row, reason)
    desk.work()


def withdrawal_asked(desk: Desk, person: User, objection_id: int) -> None:
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Objection, objection_id)
        ask_to_withdraw(session, desk.office, person, row, row.made_on, "本人核对后无异议")


def withdrawn(desk: Desk, by: User, objection_id: int) -> None:
    """The objector's writing is registered by this person and confirmed by another."""
    withdrawal_asked(desk, by, objection_id)
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Objection, objection_id)
        confirm_withdrawal(session, desk.office, desk.user(Role.SUPERVISOR), row)


def reopened(desk: Desk, clerk: User, claim_id: int, reason: str = "出院日期录入有误") -> None:
    with desk.at(claim_id) as (session, claim):
        revision.reopen(session, desk.office, clerk, claim, RevisionCause.MISTAKE, reason)
    desk.work()


def corrected_stay(
    desk: Desk, clerk: User, claim_id: int, discharged: str, admitted: str = "2026-03-02"
) -> None:
    """A clerk keys when the stay ended."""
    with desk.at(claim_id) as (session, claim):
        for name, value in (("admitted_on", admitted), ("discharged_on", discharged)):
            correction.correct_field(session, desk.office, clerk, claim, name, value)
        correction.recheck(session, desk.office, clerk, claim)
    desk.work()


def recoveries(desk: Desk, claim_id: int) -> Sequence[tuple[int, str, int, int]]:
    """Id, state, amount and what came in, oldest first."""
    with desk.office.sessions.read_only() as session:
        query = select(Recovery.id, Recovery.state, Recovery.amount, Recovery.received)
        rows = session.execute(query.filter_by(claim_id=claim_id).order_by(Recovery.id))
        return [(id_, state, amount, received) for id_, state, amount, received in rows]


def sums_paid(desk: Desk, claim_id: int) -> list[tuple[int, int, str]]:
    with desk.office.sessions.read_only() as session:
        query = select(Payment.round, Payment.amount, Payment.state).filter_by(claim_id=claim_id)
        rows = session.execute(query.order_by(Payment.id))
        return [(round_, amount, state) for round_, amount, state in rows]


def booked(desk: Desk, cashier: User, id_: int, amount: int, reference: str) -> None:
    """A sum came in, and a supervisor found it on the bank's statement."""
    confirmer = desk.user(Role.SUPERVISOR)
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Recovery, id_)
        receipt = ReceivedSum(desk.office.today(), Fen(amount), reference)
        recovery.book(session, desk.office, cashier, row, receipt)
        session.flush()
        recovery.confirm(session, desk.office, confirmer, row.receipts[-1])


def denied_after_payment(desk: Desk, clerk: User, first: User, second: User) -> int:
    """A claim that was paid, and denied when it was decided again: all is asked back."""
    claim_id = paid(desk, first)
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-03")
    desk.approve_all(second)
    return claim_id


def on_recovery(desk: Desk, person: User, id_: int, act: Callable[..., None], *more: str) -> None:
    with desk.office.sessions.unit_of_work() as session:
        act(session, desk.office, person, session.get_one(Recovery, id_), *more)


def proposed(desk: Desk, person: User, id_: int, reason: str) -> None:
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Recovery, id_)
        recovery.propose_write_off(session, desk.office, person, row, reason)


def kinds_of_letters(desk: Desk, claim_id: int) -> list[str]:
    with desk.office.sessions.read_only() as session:
        query = select(Letter.kind).filter_by(claim_id=claim_id, state="written")
        return list(session.scalars(query.order_by(Letter.id)))


def test_an_upheld_objection_on_day_60_turns_a_denial_into_money(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = decided(desk, first, discharged="2026-03-03")
    assert desk.state_of(claim_id) == ClaimState.DENIED
    desk.clock.pass_(days=60)
    upheld(desk, second, objected(desk, clerk, claim_id))
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    corrected_stay(desk, clerk, claim_id, "2026-03-14")
    desk.approve_all()
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert sums_paid(desk, claim_id) == [(0, 60_000, "credited")]
    assert kinds_of_letters(desk, claim_id) == [
        "denial_notice",
        "objection_answer",
        "payment_notice",
    ]
    promises_hold(desk)


def test_more_days_are_paid_as_a_top_up_of_the_same_right(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = paid(desk, first)
    upheld(desk, second, objected(desk, clerk, claim_id))
    promises_hold(desk)
    corrected_stay(desk, clerk, claim_id, "2026-03-22")
    promises_hold(desk)
    desk.approve_all()
    promises_hold(desk)
    answered(desk)
    assert sums_paid(desk, claim_id) == [(0, 60_000, "credited"), (1, 40_000, "credited")]
    with desk.office.sessions.read_only() as session:
        assert session.scalars(select(Entitlement.amount)).all() == [100_000]
        assert session.scalars(select(LimitCounter.amount)).all() == [100_000]
    promises_hold(desk)


def test_fewer_days_are_asked_back_and_come_in_by_instalments(
    desk: Desk, clerk: User, first: User, second: User, cashier: User
) -> None:
    claim_id = paid(desk, first, discharged="2026-03-22")
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-14")
    desk.approve_all(second)
    assert desk.state_of(claim_id) == ClaimState.PAID
    [(id_, state, amount, received)] = recoveries(desk, claim_id)
    assert (state, amount, received) == (RecoveryState.OPEN, 40_000, 0)
    promises_hold(desk)
    booked(desk, cashier, id_, 15_000, "2026061500001")
    promises_hold(desk)
    with pytest.raises(Refused, match=r"250\.01.*250\.00"):
        booked(desk, cashier, id_, 25_001, "2026061500002")
    with pytest.raises(Refused, match="2026061500001 已经入账"):
        booked(desk, cashier, id_, 25_000, "2026061500001")
    booked(desk, cashier, id_, 25_000, "2026061500002")
    assert recoveries(desk, claim_id) == [(id_, RecoveryState.REPAID, 40_000, 40_000)]
    with pytest.raises(Refused, match=r"0\.01.*0\.00"):
        booked(desk, cashier, id_, 1, "2026061500003")
    promises_hold(desk)


def test_the_letter_that_asks_back_says_how_much_why_until_when_and_whereto(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = paid(desk, first, discharged="2026-03-22")
    reopened(desk, clerk, claim_id, reason="出院日期录入有误，应为2026-03-14")
    corrected_stay(desk, clerk, claim_id, "2026-03-14")
    desk.approve_all(second)
    words = letter_words(desk, claim_id, "recovery_notice")
    for said in (
        "肆佰元整",
        "¥400.00",
        "¥1000.00",
        "¥600.00",
        "出院日期录入有误，应为2026年3月14日",
        "12 天 × 50 元 = 600 元（依据吉直工发〔2020〕1号 四（一）1）",
        "2026年7月15日",
        desk.office.settings.payer_account,
        "2026年8月14日",
    ):
        assert said in words, said


def test_agreed_instalments_are_written_to_who_gives_back(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = paid(desk, first, discharged="2026-03-22")
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-14")
    desk.approve_all(second)
    [(id_, *_)] = recoveries(desk, claim_id)
    for plan in (
        [(date(2026, 7, 31), Fen(40_000))],
        [(date(2026, 7, 31), Fen(15_000)), (date(2026, 8, 31), Fen(25_000))],
    ):
        with desk.office.sessions.unit_of_work() as session:
            row = session.get_one(Recovery, id_)
            instalments.agree(session, desk.office, second, row, plan)
        desk.work()
        words = letter_words(desk, claim_id, "instalment_notice")
        assert "尚须退回人民币肆佰元整" in words
        for day, sum_ in plan:
            assert f"{day.year}年{day.month}月{day.day}日" in words
            assert f"{sum_ // 100}.00" in words
        assert desk.office.settings.payer_account in words
    assert kinds_of_letters(desk, claim_id).count("instalment_notice") == 2
    promises_hold(desk)


def test_a_denial_that_comes_after_a_payment_asks_all_of_it_back(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = denied_after_payment(desk, clerk, first, second)
    assert desk.state_of(claim_id) == ClaimState.DENIED
    assert [row[1:] for row in recoveries(desk, claim_id)] == [(RecoveryState.OPEN, 60_000, 0)]
    with desk.office.sessions.read_only() as session:
        counter = session.scalars(select(LimitCounter)).one()
        assert (counter.times, counter.days, counter.amount) == (0, 0, 0)
    assert "recovery_notice" in kinds_of_letters(desk, claim_id)
    promises_hold(desk)


def test_a_revision_that_changes_nothing_moves_nothing(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = paid(desk, first)
    reopened(desk, clerk, claim_id)
    desk.approve_all(second)
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert sums_paid(desk, claim_id) == [(0, 60_000, "credited")]
    assert recoveries(desk, claim_id) == []
    promises_hold(desk)


def test_what_is_granted_again_is_asked_back_no_longer(
    desk: Desk, clerk: User, first: User, second: User, cashier: User
) -> None:
    """Denied after payment, 100 of it came in, then granted again: 500 are called off, 100 paid."""
    claim_id = denied_after_payment(desk, clerk, first, second)
    [(id_, *_)] = recoveries(desk, claim_id)
    booked(desk, cashier, id_, 10_000, "1")
    upheld(desk, desk.user(Role.SUPERVISOR), objected(desk, clerk, claim_id))
    corrected_stay(desk, clerk, claim_id, "2026-03-14")
    desk.approve_all()
    assert recoveries(desk, claim_id) == [(id_, RecoveryState.REPAID, 10_000, 10_000)]
    answered(desk)
    assert sums_paid(desk, claim_id) == [(0, 60_000, "credited"), (1, 10_000, "credited")]
    promises_hold(desk)


def test_a_booked_repayment_holds_the_next_decision_up_until_a_second_person_found_it(
    desk: Desk, clerk: User, first: User, cashier: User
) -> None:
    """An invented repayment would raise what is owed, and be refused when that was paid."""
    claim_id = paid(desk, first, discharged="2026-03-22")
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-14")
    desk.approve_all()
    [(id_, *_)] = recoveries(desk, claim_id)
    with desk.office.sessions.unit_of_work() as session:
        receipt = ReceivedSum(desk.office.today(), Fen(40_000), "1")
        recovery.book(session, desk.office, cashier, session.get_one(Recovery, id_), receipt)
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-22")
    [held] = desk.approve_all().dropped
    assert "退款待确认" in held.reason
    with desk.office.sessions.unit_of_work() as session:
        [booked_one] = session.get_one(Recovery, id_).receipts
        recovery.refuse_receipt(
            session, desk.office, desk.user(Role.SUPERVISOR), booked_one, "没有到账"
        )
    assert desk.approve_all().count == 1
    assert [each[1] for each in recoveries(desk, claim_id)] == [RecoveryState.CALLED_OFF]
    assert sums_paid(desk, claim_id) == [(0, 100_000, "credited")]
    promises_hold(desk)


def test_money_the_bank_sends_back_after_all_is_asked_back_no_longer(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    person = desk.member()
    claim_id = decided(desk, first, person)
    batch_id = desk.released()

    def bank_says(result: str) -> None:
        with desk.office.sessions.unit_of_work() as session:
            batch = session.get_one(Batch, batch_id)
            file = payment_files.write_file(session, desk.office, desk.user(Role.CASHIER), batch)
            says = {person.card: result}
            reply = simulator.answer(file.content, FORM, says, (), desk.clock())
            bank_reply.load_reply(session, desk.office, desk.user(Role.CASHIER), batch, reply)

    bank_says("0000")
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-03")
    desk.approve_all(second)
    bank_says("3031")
    with desk.office.sessions.unit_of_work() as session:
        late = session.scalars(select(LateReturn)).one()
        late_returns.confirm_return(session, desk.office, second, late, "银行确认退回")
    assert [row[1] for row in recoveries(desk, claim_id)] == [RecoveryState.CALLED_OFF]
    promises_hold(desk)


def test_a_recovery_is_written_off_by_two(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = denied_after_payment(desk, clerk, first, second)
    [(id_, *_)] = recoveries(desk, claim_id)
    with pytest.raises(Refused, match="没有待确认的核销提议"):
        on_recovery(desk, second, id_, as_shown.write_off)
    with pytest.raises(Refused, match="请写明核销的原因"):
        proposed(desk, first, id_, " ")
    proposed(desk, first, id_, "会员去世，无遗产")
    with pytest.raises(Refused, match="须由另一人确认"):
        on_recovery(desk, first, id_, as_shown.write_off)
    on_recovery(desk, second, id_, as_shown.refuse_write_off)
    proposed(desk, first, id_, "会员去世，无遗产")
    on_recovery(desk, second, id_, as_shown.write_off)
    assert [row[1:] for row in recoveries(desk, claim_id)] == [
        (RecoveryState.WRITTEN_OFF, 60_000, 0)
    ]
    promises_hold(desk)


def test_the_second_person_decides_the_write_off_that_was_shown(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = denied_after_payment(desk, clerk, first, second)
    [(id_, *_)] = recoveries(desk, claim_id)
    proposed(desk, first, id_, "会员去世，无遗产")
    with desk.office.sessions.read_only() as session:
        shown = recovery.mark_of_write_off(session.get_one(Recovery, id_))
    on_recovery(desk, first, id_, recovery.refuse_write_off, shown)
    proposed(desk, first, id_, "会员失联")
    for act in (recovery.write_off, recovery.refuse_write_off):
        with pytest.raises(Refused, match="在显示之后已有变动，请重新核对"):
            on_recovery(desk, second, id_, act, shown)
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Recovery, id_).write_off_reason == "会员失联"


def test_the_61st_day_is_late_unless_a_supervisor_says_why(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = decided(desk, first, discharged="2026-03-03")
    desk.clock.pass_(days=61)
    late = TODAY + timedelta(days=61)
    with pytest.raises(Refused, match=r"2026-08-15.*2026-08-14.*2026-06-15"):
        objected(desk, clerk, claim_id, late)
    with pytest.raises(Refused, match="须由审批人员"):
        objected(desk, clerk, claim_id, late, "住院期间未收到通知")
    with pytest.raises(Refused, match="须由审批人员"):
        objected(desk, second, claim_id, late)
    objected(desk, second, claim_id, late, "住院期间未收到通知")
    with pytest.raises(Refused, match="已有异议待听取"):
        objected(desk, second, claim_id, late, "住院期间未收到通知")
    promises_hold(desk)


def test_who_had_a_part_neither_hears_nor_approves_anew(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    maker = desk.user(Role.CLERK)
    claim_id = desk.claim(desk.member())
    desk.work()
    desk.correct(maker, claim_id, member_name="张三")
    desk.approve_all(first)
    answered(desk)
    objection_id = objected(desk, clerk, claim_id)
    for had_a_part in (first, desk.user(Role.SUPERVISOR, of=maker)):
        with pytest.raises(Refused, match="异议须由他人听取"):
            upheld(desk, had_a_part, objection_id)
    upheld(desk, second, objection_id)
    for had_a_part in (first, second):
        dropped = desk.approve_all(had_a_part).dropped
        assert [each.reason for each in dropped] == ["本人经手过此案，须由他人审批"]
    assert desk.approve_all().count == 1
    promises_hold(desk)


def test_an_objection_that_is_rejected_is_answered_with_its_reason(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = decided(desk, first, discharged="2026-03-03")
    objection_id = objected(desk, clerk, claim_id)
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Objection, objection_id)
        objections.reject(session, desk.office, second, row, "病案首页与出院记录一致：2026-03-03")
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.DENIED
    words = letter_words(desk, claim_id, "objection_answer")
    assert "异议不成立" in words
    assert "病案首页与出院记录一致：2026年3月3日" in words
    promises_hold(desk)


def test_an_objection_needs_a_decision_a_name_words_and_a_known_person(
    desk: Desk, clerk: User, first: User
) -> None:
    claim_id = desk.claim(desk.member(), discharged="2026-03-03")
    desk.work()
    with pytest.raises(Refused, match="没有可以提出异议的决定"):
        objected(desk, clerk, claim_id)
    desk.approve_all(first)
    for said, words in (
        (NewObjection(TODAY, "member", "", WORDS), "姓名"),
        (NewObjection(TODAY, "member", "张三", " "), "异议内容"),
        (NewObjection(TODAY + timedelta(days=1), "member", "张三", WORDS), "不晚于今天"),
        (NewObjection(TODAY - timedelta(days=1), "member", "张三", WORDS), "2026-06-14"),
    ):
        with pytest.raises(Refused, match=words), desk.at(claim_id) as (session, claim):
            objections.register(session, desk.office, clerk, claim, said)
    with pytest.raises(BadInput, match="邻居"), desk.at(claim_id) as (session, claim):
        said = NewObjection(TODAY, "邻居", "张三", WORDS)
        objections.register(session, desk.office, clerk, claim, said)


def test_an_objection_is_withdrawn_before_it_is_heard(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = decided(desk, first, discharged="2026-03-03")
    objection_id = objected(desk, clerk, claim_id)
    desk.clock.pass_(days=1)
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Objection, objection_id)
        with pytest.raises(Refused, match="请写明撤回异议的原因"):
            ask_to_withdraw(session, desk.office, clerk, row, TODAY, " ")
        for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=2)):
            with pytest.raises(Refused, match="撤回的日期"):
                ask_to_withdraw(session, desk.office, clerk, row, day, "本人核对后无异议")
        with pytest.raises(Refused, match="没有待确认的撤回"):
            confirm_withdrawal(session, desk.office, second, row)
    withdrawal_asked(desk, desk.user(Role.CLERK), objection_id)
    asker = desk.user(Role.CLERK)
    same = desk.user(Role.SUPERVISOR, of=asker)
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Objection, objection_id)
        assert row.state == ObjectionState.REGISTERED, "one clerk alone ends none"
        # Who approved what is objected to has an interest in that it is not heard.
        with pytest.raises(Refused, match="参与过此案"):
            confirm_withdrawal(session, desk.office, first, row)
        with pytest.raises(Refused, match="审批"):
            confirm_withdrawal(session, desk.office, clerk, row)
        refuse_withdrawal(session, desk.office, second, row)
    withdrawal_asked(desk, asker, objection_id)
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Objection, objection_id)
        with pytest.raises(Refused, match="须由他人确认"):
            confirm_withdrawal(session, desk.office, same, row)
        confirm_withdrawal(session, desk.office, second, row)
        assert (row.state, row.reason) == (ObjectionState.WITHDRAWN, "本人核对后无异议")
    desk.work()
    words = letter_words(desk, claim_id, "objection_withdrawn")
    for said in (
        "张三：",
        "异议已按您2026年6月15日的书面意见撤回",
        "原决定维持不变",
        "2026年8月14日前",
    ):
        assert said in words
    with pytest.raises(Refused, match="已撤回"):
        upheld(desk, second, objection_id)
    with pytest.raises(Refused, match="已经了结"):
        withdrawal_asked(desk, clerk, objection_id)
    promises_hold(desk)


def test_a_claim_whose_money_is_on_its_way_waits_for_the_bank(
    desk: Desk, clerk: User, first: User
) -> None:
    claim_id = decided(desk, first)
    desk.released()
    with pytest.raises(Refused, match="还有付款在途"):
        reopened(desk, clerk, claim_id)


def test_a_supervisor_sees_what_a_revision_changes(desk: Desk, clerk: User, first: User) -> None:
    claim_id = paid(desk, first, discharged="2026-03-22")
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-14")
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
        assert session.get_one(Claim, claim_id).state == ClaimState.PROPOSED
    assert not item.is_clean
    [note] = [note for note in said_of(item) if "出院日期录入有误" in note]
    assert "1000.00" in note
    assert "600.00" in note


def test_the_letter_tells_all_that_was_paid_where_a_part_is_asked_back(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = paid(desk, first, discharged="2026-03-22")
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-14")
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
    assert any("现核定 600.00 元，应追回 400.00 元" in note for note in said_of(item))
    desk.approve_all(second)
    words = letter_words(desk, claim_id, "payment_notice")
    assert "此前已给付1000.00元，本次无须再付" in words
    assert "多付的400.00元，另行通知您退回" in words


def test_the_letter_and_the_queue_agree_on_what_was_paid_before(
    desk: Desk, clerk: User, first: User, second: User, cashier: User
) -> None:
    """Paid 1000, asked back 400 that came in, revised to 800: paid before are 600, paid now 200."""
    claim_id = paid(desk, first, discharged="2026-03-22")
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-14")
    desk.approve_all(second)
    [(id_, *_)] = recoveries(desk, claim_id)
    booked(desk, cashier, id_, 40_000, "2026061500001")
    desk.clock.pass_(days=1)
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, "2026-03-18")
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
    assert any("此前已付 600.00 元，现核定 800.00 元" in note for note in said_of(item))
    desk.approve_all()
    words = letter_words(desk, claim_id, "payment_notice")
    assert "此前已给付600.00元，本次补付200.00元" in words
    answered(desk)
    promises_hold(desk)


def test_a_claim_under_revision_is_held_and_denied_by_people_but_not_withdrawn(
    desk: Desk, clerk: User, first: User, second: User
) -> None:
    claim_id = paid(desk, first)
    reopened(desk, clerk, claim_id)
    with desk.at(claim_id) as (session, claim):
        day = TODAY + timedelta(days=1)
        resting.hold(session, desk.office, clerk, claim, "等待医院答复", day)
    promises_hold(desk)
    with pytest.raises(Refused, match="正在重新办理"), desk.at(claim_id) as (session, claim):
        resting.withdraw(session, desk.office, clerk, claim, "单位撤回")
    with desk.at(claim_id) as (session, claim):
        resting.resume(session, desk.office, clerk, claim)
    desk.work()
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, second, claim, "材料系伪造")
    promises_hold(desk)
    third = desk.user(Role.SUPERVISOR)
    with desk.at(claim_id) as (session, claim):
        clause = next(iter(denial.clauses_for(session, claim, desk.office)))
        denial.propose_denial(session, desk.office, third, claim, clause, "材料系伪造")
    desk.approve_all(second)
    assert desk.state_of(claim_id) == ClaimState.DENIED
    assert [row[1:] for row in recoveries(desk, claim_id)] == [(RecoveryState.OPEN, 60_000, 0)]
    promises_hold(desk)
