"""What was dropped or uploaded is kept sealed for some days, if the office wants it so."""

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from zipfile import ZipFile

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from documents.packets.dropped import files_in
from documents.packets.file_names import clean
from documents.packets.opening import RefusedFile
from language import _
from models import Packet, User
from models.states import PacketState
from rules.errors import Refused
from workflows.claims.packets.inbox import SPOOLED
from workflows.engine.history import record
from workflows.engine.office import Office
from workflows.people.rights import Act, require
from workflows.people.visibility import sees_own_unit_only
from workflows.sealed_values.files import packet_name

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_WAITING = (PacketState.NOTICED, PacketState.SETTLED, PacketState.STORED)
_UNFINISHED_FOR = timedelta(hours=1)
_LARGER = 2
"""Times a packet that is taken in, that an original may be to be kept."""


def kept_until(office: Office, refusals: Collection[RefusedFile]) -> date | None:
    """The last day on which the original is kept; None if it is not kept.

    A file that could not be used is in no store: for a while a person can still look at it. What
    holds malware is kept nowhere.
    """
    if any(refusal.infection for refusal in refusals):
        return None
    kept, refused = office.settings.keep_originals_days, office.settings.keep_refused_days
    days = max(kept, refused) if refusals else kept
    return office.today() + timedelta(days) if days else None


def entry_of(office: Office, packet: Packet) -> str:
    """The name under which the packet's original is in the spool, if it is there."""
    if packet.folder in SPOOLED:
        return packet_name(office.keys, packet).decode()
    return f"packet-{packet.id}"


def most_bytes(office: Office) -> int:
    """The largest original that is kept, and can be handed out through the console."""
    return _LARGER * office.limits.max_bytes_packet


def size_at(path: Path) -> int:
    """How many bytes the dropped file or folder at this path has."""
    return sum(part.lstat().st_size for part in files_in(path))


def keep(office: Office, packet: Packet, path: Path) -> None:
    """Seal the dropped file or folder at this path into the spool."""
    office.spool.put(entry_of(office, packet), _files_at(path, path_name(office, packet)))


def path_name(office: Office, packet: Packet) -> str:
    """The name under which the packet lay in the drop folder."""
    return os.fsdecode(packet_name(office.keys, packet))


@dataclass(frozen=True)
class KeptOriginal:
    """The files that came as a packet, in one ZIP without names of persons in its own name; the
    pieces of the ZIP are made as they are taken."""

    name: str
    pieces: Iterator[bytes]


def kept_original(
    session: Session, office: Office, person: User, packet_id: int
) -> KeptOriginal | None:
    """What the person dropped or sent, which is an event; None where it is not kept or not his."""
    require(person, Act.HAND_IN)
    packet = session.get(Packet, packet_id, with_for_update=True)
    if packet is None or packet.kept_until is None or packet.state != PacketState.AWAY:
        return None
    if sees_own_unit_only(person) and packet.sent_by != person.id:
        return None
    entry = entry_of(office, packet)
    if not office.spool.has(entry):
        raise Refused(_("原件已不在加密暂存区，请联系系统管理员核查"))
    record(session, packet, "hand_out_original", office.clock(), person.id)
    return KeptOriginal(f"packet-{packet.id}.zip", _zipped(office.spool.streams(entry)))


def _zipped(files: Iterable[tuple[str, Iterator[bytes]]]) -> Iterator[bytes]:
    """The files as a ZIP, piece by piece: an original may be larger than the memory at hand."""
    out = Outgoing()
    with ZipFile(out, "w") as archive:
        for name, pieces in files:
            with archive.open(clean(name), "w") as member:
                for piece in pieces:
                    member.write(piece)
                    yield out.taken()
    yield out.taken()


class Outgoing(RawIOBase):
    """Where bytes are written that somebody takes away."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[bytes] = []

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Keep them until they are taken."""
        self._written.append(bytes(data))
        return len(self._written[-1])

    def taken(self) -> bytes:
        """What was written since this was last asked."""
        taken, self._written = b"".join(self._written), []
        return taken


def forget_old(office: Office) -> int:
    """Remove the originals whose days are over, and uploads that no packet came of; how many."""
    with office.sessions.unit_of_work() as session:
        over = select(Packet).where(Packet.kept_until < office.today())
        for packet in session.scalars(over.with_for_update(skip_locked=True)):
            packet.kept_until = None
    with office.sessions.read_only() as session:
        wanted = wanted_entries(session, office)
    return office.spool.sweep(wanted, office.clock() - _UNFINISHED_FOR)


def wanted_entries(session: Session, office: Office) -> set[str]:
    """The entries of the spool that wait to be taken in, or are kept for some days."""
    return {entry_of(office, packet) for packet in session.scalars(_WANTED)}


_WANTED = select(Packet).where(
    or_(
        Packet.kept_until.is_not(None),
        Packet.folder.in_(SPOOLED) & Packet.state.in_(_WAITING),
    )
)


def _files_at(path: Path, name: str) -> Iterator[tuple[str, BinaryIO]]:
    """The one file, under this name, or all files of the folder."""
    for part in files_in(path):
        with part.open("rb") as file:
            yield (part.relative_to(path).as_posix() if part != path else name), file
