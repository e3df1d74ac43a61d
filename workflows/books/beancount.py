"""The books as a file of Beancount, which anybody's copy of that program adds up again.

Accounts are named by kind and place, transactions are the vouchers, and each account is asserted to
have the balance of its row on the day after the last voucher.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from language import _
from models import LedgerAccount, Posting, Voucher
from models.ledger import AccountKind
from rules.money import Fen, yuan
from workflows.books.causes import RULES, Cause
from workflows.books.chart import KINDS, Side

_ROOTS = {
    Side.ASSET: "Assets",
    Side.LIABILITY: "Liabilities",
    Side.EQUITY: "Equity",
    Side.INCOME: "Income",
    Side.EXPENSE: "Expenses",
}
_CURRENCY = "CNY"


def beancount(session: Session) -> Iterator[str]:
    """The lines of the file."""
    yield f'option "operating_currency" "{_CURRENCY}"'
    names = {each.id: _name(each) for each in session.scalars(select(LedgerAccount))}
    yield from _openings(session, names)
    last: date | None = None
    rows = session.execute(_POSTED)
    for _id, group in groupby(rows, key=lambda row: row.id):
        lines = list(group)
        voucher, last = lines[0], lines[0].day
        word = _(RULES[Cause(voucher.cause)].word)
        yield ""
        yield f'{voucher.day} * "{word}" "{voucher.month:%Y-%m} {voucher.number}"'
        for line in lines:
            yield f"  {names[line.account_id]}  {yuan(Fen(int(line.amount)))} {_CURRENCY}"
    if last is not None:
        yield from _balances(session, names, last + timedelta(days=1))


_POSTED = (
    select(
        Voucher.id,
        Voucher.day,
        Voucher.month,
        Voucher.number,
        Voucher.cause,
        Posting.account_id,
        func.sum(Posting.amount).label("amount"),
    )
    .join(Posting, Posting.voucher_id == Voucher.id)
    .group_by(Voucher.id, Posting.account_id)
    .order_by(Voucher.day, Voucher.number, Voucher.id, Posting.account_id)
)


def _openings(session: Session, names: dict[int, str]) -> Iterator[str]:
    """Each account on the first day on which something is posted to it."""
    first = (
        select(Posting.account_id, func.min(Voucher.day))
        .join(Voucher, Voucher.id == Posting.voucher_id)
        .group_by(Posting.account_id)
        .order_by(Posting.account_id)
    )
    for account_id, day in session.execute(first):
        yield f"{day} open {names[account_id]} {_CURRENCY}"


def _balances(session: Session, names: dict[int, str], day: date) -> Iterator[str]:
    yield ""
    posted = LedgerAccount.id.in_(select(Posting.account_id))
    for each in session.scalars(select(LedgerAccount).where(posted).order_by(LedgerAccount.id)):
        yield f"{day} balance {names[each.id]}  {yuan(each.balance)} {_CURRENCY}"


def _name(account: LedgerAccount) -> str:
    """A name of Beancount: parts of letters, digits and dashes that begin with a capital."""
    kind = AccountKind(account.kind)
    parts = [_ROOTS[KINDS[kind].side], _part(kind.value)]
    if account.family is not None:
        parts.append(_part(account.family))
    if account.paying_account_id is not None:
        parts.append(f"Account{account.paying_account_id}")
    if account.period_start is not None:
        parts.append(f"From{account.period_start:%Y%m%d}")
    if account.unit_id is not None:
        parts.append(f"Unit{account.unit_id}")
    return ":".join(parts)


def _part(word: str) -> str:
    return word[:1].upper() + word[1:].replace("_", "-")
