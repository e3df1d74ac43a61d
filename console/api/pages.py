"""Lists are walked by cursors: an opaque mark of the last row, so that no row is left out or told
twice while others come in."""

from typing import Annotated

from fastapi import Query

from language import _
from rules.errors import BadInput

ROWS = 100
_LARGEST = 2**63 - 1

Cursor = Annotated[str, Query(max_length=40, description="上一页答复中的 next；第一页不带")]


def row_after(cursor: str) -> int:
    """The id that the cursor marks; 0 for the first page."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and int(cursor) <= _LARGEST):
        raise BadInput(_("这不是答复中给出的 next：%(text)s") % {"text": cursor[:20]}, "cursor")
    return int(cursor)
