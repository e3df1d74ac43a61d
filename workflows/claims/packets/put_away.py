"""A packet that was taken in is put away: its original is removed, or kept sealed."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from crash_points import crash_point
from documents.packets.dropped import fingerprint, lies_at, remove
from language import _
from models import Packet
from workflows.claims.packets import originals
from workflows.claims.packets.inbox import (
    INBOX,
    LEFT_HERE,
    drop_folder,
    path_of,
)
from workflows.engine.moves import advance
from workflows.engine.office import Office


def put_away(session: Session, packets: Sequence[Packet], office: Office) -> None:
    """Remove the entries, whose papers are in the store and in the tables by now."""
    for packet in packets:
        if packet.folder == INBOX:
            _put_away(packet, office)
        elif packet.kept_until is None and office.settings.backups is None:
            # Where backups are made the night removes it: by then it is kept for any instant.
            office.spool.remove(originals.entry_of(office, packet))
        advance(session, packet, "put_away", office)


def _put_away(packet: Packet, office: Office) -> None:
    """Move the entry aside, look whether it still is what was taken in, and only then remove it.

    The two hidden names tell a worker that comes after a crash how far the one before came: what
    is `leaving` is whole and may have changed, what is `gone` was compared and kept. What can be
    neither kept nor removed is left under a name that everybody sees.
    """
    source, folder = path_of(office, packet), drop_folder(office)
    leaving, gone = folder / f".leaving-{packet.id}", folder / f".gone-{packet.id}"
    left = folder / f"{LEFT_HERE}{packet.id}"
    # Under the same name something new may lie there by now.
    if not lies_at(leaving) and fingerprint(source) == packet.fingerprint:
        crash_point("put_away, before rename")
        source.rename(leaving)
        crash_point("put_away, after rename")
    if lies_at(leaving):
        if fingerprint(leaving) != packet.fingerprint:
            # It changed between the two looks: it stays, and is noticed as something new.
            leaving.rename(_free(source))
        else:
            leaving.rename(gone if _is_kept(packet, leaving, office) else left)
    try:
        remove(gone)
    except PermissionError:
        gone.rename(left)
    if lies_at(left):
        _tell_what_is_left(packet, left)


def _is_kept(packet: Packet, path: Path, office: Office) -> bool:
    """Whether the entry at this path is kept as long as it should be, if at all.

    It is not where nobody lets us read it, and where it would fill the disk.
    """
    if packet.kept_until is None:
        return True
    if originals.size_at(path) > originals.most_bytes(office):
        return False
    try:
        originals.keep(office, packet, path)
    except PermissionError:
        return False
    return True


def _tell_what_is_left(packet: Packet, left: Path) -> None:
    text = _("原件过大或无权读写，没有加密保存；它以“%(name)s”为名留在投件夹中，请系统管理员处理")
    packet.notes = [*packet.notes, text % {"name": left.name}]
    packet.kept_until = None


def _free(path: Path) -> Path:
    """This path, or one beside it, at which nothing lies."""
    number, free = 1, path
    while lies_at(free):
        number += 1
        free = path.with_name(f"{number} {path.name}")
    return free
