"""Intake (收件): a packet's files into the store, its rows into the database, then it is put away.

The order of acts is the promise: store with fsync, commit the rows, and only then move the
dropped entry. At any crash a packet is in the drop folder or in the tables.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crash_points import crash_point
from documents.letters.contents import LetterKind
from documents.masks import mask_numbers
from documents.packets.cover_sheet import number_on
from documents.packets.file_names import clean
from documents.packets.opening import PacketFile, RefusedFile, open_packet
from language import _
from models import Claim, Document, Packet, User
from models.states import ClaimState
from rules.errors import Refused
from workflows.claims import occasions, shelves
from workflows.claims.inbox import REJECTED, TAKEN, UPLOADS, fingerprint, folder_of, path_of
from workflows.claims.letters import want_letters
from workflows.claims.papers_added import take_papers
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.engine.rows import next_id, numbered
from workflows.engine.steps import Lease
from workflows.people import visibility
from workflows.people.makers import note_maker
from workflows.people.rights import Act, require
from workflows.personal import seal_document_name, seal_packet_name

TAKEN_IN, REFUSED, REPEATED = "taken", "rejected", "repeated"

_CLAIM_NUMBER = re.compile(r"HZ\d{10,}")


@dataclass(frozen=True)
class DroppedEntry:
    """The dropped entry as it was when it had stopped changing."""

    path: Path
    fingerprint: str


@dataclass(frozen=True)
class OpenedEntry:
    """What was found in an entry and is now in the store. `missing` or `changed`: look again.

    `cover` is the claim's number on the cover sheet that lay on top.
    """

    files: tuple[PacketFile, ...] = ()
    refusals: tuple[RefusedFile, ...] = ()
    digest: str = ""
    cover: str | None = None
    missing: bool = False
    changed: str | None = None


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
    if not files:
        raise Refused(_("请先选择要上传的文件"))
    entry = folder_of(office, UPLOADS) / uuid4().hex
    entry.mkdir()
    for number, (name, data) in enumerate(files, 1):
        shelves.write(entry / f"{number:03d} {Path(clean(name)).name}", data)
    print_ = fingerprint(entry) or ""
    packet = Packet(
        folder=UPLOADS,
        fingerprint=print_,
        noticed_at=office.clock(),
        notes=[],
        sent_by=person.id,
        claim_id=claim.id if claim else None,
    )
    seal_packet_name(office.keys, packet, os.fsencode(entry.name))
    start(session, packet, "notice", office, person)
    advance(session, packet, "settle", office, person)
    return packet


def gather(session: Session, packet: Packet, office: Office) -> DroppedEntry:
    """Where the entry is and what it looked like when it settled."""
    return DroppedEntry(path_of(office, packet), packet.fingerprint)


def work(entry: DroppedEntry, office: Office, lease: Lease[Packet]) -> OpenedEntry:
    """Open the entry and store its good files; nothing is recorded yet."""
    if (before := fingerprint(entry.path)) is None:
        return OpenedEntry(missing=True)
    opened = open_packet(entry.path, office.limits)
    if not before == fingerprint(entry.path) == entry.fingerprint:
        return OpenedEntry(missing=not entry.path.exists(), changed=before)
    for file in opened.files:
        office.store.put(file.data)
        lease.extend()
    cover = number_on(opened.files[0], office.limits) if opened.files else None
    return OpenedEntry(opened.files, opened.refusals, opened.digest, cover)


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
    packet.notes = [f"{mask_numbers(refusal.name)}:{refusal.reason}" for refusal in opened.refusals]
    if not opened.files:
        packet.outcome = REFUSED
    else:
        _find_a_place(session, office, packet, opened)
    advance(session, packet, "intake", office, outcome=packet.outcome, claim=packet.claim_id)


def _find_a_place(session: Session, office: Office, packet: Packet, opened: OpenedEntry) -> None:
    """The claim the papers are for: the one that is named, the one that has them, or a new one."""
    number = _number_in_name(packet, office) or opened.cover
    known = _known_to_sender(session, packet)
    claim = _claim_named(session, packet, number, known)
    if number and claim is None:
        note = _("没有案件 %(n)s，已按新案件收件") % {"n": number}
        packet.notes = [*packet.notes, note]
    if claim := claim or _claim_within(session, opened, known):
        _add_papers(session, office, claim, packet, opened)
    elif same := _claim_with(session, opened, known):
        _say_repeated(packet, same)
    else:
        _open_claim(session, office, packet, opened)


def put_away(session: Session, packets: Sequence[Packet], office: Office) -> None:
    """Move the dropped entries to taken/ or rejected/, each with a note where there is one to
    read."""
    for packet in packets:
        _put_away(session, packet, office)


def _put_away(session: Session, packet: Packet, office: Office) -> None:
    source = path_of(office, packet)
    # Only what was taken in is moved: under the same name something new may lie there by now.
    if fingerprint(source) == packet.fingerprint:
        shelf = source.parent / (REJECTED if packet.outcome == REFUSED else TAKEN)
        target = shelves.free_name(shelf, source.name)
        if packet.notes:
            bad = [] if packet.outcome == REFUSED else _bad_files(source, packet.notes)
            shelves.leave_note(source.parent / REJECTED, target.name, packet.notes, bad)
        crash_point("put_away, before rename")
        source.rename(target)
        crash_point("put_away, after rename")
    advance(session, packet, "put_away", office)


def _open_claim(session: Session, office: Office, packet: Packet, opened: OpenedEntry) -> None:
    claim = Claim(
        digest=opened.digest, received_on=office.today(), received_at=office.clock(), events=[]
    )
    claim.id = next_id(session, Claim)
    claim.number = numbered("HZ", office.today(), claim.id)
    try:
        with session.begin_nested():
            start(session, claim, "receive", office)
    except IntegrityError:
        # The same papers were taken in a moment ago, or for a unit whose claims the sender may not
        # know of.
        query = select(Claim).filter_by(digest=opened.digest)
        _say_repeated(packet, session.scalar(query.where(_known_to_sender(session, packet))))
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
    elif note := take_papers(session, office, claim, added):
        packet.notes = [*packet.notes, note]


def _attach(
    session: Session, office: Office, claim: Claim, packet: Packet, opened: OpenedEntry
) -> int:
    """Add the files the claim does not have yet; how many."""
    packet.claim_id = claim.id
    if packet.sent_by:
        note_maker(session, claim, session.get_one(User, packet.sent_by))
    have = set(session.scalars(select(Document.sha256).filter_by(claim_id=claim.id)))
    new = {file.sha256: file for file in opened.files if file.sha256 not in have}
    for file in new.values():
        session.add(
            Document(
                claim_id=claim.id,
                packet_id=packet.id,
                sha256=file.sha256,
                name=seal_document_name(office.keys, claim.id, file.sha256, file.name),
                media_type=file.media_type,
                bytes=len(file.data),
                page_count=file.pages,
            )
        )
    return len(new)


def _number_in_name(packet: Packet, office: Office) -> str | None:
    """The claim's number that the entry's name begins with, if it does."""
    found = _CLAIM_NUMBER.match(path_of(office, packet).name)
    return found[0] if found and packet.claim_id is None else None


def _claim_named(
    session: Session, packet: Packet, number: str | None, known: ColumnElement[bool]
) -> Claim | None:
    """The claim chosen on the screen, or the one of this number."""
    query = select(Claim).with_for_update()
    if packet.claim_id is not None:
        return session.scalar(query.filter_by(id=packet.claim_id))
    return session.scalar(query.where(Claim.number == number, known)) if number else None


def _known_to_sender(session: Session, packet: Packet) -> ColumnElement[bool]:
    """The claims the packet may join: the office's own drop folder knows them all."""
    sender = session.get(User, packet.sent_by) if packet.sent_by else None
    return visibility.claims_seen_by(sender) if sender else true()


