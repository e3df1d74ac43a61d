"""The payout ratio (赔付率) by plan, cover period and unit, from the books up to a month's end."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.queries.book_tables import PlaceWords, fen, statement
from documents.tables import Shape, Table, TableColumn
from language import _
from models import LedgerAccount, Posting, Unit, Voucher
from models.ledger import AccountKind
from workflows.books.months import last_of

_KINDS = (AccountKind.FEES, AccountKind.SUBSIDY, AccountKind.BENEFITS, AccountKind.RELIEF)


def payout_ratios(session: Session, month: date) -> Table:
    """What was earned and granted for each cover period since it began; the ratio is benefits over
    fees."""
    words = PlaceWords(session)
    place = (LedgerAccount.family, LedgerAccount.period_start, Unit.name)
    sums = [func.sum(Posting.amount).filter(LedgerAccount.kind == kind) for kind in _KINDS]
    rows = session.execute(
        select(*place, *(func.coalesce(sum_, 0) for sum_ in sums))
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .join(Voucher, Voucher.id == Posting.voucher_id)
        .join(Unit, Unit.id == LedgerAccount.unit_id)
        .where(LedgerAccount.kind.in_(_KINDS), Voucher.day <= last_of(month))
        .group_by(*place, Unit.id)
        .order_by(*place, Unit.id)
    )
    lines = []
    for family, begins, unit, *amounts in rows:
        earned, subsidy, benefits, relief = (int(amount) for amount in amounts)
        fees = -earned
        ratio = benefits * 10_000 // fees if fees > 0 else None
        lines.append((words.plan(family), begins, unit, fees, -subsidy, benefits, relief, ratio))
    columns = (
        TableColumn(_("计划"), width=30),
        TableColumn(_("保障期起"), Shape.DAY, 12),
        TableColumn(_("单位"), width=30),
        *map(fen, (_("会费（元）"), _("补助（元）"), _("互助金（元）"), _("二次救助（元）"))),
        TableColumn(_("赔付率"), Shape.BASIS_POINTS, 10),
    )
    return statement(_("赔付率表"), month, columns, lines)
