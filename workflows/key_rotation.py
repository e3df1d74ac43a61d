"""Seals everything anew with the newest key, by the suite that is set, a few values at a time.

Killed at any instant it goes on when the command is given again: what is sealed with the newest
key already is passed over. A value is locked only while its batch is sealed, a few milliseconds;
rows that others hold are taken in a later round.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    LargeBinary,
    Table,
    bindparam,
    func,
    literal,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from documents.sealing import SealBroken
from documents.spool import Spool
from documents.store import Store
from language import N_, _
from models import Base, KeyRotation
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import SEALS_BY, Office
from workflows.engine.same_keys import forget_older_keys
from workflows.engine.sealed_column import SealedColumn
from workflows.engine.turns import OneAtATime, take_if_free
from workflows.sealed_values.places import PLACES

log = logging.getLogger("huzhu.keys")

ROWS_AT_ONCE = 500
FILES_AT_ONCE = 20
_ROUNDS = 3

Tell = Callable[[str, int], None]
"""Told the kind of what was sealed anew just now, and how many."""

STORE, SPOOL = N_("影像库"), N_("暂存区")


@dataclass(frozen=True)
class SealedKind:
    """One column or folder of sealed values, counted by how each begins (suite and key)."""

    name: str
    marks: Counter[bytes]

    def sealed_by(self, mark: bytes) -> int:
        """How many are sealed with this key by this suite."""
        return self.marks[mark]


def kinds(office: Office) -> Iterator[SealedKind]:
    """Everything that is sealed, kind by kind."""
    with office.sessions.read_only() as session:
        for place in PLACES:
            column = _table(place).c[place.column]
            # A value too short to say its key's length says zero.
            length = func.get_byte(column.op("||")(literal(bytes(2), LargeBinary)), 1)
            mark = func.substr(column, 1, length + 2, type_=LargeBinary)
            # What was erased is empty; NULL has no length.
            counted = select(mark, func.count()).where(func.length(column) > 0).group_by(mark)
            found = Counter({bytes(m): count for m, count in session.execute(counted)})
            yield SealedKind(f"{place.table}.{place.column}", found)
    for name, folder in _folders(office).items():
        yield SealedKind(_(name), Counter(mark for _name, mark in folder.marks()))


def rotate(office: Office, tell: Tell) -> int:
    """Seal anew what is sealed otherwise than now; how many values are left, which do not open.

    Refused while another rotation goes on, or a process has another ring: also one that starts
    meanwhile.
    """
    with office.sessions.read_only() as held:
        if not take_if_free(held, OneAtATime.ROTATE_KEYS):
            raise Refused(_("正在更换密钥：请等它结束"))
        return _rotate(office, tell)


def _rotate(office: Office, tell: Tell) -> int:
    with office.sessions.unit_of_work() as session:
        rotation = _begun(session, office)
    for _round in range(_ROUNDS):
        with office.sessions.read_only() as session:
            _refuse_other_rings(session, office)
        if not _one_round(office, tell):
            break
    left = sum(kind.marks.total() - kind.sealed_by(office.keys.mark) for kind in kinds(office))
    if not left:
        with office.sessions.unit_of_work() as session:
            _refuse_other_rings(session, office)
            ended = session.get_one(KeyRotation, rotation.id, with_for_update=True)
            ended.ended_at = office.clock()
            forget_older_keys(session, office)
            record(session, ended, "end_rotation", office.clock())
    return left


def _refuse_other_rings(session: Session, office: Office) -> None:
    """No process may be at work that could not open what is sealed with the newest key."""
    others = session.scalar(_OTHERS, {"like": SEALS_BY + "%", "ours": SEALS_BY + office.keys.badge})
    if others:
        raise Refused(_("还有进程用着旧的密钥设置：请重新启动全部进程，再更换密钥"))


_OTHERS = text("""
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE :like
        AND application_name <> :ours
""")


def _begun(session: Session, office: Office) -> KeyRotation:
    """The rotation to this key that has not ended, or a new one."""
    key, suite = office.keys.current, str(office.keys.suite.name)
    query = select(KeyRotation).filter_by(key_name=key, suite=suite, ended_at=None)
    found = session.scalar(query.order_by(KeyRotation.id.desc()).limit(1))
    if found is None:
        found = KeyRotation(key_name=key, suite=suite, begun_at=office.clock(), version=0)
        session.add(found)
        session.flush()
        record(session, found, "begin_rotation", office.clock(), key=key, suite=suite)
    return found


def _one_round(office: Office, tell: Tell) -> int:
    """Seal anew whatever is not locked by others; how many."""
    done = 0
    for place in PLACES:
        for count in _reseal_column(office, place):
            tell(f"{place.table}.{place.column}", count)
            done += count
    for name, folder in _folders(office).items():
        for names in _some_at_a_time(_sealed_otherwise(office, folder)):
            folder.reseal(names)
            tell(_(name), len(names))
            done += len(names)
    return done


def _folders(office: Office) -> dict[str, Store | Spool]:
    return {STORE: office.store, SPOOL: office.spool}


def _sealed_otherwise(office: Office, folder: Store | Spool) -> Iterator[str]:
    mark = office.keys.mark
    return (name for name, found in folder.marks() if found != mark)


def _some_at_a_time(names: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(names)
    while some := list(islice(rest, FILES_AT_ONCE)):
        yield some


def _reseal_column(office: Office, place: SealedColumn) -> Iterator[int]:
    """Seal the column's values anew in batches; how many each time."""
    table = _table(place)
    keys, column = list(table.primary_key.columns), table.c[place.column]
    mark = office.keys.mark
    otherwise = func.substr(column, 1, len(mark), type_=LargeBinary) != mark
    # What was erased is empty.
    there = func.length(column) > 0
    query = select(*keys, column, *(table.c[name] for name in place.by)).where(otherwise, there)
    query = query.order_by(*keys).limit(ROWS_AT_ONCE)
    query = query.with_for_update(skip_locked=True, key_share=True)
    last: tuple[Any, ...] | None = None
    while True:
        with office.sessions.unit_of_work("reseal") as session:
            after = tuple_(*keys) > last if last else text("true")
            rows = session.execute(query.where(after)).all()
            if not rows:
                return
            anew = [new for row in rows if (new := _anew(office, place, len(keys), tuple(row)))]
            if anew:
                session.connection().execute(_update(table, keys, column), anew)
        last = tuple(rows[-1][: len(keys)])
        yield len(anew)


def _anew(
    office: Office, place: SealedColumn, keys: int, row: tuple[Any, ...]
) -> dict[str, object] | None:
    """The parameters that write the row's value anew; None for one that does not open."""
    key, sealed, by = row[:keys], row[keys], row[keys + 1 :]
    try:
        new = place.resealed(office.keys, sealed, *by)
    except SealBroken:
        log.warning("does not open table=%s column=%s key=%s", place.table, place.column, key)
        return None
    return {"new": new} | {f"key{at}": value for at, value in enumerate(key)}


def _update(table: Table, keys: list[Column[Any]], column: Column[Any]) -> Any:
    return (
        update(table)
        .where(*(key == bindparam(f"key{at}") for at, key in enumerate(keys)))
        .values({column.name: bindparam("new")})
    )


def _table(place: SealedColumn) -> Table:
    return Base.metadata.tables[place.table]
