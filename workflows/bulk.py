"""Writes many rows in one statement with one value, which costs a fifth of one value for each."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, TextClause, select, text
from sqlalchemy.orm import Session

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
