"""Reads stamps back: what the program last wrote into a protected row."""

import hmac
import logging
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from models import Base, RowStamp
from workflows.engine.log_key import LogKey
from workflows.engine.office import Office
from workflows.engine.protected import table_of
from workflows.engine.row_stamps import GONE, STAMP_BYTES, hash_of_stamps, key_of, stamp

log = logging.getLogger("huzhu.tampered")

_AT_ONCE = 500


class RowMark(NamedTuple):
    """The stamp of one row, and the columns that it covers."""

    columns: str
    stamp: bytes


NO_MARK = RowMark("", GONE)
"""That of a row which the program deleted, or never wrote."""


def marks_in(kept: RowStamp) -> Iterator[tuple[str, RowMark]]:
    """The marks that were kept together, by the key of their row."""
    for at, row_key in enumerate(kept.row_keys.split()):
        each = kept.stamps[at * STAMP_BYTES : (at + 1) * STAMP_BYTES]
        yield row_key, RowMark(kept.columns, each)


def is_genuine(key: LogKey, kept: RowStamp) -> bool:
    """Whether the program kept these marks."""
    told = (kept.subject, kept.columns, kept.row_keys, kept.stamps, kept.nonce, kept.key)
    return kept.key == key.name and hmac.compare_digest(kept.hash, hash_of_stamps(key, *told))


def is_marked(key: LogKey, table: str, mark: RowMark, values: Mapping[str, object]) -> bool:
    """Whether the mark is that of a row with these values."""
    told = mark.columns.split(",")
    if mark.stamp == GONE or not all(each in values for each in told):
        return False
    expected = stamp(key, table, mark.columns, [values[each] for each in told])
    return hmac.compare_digest(mark.stamp, expected)


def changed_row(
    session: Session, office: Office, kind: type[Base], which: ColumnElement[bool]
) -> str | None:
    """The key of a row that holds something else than the program last wrote into it, which is
    logged; None if there is none.

    What this transaction wrote itself has no mark yet: ask before it writes. Rows and marks are
    two questions, and somebody may write a row between them: what has none is asked again.
    """
    asked = (session, office.log_key, table_of(kind), which)
    for row_key in _without(*asked) and _without(*asked):
        table = kind.__tablename__
        log.error("a row was changed past the program: table=%s row=%s", table, row_key)
        return row_key
    return None


def _without(session: Session, key: LogKey, table: Table, which: ColumnElement[bool]) -> list[str]:
    found = session.execute(select(*table.columns).where(which))
    rows = {key_of(table, values): values for values in map(dict, found.mappings())}
    marks = _last_marks(session, key, table.name, set(rows))
    return [
        row_key
        for row_key, values in rows.items()
        if not is_marked(key, table.name, marks.get(row_key, NO_MARK), values)
    ]


def _last_marks(session: Session, key: LogKey, table: str, wanted: set[str]) -> dict[str, RowMark]:
    """The last genuine mark of each; read from the end, where those of open work are."""
    found: dict[str, RowMark] = {}
    last: int | None = None
    while wanted - found.keys():
        asked = select(RowStamp).filter_by(subject=table).order_by(RowStamp.position.desc())
        if last is not None:
            asked = asked.where(RowStamp.position < last)
        page = session.scalars(asked.limit(_AT_ONCE)).all()
        for kept in page:
            marks = {k: mark for k, mark in marks_in(kept) if k in wanted and k not in found}
            if marks and is_genuine(key, kept):
                found |= marks
        if len(page) < _AT_ONCE:
            return found
        last = page[-1].position
    return found
