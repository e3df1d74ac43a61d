"""What acts cause in the books: from approval and fee to the bank's last word."""

from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from models import Books, LedgerAccount, Posting, Voucher
from models.people import Role
from models.states import FeePayer
from rules.errors import Refused
from tests.desk import Desk, a_card_number, handed_in, promises_hold
from tests.models.test_guards import constraint_of
from tests.returned import returned
from tests.workflows.enrolment.rosters import OWN, SUBSIDY, Hall, Worker, workers
from tests.workflows.test_proof import answered


def balances(desk: Desk) -> dict[str, int]:
    """The balance of each kind of account, debit above zero, without those at zero."""
    with desk.office.sessions.read_only() as session:
        query = select(LedgerAccount.kind, func.sum(LedgerAccount.balance))
        rows = session.execute(query.group_by(LedgerAccount.kind)).all()
    return {kind: int(balance) for kind, balance in rows if balance}


def causes(desk: Desk) -> list[tuple[int, str]]:
    """The vouchers in the order of their numbers."""
    with desk.office.sessions.read_only() as session:
        query = select(Voucher.number, Voucher.cause).order_by(Voucher.month, Voucher.number)
        return [(number, cause) for number, cause in session.execute(query)]


def test_a_benefit_is_owed_when_approved_under_way_when_released_and_paid_when_the_bank_says_so(
    desk: Desk,
) -> None:
    handed_in(desk)
    assert balances(desk) == {}, "what nobody approved is not owed"
    desk.approve_all()
    assert balances(desk) == {"benefits": 60_000, "payable": -60_000}
    batch_id = desk.released()
    assert balances(desk) == {"benefits": 60_000, "in_transit": -60_000}
    answered(desk, batch_id, {})
    assert balances(desk) == {"benefits": 60_000, "bank": -60_000}
    assert causes(desk) == [(1, "granted"), (2, "released"), (3, "credited")]
    promises_hold(desk)


def test_what_the_bank_sends_back_is_owed_apart_until_it_is_approved_again(desk: Desk) -> None:
    person = desk.member()
    claim_id = returned(desk, person)
    assert balances(desk) == {"benefits": 60_000, "returned": -60_000}
    desk.pay_again(desk.user(Role.CLERK), claim_id, a_card_number())
    desk.approve_all()
    assert balances(desk) == {"benefits": 60_000, "payable": -60_000}
    answered(desk, desk.released(), {})
    assert balances(desk) == {"benefits": 60_000, "bank": -60_000}
    promises_hold(desk)


def test_a_fee_is_prepaid_until_the_cover_begins_and_the_subsidy_is_due_then(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=2)
    number = hall.enrolled(workers(2))
    hall.pay(number, OWN * 2 + 500)
    assert balances(desk) == {"bank": OWN * 2 + 500, "prepaid_fees": -OWN * 2 - 500}
    desk.work()
    earned = {"fees": -OWN * 2, "subsidy": -SUBSIDY * 2, "subsidy_due": SUBSIDY * 2}
    assert balances(desk) == {"bank": OWN * 2 + 500, "prepaid_fees": -500} | earned
    hall.pay(number, SUBSIDY * 2, payer=FeePayer.SUBSIDY)
    earned.pop("subsidy_due")
    paid = {"bank": (OWN + SUBSIDY) * 2 + 500, "prepaid_fees": -500}
    assert balances(desk) == paid | earned
    with desk.office.sessions.read_only() as session:
        fees = session.scalars(select(LedgerAccount).filter_by(kind="fees")).one()
    assert (fees.family, fees.period_start, fees.unit_id) == ("main", date(2026, 7, 1), 1)
    promises_hold(desk)


def test_a_receipt_of_a_day_before_the_books_begin_is_refused(desk: Desk) -> None:
    hall = Hall.of(desk, headcount=1)
    number = hall.enrolled([Worker()])
    with pytest.raises(Refused, match="日期 1999-01-01 早于账簿的起始日 2025-01-01"):
        hall.pay(number, OWN, date(1999, 1, 1))


def test_nothing_is_booked_while_the_books_of_an_older_database_wait_to_be_opened(
    desk: Desk,
) -> None:
    with desk.office.sessions.unit_of_work() as session:
        session.add(Books(id=1))
    handed_in(desk)
    desk.approve_all()
    assert causes(desk) == []
    promises_hold(desk)


def test_the_database_refuses_what_does_not_balance_and_every_change_of_what_was_booked(
    desk: Desk,
) -> None:
    handed_in(desk)
    desk.approve_all()
    one_sided = Posting(voucher_id=1, line=9, account_id=1, amount=1)
    with pytest.raises(IntegrityError) as error, desk.office.sessions.unit_of_work() as session:
        session.add(one_sided)
    assert constraint_of(error.value) == "postings_sum_to_zero"
    empty = """INSERT INTO voucher (month, number, day, cause, subject, subject_id, made_at)
        SELECT month, 9, day, cause, subject, subject_id, made_at FROM voucher"""
    with pytest.raises(IntegrityError) as error, desk.office.sessions.unit_of_work() as session:
        session.execute(text(empty))
    assert constraint_of(error.value) == "vouchers_sum_to_zero"
    for deed in ("UPDATE posting SET amount = 1", "DELETE FROM voucher"):
        with pytest.raises(DBAPIError, match="denied"), desk.office.sessions.unit_of_work() as s:
            s.execute(text(deed))
