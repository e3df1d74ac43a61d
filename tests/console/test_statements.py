"""Statements of the bank, through the screens: fees that came in, fees and interest of the bank,
and what the account held."""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import select

from banking.statements import kinds
from models import CoverYear, FeeReceipt, PayingAccount, Payment, Renewal
from models.people import Role
from tests.banking.statements import closing, entry, statement_of
from tests.console.conftest import Visitor
from tests.console.test_books import reconciled
from tests.desk import UNIT, Desk, handed_in, promises_hold
from tests.workflows.books.test_booking import balances
from tests.workflows.enrolment.rosters import OWN, Hall, workers
from workflows.books.by_hand import BY_HAND

At = Callable[..., Visitor]


class BankDesk:
    """The bank's statements of the account that pays, and the screens of cashier and supervisor."""

    def __init__(self, desk: Desk, at_desk: At) -> None:
        self.desk, self.hall = desk, Hall.of(desk)
        self.cashier, self.supervisor = at_desk(Role.CASHIER), at_desk(Role.SUPERVISOR)
        self.auditor = at_desk(Role.AUDITOR)
        with desk.office.sessions.read_only() as session:
            self.account = session.scalars(select(PayingAccount.account)).one()

    def says(self, *parts: str, **more: str) -> bytes:
        return statement_of(self.account, *parts, **more)

    def load(self, content: bytes) -> str:
        file = {"statement": ("statement.xml", content, "application/xml")}
        return self.cashier.post("/statements", files=file).text

    def lines(self) -> Iterator[str]:
        """The part of the page that is about each line that waits."""
        html = self.cashier.get("/statements").text
        return (found[0] for found in re.finditer(r'(?s)<section.*?id="line-.*?</section>', html))

    def url(self, at: int = 0) -> str:
        found = re.search(r'id="line-(\d+)"', list(self.lines())[at])
        assert found
        return f"/statements/{found[1]}"

    def receipts(self) -> list[tuple[str, int, date]]:
        with self.desk.office.sessions.read_only() as session:
            query = select(FeeReceipt.number, FeeReceipt.amount, FeeReceipt.moved_on)
            rows = session.execute(query.order_by(FeeReceipt.id))
            return [(number, amount, day) for number, amount, day in rows]


@pytest.fixture
def bank(desk: Desk, at_desk: At) -> BankDesk:
    return BankDesk(desk, at_desk)


