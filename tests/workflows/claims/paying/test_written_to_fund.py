"""Money that nobody claims: two years after its first return two people write it to the fund, and
it is paid once if the member comes (R37)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models import Batch, LateReturn, Payment, UnclaimedSum, User
from models.people import Role
from models.states import ClaimState
from rules.errors import Refused
from rules.money import Fen
from tests.as_shown import agree_discard
from tests.desk import BANK_PAPER, Desk, Person, a_card_number, promises_hold, said_of
from tests.returned import returned
from tests.workflows.claims.judging.test_adjudication import a_stay_and_an_illness
from tests.workflows.claims.objecting.test_objections import (
    answered,
    corrected_stay,
    reopened,
    sums_paid,
)
from tests.workflows.claims.paying.test_bank_reply import bank_says
from workflows.claims.acts import correction
from workflows.claims.approving import approval_queue
from workflows.claims.paying import bank_reply, late_returns, paid_again, written_to_fund
from workflows.claims.paying.sent_batches import ask_discard
from workflows.engine.office import Office

FIRST_RETURN = date(2026, 6, 15)
WHY = "三次致电、两次发函，均无法联系到会员"
CAME = "会员本人持身份证到办公室领取"

Act = Callable[..., None]


@pytest.fixture
def person(desk: Desk) -> Person:
    return desk.member()


@pytest.fixture
def one(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


@pytest.fixture
def other(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


def pass_until(desk: Desk, day: date) -> None:
    desk.clock.pass_(days=(day - desk.office.today()).days)
    assert desk.office.today() == day


def act(desk: Desk, claim_id: int, of: Act, person: User, *words: str) -> None:
    with desk.at(claim_id) as (session, claim):
        of(session, desk.office, person, claim, *words)
    desk.work()


def proposed(desk: Desk, claim_id: int) -> int:
    """The number of the proposal that waits, as the page shows it; 0 where none does."""
    with desk.office.sessions.read_only() as session:
        found = written_to_fund.proposals(session, [claim_id])
        return found[claim_id].seq if found else 0


def agree(desk: Desk, claim_id: int, person: User, seen: int | None = None) -> None:
    seen = proposed(desk, claim_id) if seen is None else seen
    with desk.at(claim_id) as (session, claim):
        written_to_fund.agree(session, desk.office, person, claim, seen)


def refuse(desk: Desk, claim_id: int, person: User, seen: int | None = None) -> None:
    seen = proposed(desk, claim_id) if seen is None else seen
    with desk.at(claim_id) as (session, claim):
        written_to_fund.refuse(session, desk.office, person, claim, seen)


def written(desk: Desk, claim_id: int, one: User, other: User) -> None:
    act(desk, claim_id, written_to_fund.propose, one, WHY)
    agree(desk, claim_id, other)
    assert desk.state_of(claim_id) == ClaimState.WRITTEN_TO_FUND


def in_fund(desk: Desk, claim_id: int) -> list[tuple[int, date, bool]]:
    """Amount, first return, and whether it still lies in the fund."""
    with desk.office.sessions.read_only() as session:
        query = select(UnclaimedSum).filter_by(claim_id=claim_id).order_by(UnclaimedSum.id)
        return [(u.amount, u.returned_on, u.revived_at is None) for u in session.scalars(query)]


def test_what_nobody_claims_for_two_years_goes_to_the_fund_and_is_paid_once_when_the_member_comes(
    desk: Desk, person: Person, one: User, other: User, clerk: User
) -> None:
    claim_id = returned(desk, person)
    pass_until(desk, date(2028, 6, 16))
    act(desk, claim_id, written_to_fund.propose, one, WHY)
    promises_hold(desk)
    agree(desk, claim_id, other)
    assert desk.state_of(claim_id) == ClaimState.WRITTEN_TO_FUND
    assert in_fund(desk, claim_id) == [(60_000, FIRST_RETURN, True)]
    promises_hold(desk)
    # The money rests there: nothing is paid, and no clerk can pay it again.
    with pytest.raises(Refused, match="没有需要重新付款的部分"):
        act(desk, claim_id, paid_again.pay_again, clerk)
    desk.clock.pass_(days=400)
    with pytest.raises(Refused, match="请先补交会员的领取申请和有效的银行卡"):
        act(desk, claim_id, written_to_fund.revive, clerk, CAME)
    card = a_card_number()
    desk.add_card_paper(claim_id, card)
    act(desk, claim_id, written_to_fund.revive, clerk, CAME)
    assert desk.state_of(claim_id) == ClaimState.RETURNED
    assert in_fund(desk, claim_id) == [(60_000, FIRST_RETURN, False)]
    promises_hold(desk)
    with desk.at(claim_id) as (session, claim):
        correction.correct_field(session, desk.office, clerk, claim, "bank_card_number", card)
    with pytest.raises(Refused, match="须先由没有经手过此案的人核对"):
        act(desk, claim_id, paid_again.pay_again, clerk)
    desk.confirm_payee(claim_id)
    act(desk, claim_id, paid_again.pay_again, clerk)
    with desk.office.sessions.read_only() as session:
        [item] = approval_queue.queue(session, desk.office)
        assert any("恢复领取：会员本人持身份证到办公室领取" in each for each in said_of(item))
    desk.approve_all()
    answered(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert sums_paid(desk, claim_id) == [(0, 60_000, "returned"), (0, 60_000, "credited")]
    promises_hold(desk)
    with pytest.raises(Refused, match="现在是“已到账”，不能“恢复领取”"):
        act(desk, claim_id, written_to_fund.revive, clerk, CAME)


def test_before_two_years_are_over_it_is_refused_with_the_day_from_which_it_may_be_done(
    desk: Desk, person: Person, one: User
) -> None:
    claim_id = returned(desk, person)
    pass_until(desk, date(2028, 6, 15))
    too_early = "600.00 元首次退票在 2026-06-15，须满 2 年，2028-06-16 起才能转入基金"
    with pytest.raises(Refused, match=too_early):
        act(desk, claim_id, written_to_fund.propose, one, WHY)
    desk.clock.pass_(days=1)
    act(desk, claim_id, written_to_fund.propose, one, WHY)


def test_the_years_count_from_the_first_return_however_often_it_was_tried_again(
    desk: Desk, person: Person, one: User, other: User, clerk: User
) -> None:
    claim_id = returned(desk, person)
    desk.clock.pass_(days=300)
    act(desk, claim_id, paid_again.pay_again, clerk, "银行已更正户名")
    desk.approve_all()
    answered(desk, {person.card: "3031"})
    pass_until(desk, date(2028, 6, 16))
    written(desk, claim_id, one, other)
    assert in_fund(desk, claim_id) == [(60_000, FIRST_RETURN, True)]
    promises_hold(desk)


def test_it_takes_two_persons_and_a_reason(
    desk: Desk, person: Person, one: User, other: User, clerk: User
) -> None:
    claim_id = returned(desk, person)
    pass_until(desk, date(2028, 7, 1))
    with pytest.raises(Refused, match="请写明无法付出的原因"):
        act(desk, claim_id, written_to_fund.propose, one, " ")
    with pytest.raises(Refused, match="此操作需要“审批”岗位"):
        act(desk, claim_id, written_to_fund.propose, clerk, WHY)
    with pytest.raises(Refused, match="没有待同意的转入基金的提请"):
        agree(desk, claim_id, other)
    act(desk, claim_id, written_to_fund.propose, one, WHY)
    with pytest.raises(Refused, match="提请转入基金的人不能自己同意"):
        agree(desk, claim_id, one)
    with pytest.raises(Refused, match="提请转入基金的人不能自己同意"):
        agree(desk, claim_id, desk.user(Role.SUPERVISOR, of=one))
    with pytest.raises(Refused, match="已提请转入基金，等另一人办理"):
        act(desk, claim_id, written_to_fund.propose, other, WHY)
    refuse(desk, claim_id, other)
    assert desk.state_of(claim_id) == ClaimState.RETURNED
    with pytest.raises(Refused, match="没有待同意的转入基金的提请"):
        agree(desk, claim_id, other)
    promises_hold(desk)


def test_a_proposal_ends_when_the_money_is_paid_again(
    desk: Desk, person: Person, one: User, other: User, clerk: User
) -> None:
    claim_id = returned(desk, person)
    pass_until(desk, date(2028, 7, 1))
    act(desk, claim_id, written_to_fund.propose, one, WHY)
    act(desk, claim_id, paid_again.pay_again, clerk, "会员来电，银行已更正户名")
    with pytest.raises(Refused, match="没有待同意的转入基金的提请"):
        agree(desk, claim_id, other)
    desk.approve_all()
    answered(desk, {person.card: "3031"})
    with pytest.raises(Refused, match="没有待同意的转入基金的提请"):
        agree(desk, claim_id, other)
    promises_hold(desk)


def test_a_proposal_ends_when_a_value_is_corrected(
    desk: Desk, person: Person, one: User, other: User, clerk: User
) -> None:
    claim_id = returned(desk, person)
    pass_until(desk, date(2028, 7, 1))
    act(desk, claim_id, written_to_fund.propose, one, WHY)
    shown = proposed(desk, claim_id)
    with desk.at(claim_id) as (session, claim):
        card = a_card_number()
        correction.correct_field(session, desk.office, clerk, claim, "bank_card_number", card)
    with pytest.raises(Refused, match="没有待同意的转入基金的提请"):
        agree(desk, claim_id, other, shown)
    assert in_fund(desk, claim_id) == []
    promises_hold(desk)


def test_the_second_person_decides_the_proposal_that_the_page_showed(
    desk: Desk, person: Person, one: User, other: User
) -> None:
    claim_id = returned(desk, person)
    pass_until(desk, date(2028, 7, 1))
    act(desk, claim_id, written_to_fund.propose, one, WHY)
    shown = proposed(desk, claim_id)
    refuse(desk, claim_id, one)
    act(desk, claim_id, written_to_fund.propose, one, "会员已去世，无人领取")
    with pytest.raises(Refused, match="的提请在显示之后已有变动，请重新核对"):
        agree(desk, claim_id, other, shown)
    with pytest.raises(Refused, match="的提请在显示之后已有变动，请重新核对"):
        refuse(desk, claim_id, other, shown)
    assert in_fund(desk, claim_id) == []
    agree(desk, claim_id, other)
    assert in_fund(desk, claim_id) == [(60_000, FIRST_RETURN, True)]


def test_no_other_sum_goes_to_the_fund_than_the_one_proposed(
    desk: Desk, person: Person, one: User, other: User
) -> None:
    desk.member(on_roster=person, plan="illness-2020")
    claim_id = a_stay_and_an_illness(desk, person, "2026-05-06", "malignant_tumour")
    desk.approve_all()
    batch_id = desk.released()
    load(desk, desk.user(Role.CASHIER), batch_id, {person.card: "3031"})
    pass_until(desk, date(2028, 7, 1))
    act(desk, claim_id, written_to_fund.propose, one, WHY)
    load(desk, desk.user(Role.CASHIER), batch_id, {})
    with desk.office.sessions.unit_of_work() as session:
        first, *rest = session.scalars(select(LateReturn).order_by(LateReturn.id)).all()
        late_returns.deny_return(session, desk.office, one, first, "银行确认早已到账")
        for each in rest:
            late_returns.confirm_return(session, desk.office, one, each, "银行确认已退")
    with pytest.raises(Refused, match=r"提请转入基金 .* 元，现在待付 .* 元，应重新提请"):
        agree(desk, claim_id, other)
    assert in_fund(desk, claim_id) == []
    refuse(desk, claim_id, other)
    written(desk, claim_id, one, other)
    promises_hold(desk)


def test_papers_that_no_person_has_looked_at_keep_it_from_the_fund(
    desk: Desk, person: Person, one: User
) -> None:
    claim_id = returned(desk, person)
    pass_until(desk, date(2028, 7, 1))
    desk.add_card_paper(claim_id, a_card_number())
    with pytest.raises(Refused, match="有未审阅的后补材料"):
        act(desk, claim_id, written_to_fund.propose, one, WHY)


def test_what_the_bank_never_took_is_paid_again_and_not_written_to_the_fund(
    desk: Desk, person: Person, one: User
) -> None:
    claim_id = desk.claim(person)
    desk.work()
    desk.approve_all()
    batch_id = desk.released()
    asks, agrees = desk.user(Role.CASHIER), desk.user(Role.CASHIER)
    with desk.office.sessions.unit_of_work() as session:
        payment = session.scalars(select(Payment).filter_by(claim_id=claim_id)).one()
        batch = payment.batch
        assert batch is not None
        told = ("银行答复未受理", [payment.reference], BANK_PAPER)
        ask_discard(session, desk.office, asks, batch, *told)
        agree_discard(session, desk.office, agrees, batch)
    assert batch.id == batch_id
    pass_until(desk, date(2028, 7, 1))
    with pytest.raises(Refused, match="有银行未受理的付款，应重新付款"):
        act(desk, claim_id, written_to_fund.propose, one, WHY)


def test_a_decision_that_is_reopened_takes_the_money_out_of_the_fund(
    desk: Desk, person: Person, one: User, other: User, clerk: User
) -> None:
    claim_id = returned(desk, person)
    pass_until(desk, date(2028, 7, 1))
    written(desk, claim_id, one, other)
    reopened(desk, clerk, claim_id)
    assert in_fund(desk, claim_id) == [(60_000, FIRST_RETURN, False)]
    promises_hold(desk)
    corrected_stay(desk, clerk, claim_id, "2026-03-22")
    desk.approve_all()
    answered(desk)
    assert sums_paid(desk, claim_id) == [(0, 60_000, "returned"), (0, 100_000, "credited")]
    promises_hold(desk)


def test_the_bank_s_late_word_that_the_money_arrived_takes_it_out_of_the_fund(
    desk: Desk, person: Person, one: User, other: User
) -> None:
    claim_id = desk.claim(person)
    desk.work()
    desk.approve_all()
    batch_id = desk.released()
    cashier, loader = desk.user(Role.CASHIER), desk.user(Role.CASHIER)
    load(desk, cashier, batch_id, {person.card: "3031"})
    pass_until(desk, date(2028, 7, 1))
    written(desk, claim_id, one, other)
    load(desk, loader, batch_id, {})
    with desk.office.sessions.unit_of_work() as session:
        late = session.scalars(select(LateReturn)).one()
        late_returns.deny_return(session, desk.office, one, late, "银行确认早已到账")
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert in_fund(desk, claim_id) == [(60_000, FIRST_RETURN, False)]
    promises_hold(desk)


def test_the_database_keeps_the_fund_and_the_bank_apart(
    desk: Desk, person: Person, one: User, other: User
) -> None:
    claim_id = returned(desk, person)
    pass_until(desk, date(2028, 7, 1))
    written(desk, claim_id, one, other)
    with (
        pytest.raises(IntegrityError, match="payments of right"),
        desk.office.sessions.unit_of_work() as session,
    ):
        payment = session.scalars(select(Payment).filter_by(claim_id=claim_id)).one()
        payment.state = "credited"
    with (
        pytest.raises(IntegrityError, match="written_by_two"),
        desk.office.sessions.unit_of_work() as session,
    ):
        row = session.scalars(select(UnclaimedSum)).one()
        row.written_by = row.proposed_by
    with (
        pytest.raises(IntegrityError, match="one person"),
        desk.office.sessions.unit_of_work() as session,
    ):
        session.scalars(select(UnclaimedSum)).one().written_by = desk.user(
            Role.SUPERVISOR, of=one
        ).id
    with (
        pytest.raises(IntegrityError, match="one_in_the_fund"),
        desk.office.sessions.unit_of_work() as session,
    ):
        session.add(_again(session.scalars(select(UnclaimedSum)).one(), desk.office))


def _again(row: UnclaimedSum, office: Office) -> UnclaimedSum:
    """The same right, written once more."""
    return UnclaimedSum(
        claim_id=row.claim_id,
        entitlement_id=row.entitlement_id,
        amount=Fen(1),
        returned_on=row.returned_on - timedelta(days=1),
        reason="x",
        proposed_by=row.proposed_by,
        written_by=row.written_by,
        written_at=office.clock(),
    )


def load(desk: Desk, cashier: User, batch_id: int, results: dict[str, str]) -> None:
    reply = bank_says(desk, batch_id, results)
    with desk.office.sessions.unit_of_work() as session:
        batch = session.get_one(Batch, batch_id)
        bank_reply.load_reply(session, desk.office, cashier, batch, reply)
    desk.work()
