"""The nine-column 代发 list: writer and reader of one sheet, side by side."""

from banking.batch import PaymentBatch, PaymentLine
from banking.cards import is_own_bank
from banking.formats.layout import Layout, load
from banking.sheets import ListCell, ListRow, amount_cell, read_table, write_table

LAYOUT = load("ccb_list")


def write(batch: PaymentBatch) -> bytes:
    lines = [_line(LAYOUT, batch, position) for position in range(batch.count)]
    return write_table(LAYOUT.columns, lines, LAYOUT.words["sheet"], batch.created_at)


def rows(content: bytes) -> tuple[ListRow, ...]:
    return read_table(content, LAYOUT.columns)


def read(content: bytes) -> tuple[PaymentLine, ...]:
    return tuple(map(_payment, rows(content)))


def _line(layout: Layout, batch: PaymentBatch, position: int) -> list[ListCell]:
    payment = batch.payments[position]
    cells: dict[str, ListCell] = {
        "position": position + 1,
        "account": payment.account,
        "name": payment.name,
        "amount": amount_cell(payment.amount),
        "crosses": _crosses(layout, batch, position),
        "bank_name": payment.bank_name or None,
        "cnaps": payment.cnaps,
        "purpose": payment.purpose or None,
        "reference": payment.reference,
    }
    return [cells[column.field] for column in layout.columns]


def _crosses(layout: Layout, batch: PaymentBatch, position: int) -> str | None:
    """The mark for another bank; absent if unknown, and the bank then determines it."""
    payment = batch.payments[position]
    own = is_own_bank(batch.payer.bank_name, payment.bank_name, payment.account)
    # The bank takes the mark of another bank only together with that bank's name or number.
    if own is None or not (own or payment.bank_name or payment.cnaps):
        return None
    return layout.words["own_bank" if own else "other_bank"]


def _payment(row: ListRow) -> PaymentLine:
    return PaymentLine(
        reference=row.text("reference"),
        name=row.text("name"),
        account=row.text("account"),
        bank_name=row.text("bank_name"),
        cnaps=row.text("cnaps") or None,
        amount=row.amount("amount"),
        purpose=row.text("purpose"),
    )
