"""A claim of which the bank paid one part and sent another back is decided anew as any other: what
came back was not paid, and is owed once, by the decision in force."""

from datetime import date

import pytest
from sqlalchemy import select

from models import LateReturn, Payment, User
from models.people import Role
from models.states import ClaimState, RecoveryState
from rules.errors import Refused
from tests.desk import Desk, a_card_number, promises_hold
from tests.heirs import a_death, an_heir, key, keyed
from tests.heirs import confirm as confirm_heirs
from tests.workflows.claims.letter_words import letter_words
from tests.workflows.claims.objecting.test_objections import (
    answered,
    booked,
    objected,
    recoveries,
    reopened,
    sums_paid,
    upheld,
)
from tests.workflows.claims.paying.test_written_to_fund import (
    in_fund,
    load,
    pass_until,
    written,
)
from workflows.claims.acts import told_events
from workflows.claims.paying import late_returns
from workflows.sealed_values.claims import payee_of

STAYS = (("2026-03-02", "2026-03-14"), ("2026-04-10", "2026-04-20"))


@pytest.fixture
def clerk(desk: Desk) -> User:
    return desk.user(Role.CLERK)


@pytest.fixture
def hearer(desk: Desk) -> User:
    return desk.user(Role.SUPERVISOR)


def told(desk: Desk, clerk: User, claim_id: int, number: int, admitted: str, end: str) -> None:
    """A clerk establishes this stay of the claim."""
    stay: dict[str, object] = {
        "kind": "hospital_stay",
        "cause": "illness",
        "admitted_on": admitted,
        "discharged_on": end,
        "hospital": {"name": "吉林大学第一医院"},
    }
    with desk.at(claim_id) as (session, claim):
        told_events.establish(
            session, desk.office, clerk, claim, stay, number=number, reason="已核对材料"
        )
    desk.work()


def part_paid(desk: Desk, clerk: User) -> int:
    """A claim for two stays: 600 are paid, and 500 came back."""
    claim_id = desk.claim(desk.member(), admitted=STAYS[0][0], discharged=STAYS[0][1])
    desk.work()
    told(desk, clerk, claim_id, 1, *STAYS[1])
    desk.approve_all()
    answered(desk, {second_of(desk, claim_id): "3031"})
    assert desk.state_of(claim_id) == ClaimState.RETURNED
    assert sums_paid(desk, claim_id) == [(0, 60_000, "credited"), (0, 50_000, "returned")]
    return claim_id


def second_of(desk: Desk, claim_id: int) -> str:
    with desk.office.sessions.read_only() as session:
        query = select(Payment.reference).filter_by(claim_id=claim_id).order_by(Payment.id)
        return session.scalars(query).all()[1]


def paid_in_the_end(desk: Desk, claim_id: int) -> list[tuple[int, int, str]]:
    """Approve, pay what is owed now, and have the bank credit it; every payment of the claim."""
    promises_hold(desk)
    desk.approve_all()
    promises_hold(desk)
    answered(desk)
    promises_hold(desk)
    assert desk.state_of(claim_id) == ClaimState.PAID
    return sums_paid(desk, claim_id)


def test_an_objection_is_upheld_and_what_came_back_is_paid_by_the_new_decision_alone(
    desk: Desk, clerk: User, hearer: User
) -> None:
    claim_id = part_paid(desk, clerk)
    upheld(desk, hearer, objected(desk, clerk, claim_id))
    told(desk, clerk, claim_id, 1, "2026-04-10", "2026-04-25")
    assert paid_in_the_end(desk, claim_id) == [
        (0, 60_000, "credited"),
        (0, 50_000, "returned"),
        (0, 75_000, "credited"),
    ]
    assert recoveries(desk, claim_id) == []
    words = letter_words(desk, claim_id, "payment_notice")
    assert "此前已给付600.00元，本次补付750.00元" in words
    assert "本次补付的750.00元由我处直接划入张三的银行卡" in words


def test_what_was_paid_too_much_is_asked_back_and_what_came_back_is_paid_once(
    desk: Desk, clerk: User
) -> None:
    claim_id = part_paid(desk, clerk)
    reopened(desk, clerk, claim_id)
    told(desk, clerk, claim_id, 0, "2026-03-02", "2026-03-12")
    assert paid_in_the_end(desk, claim_id) == [
        (0, 60_000, "credited"),
        (0, 50_000, "returned"),
        (0, 50_000, "credited"),
    ]
    [(recovery_id, state, amount, _)] = recoveries(desk, claim_id)
    assert (state, amount) == (RecoveryState.OPEN, 10_000)
    booked(desk, desk.user(Role.CASHIER), recovery_id, 10_000, "R1")
    promises_hold(desk)


def test_a_part_that_came_back_and_is_denied_now_is_neither_paid_nor_asked_back(
    desk: Desk, clerk: User, hearer: User
) -> None:
    claim_id = part_paid(desk, clerk)
    upheld(desk, hearer, objected(desk, clerk, claim_id))
    told(desk, clerk, claim_id, 1, "2026-04-10", "2026-04-11")
    desk.approve_all()
    assert desk.state_of(claim_id) == ClaimState.PAID
    assert sums_paid(desk, claim_id) == [(0, 60_000, "credited"), (0, 50_000, "returned")]
    assert recoveries(desk, claim_id) == []
    promises_hold(desk)
    words = letter_words(desk, claim_id, "payment_notice")
    assert "此前给付的互助金已经付足，本次没有款项划付。" in words
    assert "银行卡（" not in words


