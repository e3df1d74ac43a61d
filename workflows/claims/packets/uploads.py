"""Files that are sent from a screen go sealed into the spool, and on as what is dropped does."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy.orm import Session

from documents.packets.file_names import in_order
from language import _
from models import Claim, Objection, Packet, User
from rules.errors import Refused
from workflows.claims.packets.inbox import begun
from workflows.engine.moves import advance
from workflows.engine.office import Office
from workflows.people import visibility
from workflows.people.rights import Act, require


def upload(
    session: Session,
    office: Office,
    person: User,
    files: Sequence[tuple[str, bytes]],
    claim: Claim | None = None,
) -> Packet:
    """Take files sent from a screen; they go the same way as what is dropped in the folder."""
    require(person, Act.HAND_IN)
    if claim is not None:
        visibility.require_claim(session, person, claim)
    return _take(session, office, person, files, claim)


def upload_with_objection(
    session: Session,
    office: Office,
    person: User,
    objection: Objection,
    files: Sequence[tuple[str, bytes]],
) -> Packet:
    """Take the papers that an objection brings, from the person who registers it."""
    require(person, Act.OBJECT)
    return _take(session, office, person, files, objection.claim, objection.id)


def _take(
    session: Session,
    office: Office,
    person: User,
    files: Sequence[tuple[str, bytes]],
    claim: Claim | None,
    objection_id: int | None = None,
) -> Packet:
    if not files:
        raise Refused(_("请先选择要上传的文件"))
    entry = uuid4().hex
    office.spool.put(entry, in_order(files))
    packet = begun(
        session,
        office,
        entry,
        person,
        sent_by=person.id,
        claim_id=claim.id if claim else None,
        objection_id=objection_id,
    )
    advance(session, packet, "settle", office, person)
    return packet
