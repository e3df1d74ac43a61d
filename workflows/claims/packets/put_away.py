"""A packet that was taken in is put away: its original is removed, or kept sealed."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from crash_points import crash_point
from models import Packet
from workflows.claims.packets import originals
from workflows.claims.packets.inbox import INBOX, drop_folder, fingerprint, path_of
from workflows.engine.moves import advance
from workflows.engine.office import Office


def put_away(session: Session, packets: Sequence[Packet], office: Office) -> None:
    """Remove the entries, whose papers are in the store and in the tables by now."""
    for packet in packets:
        if packet.folder == INBOX:
            _put_away(packet, office)
        elif packet.kept_until is None:
            office.spool.remove(originals.entry_of(office, packet))
        advance(session, packet, "put_away", office)


def _put_away(packet: Packet, office: Office) -> None:
    """Move the entry aside, look whether it still is what was taken in, and only then remove it.

    The two hidden names tell a worker that comes after a crash how far the one before came: what
    is `leaving` is whole and may have changed, what is `gone` was compared and kept.
    """
    source, folder = path_of(office, packet), drop_folder(office)
    leaving, gone = folder / f".leaving-{packet.id}", folder / f".gone-{packet.id}"
    # Under the same name something new may lie there by now.
    if not leaving.exists() and fingerprint(source) == packet.fingerprint:
        crash_point("put_away, before rename")
        source.rename(leaving)
        crash_point("put_away, after rename")
    if leaving.exists():
        if fingerprint(leaving) == packet.fingerprint:
            if packet.kept_until is not None:
                originals.keep(office, packet, leaving)
            leaving.rename(gone)
        else:
            # It changed between the two looks: it stays, and is noticed as something new.
            leaving.rename(_free(source))
    _remove(gone)


def _free(path: Path) -> Path:
    """This path, or one beside it, at which nothing lies."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{number} {path.name}")
    return free


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
