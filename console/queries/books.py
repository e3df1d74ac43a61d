"""The books, as cashiers, supervisors and auditors see them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.queries.paying_accounts import families
from language import _
from models import (
    BookMonth,
    Books,
    LedgerAccount,
    ManualVoucher,
    User,
)
from rules.money import Fen
from workflows.books.bank_places import account_names, bank_code, bank_places
from workflows.books.causes import RULES, Cause
from workflows.books.chart import KINDS, BookPlace, Side
from workflows.books.funds import funds
from workflows.books.months import first_open, mark_of_reopening, month_end_doubts, next_to_close
from workflows.opening.opening import mark_of_opening
from workflows.people.persons import own_accounts


@dataclass(frozen=True)
class FundRow:
    """What one account holds for one plan; `stated` is what a person says that it holds."""

    code: str
    plan: str
    account: str
    balance: Fen
    free: Fen
    stated: Fen | None


@dataclass(frozen=True)
class BalanceRow:
    """What all accounts of one kind hold, as people read it: income and debts above zero."""

    word: str
    side: Side
    amount: Fen


@dataclass(frozen=True)
class MonthLine:
    """One month with its vouchers."""

    first_on: date
    vouchers: int
    is_closed: bool


@dataclass(frozen=True)
class ProposedVoucher:
    """A voucher that waits for another person to book it."""

    id: int
    day: date
    cause: str
    plan: str
    account: str
    amount: Fen
    reason: str
    asked_by: str
    by_me: bool


@dataclass(frozen=True)
class BooksView:
    """The page of the books."""

    is_waiting: bool
    is_opened: bool
    funds: Sequence[FundRow]
    balances: Sequence[BalanceRow]
    months: Sequence[MonthLine]
    first_open: date | None
    next_month: date | None
    doubts: Sequence[str]
    closed_last: date | None
    reopening: str
    reopening_by_me: bool
    reopening_mark: str
    opening_by: str
    opening_by_me: bool
    opening_mark: str
    by_hand: Sequence[ProposedVoucher]


def books_view(session: Session, person: User, today: date) -> BooksView:
    """Balances, funds and months, and what waits for a second person."""
    books, own = session.get(Books, 1) or Books(id=1), own_accounts(session, person)
    stater = session.get(User, books.opening_asked_by) if books.opening_asked_by else None
    through, closing = books.closed_through, next_to_close(session, books, today)
    return BooksView(
        is_waiting=_is_waiting(session, books),
        is_opened=books.opened_at is not None,
        funds=list(_funds(session, books.opening or {})),
        balances=list(_balances(session)),
        months=list(_months(session, through)),
        first_open=first_open(books),
        next_month=closing,
        doubts=month_end_doubts(session, closing) if closing else (),
        closed_last=through.replace(day=1) if through else None,
        reopening=books.reopen_reason or "",
        reopening_by_me=books.reopen_asked_by in own,
        reopening_mark=mark_of_reopening(books),
        opening_by=stater.name if stater else "",
        opening_by_me=books.opening_asked_by in own,
        opening_mark=mark_of_opening(books),
        by_hand=list(_proposed(session, own)),
    )


def _proposed(session: Session, own: Collection[int]) -> Iterator[ProposedVoucher]:
    names, words = account_names(session), families()
    waiting = select(ManualVoucher, User.name).join(User, User.id == ManualVoucher.asked_by)
    waiting = waiting.where(ManualVoucher.is_booked.is_(None)).order_by(ManualVoucher.id)
    for each, asked_by in session.execute(waiting):
        yield ProposedVoucher(
            id=each.id,
            day=each.day,
            cause=_(RULES[Cause(each.cause)].word),
            plan=words.get(each.family, each.family),
            account=names[each.paying_account_id],
            amount=each.amount,
            reason=each.reason,
            asked_by=asked_by,
            by_me=each.asked_by in own,
        )


def _is_waiting(session: Session, books: Books) -> bool:
    return books in session and books.first_on is None


def _funds(session: Session, stated: Mapping[str, int]) -> Iterator[FundRow]:
    known = {(each.family, each.paying_account_id): each for each in funds(session)}
    names, words = account_names(session), families()
    for place in bank_places(session):
        fund, code = known.get((place.family or "", place.paying_account_id)), bank_code(place)
        yield FundRow(
            code=code,
            plan=words.get(place.family or "", place.family or ""),
            account=names.get(place.paying_account_id, "—"),
            balance=fund.balance if fund else Fen(0),
            free=fund.free if fund else Fen(0),
            stated=Fen(stated[code]) if code in stated else None,
        )


def limited_funds(session: Session) -> list[FundRow]:
    """What is free at the bank, once no batch may be larger than that."""
    names, words = account_names(session), families()
    return [
        FundRow(
            code=bank_code(BookPlace(each.family, each.paying_account_id)),
            plan=words.get(each.family, each.family),
            account=names.get(each.paying_account_id, "—"),
            balance=each.balance,
            free=each.free,
            stated=None,
        )
        for each in funds(session)
        if each.is_limited and (each.balance or each.free)
    ]


def _balances(session: Session) -> Iterator[BalanceRow]:
    query = select(LedgerAccount.kind, func.sum(LedgerAccount.balance))
    sums = dict(session.execute(query.group_by(LedgerAccount.kind)).all())
    for kind, told in KINDS.items():
        if kind in sums:
            yield BalanceRow(_(told.word), told.side, Fen(as_read(told.side, int(sums[kind]))))


def as_read(side: Side, debit: int) -> int:
    """A balance as people read it: income and debts above zero."""
    return debit if side in (Side.ASSET, Side.EXPENSE) else -debit


def _months(session: Session, through: date | None) -> Iterator[MonthLine]:
    for each in session.scalars(select(BookMonth).order_by(BookMonth.first_on.desc())):
        is_closed = through is not None and each.first_on <= through
        yield MonthLine(each.first_on, each.vouchers, is_closed)
