"""Lists as spreadsheets: one sheet, a row of headings and a row for each payment."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from banking.batch import PaymentBatch
from banking.formats.layout import Layout
from banking.formats.list_lines import lines_of
from banking.sheet_rows import ListCell
from banking.sheets import ListRow, read_table, write_lines

_NUMBERS: Mapping[str, Callable[[str], int | Decimal]] = {"position": int, "amount": Decimal}


def write(layout: Layout, batch: PaymentBatch) -> bytes:
    rows = (_cells(layout, texts) for texts in lines_of(layout, batch))
    sheet = layout.words["sheet"]
    return write_lines(layout.columns, rows, batch.count, sheet, batch.created_at)


def rows(layout: Layout, content: bytes) -> Iterator[ListRow]:
    return read_table(content, layout.columns)


def _cells(layout: Layout, texts: Sequence[str]) -> list[ListCell]:
    """An empty cell is absent; what is a number to the bank is one in the sheet."""
    return [
        _NUMBERS.get(column.field, str)(text) if text else None
        for column, text in zip(layout.columns, texts, strict=True)
    ]
