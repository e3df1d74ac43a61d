"""What a member owes is set off against a later benefit: by a supervisor, to the fen."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from banking import simulator
from models import Batch, Payment, Recovery, RecoveryReceipt, User
from models.people import Role
from models.states import ClaimState, RecoveryState
from rules.errors import Refused
from rules.money import Fen
from tests.desk import Desk, Person, promises_hold, said_of
from tests.workflows.claims.letter_words import letter_words
from tests.workflows.claims.objecting.test_objections import (
    FORM,
    answered,
    corrected_stay,
    decided,
    paid,
    recoveries,
    reopened,
    sums_paid,
)
from workflows.claims.acts import correction
from workflows.claims.approving import approval, approval_queue
from workflows.claims.paying import bank_reply, paid_again, payment_files, set_off
from workflows.people.claim_makers import Made, item, lapse, note_maker

LATER: dict[str, Any] = {"admitted": "2026-05-02", "discharged": "2026-05-14"}
WHY = "会员来电同意从本次互助金中抵扣"


@pytest.fixture
def person(desk: Desk) -> Person:
    return desk.member()


@pytest.fixture
def decider(desk: Desk) -> User:
    """A supervisor who made neither claim."""
    return desk.user(Role.SUPERVISOR)


def owing(desk: Desk, person: Person, discharged: str = "2026-03-14") -> int:
    """The recovery of a claim that was paid 1,000 and is granted less now: 400 are asked back."""
    first, clerk = desk.user(Role.SUPERVISOR), desk.user(Role.CLERK)
    claim_id = paid(desk, first, person, discharged="2026-03-22")
    reopened(desk, clerk, claim_id)
    corrected_stay(desk, clerk, claim_id, discharged)
    desk.approve_all()
    [(id_, *_)] = recoveries(desk, claim_id)
    return id_


def later(desk: Desk, person: Person, **papers: Any) -> int:
    """A later claim of 600, whose payment is queued."""
    return decided(desk, desk.user(Role.SUPERVISOR), person, **(LATER | papers))


def offset(
    desk: Desk, by: User, recovery_id: int, claim_id: int, amount: int, why: str = WHY
) -> int:
    """Set this much off against what is queued for the claim; the receipt."""
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(Recovery, recovery_id)
        query = select(Payment).filter_by(claim_id=claim_id).order_by(Payment.id.desc())
        payment = session.scalars(query).first()
        assert payment is not None
        id_ = set_off.set_off(session, desk.office, by, row, payment, Fen(amount), why).id
    desk.work()
    return id_


def undone(desk: Desk, by: User, receipt_id: int) -> None:
    with desk.office.sessions.unit_of_work() as session:
        row = session.get_one(RecoveryReceipt, receipt_id)
        set_off.undo(session, desk.office, by, row)
    desk.work()


def stands(desk: Desk, recovery_id: int) -> tuple[str, int, int]:
    with desk.office.sessions.read_only() as session:
        row = session.get_one(Recovery, recovery_id)
        return row.state, row.amount, row.received


def words_of_last_letter(desk: Desk, claim_id: int) -> str:
    return letter_words(desk, claim_id, "payment_notice")


def test_a_part_of_a_later_benefit_pays_what_is_owed_and_the_bank_pays_the_rest(
    desk: Desk, person: Person, decider: User
) -> None:
    recovery_id = owing(desk, person)
    claim_id = later(desk, person)
    offset(desk, decider, recovery_id, claim_id, 15_000)
    assert sums_paid(desk, claim_id) == [(0, 15_000, "set_off"), (0, 45_000, "queued")]
    assert stands(desk, recovery_id) == (RecoveryState.OPEN, 40_000, 15_000)
    words = words_of_last_letter(desk, claim_id)
    assert "本次应付600.00元，抵扣150.00元，实际划付450.00元" in words
    assert "抵扣后的450.00元由我处直接划入张三的银行卡" in words
    with desk.office.sessions.read_only() as session:
        former = session.get_one(Recovery, recovery_id).claim.number
    assert f"本次应付中的150.00元，抵扣您因案件{former}应退回的款项" in words
    promises_hold(desk)
    # A second one takes from what is left, and the recovery is repaid.
    offset(desk, decider_of(desk), recovery_id, claim_id, 25_000)
    assert stands(desk, recovery_id) == (RecoveryState.REPAID, 40_000, 40_000)
    assert sums_paid(desk, claim_id)[1:] == [(0, 25_000, "set_off"), (0, 20_000, "queued")]
    promises_hold(desk)
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert sums_paid(desk, claim_id)[2:] == [(0, 20_000, "credited")]
    promises_hold(desk)


def decider_of(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


def test_a_benefit_that_is_set_off_as_a_whole_is_paid_without_the_bank(
    desk: Desk, person: Person, decider: User
) -> None:
    recovery_id = owing(desk, person, "2026-03-03")
    claim_id = later(desk, person)
    receipt = offset(desk, decider, recovery_id, claim_id, 60_000)
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert sums_paid(desk, claim_id) == [(0, 60_000, "set_off")]
    assert stands(desk, recovery_id) == (RecoveryState.OPEN, 100_000, 60_000)
    assert "已全部抵扣您应退回的款项，不再划付" in words_of_last_letter(desk, claim_id)
    promises_hold(desk)
    undone(desk, decider, receipt)
    assert desk.state_of(claim_id) == ClaimState.PAYABLE
    assert sums_paid(desk, claim_id) == [(0, 60_000, "queued")]
    promises_hold(desk)
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    promises_hold(desk)


def test_a_set_off_is_undone_until_the_rest_is_frozen(
    desk: Desk, person: Person, decider: User
) -> None:
    recovery_id = owing(desk, person)
    claim_id = later(desk, person)
    receipt = offset(desk, decider, recovery_id, claim_id, 40_000)
    undone(desk, decider, receipt)
    assert stands(desk, recovery_id) == (RecoveryState.OPEN, 40_000, 0)
    assert sums_paid(desk, claim_id) == [(0, 40_000, "cancelled"), (0, 60_000, "queued")]
    assert "抵扣" not in words_of_last_letter(desk, claim_id)
    promises_hold(desk)
    with pytest.raises(Refused, match="已经取消"):
        undone(desk, decider, receipt)
    second = decider_of(desk)
    other = offset(desk, second, recovery_id, claim_id, 40_000)
    desk.frozen(desk.user(Role.CASHIER))
    with pytest.raises(Refused, match="已经组批，抵扣不能取消"):
        undone(desk, second, other)
    promises_hold(desk)


def test_the_rest_that_the_bank_sends_back_is_paid_again_without_what_was_set_off(
    desk: Desk, person: Person, decider: User
) -> None:
    recovery_id = owing(desk, person)
    claim_id = later(desk, person)
    offset(desk, decider, recovery_id, claim_id, 40_000)
    answered(desk, {person.card: "3031"})
    assert desk.state_of(claim_id) == ClaimState.RETURNED
    promises_hold(desk)
    with desk.at(claim_id) as (session, claim):
        paid_again.pay_again(session, desk.office, desk.user(Role.CLERK), claim, "已与会员核实")
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
    assert any(f"抵扣 400.00 元（追回 {number_of(desk, recovery_id)}）" in n for n in said_of(item))
    assert not item.is_clean
    assert "本人经手过此案" in desk.approve_all(decider).dropped[0].reason
    desk.approve_all()
    answered(desk)
    assert sums_paid(desk, claim_id)[2:] == [(1, 20_000, "credited")]
    assert desk.state_of(claim_id) == ClaimState.PAID
    promises_hold(desk)


def number_of(desk: Desk, recovery_id: int) -> str:
    with desk.office.sessions.read_only() as session:
        return session.get_one(Recovery, recovery_id).number


def test_a_set_off_is_within_both_sums_and_by_a_supervisor_who_made_neither_claim(
    desk: Desk, person: Person, decider: User
) -> None:
    recovery_id = owing(desk, person)
    claim_id = later(desk, person, discharged="2026-05-04")
    for amount in (10_001, 0, -1):
        with pytest.raises(Refused, match=r"待收回 400\.00 元，本次应付 100\.00 元"):
            offset(desk, decider, recovery_id, claim_id, amount)
    with pytest.raises(Refused, match="请写明抵扣的原因"):
        offset(desk, decider, recovery_id, claim_id, 10_000, " ")
    with pytest.raises(Refused, match="审批"):
        offset(desk, desk.user(Role.CASHIER), recovery_id, claim_id, 10_000)
    clerk = desk.user(Role.CLERK)
    with desk.at(claim_id) as (session, claim):
        note_maker(session, claim, clerk, Made.PAPERS)
    with pytest.raises(Refused, match="抵扣须由他人决定"):
        offset(desk, desk.user(Role.SUPERVISOR, of=clerk), recovery_id, claim_id, 10_000)
    mate = decided(desk, desk.user(Role.SUPERVISOR), desk.member(name="王五"), **LATER)
    with pytest.raises(Refused, match=r"同一会员另一案件"):
        offset(desk, decider, recovery_id, mate, 10_000)
    assert sums_paid(desk, claim_id) == [(0, 10_000, "queued")]
    assert stands(desk, recovery_id) == (RecoveryState.OPEN, 40_000, 0)
    desk.frozen(desk.user(Role.CASHIER))
    with pytest.raises(Refused, match="不在待组批之列"):
        offset(desk, decider, recovery_id, claim_id, 10_000)
    promises_hold(desk)


def test_a_claim_with_a_set_off_is_not_sent_back_before_it_is_undone(
    desk: Desk, person: Person, decider: User
) -> None:
    recovery_id = owing(desk, person)
    claim_id = later(desk, person)
    receipt = offset(desk, decider, recovery_id, claim_id, 40_000)
    third = desk.user(Role.SUPERVISOR)
    with desk.at(claim_id) as (session, claim), pytest.raises(Refused, match="须先取消抵扣"):
        approval.send_back(session, desk.office, third, claim, "请核对")
    undone(desk, third, receipt)
    with desk.at(claim_id) as (session, claim):
        approval.send_back(session, desk.office, third, claim, "请核对")
    assert desk.state_of(claim_id) == ClaimState.REFERRED
    promises_hold(desk)
    # What was undone stands no longer: neither of the two made anything of the claim.
    for approver in (decider, third):
        with desk.at(claim_id) as (session, claim):
            correction.recheck(session, desk.office, desk.user(Role.CLERK), claim)
        desk.work()
        assert desk.approve_all(approver).count == 1
        promises_hold(desk)
        if approver is decider:
            with desk.at(claim_id) as (session, claim):
                approval.send_back(session, desk.office, third, claim, "再核")


def test_who_keyed_what_another_one_keyed_over_may_set_off(
    desk: Desk, person: Person, decider: User
) -> None:
    recovery_id = owing(desk, person)
    claim_id = later(desk, person)
    with desk.at(claim_id) as (session, claim):
        note_maker(session, claim, decider, item("bank_name"))
        lapse(session, claim, desk.clock(), item("bank_name"))
    offset(desk, decider, recovery_id, claim_id, 40_000)
    assert stands(desk, recovery_id) == (RecoveryState.REPAID, 40_000, 40_000)
    promises_hold(desk)


def test_the_database_itself_refuses_a_set_off_without_a_receipt_over_its_sum(
    desk: Desk, person: Person, decider: User
) -> None:
    recovery_id = owing(desk, person)
    claim_id = later(desk, person)
    offset(desk, decider, recovery_id, claim_id, 40_000)
    with (
        pytest.raises(IntegrityError, match="not set off by a receipt"),
        desk.office.sessions.unit_of_work() as session,
    ):
        session.scalars(select(Payment).filter_by(state="set_off")).one().amount = Fen(30_000)
    with (
        pytest.raises(IntegrityError, match="not set off by a receipt"),
        desk.office.sessions.unit_of_work() as session,
    ):
        session.scalars(select(RecoveryReceipt)).one().amount = Fen(50_000)


def test_what_the_bank_called_returned_late_is_not_set_off_before_it_was_asked(
    desk: Desk, person: Person, decider: User
) -> None:
    id_ = owing(desk, person)
    claim_id = later(desk, person)
    with desk.office.sessions.unit_of_work() as session:
        batch = session.scalars(select(Batch)).one()
        file = payment_files.write_file(session, desk.office, desk.user(Role.CASHIER), batch)
        reply = simulator.answer(
            file.content, FORM, {person.card: "3056"}, (), desk.clock() + timedelta(days=1)
        )
        bank_reply.load_reply(session, desk.office, desk.user(Role.CASHIER), batch, reply)
    with pytest.raises(Refused, match="前后说法不一"):
        offset(desk, decider, id_, claim_id, 40_000)
