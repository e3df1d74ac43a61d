"""Lines of the bank's statements that name payments of ours, through the screens."""

import re

import pytest
from sqlalchemy import select

from models import Payment
from tests.banking.statements import closing, entry
from tests.console.test_statements import At, BankDesk
from tests.desk import Desk, handed_in, promises_hold


@pytest.fixture
def bank(desk: Desk, at_desk: At) -> BankDesk:
    return BankDesk(desk, at_desk)


def sent_payment(bank: BankDesk) -> str:
    """The reference of a payment of 600 yuan that the bank was sent."""
    handed_in(bank.desk)
    bank.desk.approve_all()
    bank.desk.released()
    with bank.desk.office.sessions.read_only() as session:
        return session.scalars(select(Payment.reference)).one()


def doubted(bank: BankDesk) -> list[str]:
    return [found for line in bank.lines() for found in re.findall(r"存疑：([^<，]+)", line)]


def test_money_that_quotes_a_payment_is_its_money_once_and_to_the_fen(bank: BankDesk) -> None:
    reference = sent_payment(bank)
    paid = entry("600.00", reference, "张三", direction="DBIT", number="A1")
    bank.load(bank.says(paid, entry("600.01", reference, "张三", direction="DBIT", number="A2")))
    assert doubted(bank) == ["金额与所写编号的付款不符"]
    # Another statement tells of the same entry, and of a second one for the same payment.
    again = entry("600.00", reference, "张三", direction="DBIT", number="A3")
    assert "1 行以前的对账单已有" in bank.load(bank.says(paid, again))
    assert doubted(bank)[1:] == ["这笔付款在对账单上已有一行"]
    back = entry("600.00", reference, "张三", number="A4")
    bank.load(bank.says(back, entry("600.00", reference, "张三", number="A5")))
    assert doubted(bank)[2:] == ["这笔付款在对账单上已有一行"]
    promises_hold(bank.desk)


def test_two_alike_debits_of_one_payment_in_a_file_are_two(bank: BankDesk) -> None:
    paid = entry("600.00", sent_payment(bank), "张三", direction="DBIT")
    bank.load(bank.says(paid, paid))
    assert doubted(bank) == ["这笔付款在对账单上已有一行"]
    # The notice of a day tells of the same payment in other words.
    noticed = paid.replace("张三", "张三丰")
    assert "1 行以前的对账单已有" in bank.load(bank.says(noticed, kind="054", tag="Ntfctn"))
    assert len(list(bank.lines())) == 1


def test_one_debit_for_a_whole_batch_is_that_of_its_payments(bank: BankDesk) -> None:
    sent_payment(bank)
    whole = entry("600.00", "代发 B20260615-01 共1笔", direction="DBIT", number="A1")
    short = entry("599.00", "代发 B20260615-01 共1笔", direction="DBIT", number="A2")
    bank.load(bank.says(short, whole))
    assert doubted(bank) == ["金额与所写编号的付款不符"]
    promises_hold(bank.desk)


def test_what_is_ours_of_a_statement_is_taken_and_the_rest_named(bank: BankDesk) -> None:
    strange = "<Acct><Id><Othr><Id>6222020000000000000</Id></Othr></Id></Acct>"
    content = bank.says(
        entry("1.00", "会费"),
        entry("2.00", "x").replace("CNY", "USD"),
        f"</Stmt><Stmt>{strange}{entry('3.00', 'x')}{closing('9.00', '2026-06-12')}",
    )
    assert "6222****0000、USD 不是本办的账户或不是人民币，未载入" in bank.load(content)
    [line] = bank.lines()
    assert "¥1.00" in line
    assert "6222****0000、USD" in bank.auditor.get("/statements").text


def test_money_that_moves_the_other_way_asks_for_no_voucher_by_its_words(bank: BankDesk) -> None:
    bank.load(bank.says(entry("5.00", "退回手续费"), entry("7.00", "利息税", direction="DBIT")))
    assert ["请选择" in line for line in bank.lines()] == [True, True]
