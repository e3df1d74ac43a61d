"""The reconciliation of the bank (余额调节表): what it says beside the books, and each payment that
explains the difference by name."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import formatting
from console.queries.book_tables import fen, statement
from documents.tables import Shape, Table, TableCell, TableColumn
from language import _
from models import BankStatement, StatedBalance, User
from models.machines.money import PAYMENT
from models.states import PaymentState
from rules.money import Fen
from workflows.books.bank_places import account_names
from workflows.books.months import last_of
from workflows.books.reconciled import UnderWay, reconciled_accounts
from workflows.books.stated_balances import mark_of_balance, waiting_balances
from workflows.engine.office import BEIJING
from workflows.people.persons import own_accounts


def reconciliation(session: Session, month: date) -> Table:
    """For each account: the books, the payments that the bank had not answered by then, the bank's
    own balance, and what of the difference no payment explains that it credited later."""
    names = account_names(session)
    lines: list[tuple[TableCell, ...]] = []
    for each in reconciled_accounts(session, last_of(month)):
        said, name = each.said, names[each.account_id]
        sums = [(_balance_word(said), said.balance if said else None)]
        if each.unexplained is not None:
            sums.append((_("未解释的差额"), each.unexplained))
        lines.append((name, _("账面余额"), None, None, None, each.books))
        lines += [(name, *_told(payment)) for payment in each.under_way]
        lines += [(name, word, None, None, None, sum_) for word, sum_ in sums]
    columns = (
        TableColumn(_("付款账户"), width=28),
        TableColumn(_("项目"), width=26),
        TableColumn(_("付款编号"), width=20),
        TableColumn(_("会员"), width=10),
        TableColumn(_("报盘日期"), Shape.DAY, 12),
        fen(_("金额（元）")),
    )
    note = _("账面余额减去后来到账的付款，应等于银行对账单余额；尚未答复的付款银行也可能已付")
    return statement(_("余额调节表"), month, columns, lines, (note,))


def _told(payment: UnderWay) -> tuple[TableCell, ...]:
    words = {"state": _(PAYMENT.states[PaymentState(payment.state)])}
    day = payment.released_at.astimezone(BEIJING).date()
    what = _("当时未答复，现为%(state)s") % words
    return (what, payment.reference, formatting.name(payment.member), day, -payment.amount)


def _balance_word(said: StatedBalance | None) -> str:
    is_keyed_only = said is not None and said.agreed_by is None
    return _("出纳填报的余额（未复核）") if is_keyed_only else _("银行对账单余额")


@dataclass(frozen=True)
class WaitingBalance:
    """What a cashier keyed and nobody has agreed to yet; `sha256` is the bank's file that says so,
    None where it came on paper."""

    day: date
    account_id: int
    account: str
    balance: Fen
    by_me: bool
    sha256: str | None
    mark: str


def balances_to_agree(session: Session, person: User, month: date) -> list[WaitingBalance]:
    """What waits for a second person in this month."""
    names, own = account_names(session), own_accounts(session, person)
    files = dict(session.execute(select(BankStatement.id, BankStatement.sha256)).all())
    return [
        WaitingBalance(
            each.day,
            each.paying_account_id,
            names[each.paying_account_id],
            each.balance,
            each.stated_by in own,
            files.get(each.statement_id or 0),
            mark_of_balance(each),
        )
        for each in waiting_balances(session)
        if each.day.replace(day=1) == month
    ]
