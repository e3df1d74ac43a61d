"""A bank for the demo and the tests: takes a payment file and returns a reply sheet.

No real bank answers a test. This one works from the file alone, as a real bank does, and cannot
see our batches.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from banking.formats import layout, rows
from banking.replies import RESULT
from banking.sheet_rows import ListCell
from banking.sheets import ListRow, amount_cell, write_table

DONE = "0000"


def answer(
    content: bytes,
    format_code: str,
    results: Mapping[str, str],
    left_out: Collection[str] = (),
    answered_at: datetime = datetime(2026, 1, 1, tzinfo=UTC),
) -> bytes:
    """The reply: `results` says what stands in 处理结果, all others are credited.

    Rows in `left_out` are not mentioned, as in a reply for part of a batch. Both name a row by its
    account, or by our reference where one account is paid twice.
    """
    columns = layout(format_code).columns
    lines = [
        [_result(row, results), *(_copied(row, c.field) for c in columns)]
        for row in rows(format_code, content)
        if not {row.text("account"), row.text("reference")} & set(left_out)
    ]
    return write_table([RESULT, *columns], lines, RESULT.heading, answered_at)


def _result(row: ListRow, results: Mapping[str, str]) -> str:
    return results.get(row.text("reference"), results.get(row.text("account"), DONE))


def _copied(row: ListRow, field: str) -> ListCell:
    if field == "amount":
        return amount_cell(row.amount(field))
    return row.text(field) or None