def shown(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', html)
    assert found
    return found[1]


def test_a_fee_that_names_its_roster_is_booked_by_a_button_and_the_cover_begins(
    bank: BankDesk,
) -> None:
    number = bank.hall.enrolled(workers(3))
    content = bank.says(entry("240.00", f"{number} 会费", UNIT, number="A1"))
    assert "对账单已载入" in bank.load(content)
    assert "已经载入过" in bank.load(content)
    assert "对账单明细待办" in bank.cashier.get("/").text
    [line] = bank.lines()
    assert "相符的应缴会费" in line
    assert shown(line, "roster") == number
    told = {"roster": number, "amount": shown(line, "amount")}
    url = bank.url()
    assert bank.supervisor.post(f"{url}/book", told).status_code == 403
    assert "已登记收据 DZ1-1" in bank.cashier.post(f"{url}/book", told).text
    assert "这一行已经办理" in bank.cashier.post(f"{url}/book", told).text
    bank.desk.work()
    assert bank.hall.state(number) == "covered"
    assert bank.receipts() == [("DZ1-1", 3 * OWN, date(2026, 6, 12))]
    # The bank tells of the same money in a notice too, in other words.
    again = bank.says(entry("240.00", "来账", number="A1"), kind="054", tag="Ntfctn")
    assert "1 行以前的对账单已有" in bank.load(again)
    assert list(bank.lines()) == []
    kept = f"/statements/kept/{hashlib.sha256(content).hexdigest()}"
    for screen in (bank.cashier, bank.supervisor, bank.auditor):
        assert kept in screen.get("/statements").text
        assert screen.get(kept).content == content
    promises_hold(bank.desk)


def test_a_fee_is_told_by_unit_and_sum_and_a_receipt_that_was_keyed_before_is_not_booked_again(
    bank: BankDesk,
) -> None:
    number = bank.hall.enrolled(workers(3))
    bank.load(
        bank.says(
            entry("240.00", "会费", UNIT),
            entry("240.00", "会费", UNIT),
            entry("9.00", "会费", UNIT),
        )
    )
    assert ["相符的应缴会费" in line for line in bank.lines()] == [True, True, False]
    bank.hall.pay(number, 3 * OWN, receipt="收0001")
    first, *_others = bank.lines()
    assert "相符的收据" in first
    tie = {"receipt": shown(first, "receipt")}
    assert "已与收据对上" in bank.cashier.post(f"{bank.url()}/tie", tie).text
    again, small = bank.lines()
    assert "相符" not in again + small
    assert "已经对过账" in bank.cashier.post(f"{bank.url()}/tie", tie).text
    # The other one is another transfer: the unit paid too much, or it is none of its fees.
    aside = bank.cashier.post(f"{bank.url()}/aside", {"reason": ""})
    assert "请写明理由" in aside.text
    bank.cashier.post(f"{bank.url()}/aside", {"reason": "单位误汇，已退"})
    assert len(list(bank.lines())) == 1
    assert bank.receipts() == [("收0001", 3 * OWN, date(2026, 6, 15))]
    promises_hold(bank.desk)


def test_a_fee_is_told_by_the_number_of_the_notice_to_renew_whoever_paid_it(bank: BankDesk) -> None:
    unit_id, ends_on = bank.hall.unit_id, date(2026, 6, 30)
    year = CoverYear(unit_id=unit_id, plan="main-2025", starts_on=date(2025, 7, 1), ends_on=ends_on)
    year.city = "长春市"
    with bank.desk.office.sessions.unit_of_work() as session:
        session.add(year)
        session.flush()
        notice = Renewal(unit_id=unit_id, cover_year_id=year.id, rung=0, due_on=ends_on)
        notice.issued_on, notice.number, notice.state = date(2026, 6, 1), 12, "posted"
        session.add(notice)
    number = bank.hall.enrolled(workers(3))
    words = "互助续保〔2026〕%s号会费"
    bank.load(bank.says(entry("240.00", words % 12, "张三"), entry("240.00", words % 13, "张三")))
    noticed, strange = bank.lines()
    assert shown(noticed, "roster") == number
    assert "张*" in noticed
    assert "相符" not in strange


def test_one_transfer_may_be_several_receipts_and_no_fen_more(bank: BankDesk) -> None:
    one = bank.hall.enrolled(workers(3))
    bank.load(bank.says(entry("300.00", "两份名册的会费", UNIT)))
    url = bank.url()
    over = {"roster": one, "amount": "300.01"}
    assert "最多还可登记 300.00 元" in bank.cashier.post(f"{url}/book", over).text
    assert "没有这份名册" in bank.cashier.post(f"{url}/book", over | {"roster": "CB1"}).text
    bank.cashier.post(f"{url}/book", {"roster": one, "amount": "240", "receipt": "收7"})
    [line] = bank.lines()
    assert "未登记 60.00 元" in line
    bank.desk.work()
    bank.cashier.post(f"{url}/book", {"roster": one, "amount": "60"})
    assert list(bank.lines()) == []
    assert [receipt[0] for receipt in bank.receipts()] == ["收7", "DZ1-2"]
    # A receipt that is taken back leaves its money of the line without one.
    bank.cashier.post(f"/enrolments/{one}/receipts/2/reverse", {"receipt": "冲1"})
    assert "未登记 60.00 元" in next(bank.lines())
    promises_hold(bank.desk)


def test_the_batches_of_payments_that_a_statement_tells_of_are_named(bank: BankDesk) -> None:
    handed_in(bank.desk)
    bank.desk.approve_all()
    bank.desk.released()
    with bank.desk.office.sessions.read_only() as session:
        paid = entry("600.00", session.scalars(select(Payment.reference)).one(), direction="DBIT")
    assert "批次 B20260615-01 的付款，请到各该批次载入同一文件" in bank.load(bank.says(paid))
    assert list(bank.lines()) == []
    assert "B20260615-01" in bank.auditor.get("/statements").text


def test_fees_and_interest_of_the_bank_are_offered_as_vouchers_that_another_person_books(
    bank: BankDesk,
) -> None:
    bank.load(
        bank.says(
            entry("12.50", "跨行汇款手续费", direction="DBIT"),
            entry("3.21", "", code="INTR"),
            entry("600.00", "HZ2026000001-1", "张三", direction="DBIT"),
        )
    )
    fee, interest, of_nobody = bank.lines()
    assert "请选择" in of_nobody, "a number of ours that no payment has says nothing of its cause"
    bank.cashier.post(f"{bank.url(2)}/aside", {"reason": "本办没有这笔付款，已询问银行"})
    assert '<option value="bank_fee" selected' in fee
    assert '<option value="interest" selected' in interest
    for cause in ("bank_fee", "interest"):
        told = {"cause": cause, "family": "main", "reason": "对账单"}
        assert "等另一人复核" in bank.cashier.post(f"{bank.url()}/voucher", told).text
    assert list(bank.lines()) == []
    bank.supervisor.post("/books/vouchers/1/refuse")
    [line] = bank.lines()
    assert "手续费" in line
    told = {"cause": "bank_fee", "family": "main", "reason": "对账单"}
    bank.cashier.post(f"{bank.url()}/voucher", told)
    for voucher in (2, 3):
        bank.supervisor.post(f"/books/vouchers/{voucher}/book")
    held = balances(bank.desk)
    assert (held["bank_fees"], held["interest"], held["bank"]) == (1250, -321, -929)
    promises_hold(bank.desk)


def test_the_closing_balance_of_a_statement_is_stated_with_its_file_and_agreed_to_by_another(
    bank: BankDesk,
) -> None:
    bank.desk.clock.pass_(days=16)
    content = bank.says(closing("0.00", "2026-06-29"), closing("12.50", "2026-06-30", "DBIT"))
    bank.load(content)
    assert reconciled(bank.cashier)[-2] == ("出纳填报的余额（未复核）", "", -12.5)
    html = bank.supervisor.get("/books/2026-06").text
    assert html.count(f"/statements/kept/{hashlib.sha256(content).hexdigest()}") == 2
    for day, mark in zip(("2026-06-29", "2026-06-30"), marks(html), strict=True):
        said = {"account": "1", "day": day, "shown": mark}
        assert "已复核" in bank.supervisor.post("/books/2026-06/statement/agree", said).text
    assert reconciled(bank.cashier)[-2] == ("银行对账单余额", "", -12.5)
    # What two people said is not taken away by another file that says the same.
    bank.load(bank.says(closing("12.50", "2026-06-30", "DBIT"), entry("1.00", "x")))
    assert reconciled(bank.cashier)[-2] == ("银行对账单余额", "", -12.5)
    promises_hold(bank.desk)


def marks(html: str) -> list[str]:
    return re.findall(r'name="shown" value="(\w+)"', html)


def test_what_is_no_statement_of_ours_is_refused_whole(bank: BankDesk) -> None:
    assert "不是银行对账单" in bank.load("户名,金额\n张三,1.00\n".encode())
    strange = statement_of("6222020000000000000", entry("1.00", "x"))
    assert "6222****0000" in bank.load(strange)
    assert "不是人民币" in bank.load(bank.says(entry("1.00", "x").replace('Ccy="CNY"', "")))
    assert "不是日期" in bank.load(bank.says(entry("1.00", "x", day="Friday")))
    assert list(bank.lines()) == []


def test_every_kind_of_line_is_a_cause_that_people_book_by_hand() -> None:
    assert kinds().keys() <= {cause.value for cause in BY_HAND}


def test_lines_that_only_look_like_ours_wait_for_a_person(bank: BankDesk) -> None:
    handed_in(bank.desk)
    bank.desk.approve_all()
    with bank.desk.office.sessions.read_only() as session:
        queued = session.scalars(select(Payment.reference)).one()
    bank.load(
        bank.says(
            entry("600.00", "HZ2026999999-1", "张三", direction="DBIT"),
            entry("88.00", "退回多付 HZ2026999998-2", "李四"),
            entry("600.00", queued, "张三", direction="DBIT"),
            entry("0.00", "手续费减免", direction="DBIT"),
        )
    )
    assert [found for line in bank.lines() for found in re.findall(r"¥(-?[\d.]+)", line)] == [
        "-600.00",
        "88.00",
        "-600.00",
    ]


def test_the_receipt_of_last_year_is_not_offered_as_the_money_of_this_one(bank: BankDesk) -> None:
    bank.hall = Hall.of(bank.desk, headcount=6, unit="第二机械厂")
    old = bank.hall.enrolled(workers(3))
    bank.hall.pay(old, 3 * OWN, date(2026, 1, 10), receipt="旧0001")
    bank.desk.work()
    new = bank.hall.enrolled(workers(3))
    bank.load(bank.says(entry("240.00", "会费", "第二机械厂")))
    [line] = bank.lines()
    assert "旧0001" not in line
    told = {"roster": new, "payer": "unit", "amount": "240.00"}
    with bank.desk.office.sessions.read_only() as session:
        receipt = session.scalars(select(FeeReceipt.id).filter_by(number="旧0001")).one()
    refused = bank.cashier.post(f"{bank.url()}/tie", {"receipt": str(receipt)}).text
    assert "相差超过 10 天" in refused
    assert "已登记收据" in bank.cashier.post(f"{bank.url()}/book", told).text
    assert list(bank.lines()) == []
    promises_hold(bank.desk)
