"""Erases what is of one member, or of a claim that names none.

The rows stay with their ids, days, states and sums, so that books, limits, statistics and foreign
keys hold. What says who somebody is, or what happened to him, is overwritten: every column that
models/columns.toml calls personal or sensitive, unless it stands there under `stays`. Papers and
letters leave the store, and the keys go under which the log told of him.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Column, LargeBinary, Table, case, func, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from models import AuditEvent, Base, Claim, Member, Packet, StoredReading
from models.column_map import column_map, stays
from workflows.engine.detail_keys import Whose, erase_keys
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.protected import PROTECTED
from workflows.engine.row_stamps import execute_stamped
from workflows.engine.rows import any_of
from workflows.engine.sealed_column import ERASED
from workflows.retention.due import due_claims, due_members
from workflows.retention.files import forget_files, is_stored_again
from workflows.rows_of_person import Rows, rows_about, stacks_of
from workflows.sealed_values.members import forget_person
from workflows.sealed_values.places import PLACES

_SEALED = {(place.table, place.column) for place in PLACES}
# What was read of a paper goes with its file, since another claim may still name both.
_NOT_OVERWRITTEN = {Member.__tablename__, StoredReading.__tablename__}
_DUE = {Member: due_members, Claim: due_claims}


def count(session: Session, row: type[Member | Claim], id_: int) -> Counter[str]:
    """How many rows of each table hold something of a person that would be erased."""
    return _counted(_rows(session, row, id_))


def erase(
    session: Session, office: Office, row: type[Member | Claim], id_: int, by: int | None
) -> Counter[str]:
    """Erase it if it is still due; how many rows of each table."""
    # Asked again under the locks, the claims' first as everywhere: a hold or an event may have come
    # meanwhile, and waits for them from now on.
    of_it = Claim.member_id == id_ if row is Member else Claim.id == id_
    session.execute(select(Claim.id).where(of_it).order_by(Claim.id).with_for_update())
    found = cast("Member | Claim", session.get_one(row, id_, with_for_update=True))
    if session.scalar(_DUE[row](office.today()).where(row.id == id_)) is None:
        return Counter()
    rows, now = _rows(session, row, id_), office.clock()
    files = _files(session, rows)
    if is_stored_again(office, files):
        return Counter()
    erased = _counted(rows)
    for name in erased.keys() - _NOT_OVERWRITTEN:
        _overwrite(session, Base.metadata.tables[name], rows[name])
    if isinstance(found, Member):
        forget_person(office.keys, found)
        found.erased_at = now
    claims = [each["id"] for each in rows.get(Claim.__tablename__, ())]
    session.execute(update(Claim).where(any_of(Claim.id, claims)).values(erased_at=now))
    forget_files(session, office, files)
    owners = [Whose(name, each["id"]) for name in rows for each in rows[name] if "id" in each]
    erase_keys(session, owners, now)
    record(session, found, "erase", now, by, rows=dict(erased))
    return erased


def _counted(rows: Rows) -> Counter[str]:
    return Counter({name: len(rows[name]) for name in rows if rows[name] and _of_persons(name)})


def _rows(session: Session, row: type[Member | Claim], id_: int) -> Rows:
    """Stacks go with the first of those whose papers lay in them: clerks name them after people."""
    rows, packets = rows_about(session, row.__tablename__, id_), Packet.__tablename__
    return rows | {packets: [*rows.get(packets, ()), *stacks_of(session, rows)]}


def _files(session: Session, rows: Rows) -> set[str]:
    """Papers, letters and exports."""
    named = {each["sha256"] for name in ("document", "letter") for each in rows.get(name, ())}
    return (named | set(_exports(session, rows))) - {None}


def _exports(session: Session, rows: Rows) -> Sequence[str]:
    """The files of everything held on the member that were handed out and kept."""
    ids = [each["id"] for each in rows.get(Member.__tablename__, ())]
    query = select(AuditEvent.detail["sha256"].as_string()).where(
        AuditEvent.subject == Member.__tablename__,
        any_of(AuditEvent.subject_id, ids),
        AuditEvent.verb == "export",
    )
    return session.scalars(query).all()


def _overwrite(session: Session, table: Table, rows: Sequence[Any]) -> None:
    keys = list(table.primary_key)
    which = tuple_(*keys).in_([tuple(row[key.name] for key in keys) for row in rows])
    nothing = {column: _nothing(column) for column in _of_persons(table.name)}
    overwriting = update(table).where(which).values(nothing)
    if table.name in PROTECTED:
        execute_stamped(session, overwriting)
    else:
        session.execute(overwriting)


def _of_persons(table: str) -> list[Column[Any]]:
    """The columns of the table that say who somebody is, or what happened to him."""
    return [
        Base.metadata.tables[table].c[name]
        for (of, name), mapped in column_map().items()
        if of == table and mapped.data_class.is_of_a_person and name not in stays(table)
    ]


def _nothing(column: Column[Any]) -> Any:
    """What an erased column holds. NULL stays, so that what is told together stays together."""
    if (column.table.name, column.name) in _SEALED:
        nothing: Any = ERASED
    elif isinstance(column.type, LargeBinary):
        # A fingerprint of nobody, unlike every other one, of ERASED_PRINT_BYTES.
        nothing = func.uuid_send(func.gen_random_uuid())
    elif isinstance(column.type, JSONB):
        nothing = literal([], JSONB)
    else:
        nothing = ""
    return case((column.is_(None), None), else_=nothing)
