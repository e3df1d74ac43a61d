"""Looks into the drop folder: notices what is new, and waits until it has stopped changing."""

import logging
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from documents.packets.dropped import fingerprint, is_empty_folder, is_rest
from documents.packets.file_names import is_hidden
from documents.packets.unfinished import is_unfinished
from language import _
from models import Packet, User
from models.states import PacketState
from workflows.engine.moves import advance, start
from workflows.engine.office import Office
from workflows.engine.origin import Channel, Origin, coming_from
from workflows.engine.turns import OneAtATime, take_if_free
from workflows.sealed_values.files import packet_name, seal_packet_name

INBOX, UPLOADS, MAIL = "inbox", "uploads", "mail"
SPOOLED = (UPLOADS, MAIL)
"""Whose files lie in the spool, under the packet's name."""

OLD_SHELVES = ("taken", "rejected")
"""Folders in which earlier versions kept, in clear, what had been dropped."""

LEFT_HERE = "not-put-away-"
"""How the name of an entry begins that was taken in, and could be neither sealed nor removed."""

log = logging.getLogger("huzhu.inbox")

_LOOKED_AT = (PacketState.NOTICED, PacketState.LEFT)
"""What a look moves on or sees taken back."""
_WITH_A_STEP = (PacketState.SETTLED, PacketState.STORED)
_IN_THE_FOLDER = (*_LOOKED_AT, *_WITH_A_STEP)


def look(office: Office) -> None:
    """Compare the drop folder with what is known of it, once; two looks at a time are one."""
    with office.sessions.unit_of_work("look") as session:
        if take_if_free(session, OneAtATime.LOOK_INTO_FOLDER, office.settings.drop_folder_of):
            _compare_all(session, office)


def _compare_all(session: Session, office: Office) -> None:
    """Compare each entry with the row it has, if it has one."""
    folder = drop_folder(office)
    known = {os.fsdecode(packet_name(office.keys, p)): p for p in _known(session, office)}
    lying = {path.name: path for path in sorted(folder.iterdir()) if _is_seen(path.name)}
    for name, packet in known.items():
        if name not in lying and packet.state in _LOOKED_AT:
            advance(session, packet, "take_back", office)
    for name, path in lying.items():
        # Each entry begins a story of its own; the look that finds it is not part of it.
        with coming_from(Origin(Channel.FOLDER)):
            _look_at(session, office, known.get(name), path)


def begun(
    session: Session,
    office: Office,
    entry: str,
    person: User | None = None,
    *,
    folder: str = UPLOADS,
    notes: Sequence[str] = (),
    **told: object,
) -> Packet:
    """A new packet of what no drop folder holds: its files lie in the spool under the name `entry`,
    or the store has them. `told` are the columns that only some ways of handing in fill."""
    packet = Packet(
        folder=folder, fingerprint="", noticed_at=office.clock(), notes=[*notes], **told
    )
    seal_packet_name(office.keys, packet, entry.encode())
    start(session, packet, "notice", office, person)
    return packet


def drop_folder(office: Office) -> Path:
    """The drop folder; made if it is not there."""
    path = office.settings.inbox_folder
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(office: Office, packet: Packet) -> Path:
    """Where the entry of a dropped packet is, or was."""
    return drop_folder(office) / os.fsdecode(packet_name(office.keys, packet))


def is_within_reach(office: Office) -> ColumnElement[bool]:
    """Whether a machine with these settings can see it: it lies in no folder, or in its own."""
    return or_(Packet.folder != INBOX, Packet.owner == office.settings.drop_folder_of)


def _known(session: Session, office: Office) -> Iterator[Packet]:
    """What the folder holds by the rows. Only what a look may move is locked: a worker skips a row
    that is locked, and the bell that brought it there is spent."""
    own = Packet.owner == office.settings.drop_folder_of
    here = select(Packet).where(Packet.folder == INBOX, own)
    looked_at = here.where(Packet.state.in_(_LOOKED_AT)).with_for_update(skip_locked=True)
    yield from session.scalars(looked_at)
    yield from session.scalars(here.where(Packet.state.in_(_WITH_A_STEP)))


