"""A packet that was taken in is put away: the dropped entry moves to taken/ or rejected/."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from crash_points import crash_point
from documents.masks import mask_numbers
from documents.packets.file_names import clean
from models import Packet
from workflows.claims.packets import shelves
from workflows.claims.packets.inbox import REJECTED, TAKEN, fingerprint, path_of
from workflows.claims.packets.intake import REFUSED
from workflows.engine.moves import advance
from workflows.engine.office import Office


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


def _bad_files(source: Path, notes: list[str]) -> list[Path]:
    """The files of a folder that the notes speak of."""
    return [
        path
        for path in sorted(source.rglob("*"))
        for label in [mask_numbers(clean(str(path.relative_to(source)))) + ":"]
        if path.is_file() and any(note.startswith(label) for note in notes)
    ]
