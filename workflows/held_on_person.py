"""Everything that is held on one member, opened and gathered into one readable file (PIPL art. 45).

The tables are found by their foreign keys: what points to the member, to a claim of his, and so on.
So a new table is in the file from its first day.
"""

import json
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    LargeBinary,
    RowMapping,
    Table,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from language import _
from models import AuditEvent, Base, Member, StoredReading, User
from rules.errors import Refused
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.rights import Act, require
from workflows.sealed_values.places import PLACES

Rows = dict[str, Sequence[RowMapping]]

# Heirs are persons of their own; what is theirs is not told with the member.
_OF_OTHERS = {"heir"}
_PLACES = {(place.table, place.column): place for place in PLACES}


def export_person(
    session: Session, office: Office, person: User, member_id: int, purpose: str
) -> bytes:
    """The ZIP file for this member, which the store also keeps, sealed; the export is an event."""
    require(person, Act.EXPORT_PERSON)
    if not purpose.strip():
        raise Refused(_("请写明用途"), at="purpose")
    member = session.get(Member, member_id, with_for_update=True)
    if member is None:
        raise Refused(_("没有会员 %(id)s") % {"id": member_id})
    rows = held_on(session, member)
    packed = _packed(office, rows)
    told = {"purpose": purpose.strip(), "sha256": office.store.put(packed)}
    record(session, member, "export", office.clock(), person.id, **told)
    return packed


def held_on(session: Session, member: Member) -> Rows:
    """The rows about the member by table, as they are stored."""
    found: Rows = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in _OF_OTHERS and (asked := _about(table, found, member)) is not None:
            found[table.name] = _all(session, table, asked)
    readings = Base.metadata.tables[StoredReading.__tablename__]
    papers = [row["sha256"] for row in found["document"]]
    found[readings.name] = _all(session, readings, readings.c.sha256.in_(papers))
    events = Base.metadata.tables[AuditEvent.__tablename__]
    found[AuditEvent.__tablename__] = [
        event
        for name, rows in list(found.items())
        if rows and "id" in rows[0]
        for event in session.execute(
            select(events).where(
                events.c.subject == name, events.c.subject_id.in_([row["id"] for row in rows])
            )
        ).mappings()
    ]
    return found


def _about(table: Table, found: Rows, member: Member) -> ColumnElement[bool] | None:
    """Which rows of the table point to rows that are found; None where the table points to none."""
    if table.name == Member.__tablename__:
        return table.c.id == member.id
    pointing = [
        _points_to(key, found)
        for key in table.foreign_key_constraints
        if key.referred_table.name in found
    ]
    return or_(*pointing) if pointing else None


def _points_to(key: ForeignKeyConstraint, found: Rows) -> ColumnElement[bool]:
    names = [element.column.name for element in key.elements]
    rows = found[key.referred_table.name]
    return tuple_(*key.columns).in_([tuple(row[name] for name in names) for row in rows])


def _all(session: Session, table: Table, asked: ColumnElement[bool]) -> Sequence[RowMapping]:
    return session.execute(select(table).where(asked)).mappings().all()


def _packed(office: Office, rows: Rows) -> bytes:
    """One ZIP: what the tables say as JSON, beside each paper and letter as it is stored."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        opened = {name: [_opened(office, name, row) for row in all_] for name, all_ in rows.items()}
        file.writestr("held.json", json.dumps(opened, ensure_ascii=False, indent=1, default=str))
        for folder, name in (("papers", "document"), ("letters", "letter")):
            for sha256 in dict.fromkeys(row["sha256"] for row in rows[name] if row["sha256"]):
                file.writestr(f"{folder}/{sha256}", office.store.get(sha256))
    return packed.getvalue()


def _opened(office: Office, table: str, row: RowMapping) -> dict[str, Any]:
    return dict(_columns(office, table, row))


def _columns(office: Office, table: str, row: RowMapping) -> Iterator[tuple[str, Any]]:
    """The row as a person reads it; fingerprints and the chain of its history say nothing."""
    for name, value in row.items():
        place = _PLACES.get((table, name))
        if place and value is not None:
            if not row.get("heir_id"):
                yield name, place.read(office.keys, value, dict(row))
        elif not isinstance(Base.metadata.tables[table].c[name].type, LargeBinary):
            yield name, value
