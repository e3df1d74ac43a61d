"""The dropped and uploaded packets, and their results."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, select
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
from workflows.claims.packets.refusals import ALL_REFUSALS, UNSEEN_REFUSAL
from workflows.engine.office import Office
from workflows.people.visibility import sees_own_unit_only
from workflows.sealed_values.files import packet_name

ROWS = 100

_MOVING = (PacketState.NOTICED, PacketState.SETTLED)
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
    is_parked: bool
    """Whether a step failed on it, so that it goes on only from the failed list."""
    kept_until: date | None
    """The last day on which the original can be downloaded; None where it is not kept."""


def latest_packets(session: Session, office: Office, person: User) -> list[PacketRow]:
    """The latest packets, newest first; a unit clerk sees what he sent himself."""
    return _rows(session, office, _packets(person).limit(ROWS))


def refusals(
    session: Session, office: Office, person: User, before: int | None, is_all: bool
) -> tuple[list[PacketRow], int | None]:
    """One page of the refused packets, newest first, and the `before` of the next page: all, or
    those that nobody of the office has looked at. A unit clerk, who looks at his own, sees all."""
    shown = ALL_REFUSALS if is_all or sees_own_unit_only(person) else UNSEEN_REFUSAL
    query = _packets(person).where(shown).limit(ROWS + 1)
    found = _rows(session, office, query.where(Packet.id < before) if before else query)
    return found[:ROWS], (found[ROWS - 1].id if len(found) > ROWS else None)


def _packets(person: User) -> Select[Packet, str, str, int]:
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
    )
    return query.where(Packet.sent_by == person.id) if sees_own_unit_only(person) else query


def _rows(
    session: Session,
    office: Office,
    query: Select[Packet, str, str, int],
) -> list[PacketRow]:
    return [_row(office, *found) for found in session.execute(query).all()]


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
        word=_(known) if known else _state(packet),
        claim=claim or "",
        receipt=receipt,
        notes=tuple(mask_numbers(note) for note in packet.notes),
        is_moving=packet.state in _MOVING and packet.parked_at is None,
        is_parked=packet.parked_at is not None,
        kept_until=packet.kept_until if packet.state == PacketState.AWAY else None,
    )


def _state(packet: Packet) -> str:
    return _("收件出错") if packet.parked_at else labels.state(PACKET, packet.state)


def _without_name(packet: Packet) -> str:
    """What stands for a name that says nothing to people: of a part of a stack, and of a mail; the
    page says who sent an upload."""
    if packet.part_of:
        return _("分自一摞材料")
    return _("邮箱") if packet.folder == MAIL else ""
