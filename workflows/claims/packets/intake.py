"""Intake (收件): a packet's files into the store, its rows into the database.

The order of acts is the promise: store with fsync, commit the rows, and only then remove the
dropped entry. At any crash a packet is in the drop folder or in the tables.
"""

import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from documents.letters.contents import LetterKind
from documents.masks import mask_numbers
from documents.packets.confined_child import ProcessKilled
from documents.packets.dropped import fingerprint, lies_at
from documents.packets.file_names import says_whom
from documents.packets.opening import (
    OpenedPacket,
    PacketFile,
    RefusedFile,
    open_packet,
    open_upload,
)
from documents.packets.stacks import StackPart, parts_of
from documents.packets.surveyed import survey
from documents.packets.unfit import Unfit
from language import _
from models import Claim, Objection, Packet, User
from models.states import ClaimState
from workflows.claims.acts.papers_added import ArrivedFile, add_files, take_papers
from workflows.claims.letters import occasions
from workflows.claims.letters.letters import want_letters
from workflows.claims.packets.dividing import SpooledPart, divide, doubts, put_parts
from workflows.claims.packets.flawed_pages import hard_to_read
from workflows.claims.packets.inbox import INBOX, MAIL, SPOOLED, path_of
from workflows.claims.packets.originals import kept_until
from workflows.claims.packets.packet_claims import (
    claim_named,
    claim_of_this_name,
    claim_with,
    claim_within,
    known_to_sender,
    number_in_name,
    why_new,
)
from workflows.claims.papers.divided import was_divided
from workflows.engine.history import record
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.engine.rows import next_id, numbered
from workflows.engine.steps import Lease
from workflows.people.claim_makers import Made, note_maker
from workflows.sealed_values.files import packet_name

TAKEN_IN, REFUSED, REPEATED = "taken", "rejected", "repeated"


@dataclass(frozen=True)
class DroppedEntry:
    """The dropped entry as it was when it had stopped changing."""

    path: Path
    fingerprint: str
    is_of_one: bool
    """Whether all that is in it is for one claim, whatever sheets lie in it."""


@dataclass(frozen=True)
class UploadedEntry:
    """The name in the spool of what was uploaded; nobody changes it."""

    name: str
    is_of_one: bool


@dataclass(frozen=True)
class OpenedEntry:
    """What was found in an entry and is now in the store. `missing` or `changed`: look again.

    Of the pages, `whole` tells which sheets lay among them. The `parts` of a stack lie in the
    spool; of a stack nothing else is stored.
    """

    files: tuple[PacketFile, ...] = ()
    refusals: tuple[RefusedFile, ...] = ()
    digest: str = ""
    whole: StackPart = field(default_factory=StackPart)
    parts: tuple[SpooledPart, ...] = ()
    missing: bool = False
    changed: str | None = None

    @property
    def hashes(self) -> frozenset[str]:
        return frozenset(file.sha256 for file in self.files)


def gather(session: Session, packet: Packet, office: Office) -> DroppedEntry | UploadedEntry:
    """Where the entry is, and what it looked like when it settled."""
    is_named = packet.claim_id is not None or number_in_name(packet, office) is not None
    is_of_one = is_named or packet.part_of is not None
    if packet.folder in SPOOLED:
        return UploadedEntry(packet_name(office.keys, packet).decode(), is_of_one)
    return DroppedEntry(path_of(office, packet), packet.fingerprint, is_of_one)


def work(entry: DroppedEntry | UploadedEntry, office: Office, lease: Lease[Packet]) -> OpenedEntry:
    """Open the entry and store its good files; nothing is recorded yet."""
    if isinstance(entry, UploadedEntry):
        if not office.spool.has(entry.name):
            return OpenedEntry(missing=True)
        opened = open_upload(entry.name, office.spool.get(entry.name), office.limits)
        return _taken(opened, office, lease, entry.is_of_one)
    if (before := fingerprint(entry.path)) is None:
        return OpenedEntry(missing=True)
    opened = open_packet(entry.path, office.limits)
    if not before == fingerprint(entry.path) == entry.fingerprint:
        return OpenedEntry(missing=not lies_at(entry.path), changed=before)
    return _taken(opened, office, lease, entry.is_of_one)