def _claim_within(
    session: Session, opened: OpenedEntry, known: ColumnElement[bool]
) -> Claim | None:
    """An earlier claim whose files are all here beside new ones: its folder has grown."""
    hashes = {file.sha256 for file in opened.files}
    theirs = select(Document.claim_id).where(Document.sha256.in_(hashes))
    inside = (
        select(Document.claim_id)
        .join(Claim)
        .where(Document.claim_id.in_(theirs), known)
        .group_by(Document.claim_id)
        .having(func.bool_and(Document.sha256.in_(hashes)))
        .having(func.count() < len(hashes))
        .order_by(func.count().desc(), Document.claim_id)
        .limit(1)
    )
    claim_id = session.scalar(inside)
    return session.get_one(Claim, claim_id, with_for_update=True) if claim_id else None


def _claim_with(session: Session, opened: OpenedEntry, known: ColumnElement[bool]) -> Claim | None:
    """An earlier claim that already holds every one of these files."""
    hashes = {file.sha256 for file in opened.files}
    return session.scalar(
        select(Claim)
        .join(Document)
        .where(Document.sha256.in_(hashes), known)
        .group_by(Claim.id)
        .having(func.count(Document.sha256.distinct()) == len(hashes))
        .order_by(Claim.id)
        .limit(1)
    )


def _bad_files(source: Path, notes: list[str]) -> list[Path]:
    """The files of a folder that the notes speak of."""
    return [
        path
        for path in sorted(source.rglob("*"))
        for label in [mask_numbers(clean(str(path.relative_to(source)))) + ":"]
        if path.is_file() and any(note.startswith(label) for note in notes)
    ]


def _say_repeated(packet: Packet, claim: Claim | None) -> None:
    """Say that the papers are here already; which claim has them, only to who may know of it."""
    packet.outcome, packet.claim_id = REPEATED, claim.id if claim else None
    if claim is None:
        note = _("这些材料已由他人收件，没有重复收件；如有疑问请联系经办机构")
    elif claim.state == ClaimState.WITHDRAWN:
        note = _("与案件 %(n)s 的材料完全相同，该案件已撤回；重新申请请由经办恢复办理")
        note %= {"n": claim.number}
    else:
        note = _("与案件 %(n)s 的材料完全相同，没有重复收件") % {"n": claim.number}
    packet.notes = [*packet.notes, note]
