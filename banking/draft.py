"""A draft (样稿) of a batch for people to look at before its release; no bank takes it."""

from banking.batch import PaymentBatch, PaymentLine
from banking.formats import BankFile, layout
from banking.sheet_rows import ListCell
from banking.sheets import ListColumn, amount_cell, write_table
from documents.masks import mask_card, mask_name
from rules.money import yuan

MARK = "样稿"
# The first column says on each line what this is. No heading is one of a bank's list, so that no
# program reads it as one, and the accounts are masked, so that no list can be made from it.
_COLUMNS = (
    ListColumn("样稿 银行不受理", "mark", width=18),
    ListColumn("付款编号", "reference", width=24),
    ListColumn("收款人", "name", width=14),
    ListColumn("收款账号尾号", "account", width=22),
    ListColumn("收款银行", "bank_name", width=30),
    ListColumn("付款金额", "amount", width=12),
)


def write_draft(batch: PaymentBatch, edition: int = 1) -> BankFile:
    """The batch as a sheet with masked payees; always the same bytes.

    After a payment was taken out it is another edition, and says so in name, sheet and lines.
    """
    mark = MARK if edition == 1 else f"{MARK}第{edition}稿"
    lines = [_line(mark, payment) for payment in batch.payments]
    content = write_table(_COLUMNS, lines, mark, batch.created_at)
    name = f"{mark}_{batch.number}_{batch.count}笔_{yuan(batch.total)}元.xlsx"
    return BankFile(name, layout("ccb-list").media_type, content)


def _line(mark: str, payment: PaymentLine) -> list[ListCell]:
    return [
        mark,
        payment.reference,
        mask_name(payment.name),
        mask_card(payment.account),
        payment.bank_name,
        amount_cell(payment.amount),
    ]
