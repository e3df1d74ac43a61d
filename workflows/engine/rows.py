"""Writes and reads rows many at a time.

Why rows and not objects. A unit of work moves up to a hundred claims and writes about a thousand
rows. For a hundred rows of the audit trail, objects and their flush cost 75 ms, SQLAlchemy's own
bulk insert 46 ms, and one statement with one JSON value 25 ms: a bulk insert of eight hundred
fields is one statement of five thousand placeholders, to be written, parsed and bound. So there
are three ways to write:

1. Objects of the session, for what a person does and for rows that change later.
2. `insert_rows` and `inserted`, for what a step writes for all its claims at once and what comes
   after needs: pages, fields, decisions, rights, counters, payments, letters.
3. `append`, for what no later step of the same unit asks for: audit events, step runs, and the
   lines and reasons of a decision.

The rows of the second and third way become one JSON value for each table, which PostgreSQL reads as
rows of that table. Defaults of the mapping that are plain values apply.

When they are written. Inserted rows are written at once and nothing is flushed first, since a
flush between two steps writes every claim one more time; they must not depend on an object that is
not written yet. Appended rows wait for the next flush and are written behind the objects of it, one
statement for each table, so that their foreign keys are met. A query flushes first, as always; so
appended rows are there for every question that is not asked under `no_autoflush`. A savepoint
flushes when it begins; what is appended inside and rolled back with it is dropped.

Ids. A row's id comes from the database: from RETURNING where the row can be written at once, and
from `next_ids` where the id must be known before, because a number, a bell or the hash of an event
is made of it. Ids that are not used are lost; they carry no meaning.

Reading. A step declares what belongs to its rows, which is read for all rows together when they are
taken (`belongings`); what a step has found or written itself it hands to the object (`give`).
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar, TypeVarTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Insert,
    Table,
    Text,
    any_,
    cast,
    func,
    insert,
    literal,
    literal_column,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import NullType

from models import Base, Heir, Member, Worked
from workflows.engine.protected import PROTECTED, table_of
from workflows.engine.row_stamps import NOTING, note_returned, note_rows

_Asked = TypeVarTuple("_Asked")
_Statement = TypeVar("_Statement", bound=Insert)


@dataclass(frozen=True)
class NewRow:
    """A row yet to be written, as a value; a subclass names table and columns."""

    table: ClassVar[type[Base] | type[Worked]]


@dataclass(frozen=True, kw_only=True)
class NewWorked(NewRow):
    """A row that a machine moves, yet to be written; `start_all` fills in where it stands."""

    table: ClassVar[type[Worked]]

    id: int = 0
    state: str = ""
    version: int = 0
    chain: bytes = b""
    due_at: datetime | None = None


def insert_rows(session: Session, rows: Sequence[NewRow]) -> None:
    """Insert the rows, all of one kind; nothing is flushed first."""
    if rows:
        table = table_of(rows[0].table)
        with session.no_autoflush:
            session.execute(_json_insert(insert(table), rows), execution_options=_NOTED)
        _note(session, table, rows)


def inserted(
    session: Session, statement: ReturningInsert[*_Asked], rows: Sequence[NewRow]
) -> Sequence[tuple[*_Asked]]:
    """Insert the rows like `insert_rows`; what RETURNING asks for of each, in no certain order."""
    if not rows:
        return []
    table, asked = table_of(rows[0].table), len(statement.exported_columns)
    with session.no_autoflush:
        if table.name not in PROTECTED:
            return session.execute(_json_insert(statement, rows)).all()
        stamped = (table.c[name] for name in PROTECTED[table.name])
        whole = _json_insert(statement.returning(*stamped), rows)
        found = session.execute(whole, execution_options=_NOTED).all()
    note_returned(session, table, (row[asked:] for row in found))
    return [row[:asked] for row in found]


def append(session: Session, row: NewRow) -> None:
    """Write this row behind the objects of the next flush."""
    rows: list[NewRow] = session.info.setdefault("appended", {}).setdefault(type(row), [])
    rows.append(row)


def write_appended(session: Session) -> None:
    """Write what has been appended, one statement for each table."""
    appended: dict[type[NewRow], list[NewRow]] = session.info.pop("appended", {})
    for kind, rows in appended.items():
        session.connection().execute(_json_insert(insert(kind.table), rows))
        _note(session, table_of(kind.table), rows)


def _note(session: Session, table: Table, rows: Sequence[NewRow]) -> None:
    if table.name in PROTECTED:
        note_rows(session, table, map(vars, rows))


_NOTED = {NOTING: True}


def _json_insert(statement: _Statement, rows: Sequence[NewRow]) -> _Statement:
    """One value for all rows: to bind each column of each row is what costs the time."""
    values = [vars(row) for row in rows]
    names, table = list(values[0]), statement.table.name
    value = cast(literal(_IN_JSON(values), Text), JSON)
    source = func.json_populate_recordset(literal_column(f"NULL::{table}"), value)
    return statement.from_select(names, select(*source.table_valued(*names).c))


def _as_text(value: object) -> str:
    match value:
        case bytes():
            return "\\x" + value.hex()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
    raise TypeError(type(value).__name__)


_IN_JSON = json.JSONEncoder(default=_as_text, ensure_ascii=False).encode


def drop_appended(session: Session, *_: object) -> None:
    """Forget what goes with a savepoint that is rolled back; what came before it is written."""
    session.info.pop("appended", None)


def next_ids(session: Session, table: type[Base] | type[Worked], count: int) -> list[int]:
    """The ids of so many rows that are yet to be written to this table."""
    sequence = func.pg_get_serial_sequence(table.__tablename__, "id")
    numbers = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
    # On the connection, so that nothing is flushed: the ids depend on nothing.
    return list(session.connection().execute(numbers).scalars())


def next_id(session: Session, table: type[Base] | type[Worked]) -> int:
    """The id of one row that is yet to be written to this table."""
    return next_ids(session, table, 1)[0]


def numbered(prefix: str, day: date, id_: int) -> str:
    """The number people call a row by: its kind, the year, and its id in six figures."""
    return f"{prefix}{day:%Y}{id_:06d}"


def any_of(column: InstrumentedAttribute[Any], values: Collection[object]) -> ColumnElement[bool]:
    """Whether the column holds one of these values: one array, however many there are.

    With IN the statement would be another one for each number of values, to compile and to plan.
    """
    kind = ARRAY(column.type)
    if column.type.python_type is not int:
        return column == any_(literal(list(values), kind))
    # As the text of an array: to dump a list number by number takes longer than most of these
    # questions. The text has no type of its own, so the server takes it for the array at once; it
    # would read it again for every row if it had to convert it.
    text = ",".join("NULL" if value is None else str(value) for value in values)
    return column == any_(cast(literal(f"{{{text}}}", NullType()), kind))


_Kept = TypeVar("_Kept", Member, Heir)


def by_id(session: Session, table: type[_Kept], ids: Collection[int | None]) -> dict[int, _Kept]:
    """The rows of this table with these ids; without ids no question is asked."""
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(select(table).where(any_of(table.id, ids)))}


def give(row: Base, name: str, belonging: object) -> None:
    """Let the row hold what belongs to it as if it had been read: no question, nothing to write."""
    set_committed_value(row, name, belonging)
