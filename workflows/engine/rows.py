"""Rows many at a time: their ids, their insertion, and questions about many of them.

A row that is an object of the session costs five times what one value in one statement costs.
Where many rows are written for each move that difference is half the time of the line.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    TextClause,
    any_,
    bindparam,
    func,
    inspect,
    literal,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Base, Worked

_Table = TypeVar("_Table", bound=Base)
_AnyTable = type[Base] | type[Worked]


def insert_all(
    session: Session, table: _AnyTable, rows: Sequence[dict[str, Any]], *returning: str
) -> Sequence[Row[Any]]:
    """Insert the rows, all with the same columns; these columns of them, in no certain order.

    What else has changed is not written yet.
    """
    if not rows:
        return []
    end = f"RETURNING {', '.join(returning)}" if returning else ""
    inserted = session.connection().execute(*_insert(table, rows, end))
    return inserted.all() if returning else []


def insert_objects(
    session: Session, table: type[_Table], rows: Sequence[dict[str, Any]]
) -> Sequence[_Table]:
    """Insert the rows, all with the same columns, and read them as objects of the session.

    One question does both, for a third of what new objects and a flush cost. Defaults of the
    mapping are not applied, and what else has changed is not written yet.
    """
    if not rows:
        return []
    statement, values = _insert(table, rows, "RETURNING *")
    with session.no_autoflush:
        return session.scalars(select(table).from_statement(statement), values).all()


def insert_new(
    session: Session, table: type[Base], rows: Sequence[dict[str, Any]], *returning: str
) -> Sequence[Row[Any]]:
    """Insert the rows that no unique key refuses; these columns of them."""
    end = f"ON CONFLICT DO NOTHING RETURNING {', '.join(returning)}"
    return session.execute(*_insert(table, rows, end)).all()


def _insert(
    table: _AnyTable, rows: Sequence[dict[str, Any]], end: str
) -> tuple[TextClause, dict[str, str]]:
    name, columns = table.__tablename__, ", ".join(rows[0])
    statement = f"""INSERT INTO {name} ({columns}) SELECT {columns}
        FROM json_populate_recordset(NULL::{name}, CAST(:rows AS json)) {end}"""  # noqa: S608
    return text(statement), {"rows": json.dumps(rows, default=_as_text)}


def _as_text(value: object) -> str:
    match value:
        case bytes():
            return "\\x" + value.hex()
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
    raise TypeError(type(value).__name__)


_Rows = dict[type[Base], list[dict[str, Any]]]


def append(session: Session, table: type[Base], row: dict[str, Any]) -> None:
    """Write this row at the next flush; all rows of a table have the same columns."""
    rows: _Rows = session.info.setdefault("appended", defaultdict(list))
    rows[table].append(row)


def write_appended(session: Session) -> None:
    """Write what has been appended, one statement for each table."""
    appended: _Rows = session.info.pop("appended", {})
    for table, rows in appended.items():
        insert_all(session, table, rows)


def drop_appended(session: Session, *_: object) -> None:
    """Forget what goes with a savepoint that is rolled back; what came before it is written."""
    session.info.pop("appended", None)


def any_of(column: InstrumentedAttribute[Any], values: Collection[object]) -> ColumnElement[bool]:
    """Whether the column holds one of these values."""
    return column == any_(literal(list(values), ARRAY(column.type)))


_NEXT = select(func.nextval(func.pg_get_serial_sequence(bindparam("name"), "id"))).select_from(
    func.generate_series(1, bindparam("count"))
)


def expect_rows(session: Session, count: int) -> None:
    """Of each table that gets new rows in this unit of work, there will be about so many."""
    session.info["rows expected"] = count


def next_id(session: Session, name: str) -> int:
    """The id of the next row of this table; each time they run out, twice as many are asked for."""
    stock: list[int] = session.info.setdefault(("ids", name), [])
    if not stock:
        count = session.info.get(("ids asked", name), 0) * 2
        count = count or session.info.get("rows expected", 1)
        session.info[("ids asked", name)] = count
        stock += reversed(_ask(session, name, count))
    return stock.pop()


def number_new_rows(session: Session, *_: object) -> None:
    """Give every new row its id, with one question for each table that has several."""
    waiting: dict[str, list[Any]] = defaultdict(list)
    for row in session.new:
        table = inspect(row).mapper.local_table
        identity = table.autoincrement_column
        if identity is not None and identity.identity is not None and row.id is None:
            waiting[table.name].append(row)
    for name, rows in waiting.items():
        if len(rows) > 1:
            for row, id_ in zip(rows, _ask(session, name, len(rows)), strict=True):
                row.id = id_


def _ask(session: Session, name: str, count: int) -> list[int]:
    answer = session.connection().execute(_NEXT, {"name": name, "count": count})
    return list(answer.scalars())