def _is_seen(name: str) -> bool:
    """Whether it is something people or other programs put here."""
    is_ours = name in OLD_SHELVES or name.startswith(LEFT_HERE)
    return is_rest(name) or not (is_ours or is_hidden(name))


def _has_lain(path: Path, office: Office) -> bool:
    """Whether nobody has touched it for longer than files are written."""
    try:
        touched = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    except OSError:
        return False
    return office.clock() - touched > timedelta(seconds=office.settings.unfinished_seconds)


def _look_at(session: Session, office: Office, packet: Packet | None, path: Path) -> None:
    """Compare one entry. What the machine cannot show us of it, or not to its bottom, is told, and
    keeps nobody from the entries beside it."""
    try:
        if not is_rest(path.name):
            _compare(session, office, packet, path)
        elif packet is None and _has_lain(path, office):
            note = _("是临时文件或系统文件，不会收件，一直留在投件夹；请自行删除或改名")
            _leave(session, office, None, path, note)
    except (OSError, RecursionError):
        if packet is None or packet.state == PacketState.NOTICED:
            note = _(
                "无法查看（路径过长、文件夹层数过多或网络盘断开），暂不收件；能查看后自动收件，否则请移走"
            )
            _leave(session, office, packet, path, note)


def _leave(session: Session, office: Office, packet: Packet | None, path: Path, note: str) -> None:
    """Say once why it stays: its row is known from now on, until somebody takes it away."""
    packet = packet or _started(session, office, path.name, "", office.clock())
    if packet is not None:
        packet.notes = [note]
        advance(session, packet, "leave_be", office)
        log.warning("left in the drop folder: packet=%s", packet.id)


def _compare(session: Session, office: Office, packet: Packet | None, path: Path) -> None:
    now, print_ = office.clock(), fingerprint(path)
    if print_ is None:
        return
    if packet is None:
        if not is_empty_folder(path):
            _started(session, office, path.name, print_, now)
    elif packet.state == PacketState.LEFT:
        # It could not be looked at before.
        packet.fingerprint, packet.noticed_at, packet.notes = print_, now, []
        advance(session, packet, "look_at", office)
    elif packet.state != PacketState.NOTICED:
        return
    elif packet.fingerprint != print_:
        packet.fingerprint, packet.noticed_at = print_, now
    else:
        _wait_or_settle(session, office, packet, path, now - packet.noticed_at)


def _wait_or_settle(
    session: Session, office: Office, packet: Packet, path: Path, quiet: timedelta
) -> None:
    """Let it settle once it has been quiet for long enough: a folder longer than a file, and what
    has no end yet as long as somebody may still be writing it."""
    patience = office.settings
    rest = patience.folder_quiet_seconds if path.is_dir() else patience.quiet_seconds
    if quiet < timedelta(seconds=rest):
        return
    if quiet < timedelta(seconds=patience.unfinished_seconds) and is_unfinished(path):
        packet.notes = [_("文件还没有写完，正在等候")]
        return
    packet.notes = []
    advance(session, packet, "settle", office)


def _started(
    session: Session, office: Office, name: str, print_: str, now: datetime
) -> Packet | None:
    """A new packet of this name; None where a step holds the row of one at this moment."""
    own = office.settings.drop_folder_of
    packet = Packet(folder=INBOX, owner=own, fingerprint=print_, noticed_at=now, notes=[])
    seal_packet_name(office.keys, packet, os.fsencode(name))
    if _is_held_elsewhere(session, packet):
        return None
    start(session, packet, "notice", office)
    return packet


def _is_held_elsewhere(session: Session, packet: Packet) -> bool:
    """Whether a step has the row of this name locked at this moment, so that we did not see it."""
    return bool(
        session.scalar(
            select(Packet.id).where(
                Packet.name_print == packet.name_print,
                Packet.owner == packet.owner,
                Packet.state.in_(_IN_THE_FOLDER),
            )
        )
    )
