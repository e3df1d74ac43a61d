"""What was dropped or uploaded is kept sealed for some days, if the office wants it so."""

import os
import stat
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import or_, select

from documents.packets.opening import RefusedFile
from models import Packet
from models.states import PacketState
from workflows.claims.packets.inbox import UPLOADS
from workflows.engine.office import Office
from workflows.sealed_values.files import packet_name

_WAITING = (PacketState.NOTICED, PacketState.SETTLED, PacketState.STORED)
_UNFINISHED_FOR = timedelta(hours=1)


def kept_until(office: Office, refusals: Collection[RefusedFile]) -> date | None:
    """The last day on which the original is kept; None if it is not kept.

    A file that could not be used is in no store: for a while a person can still look at it.
    """
    kept, refused = office.settings.keep_originals_days, office.settings.keep_refused_days
    days = max(kept, refused) if refusals else kept
    return office.today() + timedelta(days) if days else None


def entry_of(office: Office, packet: Packet) -> str:
    """The name under which the packet's original is in the spool, if it is there."""
    if packet.folder == UPLOADS:
        return packet_name(office.keys, packet).decode()
    return f"packet-{packet.id}"


def keep(office: Office, packet: Packet, path: Path) -> None:
    """Seal the dropped file or folder at this path into the spool."""
    office.spool.put(entry_of(office, packet), _files_at(path, path_name(office, packet)))


def path_name(office: Office, packet: Packet) -> str:
    """The name under which the packet lay in the drop folder."""
    return os.fsdecode(packet_name(office.keys, packet))


def forget_old(office: Office) -> int:
    """Remove the originals whose days are over, and uploads that no packet came of; how many."""
    with office.sessions.unit_of_work() as session:
        over = select(Packet).where(Packet.kept_until < office.today())
        for packet in session.scalars(over.with_for_update(skip_locked=True)):
            packet.kept_until = None
    with office.sessions.read_only() as session:
        wanted = {entry_of(office, packet) for packet in session.scalars(_WANTED)}
    return office.spool.sweep(wanted, office.clock() - _UNFINISHED_FOR)


_WANTED = select(Packet).where(
    or_(
        Packet.kept_until.is_not(None),
        (Packet.folder == UPLOADS) & Packet.state.in_(_WAITING),
    )
)


def _files_at(path: Path, name: str) -> Iterator[tuple[str, BinaryIO]]:
    """The one file, under this name, or all files of the folder."""
    parts = sorted(path.rglob("*")) if path.is_dir() else [path]
    for part in parts:
        if stat.S_ISREG(part.lstat().st_mode):
            with part.open("rb") as file:
                yield (part.relative_to(path).as_posix() if part != path else name), file
