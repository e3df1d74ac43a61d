"""Everything that is held on one member, opened, in one readable file (PIPL art. 45)."""

import json
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from sqlalchemy import LargeBinary, RowMapping
from sqlalchemy.orm import Session

from language import _
from models import AuditEvent, Base, Member, User
from rules.errors import Refused
from workflows.engine.erased import require_kept
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.engine.sealed_details import details_of
from workflows.people.reveals import require_few_taken
from workflows.people.rights import Act, require
from workflows.rows_of_person import Rows, events_of, rows_about
from workflows.sealed_values.places import PLACES

# Heirs are persons of their own, and a hold may be for an inquiry that he is not to know of.
_OF_OTHERS = {"heir", "legal_hold"}
_OF_EVENTS = ("subject", "subject_id", "seq", "at", "actor_id", "verb", "source", "target")
_PLACES = {(place.table, place.column): place for place in PLACES}


def export_person(
    session: Session, office: Office, person: User, member_id: int, purpose: str
) -> bytes:
    """The ZIP file for this member, which the store also keeps, sealed; the export is an event, and
    one person takes so many in a day."""
    require(person, Act.EXPORT_PERSON)
    if not purpose.strip():
        raise Refused(_("请写明用途"), at="purpose")
    member = session.get(Member, member_id, with_for_update=True)
    if member is None:
        raise Refused(_("没有会员 %(id)s") % {"id": member_id})
    require_kept(member)
    require_few_taken(session, office, person)
    rows = rows_about(session, "member", member.id, without=_OF_OTHERS)
    packed = _packed(office, rows, events_of(session, rows))
    told = {"purpose": purpose.strip(), "sha256": office.store.put(packed)}
    record(session, member, "export", office.clock(), person.id, **told)
    return packed


def _packed(office: Office, rows: Rows, events: Sequence[AuditEvent]) -> bytes:
    """One ZIP: what the tables say as JSON, beside each paper and letter as it is stored."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        opened = {name: [_opened(office, name, row) for row in all_] for name, all_ in rows.items()}
        opened[AuditEvent.__tablename__] = [
            {name: getattr(event, name) for name in _OF_EVENTS} | {"detail": told}
            for event, told in zip(events, details_of(events), strict=True)
        ]
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