def _taken(
    opened: OpenedPacket, office: Office, lease: Lease[Packet], is_of_one: bool
) -> OpenedEntry:
    whole = StackPart(survey(opened.files, office.limits, lease.extend))
    parts = [whole] if is_of_one else parts_of(whole.pages)
    found = OpenedEntry(opened.files, opened.refusals, opened.digest, whole)
    if len(parts) > 1:
        # A page that cannot be cut out leaves the stack whole, and the note on its sheets tells it.
        with suppress(Unfit, ProcessKilled):
            return replace(found, parts=put_parts(office, lease, parts, opened.files))
    for file in opened.files:
        office.store.put(file.data)
        lease.extend()
    return found


def record_packet(session: Session, packet: Packet, opened: OpenedEntry, office: Office) -> None:
    """Turn the packet into a claim, into papers of a claim, or into sentences that say why not."""
    if opened.missing:
        advance(session, packet, "vanish", office)
        return
    if opened.changed:
        packet.fingerprint, packet.noticed_at = opened.changed, office.clock()
        advance(session, packet, "disturb", office)
        return
    packet.digest = opened.digest
    packet.kept_until = kept_until(office, opened.refusals)
    if opened.parts:
        told = []
    else:
        told = packet.notes if packet.part_of else _doubts(opened.whole)
        told = [*told, *hard_to_read(opened.whole.pages)]
    refused = [f"{mask_numbers(refusal.name)}:{refusal.reason}" for refusal in opened.refusals]
    packet.notes = [*told, *refused]
    if found := [refusal.infection for refusal in opened.refusals if refusal.infection]:
        record(session, packet, "find_malware", office.clock(), found=found)
    if not opened.files:
        packet.outcome = REFUSED
    elif opened.parts:
        divide(session, office, packet, opened.parts)
    else:
        _find_a_place(session, office, packet, opened)
    advance(session, packet, "intake", office, outcome=packet.outcome, claim=packet.claim_id)


def _doubts(whole: StackPart) -> list[str]:
    return doubts(whole) if whole.number else []


def _find_a_place(session: Session, office: Office, packet: Packet, opened: OpenedEntry) -> None:
    """The claim the papers are for: the one that is named, the one that has them, or a new one."""
    number = number_in_name(packet, office) or packet.cover or opened.whole.number
    known = known_to_sender(session, packet)
    claim = claim_named(session, packet, number, known)
    if number and claim is None:
        packet.notes = [*packet.notes, why_new(session, number, known)]
    claim = claim or claim_within(session, opened.hashes, opened.digest, known)
    is_open = claim is not None and _may_join(packet, claim)
    if claim and is_open:
        _tell_of_other_sheets(packet, claim, opened)
        _add_papers(session, office, claim, packet, opened)
    elif same := claim_with(session, opened.hashes, known):
        _say_repeated(session, packet, same)
    elif packet.folder == INBOX and (again := _come_back(session, office, packet)):
        _take_again(session, office, packet, again, opened)
    else:
        if claim:
            note = _("案件 %(n)s 没有在等补件，邮件里的材料已按新案件收件")
            packet.notes = [*packet.notes, note % {"n": claim.number}]
        _open_claim(session, office, packet, opened)


def _may_join(packet: Packet, claim: Claim) -> bool:
    """Whether these papers may join the claim. Anybody may have sent a mail: it brings only what is
    asked for."""
    return packet.folder != MAIL or claim.state == ClaimState.INCOMPLETE


