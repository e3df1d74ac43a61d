"""What the office owes and is owed at a month's end (往来明细): the claims and units by name that
its balances are made of."""

from datetime import date
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console import formatting
from console.queries.book_tables import PlaceWords, fen, statement
from console.queries.books import as_read
from documents.tables import Table, TableCell, TableColumn
from language import _
from models import Claim, Entitlement, LedgerAccount, Member, Posting, Unit, Voucher
from models.ledger import AccountKind
from workflows.books.chart import KINDS
from workflows.books.months import last_of

_KINDS = (
    AccountKind.PAYABLE,
    AccountKind.IN_TRANSIT,
    AccountKind.RETURNED,
    AccountKind.RECOVERABLE,
    AccountKind.PREPAID_FEES,
    AccountKind.SUBSIDY_DUE,
)


def open_items(session: Session, month: date) -> Table:
    """Each sum that is open at the month's end, and what those of a kind of account come to."""
    words, debit = PlaceWords(session), func.sum(Posting.amount)
    whose = (LedgerAccount.kind, LedgerAccount.family, Claim.number, Unit.name, Member.name)
    rows = session.execute(
        select(*whose, debit)
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .join(Voucher, Voucher.id == Posting.voucher_id)
        .outerjoin(Entitlement, Entitlement.id == Posting.entitlement_id)
        .outerjoin(Claim, Claim.id == Entitlement.claim_id)
        .outerjoin(Member, Member.id == Entitlement.member_id)
        .outerjoin(Unit, Unit.id == LedgerAccount.unit_id)
        .where(LedgerAccount.kind.in_(_KINDS), Voucher.day <= last_of(month))
        .group_by(*whose, Unit.id)
        .having(debit != 0)
        .order_by(*whose)
    )
    in_order = sorted(rows, key=lambda row: _KINDS.index(AccountKind(row[0])))
    lines: list[tuple[TableCell, ...]] = []
    for kind, own in groupby(in_order, key=lambda row: AccountKind(row[0])):
        told, total = KINDS[kind], 0
        for _kind, family, number, unit, member, amount in own:
            open_ = as_read(told.side, int(amount))
            total += open_
            name = formatting.name(member) if member else None
            lines.append((_(told.word), words.plan(family), number or unit, name, open_))
        lines.append((_(told.word), None, _("合计"), None, total))
    columns = (
        TableColumn(_("科目"), width=14),
        TableColumn(_("计划"), width=30),
        TableColumn(_("案件或单位"), width=30),
        TableColumn(_("会员"), width=10),
        fen(_("金额（元）")),
    )
    return statement(_("往来明细表"), month, columns, lines)
