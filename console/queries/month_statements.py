"""The statements of a month (报表), each a table that is shown, printed and sent alike."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import ColumnElement, case, false, func, select
from sqlalchemy.orm import Session

from console.queries.bank_reconciliation import reconciliation
from console.queries.book_tables import PlaceWords, fen, place_columns, statement
from console.queries.books import as_read
from console.queries.open_items import open_items
from console.queries.payout_ratios import payout_ratios
from documents.tables import Shape, Table, TableCell, TableColumn
from language import _
from models import Books, LedgerAccount, Posting, User, Voucher
from models.ledger import AccountKind
from workflows.books.causes import RULES, Cause
from workflows.books.chart import KINDS, Side
from workflows.books.months import last_of
from workflows.books.reconciled import held_before
from workflows.engine.office import BEIJING


def statements_of(session: Session, month: date) -> list[Table]:
    """Every statement of the month that begins on this day."""
    return [make(session, month) for make in _STATEMENTS]


def vouchers(session: Session, month: date) -> Table:
    """The vouchers of a month by their numbers."""
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
    lines: list[tuple[TableCell, ...]] = []
    for voucher, author, total in rows:
        rule = RULES[Cause(voucher.cause)]
        debit, credit = (_(KINDS[kind].word) for kind in (rule.debit, rule.credit))
        what = (voucher.number, voucher.day, _(rule.word))
        lines.append((*what, debit, credit, int(total or 0), author or ""))
    columns = (
        TableColumn(_("凭证号"), Shape.COUNT, 8),
        TableColumn(_("日期"), Shape.DAY, 12),
        TableColumn(_("摘要"), width=22),
        TableColumn(_("借方科目"), width=18),
        TableColumn(_("贷方科目"), width=18),
        fen(_("金额（元）")),
        TableColumn(_("经办人"), width=12),
    )
    return statement(_("记账凭证清单"), month, columns, lines)


def bank_journal(session: Session, month: date) -> Table:
    """What came and went at the bank in a month, each account by days, and what it held then."""
    held, words = held_before(session, month), PlaceWords(session)
    rows = session.execute(
        select(Voucher, LedgerAccount, func.sum(Posting.amount))
        .join(Posting, Posting.voucher_id == Voucher.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerAccount.kind == AccountKind.BANK, Voucher.month == month)
        .group_by(Voucher.id, LedgerAccount.id)
        .order_by(LedgerAccount.code, Voucher.day, Voucher.number)
    )
    lines: list[tuple[TableCell, ...]] = []
    for voucher, account, amount in rows:
        moved = int(amount)
        held[account.id] = held.get(account.id, 0) + moved
        what = (voucher.day, voucher.number, _(RULES[Cause(voucher.cause)].word))
        sums = (max(0, moved) or None, max(0, -moved) or None, held[account.id])
        lines.append((*words.of(account), *what, *sums))
    columns = (
        *place_columns(),
        TableColumn(_("日期"), Shape.DAY, 12),
        TableColumn(_("凭证号"), Shape.COUNT, 8),
        TableColumn(_("摘要"), width=22),
        *map(fen, (_("收入（元）"), _("支出（元）"), _("余额（元）"))),
    )
    return statement(_("银行存款日记账"), month, columns, lines)


def fund_statement(session: Session, month: date) -> Table:
    """What each fund held when the month began, what came and went, and what it held at the end."""
    held, words = held_before(session, month), PlaceWords(session)
    came, went = (func.sum(Posting.amount).filter(which) for which in (_CAME, ~_CAME))
    of_month = (
        select(Posting.account_id, func.coalesce(came, 0), func.coalesce(-went, 0))
        .join(Voucher, Voucher.id == Posting.voucher_id)
        .where(Voucher.month == month)
        .group_by(Posting.account_id)
    )
    moved = {id_: (int(in_), int(out)) for id_, in_, out in session.execute(of_month)}
    at_the_bank = select(LedgerAccount).filter_by(kind=AccountKind.BANK.value)
    lines = []
    for account in session.scalars(at_the_bank.order_by(LedgerAccount.code)):
        before, (in_, out) = held.get(account.id, 0), moved.get(account.id, (0, 0))
        lines.append((*words.of(account), before, in_, out, before + in_ - out))
    headings = (_("月初（元）"), _("收入（元）"), _("支出（元）"), _("月末（元）"))
    return statement(_("资金变动表"), month, (*place_columns(), *map(fen, headings)), lines)


_CAME = Posting.amount > 0


def income_statement(session: Session, month: date) -> Table:
    """Income and expense by plan, of the month and since the year began; what was there when the
    books were opened counts for neither."""
    books, words = session.get(Books, 1) or Books(id=1), PlaceWords(session)
    amount = func.sum(Posting.amount)
    query = (
        select(
            LedgerAccount.family,
            LedgerAccount.kind,
            func.coalesce(amount.filter(Voucher.month == month), 0),
            amount,
        )
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .join(Voucher, Voucher.id == Posting.voucher_id)
        .where(Voucher.day.between(month.replace(month=1), last_of(month)))
        .where(LedgerAccount.kind.in_(_TOLD), ~_was_there_before(books))
        .group_by(LedgerAccount.family, LedgerAccount.kind)
    )
    found = {(family or "", kind): sums for family, kind, *sums in session.execute(query)}
    lines: list[tuple[TableCell, ...]] = []
    for family in sorted({family for family, _kind in found}):
        for kind in _TOLD:
            told = KINDS[kind]
            if sums := found.get((family, kind.value)):
                read = (as_read(told.side, int(sum_)) for sum_ in sums)
                lines.append((words.plan(family), _(told.word), *read))
    columns = (
        TableColumn(_("计划"), width=30),
        TableColumn(_("项目"), width=18),
        *map(fen, (_("本月（元）"), _("本年累计（元）"))),
    )
    return statement(_("收入支出表"), month, columns, lines)


_TOLD = [kind for kind, told in KINDS.items() if told.side in (Side.INCOME, Side.EXPENSE)]


def _was_there_before(books: Books) -> ColumnElement[bool]:
    """Vouchers of what an older database held on the day on which its books were opened."""
    opened_at = books.opened_at
    if opened_at is None or books.first_on != opened_at.astimezone(BEIJING).date():
        return false()
    return Voucher.made_at <= opened_at


_STATEMENTS: tuple[Callable[[Session, date], Table], ...] = (
    vouchers,
    bank_journal,
    fund_statement,
    income_statement,
    payout_ratios,
    open_items,
    reconciliation,
)
