"""Stamps protected rows as they are written: a keyed hash over their columns.

Whoever changes such a row otherwise has no key to stamp it with. Stamps are noted as rows are
written, by a flush, by `rows` or by `execute_stamped`, and kept at the end of the transaction: then
its rows are locked, so that the last stamp of a row in order of positions is that of what it holds.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from secrets import token_bytes
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import Delete, Insert, Table, Update, insert, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from models import RowStamp
from workflows.engine.log_key import LogKey
from workflows.engine.protected import PROTECTED, key_columns, table_of

STAMP_BYTES = NONCE_BYTES = 16
GONE = bytes(STAMP_BYTES)

NOTING = "notes stamps"
"""The execution option of a statement after which what it wrote is noted."""

_Pending = dict[str, dict[str, Sequence[object] | None]]


@dataclass(frozen=True)
class Stamps:
    """The content of a `RowStamp`, without position."""

    subject: str
    columns: str
    row_keys: str
    stamps: bytes
    nonce: bytes
    key: str
    hash: bytes


def note_flushed(session: Session, _context: object) -> None:
    """Note the protected objects of this flush, while it still tells what changed."""
    for row in session.new:
        if columns := PROTECTED.get(row.__tablename__):
            _note(session, table_of(type(row)), _values(row, columns))
    for row in session.dirty:
        columns = PROTECTED.get(row.__tablename__)
        if columns and _changed(row, columns):
            _note(session, table_of(type(row)), _values(row, columns))
    for row in session.deleted:
        if columns := PROTECTED.get(row.__tablename__):
            told = dict(zip(columns, _values(row, columns), strict=True))
            _pending(session, row.__tablename__)[key_of(table_of(type(row)), told)] = None


def note_rows(session: Session, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Note rows of this table that were inserted as these values; what a row does not tell has its
    default."""
    defaults = {
        name: column.default.arg if column.default is not None else None  # type: ignore[attr-defined]
        for name in PROTECTED[table.name]
        if (column := table.c[name]) is not None
    }
    for row in rows:
        _note(session, table, [row.get(name, default) for name, default in defaults.items()])


def note_returned(session: Session, table: Table, rows: Iterable[Sequence[object]]) -> None:
    """Note rows of which a statement returned the protected columns."""
    _pending(session, table.name)
    for row in rows:
        _note(session, table, row)


def execute_stamped(session: Session, statement: Insert | Update) -> None:
    """Execute a statement that writes rows of a protected table, and note them."""
    table = statement.table
    assert isinstance(table, Table)
    returning = statement.returning(*(table.c[name] for name in PROTECTED[table.name]))
    options = {NOTING: True, "synchronize_session": "fetch"}
    found = session.execute(returning, execution_options=options)
    note_returned(session, table, found.all())


def refuse_unnoted(state: ORMExecuteState) -> None:
    """No statement writes a protected table unless what it wrote is noted: a bug, not a refusal."""
    statement = state.statement
    if isinstance(statement, Insert | Update | Delete) and not state.execution_options.get(NOTING):
        name = getattr(statement.table, "name", "")
        if name in PROTECTED:
            raise TypeError(f"what a statement writes to {name} has to be stamped")


def write_stamps(session: Session) -> None:
    """Keep what was noted; the session is flushed. Without a key there is nothing to stamp with."""
    pending: _Pending = session.info.pop("stamps", {})
    key: LogKey | None = session.info.get("log_key")
    if pending and key:
        rows = [vars(made(key, table, rows)) for table, rows in pending.items()]
        session.connection().execute(insert(RowStamp), rows)


def made(key: LogKey, table: str, rows: Mapping[str, Sequence[object] | None]) -> Stamps:
    """The stamps of these rows of the table, by their keys; None stands for a deleted one."""
    columns = ",".join(PROTECTED[table])
    stamps = (stamp(key, table, columns, v) if v is not None else GONE for v in rows.values())
    told = (table, columns, " ".join(rows), b"".join(stamps), token_bytes(NONCE_BYTES), key.name)
    return Stamps(*told, hash_of_stamps(key, *told))


def stamp(key: LogKey, table: str, columns: str, values: Sequence[object]) -> bytes:
    """The stamp of a row with these values in these columns."""
    content = f"row {table} {columns} {_AS_TEXT(list(values))}"
    return key.digest(content.encode())[:STAMP_BYTES]


def hash_of_stamps(
    key: LogKey, subject: str, columns: str, row_keys: str, stamps: bytes, nonce: bytes, name: str
) -> bytes:
    """The keyed hash of one `RowStamp`."""
    content = _AS_TEXT(["stamps", subject, columns, row_keys, stamps, nonce, name])
    return key.digest(content.encode())


def drop_noted(session: Session, *_: object) -> None:
    """Forget what goes with a savepoint that is rolled back; what came before it is written."""
    session.info.pop("stamps", None)


def key_of(table: Table, row: Mapping[str, object]) -> str:
    """The row's primary key as text, without a blank."""
    values = (row[column.name] for column in key_columns(table))
    return ":".join(quote(each, "") if isinstance(each, str) else str(each) for each in values)


def _pending(session: Session, table: str) -> dict[str, Sequence[object] | None]:
    pending: _Pending = session.info.setdefault("stamps", {})
    return pending.setdefault(table, {})


def _note(session: Session, table: Table, values: Sequence[object]) -> None:
    told = dict(zip(PROTECTED[table.name], values, strict=True))
    _pending(session, table.name)[key_of(table, told)] = values


def _changed(row: Any, columns: Sequence[str]) -> bool:
    return not inspect(row).committed_state.keys().isdisjoint(columns)


def _values(row: Any, columns: Sequence[str]) -> list[object]:
    return [getattr(row, name) for name in columns]


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case UUID():
            return str(value)
    raise TypeError(type(value).__name__)


_AS_TEXT = json.JSONEncoder(default=_plain, ensure_ascii=False, separators=(",", ":")).encode
