"""Earlier versions left in clear what was dropped, uploaded and paid: it is sealed or removed.

What a shelf `taken` holds is in the store. What could not be used, or held a file that could not,
is kept sealed for a while under its packet, as it would be today. Notes and copies go: the notes
are at the packet. Bank files are made again when they are asked for. What no packet came of and
a person may have laid there stays, and the log says so at each start.
"""

import logging
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.packets.dropped import remove
from models import Packet
from models.states import PacketState
from workflows.claims.packets import originals
from workflows.claims.packets.inbox import INBOX, OLD_SHELVES, UPLOADS
from workflows.claims.packets.intake import REFUSED
from workflows.engine.office import Office
from workflows.engine.turns import OneAtATime, take_if_free

log = logging.getLogger("huzhu.upgrade")

_WAITING = (PacketState.SETTLED, PacketState.STORED)


def clear_old_shelves(office: Office) -> None:
    """Seal what is still wanted of the shelves, and remove them; nothing where there are none."""
    if not office.settings.sample_log_ins.exists():  # the demonstration lays its own files there
        for batch in office.settings.out_folder.glob("B[0-9]*"):
            shutil.rmtree(batch)
    places = {INBOX: office.settings.inbox_folder, UPLOADS: office.settings.data / UPLOADS}
    shelves = [folder / shelf for folder in places.values() for shelf in OLD_SHELVES]
    if not places[UPLOADS].exists() and not any(shelf.exists() for shelf in shelves):
        return
    with office.sessions.unit_of_work() as session:
        if not take_if_free(session, OneAtATime.CLEAR_OLD_SHELVES):
            return
        waiting = sum(_seal_waiting(session, office, places[UPLOADS]))
        sealed = list(_seal_shelved(session, office, places))
    # Only what is committed is removed.
    for path in (places[INBOX] / OLD_SHELVES[False], places[UPLOADS], *sealed):
        remove(path)
    refused = places[INBOX] / OLD_SHELVES[True]
    left = sum(1 for _ in refused.iterdir()) if refused.exists() else 0
    if refused.exists() and not left:
        refused.rmdir()
    log.log(
        logging.WARNING if left else logging.INFO,
        "old shelves removed, sealed uploads=%s originals=%s, of no packet and left=%s",
        *(waiting, len(sealed) // 2, left),
    )


def _seal_waiting(session: Session, office: Office, folder: Path) -> Iterator[bool]:
    """Whether each upload that was not taken in yet lay there in clear; then it is sealed."""
    query = select(Packet).where(Packet.folder == UPLOADS, Packet.state.in_(_WAITING))
    for packet in session.scalars(query.with_for_update()):
        path = folder / originals.entry_of(office, packet)
        if path.exists():
            originals.keep(office, packet, path)
        yield path.exists()


def _seal_shelved(session: Session, office: Office, places: dict[str, Path]) -> Iterator[Path]:
    """What lies on a shelf of a packet that was refused, with its note; it is sealed for some days,
    if a person has not looked at it yet."""
    until = office.today() + timedelta(days=office.settings.keep_refused_days)
    met: Counter[Path] = Counter()
    query = select(Packet).where(Packet.state == PacketState.AWAY)
    for packet in session.scalars(query.order_by(Packet.id)):
        shelf = places[packet.folder] / OLD_SHELVES[packet.outcome == REFUSED]
        first = shelf / originals.path_name(office, packet)
        met[first] += 1
        path = _shelved(first, met[first])
        if packet.notes and not packet.kept_until and path.exists():
            packet.kept_until = until
            originals.keep(office, packet, path)
        yield from (path, path.with_name(f"{path.name}.txt"))


def _shelved(first: Path, number: int) -> Path:
    """Where the entry of this name lies that came as the first, second, …: "a (2).jpg"."""
    stem, dot, suffix = first.name.rpartition(".")
    has_suffix = stem and len(suffix) < 8
    ending = f" ({number})" if number > 1 else ""
    name = f"{stem}{ending}{dot}{suffix}" if has_suffix else f"{first.name}{ending}"
    return first.with_name(name)
