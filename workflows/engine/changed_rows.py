"""Writes what has changed in many rows of a table in one statement.

The session would write them one by one, and first look through all that hangs on each of them:
when a hundred claims move, that was most of what a flush costs.
"""

from collections import defaultdict

from sqlalchemy import inspect, update
from sqlalchemy.orm import Session

from models import Worked
from workflows.engine.rows import json_rows

_MANY = 10
_Group = tuple[type[Worked], tuple[str, ...]]
"""Rows of one table in which the same columns have changed."""


def write_changed(session: Session) -> None:
    """Write the rows that move together; the session's own flush writes what is left.

    Only where the order of writing makes no difference and nothing but columns has changed: what
    is added may need what is changed or the other way round, and after a savepoint is rolled back
    the session must know which rows to read again.
    """
    if session.new or session.deleted or session.in_nested_transaction():
        return
    groups: dict[_Group, list[Worked]] = defaultdict(list)
    for row in session.dirty:
        if isinstance(row, Worked) and (names := _changed_columns(row)):
            groups[type(row), names].append(row)
    for (table, names), rows in groups.items():
        if len(rows) >= _MANY:
            _write(session, table, names, rows)


def _changed_columns(row: Worked) -> tuple[str, ...]:
    """The columns that have changed; none if something that hangs on the row has."""
    state = inspect(row)
    changed = {name for name, old in state.committed_state.items() if old != state.dict[name]}
    columns = state.mapper.columns
    return tuple(sorted(changed)) if all(name in columns for name in changed) else ()


def _write(
    session: Session, table: type[Worked], names: tuple[str, ...], rows: list[Worked]
) -> None:
    values = [{"id": row.id} | {name: getattr(row, name) for name in names} for row in rows]
    new = json_rows(table.__tablename__, values)
    statement = update(table).where(table.id == new.c.id).values({n: new.c[n] for n in names})
    # On the connection: the session would flush first, and look for the rows that it changes.
    written = session.connection().execute(statement).rowcount
    assert written == len(rows), f"{written} of {len(rows)} {table.__tablename__} rows written"
    for row in rows:
        # As a flush ends: nothing of the row is left to write.
        inspect(row)._commit_all(inspect(row).dict, session.identity_map)
