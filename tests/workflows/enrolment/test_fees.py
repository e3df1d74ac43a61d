"""Fees: what comes in, what goes back, and that cover begins exactly when all is there."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from models import FeeReceipt
from models.people import Role
from models.states import FeePayer
from rules.enrolment import first_day
from rules.errors import Refused
from rules.money import Fen
from tests.conftest import empty
from tests.desk import Desk
from tests.workflows.enrolment.rosters import DAY_BEFORE, OWN, SUBSIDY, Hall, workers
from workflows.enrolment import fees, rosters
from workflows.enrolment.fees import Account, Standing, arrived_on
from workflows.proof import check

DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
AMOUNTS = st.integers(-100_000, 100_000).map(Fen)


@pytest.fixture
def hall(desk: Desk) -> Hall:
    return Hall.of(desk)


def standing(hall: Hall, number: str) -> Standing:
    with hall.desk.office.sessions.unit_of_work() as session:
        return fees.standing(session, rosters.locked(session, number))


def refund(hall: Hall, number: str, amount: int, payer: FeePayer = FeePayer.UNIT) -> None:
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        name = f"退-{len(found.receipts)}"
        fees.refund(
            session,
            hall.desk.office,
            hall.supervisor,
            found,
            name,
            payer,
            Fen(amount),
            hall.desk.office.today(),
        )


def reverse(hall: Hall, number: str, at: int) -> None:
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        receipt, name = found.receipts[at], f"冲-{len(found.receipts)}"
        fees.reverse_receipt(session, hall.desk.office, hall.cashier, found, receipt, name)


@given(st.integers(0, 10**9), st.integers(-(10**9), 10**9))
def test_money_in_is_always_what_is_due_and_over_less_what_is_short(
    due: int, received: int
) -> None:
    account = Account(Fen(due), Fen(received))
    assert account.received == account.due + account.over - account.short
    assert 0 in (account.over, account.short)


@given(st.lists(st.tuples(DAYS, AMOUNTS), min_size=1), st.integers(1, 100_000).map(Fen))
def test_the_fee_arrived_on_a_day_after_which_it_was_never_short(
    moves: list[tuple[date, Fen]], due: Fen
) -> None:
    def sum_on(day: date) -> int:
        return sum(amount for moved_on, amount in moves if moved_on <= day)

    if sum_on(date.max) < due:
        with pytest.raises(ValueError, match="not complete"):
            arrived_on(moves, due)
        return
    day = arrived_on(moves, due)
    assert sum_on(day) >= due > sum_on(day - timedelta(days=1))
    assert all(sum_on(later) >= due for later, _amount in moves if later >= day)


def test_a_fee_in_parts_is_complete_with_the_last(hall: Hall) -> None:
    number = hall.enrolled(workers(3), None)
    hall.desk.clock.pass_(days=7)
    hall.pay(number, 2 * OWN, date(2026, 6, 20))
    assert standing(hall, number).unit.short == OWN
    hall.pay(number, OWN - 1, date(2026, 6, 21))
    assert hall.state(number) == "unpaid"
    hall.pay(number, 1, date(2026, 6, 18))
    hall.desk.work()
    assert hall.state(number) == "covered"
    assert hall.periods()[0][0] == first_day(date(2026, 6, 21))


def test_money_that_came_before_the_list_was_confirmed_counts(hall: Hall) -> None:
    [number] = hall.hand_in(workers(3))
    hall.pay(number, 3 * OWN)
    hall.accept(number)
    hall.desk.work()
    assert hall.state(number) == "covered"


def test_only_what_is_over_goes_back(hall: Hall) -> None:
    number = hall.covered(workers(3))
    hall.pay(number, 500)
    with pytest.raises(Refused, match=r"5\.00"):
        refund(hall, number, 501)
    refund(hall, number, 500)
    with pytest.raises(Refused, match="多缴"):
        refund(hall, number, 1)
    assert standing(hall, number).unit == Account(Fen(3 * OWN), Fen(3 * OWN))


def test_all_of_a_withdrawn_roster_can_go_back_and_nothing_more_comes_in(hall: Hall) -> None:
    number = hall.enrolled(workers(3))
    hall.pay(number, OWN)
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        rosters.withdraw(session, hall.desk.office, hall.clerk, found)
    assert standing(hall, number).unit.over == OWN
    refund(hall, number, OWN)
    with pytest.raises(Refused, match="撤回"):
        hall.pay(number, OWN)


def test_a_wrong_entry_is_reversed_once_and_stays_in_sight(hall: Hall) -> None:
    number = hall.enrolled(workers(3))
    hall.pay(number, OWN)
    reverse(hall, number, 0)
    assert standing(hall, number).unit.received == 0
    for at in (0, 1):
        with pytest.raises(Refused):
            reverse(hall, number, at)
    with hall.desk.office.sessions.read_only() as session:
        assert session.scalars(select(FeeReceipt.amount).order_by("id")).all() == [OWN, -OWN]


def test_what_cover_rests_on_is_not_reversed_before_the_right_sum_is_booked(hall: Hall) -> None:
    number = hall.covered(workers(3))
    with pytest.raises(Refused, match="先登记"):
        reverse(hall, number, 0)
    hall.pay(number, 3 * OWN)
    reverse(hall, number, 0)
    assert standing(hall, number).unit.over == 0


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"amount": 0}, "大于 0"),
        ({"amount": -1}, "大于 0"),
        ({"on": date(2026, 6, 16)}, "今天"),
        ({"receipt": "  "}, "收据号"),
    ],
)
def test_an_entry_that_cannot_be_right_is_refused(
    hall: Hall, wrong: dict[str, object], words: str
) -> None:
    number = hall.enrolled(workers(3))
    with pytest.raises(Refused, match=words):
        hall.pay(number, **{"amount": OWN, "receipt": "收-1"} | wrong)  # type: ignore[arg-type]


def test_a_receipt_number_is_taken_once(hall: Hall) -> None:
    number = hall.enrolled(workers(3))
    hall.pay(number, OWN, receipt="收-1")
    with pytest.raises(Refused, match="已经用过"):
        hall.pay(number, OWN, receipt="收-1")
    assert standing(hall, number).unit.received == OWN


def test_a_cashier_books_and_a_supervisor_pays_back_and_never_the_same_person(desk: Desk) -> None:
    hall = Hall.of(desk)
    number = hall.covered(workers(3))
    booker = desk.user(Role.CASHIER)
    same = desk.user(Role.SUPERVISOR, of=booker)
    with desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        entry = (FeePayer.UNIT, Fen(1), DAY_BEFORE)
        for person in (hall.clerk, hall.supervisor):
            with pytest.raises(Refused):
                fees.note_receipt(session, desk.office, person, found, "收-1", *entry)
        fees.note_receipt(session, desk.office, booker, found, "收-1", *entry)
        for person, why in ((hall.cashier, "此操作需要"), (same, r"^登记收款的人不能办理退费$")):
            with pytest.raises(Refused, match=why):
                fees.refund(session, desk.office, person, found, "退-1", *entry)


def strike(hall: Hall, number: str, row: int) -> None:
    with hall.desk.office.sessions.unit_of_work() as session:
        found = rosters.locked(session, number)
        rosters.strike_line(session, hall.desk.office, hall.clerk, found, row, "已离职")
    hall.desk.work()


def test_a_line_that_is_struck_makes_the_fee_complete_on_that_day_in_beijing(hall: Hall) -> None:
    number = hall.enrolled(workers(3), None)
    hall.pay(number, 2 * OWN)
    hall.desk.clock.pass_(hours=15)  # one in the morning of the 16th; still the 15th in UTC
    strike(hall, number, hall.lines(number)[-1])
    assert hall.state(number) == "covered"
    assert {start for start, _end in hall.periods()} == {first_day(date(2026, 6, 16))}


def test_money_that_comes_after_a_line_was_struck_makes_the_fee_complete_on_its_day(
    hall: Hall,
) -> None:
    number = hall.enrolled(workers(3), None)
    strike(hall, number, hall.lines(number)[-1])
    hall.desk.clock.pass_(days=5)
    hall.pay(number, 2 * OWN, date(2026, 6, 18))
    hall.desk.work()
    assert {start for start, _end in hall.periods()} == {first_day(date(2026, 6, 18))}


def test_the_subsidy_neither_begins_cover_nor_moves_its_first_day(hall: Hall) -> None:
    number = hall.enrolled(workers(3), None)
    hall.pay(number, 2 * OWN, date(2026, 6, 10))
    hall.pay(number, 3 * SUBSIDY, date(2026, 6, 11), FeePayer.SUBSIDY)
    assert hall.state(number) == "unpaid"
    assert standing(hall, number).unit.short == OWN
    hall.pay(number, OWN, date(2026, 6, 14))
    hall.desk.work()
    assert hall.periods()[0][0] == first_day(date(2026, 6, 14))


def test_what_is_over_goes_back_to_the_payer_it_came_from(hall: Hall) -> None:
    number = hall.covered(workers(3))
    hall.pay(number, 3 * SUBSIDY + 500, payer=FeePayer.SUBSIDY)
    with pytest.raises(Refused, match="多缴"):
        refund(hall, number, 500)
    refund(hall, number, 500, FeePayer.SUBSIDY)
    assert standing(hall, number).subsidy == Account(Fen(3 * SUBSIDY), Fen(3 * SUBSIDY))


@pytest.mark.parametrize("amount", [0, -1])
def test_a_refund_pays_something_back(hall: Hall, amount: int) -> None:
    number = hall.covered(workers(3))
    hall.pay(number, 500)
    with pytest.raises(Refused, match="多缴"):
        refund(hall, number, amount)


class Till(RuleBasedStateMachine):
    """Money moves in any order; no promise breaks, and cover begins exactly when all is there."""

    make: Callable[[], Hall]

    def __init__(self) -> None:
        super().__init__()
        self.hall = self.make()
        self.number = self.hall.enrolled(workers(2))
        self.moves = SimpleNamespace(unit=0, complete=False)

    def _try(self, act: Callable[[], None]) -> bool:
        try:
            act()
        except Refused:
            return False
        if self.hall.state(self.number) == "backdated":
            self.hall.let_pass(self.number)
        self.hall.desk.work()
        return True

    @rule(amount=st.sampled_from([1, OWN - 1, OWN, 2 * OWN]), days=st.integers(0, 9))
    def pay(self, amount: int, days: int) -> None:
        on = DAY_BEFORE - timedelta(days=days)
        if self._try(lambda: self.hall.pay(self.number, amount, on)):
            self.moves.unit += amount

    @rule(amount=st.sampled_from([1, OWN, 2 * OWN]))
    def refund(self, amount: int) -> None:
        if self._try(lambda: refund(self.hall, self.number, amount)):
            self.moves.unit -= amount

    @rule(at=st.integers(0, 5))
    def reverse(self, at: int) -> None:
        before = standing(self.hall, self.number).unit.received
        if at < len(self._receipts()) and self._try(lambda: reverse(self.hall, self.number, at)):
            self.moves.unit += standing(self.hall, self.number).unit.received - before

    def _receipts(self) -> list[int]:
        with self.hall.desk.office.sessions.unit_of_work() as session:
            return [r.id for r in rosters.locked(session, self.number).receipts]

    @invariant()
    def money_adds_up(self) -> None:
        account = standing(self.hall, self.number).unit
        assert account.received == self.moves.unit
        self.moves.complete = self.moves.complete or self.moves.unit >= 2 * OWN
        state = "covered" if self.moves.complete else "unpaid"
        assert self.hall.state(self.number) == state

    @invariant()
    def promises_hold(self) -> None:
        with self.hall.desk.office.sessions.read_only() as session:
            found = check(session, self.hall.desk.office)
            assert [i for i in found if i.violations] == []


def test_money_in_any_order(desk: Desk) -> None:
    def make() -> Hall:
        empty(desk.office.sessions)
        desk.bells.clear()
        return Hall.of(desk, 2)

    Till.make = staticmethod(make)
    run_state_machine_as_test(
        Till,
        settings=settings(max_examples=10, stateful_step_count=12, deadline=None),
    )
