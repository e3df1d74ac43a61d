"""Writes files that only their owner can read, whole or not at all, also when the power fails."""

import os
from contextlib import suppress
from pathlib import Path

from documents.flushing import flush


def write_private(path: Path, text: str, owner: tuple[int, int] | None = None) -> None:
    """Replace the file by this text; it belongs to us, or to this user and group."""
    _part(path, text, owner).replace(path)
    flush([path.parent])


def create_private(path: Path, text: str) -> None:
    """Make the file with this text; a file that is there already stays as it is."""
    part = _part(path, text)
    with suppress(FileExistsError):
        os.link(part, path)
    part.unlink()
    flush([path.parent])


def privately(path: str, flags: int) -> int:
    """Opens a file, for `open`: one that is made is its owner's alone, and so is one of before."""
    handle = os.open(path, flags, 0o600)
    os.fchmod(handle, 0o600)
    return handle


def _part(path: Path, text: str, owner: tuple[int, int] | None = None) -> Path:
    """The text on disk, beside where it will be."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    # A new file: who owns the folder could have laid a link here, and we may be root.
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        if owner:
            os.fchown(handle, *owner)
        file.write(text)
        file.flush()
        os.fsync(handle)
    return part
