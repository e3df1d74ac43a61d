"""A month of the books as spreadsheets."""

from collections.abc import Sequence
from datetime import date

from console.queries.books import JournalRow, StatementRow, VoucherRow
from documents.tables import Shape, Table, TableColumn
from language import _


def tables(
    month: date,
    vouchers: Sequence[VoucherRow],
    journal: Sequence[JournalRow],
    statement: Sequence[StatementRow],
) -> list[Table]:
    """A sheet for each: the vouchers, the journal of the bank, income and expense."""
    words = {"month": f"{month:%Y-%m}"}
    return [
        _vouchers(_("%(month)s 记账凭证清单") % words, vouchers),
        _journal(_("%(month)s 银行存款日记账") % words, journal),
        _statement(_("%(month)s 收入支出表") % words, statement),
    ]


def _vouchers(title: str, rows: Sequence[VoucherRow]) -> Table:
    return Table(
        name=_("记账凭证清单"),
        title=title,
        columns=(
            TableColumn(_("凭证号"), Shape.COUNT, 8),
            TableColumn(_("日期"), Shape.DAY, 12),
            TableColumn(_("摘要"), width=22),
            TableColumn(_("借方科目"), width=18),
            TableColumn(_("贷方科目"), width=18),
            TableColumn(_("金额（元）"), Shape.FEN, 14),
            TableColumn(_("经办人"), width=12),
        ),
        lines=[
            (row.number, row.day, row.cause, row.debit, row.credit, row.amount, row.author)
            for row in rows
        ],
    )


def _journal(title: str, rows: Sequence[JournalRow]) -> Table:
    return Table(
        name=_("银行存款日记账"),
        title=title,
        columns=(
            TableColumn(_("计划"), width=30),
            TableColumn(_("付款账户"), width=28),
            TableColumn(_("日期"), Shape.DAY, 12),
            TableColumn(_("凭证号"), Shape.COUNT, 8),
            TableColumn(_("摘要"), width=22),
            TableColumn(_("收入（元）"), Shape.FEN, 14),
            TableColumn(_("支出（元）"), Shape.FEN, 14),
            TableColumn(_("余额（元）"), Shape.FEN, 14),
        ),
        lines=[
            (r.plan, r.account, r.day, r.number, r.cause, r.came, r.went, r.balance) for r in rows
        ],
    )


def _statement(title: str, rows: Sequence[StatementRow]) -> Table:
    return Table(
        name=_("收入支出表"),
        title=title,
        columns=(
            TableColumn(_("计划"), width=30),
            TableColumn(_("项目"), width=18),
            TableColumn(_("本月（元）"), Shape.FEN, 14),
            TableColumn(_("本年累计（元）"), Shape.FEN, 16),
        ),
        lines=[(row.plan, row.word, row.in_month, row.in_year) for row in rows],
    )
