"""The dropped and uploaded packets, and their results."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from console import formatting, labels
from documents.letters.contents import LetterKind
from documents.masks import mask_numbers
from language import N_, _
from models import Claim, Letter, Packet, User
from models.machines.claims import PACKET
from models.states import LetterState, PacketState
from workflows.claims.letters.occasions import of_packet_in_sql
from workflows.claims.packets.inbox import INBOX, MAIL
from workflows.engine.office import Office
from workflows.people.visibility import sees_own_unit_only
from workflows.sealed_values.files import packet_name

ROWS = 100

_OUTCOMES = {
    "taken": N_("已收件"),
    "repeated": N_("重复"),
    "rejected": N_("未能收件"),
    "divided": N_("已分件"),
}


@dataclass(frozen=True)
class PacketRow:
    id: int
    noticed_at: datetime
    name: str
    sent_by: str
    outcome: str
    word: str
    claim: str
    receipt: int | None
    """The letter that says what was received; None until it is written."""
    notes: tuple[str, ...]
    is_moving: bool
    kept_until: date | None
    """The last day on which the original can be downloaded; None where it is not kept."""


def latest_packets(session: Session, office: Office, person: User) -> list[PacketRow]:
    """The latest packets, newest first; a unit clerk sees what he sent himself."""
    of_packet = and_(
        Letter.claim_id == Packet.claim_id,
        Letter.kind == LetterKind.RECEIPT,
        Letter.occasion == of_packet_in_sql(Packet.id),
        Letter.state == LetterState.WRITTEN,
    )
    query = (
        select(Packet, Claim.number, User.name, Letter.id)
        .outerjoin(Claim, Claim.id == Packet.claim_id)
        .outerjoin(User, User.id == Packet.sent_by)
        .outerjoin(Letter, of_packet)
        .order_by(Packet.id.desc())
        .limit(ROWS)
    )
    if sees_own_unit_only(person):
        query = query.where(Packet.sent_by == person.id)
    return [_row(office, *found) for found in session.execute(query)]


def _row(
    office: Office, packet: Packet, claim: str | None, sent_by: str | None, receipt: int | None
) -> PacketRow:
    known = _OUTCOMES.get(packet.outcome or "")
    if packet.folder == INBOX:
        name = formatting.file_name(packet_name(office.keys, packet))
    else:
        name = _without_name(packet)
    return PacketRow(
        id=packet.id,
        noticed_at=packet.noticed_at,
        name=name,
        sent_by=sent_by or "",
        outcome=packet.outcome or "",
        word=_(known) if known else labels.state(PACKET, packet.state),
        claim=claim or "",
        receipt=receipt,
        notes=tuple(mask_numbers(note) for note in packet.notes),
        is_moving=packet.state in (PacketState.NOTICED, PacketState.SETTLED),
        kept_until=packet.kept_until if packet.state == PacketState.AWAY else None,
    )


def _without_name(packet: Packet) -> str:
    """What stands for a name that says nothing to people: of a part of a stack, and of a mail; the
    page says who sent an upload."""
    if packet.part_of:
        return _("分自一摞材料")
    return _("邮箱") if packet.folder == MAIL else ""
