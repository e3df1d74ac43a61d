"""Made-up batches: no person, card or bank branch in these tests is real; cards pass Luhn."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from stdnum import luhn

from banking.batch import Payer, PaymentBatch, PaymentLine
from rules.money import Fen


def a_card(prefix: str = "621700", length: int = 19, serial: int = 1) -> str:
    body = f"{prefix}{serial:0{length - 1 - len(prefix)}d}"
    return body + luhn.calc_check_digit(body)


def a_payment(
    number: int = 1,
    name: str = "张建国",
    amount: int = 60000,
    account: str = "",
    bank_name: str = "",
    cnaps: str | None = None,
    purpose: str = "职工互助金",
) -> PaymentLine:
    account = account or a_card(serial=number)
    reference = f"HZ2026-{number:06d}"
    return PaymentLine(reference, name, account, bank_name, cnaps, Fen(amount), purpose)


def a_batch(*payments: PaymentLine, number: str = "PC20261123-01") -> PaymentBatch:
    payer = Payer("某某工会委员会", a_card("622700"), "中国建设银行长春某支行", "105241000012")
    created_at = datetime(2026, 11, 23, 2, 3, 4, tzinfo=UTC)
    return PaymentBatch(number, created_at, date(2026, 11, 24), payer, payments or (a_payment(),))


@pytest.fixture(name="a_card")
def _a_card() -> Callable[..., str]:
    return a_card


@pytest.fixture(name="a_payment")
def _a_payment() -> Callable[..., PaymentLine]:
    return a_payment


@pytest.fixture(name="a_batch")
def _a_batch() -> Callable[..., PaymentBatch]:
    return a_batch