def _tell_of_other_sheets(packet: Packet, claim: Claim, opened: OpenedEntry) -> None:
    if others := opened.whole.numbers - {claim.number}:
        note = _("其中有案件 %(others)s 的封面，全部归入案件 %(n)s，请核对")
        words = {"others": "、".join(sorted(others)), "n": claim.number}
        packet.notes = [*packet.notes, note % words]


def _come_back(session: Session, office: Office, packet: Packet) -> Claim | None:
    since = packet.noticed_at - timedelta(minutes=office.settings.same_name_minutes)
    return claim_of_this_name(session, packet, since)


def _take_again(
    session: Session, office: Office, packet: Packet, claim: Claim, opened: OpenedEntry
) -> None:
    """Add to the claim what came under its name; a new claim where the name says nothing of whom
    the papers are, since the next person's may have it too."""
    words = {"n": claim.number}
    if says_whom(os.fsdecode(packet_name(office.keys, packet))):
        packet.notes = [*packet.notes, _("同名的材料不久前已收件，归入案件 %(n)s") % words]
        _add_papers(session, office, claim, packet, opened)
    else:
        note = _("与案件 %(n)s 的材料同名，名称看不出是谁，已按新案件收件") % words
        packet.notes = [*packet.notes, note]
        _open_claim(session, office, packet, opened)


def _open_claim(session: Session, office: Office, packet: Packet, opened: OpenedEntry) -> None:
    claim = Claim(digest=opened.digest, received_on=office.today(), received_at=office.clock())
    claim.id = next_id(session, Claim)
    claim.number = numbered("HZ", office.today(), claim.id)
    try:
        with session.begin_nested():
            start(session, claim, "receive", office)
    except IntegrityError:
        # The same papers were taken in a moment ago, or for a unit whose claims the sender may not
        # know of.
        query = select(Claim).filter_by(digest=opened.digest)
        _say_repeated(
            session, packet, session.scalar(query.where(known_to_sender(session, packet)))
        )
        return
    _attach(session, office, claim, packet, opened)
    packet.outcome = TAKEN_IN
    want_letters(session, office, LetterKind.RECEIPT, {claim: occasions.of_packet(packet.id)})


def _add_papers(
    session: Session, office: Office, claim: Claim, packet: Packet, opened: OpenedEntry
) -> None:
    added = _attach(session, office, claim, packet, opened)
    packet.outcome = TAKEN_IN if added else REPEATED
    if not added:
        packet.notes = [*packet.notes, _("这些材料案件 %(n)s 已经有了") % {"n": claim.number}]
        return
    objection = session.get(Objection, packet.objection_id) if packet.objection_id else None
    if note := take_papers(session, office, claim, added, objection=objection):
        packet.notes = [*packet.notes, note]


def _attach(
    session: Session, office: Office, claim: Claim, packet: Packet, opened: OpenedEntry
) -> int:
    """Add the files the claim does not have yet; how many."""
    packet.claim_id = claim.id
    if packet.sent_by:
        note_maker(session, claim, session.get_one(User, packet.sent_by), Made.PAPERS)
    files = (
        ArrivedFile(packet.id, file.sha256, file.name, file.media_type, len(file.data), file.pages)
        for file in opened.files
    )
    return add_files(session, office, claim, files)


def _say_repeated(session: Session, packet: Packet, claim: Claim | None) -> None:
    """Say that the papers are here already; which claim has them, only to who may know of it."""
    packet.outcome, packet.claim_id = REPEATED, claim.id if claim else None
    if claim is None:
        note = _("这些材料已由他人收件，没有重复收件；如有疑问请联系经办机构")
    elif was_divided(session, claim):
        note = _("这些材料案件 %(n)s 已经有了，该案件已按人分开，没有重复收件")
    elif claim.state == ClaimState.WITHDRAWN:
        note = _("这些材料案件 %(n)s 已经有了，该案件已撤回；重新申请请由经办恢复办理")
    else:
        note = _("这些材料案件 %(n)s 已经有了，没有重复收件")
    packet.notes = [*packet.notes, note % {"n": claim.number} if claim else note]
