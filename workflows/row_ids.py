"""Asks for the ids of new rows many at a time, before the rows are written.

A row whose id is known can be written together with others and needs no answer; and what names it,
such as its history, can be written in the same flush.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import bindparam, func, inspect, select
from sqlalchemy.orm import Session

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
