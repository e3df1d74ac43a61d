"""For which claim a packet is: the one it names, the one whose papers it repeats or adds to."""

import os
import re
from collections.abc import Set
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from language import _
from models import Claim, Document, Packet, User
from workflows.claims.papers.divided import is_divided
from workflows.engine.office import Office
from workflows.people import visibility
from workflows.sealed_values.files import packet_name

_CLAIM_NUMBER = re.compile(r"HZ\d{10,}")


def number_in_name(packet: Packet, office: Office) -> str | None:
    """The claim's number that the entry's name begins with, if it does."""
    found = _CLAIM_NUMBER.match(os.fsdecode(packet_name(office.keys, packet)))
    return found[0] if found and packet.claim_id is None else None


def claim_named(
    session: Session, packet: Packet, number: str | None, known: ColumnElement[bool]
) -> Claim | None:
    """The claim chosen on the screen, or the one of this number; none that was divided, which no
    sheet among the papers of its parts may bring back."""
    query = select(Claim).with_for_update()
    if packet.claim_id is not None:
        return session.scalar(query.filter_by(id=packet.claim_id))
    query = query.where(Claim.number == number, known, ~is_divided())
    return session.scalar(query) if number else None


def why_new(session: Session, number: str, known: ColumnElement[bool]) -> str:
    """The sentence on papers that name this claim and may not join it."""
    theirs = Claim.number == number, known, is_divided()
    if session.scalar(select(Claim.id).where(*theirs)) is None:
        return _("没有案件 %(n)s，已按新案件收件") % {"n": number}
    return _("案件 %(n)s 已按人分开，已按新案件收件") % {"n": number}


def known_to_sender(session: Session, packet: Packet) -> ColumnElement[bool]:
    """The claims the packet may join: the office's own drop folder knows them all."""
    sender = session.get(User, packet.sent_by) if packet.sent_by else None
    return visibility.claims_seen_by(sender) if sender else true()


def claim_within(
    session: Session, hashes: Set[str], digest: str, known: ColumnElement[bool]
) -> Claim | None:
    """An earlier claim whose files are all among these beside new ones: its folder has grown. A
    stack of this digest that was divided has not, though the files of its parts are in it."""
    stack = select(Claim.id).where(Claim.digest == digest, is_divided()).correlate(None)
    theirs = select(Document.claim_id).where(Document.sha256.in_(hashes))
    inside = (
        select(Document.claim_id)
        .join(Claim)
        .where(Document.claim_id.in_(theirs), known, ~is_divided(), ~stack.exists())
        .group_by(Document.claim_id)
        .having(func.bool_and(Document.sha256.in_(hashes)))
        .having(func.count() < len(hashes))
        .order_by(func.count().desc(), Document.claim_id)
        .limit(1)
    )
    claim_id = session.scalar(inside)
    return session.get_one(Claim, claim_id, with_for_update=True) if claim_id else None


def claim_of_this_name(session: Session, packet: Packet, since: datetime) -> Claim | None:
    """The claim that an entry of the same name in the drop folder made or joined since then: who
    drops `张三` again an hour later brings more of his papers."""
    earlier = (
        select(Packet.claim_id)
        .join(Claim, Claim.id == Packet.claim_id)
        .where(
            Packet.folder == packet.folder,
            Packet.name_print == packet.name_print,
            Packet.id != packet.id,
            Packet.noticed_at > since,
            ~is_divided(),
        )
        .order_by(Packet.id.desc())
        .limit(1)
    )
    claim_id = session.scalar(earlier)
    return session.get_one(Claim, claim_id, with_for_update=True) if claim_id else None


def claim_with(session: Session, hashes: Set[str], known: ColumnElement[bool]) -> Claim | None:
    """An earlier claim that already holds every one of these files."""
    return session.scalar(
        select(Claim)
        .join(Document)
        .where(Document.sha256.in_(hashes), known, ~is_divided())
        .group_by(Claim.id)
        .having(func.count(Document.sha256.distinct()) == len(hashes))
        .order_by(Claim.id)
        .limit(1)
    )
