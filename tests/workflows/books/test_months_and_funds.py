"""Months that are closed, books that two people open, and batches within the fund."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from banking.shaping import BatchShape
from models import Batch, Books, LedgerAccount, Payment, User
from models.people import Role
from rules.errors import Forbidden, OwnWork, Refused
from rules.money import Fen
from tests.desk import Desk, handed_in, promises_hold
from tests.returned import returned
from tests.workflows.books.test_booking import balances
from tests.workflows.enrolment.rosters import OWN, Hall, Worker, workers
from tests.workflows.test_proof import answered
from workflows.books import months
from workflows.books.by_hand import ToldVoucher, propose_voucher
from workflows.books.stated_balances import state_balance
from workflows.claims.paying import batches
from workflows.opening import opening

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


def close(desk: Desk, person: User, month: date, reason: str = "对账单未到") -> None:
    with desk.office.sessions.unit_of_work() as session:
        months.close_month(session, desk.office, person, month, reason)


def begun(desk: Desk, closed_through: date) -> None:
    """Books that are closed through this day."""
    with desk.office.sessions.unit_of_work() as session:
        session.add(Books(id=1, first_on=date(2025, 1, 1), closed_through=closed_through))


def opened(desk: Desk, sum_: int) -> None:
    """The books are opened with this sum at the bank for the main plan, in fen."""
    with desk.office.sessions.unit_of_work() as session:
        cashier = desk.user(Role.CASHIER)
        opening.state_balances(session, desk.office, cashier, {"bank:main:1": Fen(sum_)})
    with desk.office.sessions.unit_of_work() as session:
        shown = opening.mark_of_opening(session.get_one(Books, 1))
        opening.open_books(session, desk.office, desk.user(Role.SUPERVISOR), shown)


def free(desk: Desk) -> int:
    with desk.office.sessions.read_only() as session:
        account = session.scalars(select(LedgerAccount).filter_by(code="bank:main:1")).one()
        return account.balance - account.reserved


def test_a_month_is_closed_in_order_by_one_person_and_opened_again_by_two(desk: Desk) -> None:
    begun(desk, date(2026, 4, 30))
    one, other = desk.user(Role.SUPERVISOR), desk.user(Role.SUPERVISOR)
    with pytest.raises(Forbidden):
        close(desk, desk.user(Role.CASHIER), MAY)
    hall = Hall.of(desk, headcount=1)
    number = hall.enrolled([Worker()])
    hall.pay(number, 100, date(2026, 5, 20))
    with pytest.raises(Refused, match="按月份顺序"):
        close(desk, one, JUNE)
    close(desk, one, MAY)
    with pytest.raises(Refused, match="2026-06 还没有过完"):
        close(desk, one, JUNE)
    with pytest.raises(Refused, match="2026-05-31 所在的月份已结账（结至 2026-05-31）"):
        hall.pay(number, OWN, date(2026, 5, 31))
    with desk.office.sessions.unit_of_work() as session:
        months.ask_reopen(session, desk.office, one, "漏记一笔会费")
        shown = months.mark_of_reopening(session.get_one(Books, 1))
    with pytest.raises(OwnWork), desk.office.sessions.unit_of_work() as session:
        months.agree_reopen(session, desk.office, one, shown)
    with desk.office.sessions.unit_of_work() as session:
        months.agree_reopen(session, desk.office, other, shown)
    hall.pay(number, OWN, date(2026, 5, 31))
    promises_hold(desk)


def test_months_without_vouchers_are_closed_with_the_one_behind_them(desk: Desk) -> None:
    begun(desk, date(2025, 6, 30))
    one, other = desk.user(Role.SUPERVISOR), desk.user(Role.SUPERVISOR)
    assert next_month(desk) == MAY, "the last one that is over"
    close(desk, one, date(2025, 9, 1))
    hall = Hall.of(desk, headcount=1)
    hall.pay(hall.enrolled([Worker()]), OWN, date(2026, 3, 31))
    assert next_month(desk) == date(2026, 3, 1), "the first one with vouchers"
    with pytest.raises(Refused, match="按月份顺序"):
        close(desk, one, MAY)
    close(desk, one, date(2026, 3, 1))
    assert next_month(desk) == MAY
    with desk.office.sessions.unit_of_work() as session:
        months.ask_reopen(session, desk.office, one, "漏记一笔会费")
        shown = months.mark_of_reopening(session.get_one(Books, 1))
        months.agree_reopen(session, desk.office, other, shown)
    assert next_month(desk) == date(2026, 3, 1), "those before it stay closed"
    promises_hold(desk)


def test_no_month_closes_over_a_voucher_that_waits_in_an_empty_one_before_it(desk: Desk) -> None:
    begun(desk, date(2026, 3, 31))
    told = ToldVoucher("bank_fee", "bank:main:1", date(2026, 4, 10), Fen(1250), "银行回单")
    with desk.office.sessions.unit_of_work() as session:
        propose_voucher(session, desk.office, desk.user(Role.CASHIER), told)
    assert next_month(desk) == MAY
    with pytest.raises(Refused, match="手工凭证待复核"):
        close(desk, desk.user(Role.SUPERVISOR), MAY)


def test_nobody_states_a_balance_while_its_month_is_being_closed(desk: Desk) -> None:
    begun(desk, date(2026, 4, 30))
    cashier, supervisor = desk.user(Role.CASHIER), desk.user(Role.SUPERVISOR)
    with desk.office.sessions.unit_of_work() as closing:
        months.close_month(closing, desk.office, supervisor, MAY, "对账单未到")
        closing.flush()
        with (
            pytest.raises(OperationalError, match="lock timeout"),
            desk.office.sessions.unit_of_work() as session,
        ):
            session.execute(text("SET LOCAL lock_timeout = '200ms'"))
            state_balance(session, desk.office, cashier, 1, date(2026, 5, 31), Fen(7))
    with (
        pytest.raises(Refused, match="已结账"),
        desk.office.sessions.unit_of_work() as session,
    ):
        state_balance(session, desk.office, cashier, 1, date(2026, 5, 31), Fen(7))


def next_month(desk: Desk) -> date | None:
    with desk.office.sessions.read_only() as session:
        return months.next_to_close(session, session.get_one(Books, 1), desk.office.today())


def test_books_that_were_opened_in_mid_month_close_that_month_first(desk: Desk) -> None:
    with desk.office.sessions.unit_of_work() as session:
        session.add(Books(id=1))
    opened(desk, 500_000)
    with desk.office.sessions.read_only() as session:
        assert session.get_one(Books, 1).first_on == date(2026, 6, 15)
    desk.clock.pass_(days=50)
    supervisors = [desk.user(Role.SUPERVISOR), desk.user(Role.SUPERVISOR)]
    close(desk, supervisors[0], JUNE)
    with desk.office.sessions.unit_of_work() as session:
        months.ask_reopen(session, desk.office, supervisors[0], "漏记一笔会费")
        shown = months.mark_of_reopening(session.get_one(Books, 1))
        months.agree_reopen(session, desk.office, supervisors[1], shown)
    close(desk, supervisors[1], JUNE)
    close(desk, supervisors[1], date(2026, 7, 1))


def test_a_batch_is_not_larger_than_the_fund_and_the_banks_answer_frees_it(desk: Desk) -> None:
    people = [desk.member(name) for name in ("张三", "李四")]
    first = handed_in(desk, people[0])
    desk.approve_all()
    opened(desk, 100_000)
    batch_id = desk.released()
    assert (free(desk), balances(desk)["bank"]) == (40_000, 100_000)
    handed_in(desk, people[1])
    desk.approve_all()
    with pytest.raises(Refused, match=r"可用 400\.00 元，不够组批 600\.00 元"):
        desk.frozen(desk.user(Role.CASHIER))
    assert desk.payments(first + 1) == ["queued"]
    answered(desk, batch_id, {people[0].card: "3031"})
    assert free(desk) == 100_000
    answered(desk, desk.released(), {})
    assert (free(desk), balances(desk)["bank"]) == (40_000, 40_000)
    promises_hold(desk)


def test_fifty_racing_freezes_do_not_overdraw_the_fund(desk: Desk) -> None:
    for name in ("张三", "李四", "王五", "赵六"):
        handed_in(desk, desk.member(name))
    desk.approve_all()
    opened(desk, 130_000)
    with desk.office.sessions.read_only() as session:
        waiting = list(session.scalars(select(Payment.reference)))
    cashiers = [desk.user(Role.CASHIER) for _ in range(5)]
    tries = [(cashiers[n % 5], waiting[n % 4]) for n in range(50)]

    def freeze(cashier: User, reference: str) -> None:
        asked = BatchShape(only=frozenset({reference}))
        with desk.unless_refused() as session:
            batches.freeze(session, desk.office, cashier, asked=asked)

    with ThreadPoolExecutor(len(tries)) as pool:
        list(pool.map(freeze, *zip(*tries, strict=True)))
    with desk.office.sessions.read_only() as session:
        taken = sum(session.scalars(select(Batch.sum)))
    assert 0 < taken <= 130_000
    assert free(desk) == 130_000 - taken
    promises_hold(desk)


def test_books_of_an_older_database_are_opened_with_what_was_there(desk: Desk) -> None:
    with desk.office.sessions.unit_of_work() as session:
        session.add(Books(id=1))
    hall = Hall.of(desk, headcount=2, unit="另一单位工会")
    hall.covered(workers(2))
    returned(desk, desk.member("张三"))
    handed_in(desk, desk.member("李四"))
    desk.approve_all()
    answered(desk, desk.released(), {})
    handed_in(desk, desk.member("王五"))
    desk.approve_all()
    desk.released()
    assert balances(desk) == {}
    opened(desk, 500_000)
    held = balances(desk)
    told = ("bank", "benefits", "in_transit", "returned", "fees")
    assert [held[kind] for kind in told] == [500_000, 180_000, -60_000, -60_000, -OWN * 2]
    assert held["opening"] == -(500_000 - OWN * 2 + 60_000)
    assert free(desk) == 440_000
    promises_hold(desk)
