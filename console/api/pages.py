"""Lists are walked by cursors: an opaque mark of the last row, so that no row is left out or told
twice while others come in."""

from collections.abc import Sequence
from typing import Annotated, Protocol

from fastapi import Query

from language import _
from rules.errors import BadInput

ROWS = 100
_LARGEST = 2**63 - 1

Cursor = Annotated[str, Query(max_length=40, description="上一页答复中的 next；第一页不带")]


class HasId(Protocol):
    """A row that a cursor can mark."""

    @property
    def id(self) -> int:
        """Its key, which grows."""


def cursor_after(found: Sequence[HasId]) -> str | None:
    """The mark of the page's last row; `found` is one row longer than a page where there is another
    page, and None is told where there is none."""
    return str(found[ROWS - 1].id) if len(found) > ROWS else None


def row_after(cursor: str) -> int:
    """The id that the cursor marks; 0 for the first page."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and int(cursor) <= _LARGEST):
        raise BadInput(_("这不是答复中给出的 next：%(text)s") % {"text": cursor[:20]}, "cursor")
    return int(cursor)
