"""Reads what hangs on rows, one question for each kind of it and all rows together."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from workflows.engine.rows import any_of, give

Path = tuple[InstrumentedAttribute[Any], ...]
"""A part of a row, then a part of that, and so on: Claim.documents, Document.pages."""


def read_its(session: Session, rows: Sequence[Any], *paths: Path, fresh: bool = False) -> None:
    """Let the rows hold what these paths lead to; `fresh` reads again what the session holds.

    SQLAlchemy's own way (selectinload) asks with one placeholder for each row, so that every
    question is a new text to write, to parse and to plan: a twentieth of a claim's whole time.
    """
    read: dict[tuple[tuple[object, str], ...], Sequence[Any]] = {}
    for path in paths:
        trace: tuple[tuple[object, str], ...] = ()
        at = rows
        for part in path:
            trace = *trace, (part.class_, part.key)
            if trace not in read:
                read[trace] = _read(session, at, part, fresh)
            at = read[trace]


def _read(
    session: Session, rows: Sequence[Any], part: InstrumentedAttribute[Any], fresh: bool
) -> Sequence[Any]:
    """Read this part of the rows; all that they hold there now."""
    unread = [row for row in rows if fresh or part.key in inspect(row).unloaded]
    if unread:
        read = _read_lists if part.property.uselist else _read_ones
        read(session, unread, part, fresh)
    held = [getattr(row, part.key) for row in rows]
    return [*chain(*held)] if part.property.uselist else [each for each in held if each]


def _read_ones(
    session: Session, rows: Sequence[Any], part: InstrumentedAttribute[Any], fresh: bool
) -> None:
    [(own, other)] = part.property.local_remote_pairs
    column = inspect(part.class_).get_property_by_column(own).key
    keys = {row: getattr(row, column) for row in rows}
    query = select(other, part.property.mapper.class_).where(any_of(other, set(keys.values())))
    found = dict(_asked(session, query, fresh))
    for row, key in keys.items():
        give(row, part.key, found.get(key))


def _read_lists(
    session: Session, rows: Sequence[Any], part: InstrumentedAttribute[Any], fresh: bool
) -> None:
    relation, columns = part.property, inspect(part.class_).primary_key
    keys = {row: inspect(row).identity for row in rows}
    wanted = zip(columns, zip(*keys.values(), strict=True), strict=True)
    query = (
        select(*columns, relation.mapper.class_)
        .select_from(part.class_)
        .join(part)
        .where(*(any_of(column, set(values)) for column, values in wanted))
        .order_by(*(relation.order_by or ()))
    )
    found = defaultdict(list)
    for *key, each in _asked(session, query, fresh):
        found[tuple(key)].append(each)
    for row, key in keys.items():
        give(row, part.key, found[key])


def _asked(session: Session, query: Any, fresh: bool) -> Sequence[Any]:
    return session.execute(query, execution_options={"populate_existing": fresh}).all()