def test_a_claim_that_is_denied_as_a_whole_is_asked_back_what_was_paid_and_no_more(
    desk: Desk, clerk: User
) -> None:
    claim_id = part_paid(desk, clerk)
    reopened(desk, clerk, claim_id)
    told(desk, clerk, claim_id, 0, "2026-03-02", "2026-03-03")
    told(desk, clerk, claim_id, 1, "2026-04-10", "2026-04-11")
    desk.approve_all()
    assert desk.state_of(claim_id) == ClaimState.DENIED
    assert [row[1:] for row in recoveries(desk, claim_id)] == [(RecoveryState.OPEN, 60_000, 0)]
    assert desk.payments(claim_id) == ["credited", "returned"]
    promises_hold(desk)


def test_an_objection_is_upheld_while_the_part_that_came_back_lies_in_the_fund(
    desk: Desk, clerk: User, hearer: User
) -> None:
    claim_id = part_paid(desk, clerk)
    pass_until(desk, date(2028, 7, 1))
    written(desk, claim_id, desk.user(Role.SUPERVISOR), desk.user(Role.SUPERVISOR))
    late = objected(desk, hearer, claim_id, late_reason="会员出境两年，刚收到通知")
    upheld(desk, desk.user(Role.SUPERVISOR), late)
    assert in_fund(desk, claim_id) == [(50_000, date(2026, 6, 15), False)]
    told(desk, clerk, claim_id, 0, "2026-03-02", "2026-03-16")
    assert paid_in_the_end(desk, claim_id) == [
        (0, 60_000, "credited"),
        (0, 50_000, "returned"),
        (1, 10_000, "credited"),
        (0, 50_000, "credited"),
    ]


def test_what_was_paid_beside_the_fund_and_came_back_after_all_is_owed_with_the_rest(
    desk: Desk, clerk: User, hearer: User
) -> None:
    claim_id = part_paid(desk, clerk)
    pass_until(desk, date(2028, 7, 1))
    written(desk, claim_id, desk.user(Role.SUPERVISOR), desk.user(Role.SUPERVISOR))
    with desk.office.sessions.read_only() as session:
        batch_id = session.scalars(select(Payment.batch_id).filter_by(claim_id=claim_id)).first()
        first = session.scalars(select(Payment).filter_by(claim_id=claim_id)).first()
        assert batch_id is not None
        assert first is not None
        account = payee_of(desk.office.keys, first).account
    load(desk, desk.user(Role.CASHIER), batch_id, {account: "3031"})
    with desk.office.sessions.unit_of_work() as session:
        late = session.scalars(select(LateReturn)).one()
        late_returns.confirm_return(session, desk.office, hearer, late, "银行确认已退回")
    assert desk.state_of(claim_id) == ClaimState.RETURNED
    assert in_fund(desk, claim_id) == [(50_000, date(2026, 6, 15), False)]
    promises_hold(desk)
    desk.pay_again(clerk, claim_id, a_card_number())
    assert paid_in_the_end(desk, claim_id) == [
        (0, 60_000, "returned"),
        (0, 50_000, "returned"),
        (0, 60_000, "credited"),
        (0, 50_000, "credited"),
    ]


def test_a_claim_that_is_on_its_way_to_the_bank_is_not_decided_anew(
    desk: Desk, clerk: User, hearer: User
) -> None:
    claim_id = part_paid(desk, clerk)
    number = a_card_number()
    desk.pay_again(clerk, claim_id, number, "已与会员核实")
    desk.approve_all()
    desk.released()
    objection = objected(desk, clerk, claim_id)
    with pytest.raises(Refused, match="还有付款在途，银行答复之后才能重新办理"):
        upheld(desk, hearer, objection)
    promises_hold(desk)


def test_a_decision_is_objected_to_while_what_came_back_waits_to_be_approved_again(
    desk: Desk, clerk: User, hearer: User
) -> None:
    claim_id = part_paid(desk, clerk)
    desk.pay_again(clerk, claim_id, a_card_number(), "已与会员核实")
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    objection = objected(desk, clerk, claim_id)
    with pytest.raises(Refused, match="现在是“待审批”，不能“重新办理”"):
        upheld(desk, hearer, objection)
    assert paid_in_the_end(desk, claim_id)[-1] == (0, 50_000, "credited")
    upheld(desk, hearer, objection)
    promises_hold(desk)


def test_a_proposal_that_nobody_has_approved_is_not_objected_to(desk: Desk, clerk: User) -> None:
    claim_id = desk.claim(desk.member())
    desk.work()
    assert desk.state_of(claim_id) == ClaimState.PROPOSED
    with pytest.raises(Refused, match="没有可以提出异议的决定"):
        objected(desk, clerk, claim_id)
    claim_id = part_paid(desk, clerk)
    reopened(desk, clerk, claim_id)
    with pytest.raises(Refused, match="没有可以提出异议的决定"):
        objected(desk, clerk, claim_id)


def test_the_share_that_came_back_goes_to_the_heir_whom_the_objection_names(
    desk: Desk, clerk: User, hearer: User
) -> None:
    one, wrong, right = an_heir("李一"), an_heir("李二"), an_heir("李三")
    claim_id = a_death(desk, desk.member(), one, wrong, right)
    key(desk, claim_id, *(keyed(desk, claim_id, each, "1/2") for each in (one, wrong)))
    confirm_heirs(desk, claim_id)
    desk.approve_all()
    answered(desk, {wrong.card: "3031"})
    upheld(desk, hearer, objected(desk, clerk, claim_id))
    key(desk, claim_id, *(keyed(desk, claim_id, each, "1/2") for each in (one, right)))
    confirm_heirs(desk, claim_id)
    assert paid_in_the_end(desk, claim_id) == [
        (0, 1_000_000, "credited"),
        (0, 1_000_000, "returned"),
        (0, 1_000_000, "credited"),
    ]
    assert recoveries(desk, claim_id) == []
