"""The books, as cashiers, supervisors and auditors see them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, false, func, select
from sqlalchemy.orm import Session

from console.queries.paying_accounts import families
from documents.masks import mask_card
from language import _
from models import BookMonth, Books, LedgerAccount, PayingAccount, Posting, User, Voucher
from models.ledger import AccountKind
from rules.money import Fen
from workflows.books.causes import RULES, Cause
from workflows.books.chart import KINDS, BookPlace, Side
from workflows.books.funds import funds
from workflows.books.months import last_of, mark_of_reopening, next_to_close
from workflows.engine.office import BEIJING
from workflows.opening.opening import bank_code, bank_places, mark_of_opening
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
class BooksView:
    """The page of the books."""

    is_waiting: bool
    is_opened: bool
    funds: Sequence[FundRow]
    balances: Sequence[BalanceRow]
    months: Sequence[MonthLine]
    next_month: date | None
    closed_last: date | None
    reopening: str
    reopening_by_me: bool
    reopening_mark: str
    opening_by: str
    opening_by_me: bool
    opening_mark: str


def books_view(session: Session, person: User) -> BooksView:
    """Balances, funds and months, and what waits for a second person."""
    books, own = session.get(Books, 1) or Books(id=1), own_accounts(session, person)
    stater = session.get(User, books.opening_asked_by) if books.opening_asked_by else None
    through = books.closed_through
    return BooksView(
        is_waiting=_is_waiting(session, books),
        is_opened=books.opened_at is not None,
        funds=list(_funds(session, books.opening or {})),
        balances=list(_balances(session)),
        months=list(_months(session, through)),
        next_month=next_to_close(books),
        closed_last=through.replace(day=1) if through else None,
        reopening=books.reopen_reason or "",
        reopening_by_me=books.reopen_asked_by in own,
        reopening_mark=mark_of_reopening(books),
        opening_by=stater.name if stater else "",
        opening_by_me=books.opening_asked_by in own,
        opening_mark=mark_of_opening(books),
    )


def _is_waiting(session: Session, books: Books) -> bool:
    return books in session and books.first_on is None


def _funds(session: Session, stated: Mapping[str, int]) -> Iterator[FundRow]:
    known = {(each.family, each.paying_account_id): each for each in funds(session)}
    names, words = _account_names(session), families()
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
    names, words = _account_names(session), families()
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
        if each.is_limited and each.balance
    ]


def _account_names(session: Session) -> dict[int | None, str]:
    query = select(PayingAccount.id, PayingAccount.bank, PayingAccount.account)
    return {id_: f"{bank} {mask_card(number)}" for id_, bank, number in session.execute(query)}


def _balances(session: Session) -> Iterator[BalanceRow]:
    query = select(LedgerAccount.kind, func.sum(LedgerAccount.balance))
    sums = dict(session.execute(query.group_by(LedgerAccount.kind)).all())
    for kind, told in KINDS.items():
        if kind in sums:
            yield BalanceRow(_(told.word), told.side, Fen(_signed(told.side, int(sums[kind]))))


def _signed(side: Side, debit: int) -> int:
    return debit if side in (Side.ASSET, Side.EXPENSE) else -debit


def _months(session: Session, through: date | None) -> Iterator[MonthLine]:
    for each in session.scalars(select(BookMonth).order_by(BookMonth.first_on.desc())):
        is_closed = through is not None and each.first_on <= through
        yield MonthLine(each.first_on, each.vouchers, is_closed)


@dataclass(frozen=True)
class VoucherRow:
    """One voucher: what happened, and how much of it went from which account to which."""

    number: int
    day: date
    cause: str
    debit: str
    credit: str
    amount: Fen
    subject: str
    author: str


def vouchers(session: Session, month: date) -> Iterator[VoucherRow]:
    """The vouchers of the month that begins on this day, by their numbers."""
    debited = case(
        *((Voucher.cause == cause.value, rule.debit.value) for cause, rule in RULES.items())
    )
    amount = func.sum(Posting.amount).filter(LedgerAccount.kind == debited)
    rows = session.execute(
        select(Voucher, User.name, amount)
        .join(Posting, Posting.voucher_id == Voucher.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .outerjoin(User, User.id == Voucher.author_id)
        .where(Voucher.month == month)
        .group_by(Voucher.id, User.name)
        .order_by(Voucher.number)
    )
    for voucher, author, total in rows:
        rule = RULES[Cause(voucher.cause)]
        yield VoucherRow(
            number=voucher.number,
            day=voucher.day,
            cause=_(rule.word),
            debit=_(KINDS[rule.debit].word),
            credit=_(KINDS[rule.credit].word),
            amount=Fen(int(total or 0)),
            subject=f"{voucher.subject} {voucher.subject_id}",
            author=author or "",
        )


@dataclass(frozen=True)
class JournalRow:
    """One movement at the bank, and what the account held after it."""

    day: date
    number: int
    cause: str
    plan: str
    account: str
    came: Fen
    went: Fen
    balance: Fen


def bank_journal(session: Session, month: date) -> Iterator[JournalRow]:
    """The journal of the bank (银行存款日记账) of a month: each account by days."""
    at_bank = LedgerAccount.kind == AccountKind.BANK
    moved = func.sum(Posting.amount)
    held = dict(_bank_sums(session, Voucher.day < month))
    names, words = _account_names(session), families()
    rows = session.execute(
        select(Voucher, LedgerAccount, moved)
        .join(Posting, Posting.voucher_id == Voucher.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(at_bank, Voucher.month == month)
        .group_by(Voucher.id, LedgerAccount.id)
        .order_by(LedgerAccount.code, Voucher.day, Voucher.number)
    )
    for voucher, account, amount in rows:
        held[account.id] = held.get(account.id, 0) + int(amount)
        yield JournalRow(
            day=voucher.day,
            number=voucher.number,
            cause=_(RULES[Cause(voucher.cause)].word),
            plan=words.get(account.family or "", account.family or ""),
            account=names.get(account.paying_account_id, "—"),
            came=Fen(max(0, int(amount))),
            went=Fen(max(0, -int(amount))),
            balance=Fen(held[account.id]),
        )


def _bank_sums(session: Session, *which: ColumnElement[bool]) -> Iterator[tuple[int, int]]:
    rows = session.execute(
        select(Posting.account_id, func.sum(Posting.amount))
        .join(Voucher, Voucher.id == Posting.voucher_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerAccount.kind == AccountKind.BANK, *which)
        .group_by(Posting.account_id)
    )
    return ((account_id, int(amount)) for account_id, amount in rows)


@dataclass(frozen=True)
class StatementRow:
    """One line of income or expense of a plan: of the month, and since the year began."""

    plan: str
    word: str
    side: Side
    in_month: Fen
    in_year: Fen


def _was_there_before(books: Books) -> ColumnElement[bool]:
    """Vouchers of what an older database held on the day on which its books were opened."""
    opened_at = books.opened_at
    if opened_at is None or books.first_on != opened_at.astimezone(BEIJING).date():
        return false()
    return Voucher.made_at <= opened_at


def income_statement(session: Session, month: date) -> Iterator[StatementRow]:
    """Income and expense (收入支出表) by plan; what was there when the books were opened counts
    for neither."""
    books = session.get(Books, 1) or Books(id=1)
    amount = func.sum(Posting.amount)
    last, words = last_of(month), families()
    query = (
        select(
            LedgerAccount.family,
            LedgerAccount.kind,
            func.coalesce(amount.filter(Voucher.month == month), 0),
            func.coalesce(amount, 0),
        )
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .join(Voucher, Voucher.id == Posting.voucher_id)
        .where(Voucher.day.between(month.replace(month=1), last))
        .where(~_was_there_before(books))
        .group_by(LedgerAccount.family, LedgerAccount.kind)
    )
    found = {(family, kind): sums for family, kind, *sums in session.execute(query)}
    for family in sorted({family or "" for family, _kind in found}):
        for kind, told in KINDS.items():
            is_told = told.side in (Side.INCOME, Side.EXPENSE)
            if is_told and (sums := found.get((family, kind.value))):
                in_month, in_year = (Fen(_signed(told.side, int(each))) for each in sums)
                plan = words.get(family, family)
                yield StatementRow(plan, _(told.word), told.side, in_month, in_year)
