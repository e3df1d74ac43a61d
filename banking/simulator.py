"""A bank for the demo and the tests: takes a payment file as handed in, gives back a reply sheet.

No real bank answers a test, so this one works from the file alone, as a real one would, and knows
nothing of our batches.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from banking.formats import layout, rows
from banking.replies import RESULT
from banking.sheets import ListCell, ListRow, amount_cell, write_table

DONE = "0000"


def answer(
    content: bytes,
    format_code: str,
    results: Mapping[str, str],
    left_out: Collection[str] = (),
    answered_at: datetime = datetime(2026, 1, 1, tzinfo=UTC),
) -> bytes:
    """The reply: `results` says by account what stands in 处理结果, all others are credited.

    Accounts in `left_out` are not mentioned, as in a reply for part of a batch.
    """
    columns = layout(format_code).columns
    lines = [
        [results.get(row.text("account"), DONE), *(_copied(row, c.field) for c in columns)]
        for row in rows(format_code, content)
        if row.text("account") not in left_out
    ]
    return write_table([RESULT, *columns], lines, RESULT.heading, answered_at)


def _copied(row: ListRow, field: str) -> ListCell:
    if field == "amount":
        return amount_cell(row.amount(field))
    return row.text(field) or None
