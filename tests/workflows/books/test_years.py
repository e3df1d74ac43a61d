"""Month after month of an office with its month ends: what is closed does not change any more.

`make years` walks five years; the suite takes three months.
"""

import os
from datetime import UTC, date, datetime
from random import Random

from beancount import loader

from console.queries import statistics
from console.queries.bank_reconciliation import reconciliation
from console.queries.month_statements import statements_of
from documents.tables import Table, TableCell
from models import Books, User
from models.people import Role
from rules.money import Fen
from tests.desk import Desk, handed_in, promises_hold
from tests.workflows.claims.paying.test_bank_reply import bank_says, settled
from tests.workflows.claims.paying.test_bank_reply import load as load_reply
from workflows.books import by_hand, months
from workflows.books.beancount import beancount
from workflows.books.by_hand import ToldVoucher
from workflows.books.causes import Cause
from workflows.books.stated_balances import state_balance
from workflows.claims.paying import late_returns
from workflows.day_proof.day_proof import prove_day

MONTHS = int(os.environ.get("MONTHS", "3"))
PLACE, RETURNED, PAID = "bank:main:1", "3031", 60_000


class SlowBank:
    """What the bank does with one payment of each month, and what it holds, in fen."""

    def __init__(self, draw: Random) -> None:
        self.held, self._draw = 0, draw

    def does(self) -> str:
        """It pays and says so at once or next month, sends back, or takes back next month."""
        act = self._draw.choice(("pays", "pays late", "sends back", "takes back"))
        self.held -= 0 if act == "sends back" else PAID
        return act


def test_closed_months_stay_as_they_were_while_the_bank_answers_late(desk: Desk) -> None:
    bank, cashier = SlowBank(Random(os.environ.get("SEED", "1"))), desk.user(Role.CASHIER)
    one, other = desk.user(Role.SUPERVISOR), desk.user(Role.SUPERVISOR)
    with desk.office.sessions.unit_of_work() as session:
        session.add(Books(id=1, first_on=date(2026, 7, 1)))
    closed: dict[date, list[Table]] = {}
    left: tuple[str, int, str] | None = None
    for month in (date(2026 + n // 12, n % 12 + 1, 1) for n in range(6, 6 + MONTHS)):
        desk.clock.now = datetime(month.year, month.month, 20, 2, tzinfo=UTC)
        book(desk, cashier, one, month)
        bank.held += 100_000 - 350
        if left:
            answered_late(desk, cashier, other, *left)
            bank.held += PAID if left[0] == "takes back" else 0
        left = paid(desk, cashier, month, bank)
        desk.clock.pass_(days=17)
        closed[month] = closed_month(desk, cashier, one, month, bank.held)
    for month, tables in closed.items():
        assert told(desk, month) == tables, month
    promises_hold(desk)
    with desk.office.sessions.read_only() as session:
        assert loader.load_string("\n".join(beancount(session)))[1] == []


def book(desk: Desk, cashier: User, supervisor: User, month: date) -> None:
    """Money moves into the fund, and the bank takes its fee."""
    for cause, amount in ((Cause.FUNDS_MOVED, 100_000), (Cause.BANK_FEE, 350)):
        keyed = ToldVoucher(cause, PLACE, month, Fen(amount), "回单")
        with desk.office.sessions.unit_of_work() as session:
            voucher = by_hand.propose_voucher(session, desk.office, cashier, keyed)
        with desk.office.sessions.unit_of_work() as session:
            by_hand.book_voucher(session, desk.office, supervisor, voucher.id)


def paid(desk: Desk, cashier: User, month: date, bank: SlowBank) -> tuple[str, int, str] | None:
    """A stay of this month is paid as the bank does it; what it says of it next month, if any."""
    year = (date(month.year, 1, 1), date(month.year, 12, 31))
    person = desk.member("张三", covered=year)
    stay = {"admitted": f"{month:%Y-%m}-02", "discharged": f"{month:%Y-%m}-14"}
    handed_in(desk, person, **stay)
    desk.approve_all()
    batch_id, act = desk.released(), bank.does()
    with desk.office.sessions.read_only() as session:
        assert {d.station for d in prove_day(session, desk.office, desk.office.today()).differences}
    said = bank_says(desk, batch_id, {person.card: RETURNED} if act == "sends back" else {})
    if act != "pays late":
        load_reply(desk, cashier, batch_id, said)
    with desk.office.sessions.read_only() as session:
        assert prove_day(session, desk.office, desk.office.today()).differences == []
    return (act, batch_id, person.card) if act in ("pays late", "takes back") else None


def answered_late(
    desk: Desk, cashier: User, supervisor: User, act: str, batch_id: int, card: str
) -> None:
    """The bank's answer of last month's payment comes, or takes the first one back."""
    results = {card: "3056"} if act == "takes back" else {}
    load_reply(desk, cashier, batch_id, bank_says(desk, batch_id, results))
    if act == "takes back":
        settled(desk, supervisor, late_returns.confirm_return)


def closed_month(desk: Desk, cashier: User, one: User, month: date, held: int) -> list[Table]:
    """The month is reconciled with the bank and closed; what its statements say then."""
    last = months.last_of(month)
    with desk.office.sessions.unit_of_work() as session:
        state_balance(session, desk.office, cashier, 1, last, Fen(held))
        table = reconciliation(session, month)
        under_way = [line[5] for line in table.lines if line[2]]
        assert table.lines[-1][5] == (under_way[0] if under_way else 0), month
    with desk.office.sessions.unit_of_work() as session:
        doubts = months.month_end_doubts(session, month)
        months.close_month(session, desk.office, one, month, "；".join(doubts))
    return told(desk, month)


def told(desk: Desk, month: date) -> list[Table]:
    """The statements of a month that a later answer must not change, and the public list's part."""
    with desk.office.sessions.read_only() as session:
        published = statistics.published(session, month.year)
        of_month: list[tuple[TableCell, ...]] = [
            (line.unit, line.name, line.amount) for line in published if line.month == month.month
        ]
        return [*statements_of(session, month)[:-1], Table("", "", (), of_month)]
