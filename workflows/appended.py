"""Rows that are only ever added: collected in a unit of work and written with its other changes.

Nobody looks at them again in the same unit, so they are no objects of the session: as such they
took half the time of a move.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy.orm import Session

from models import Base
from workflows.bulk import insert_all

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
