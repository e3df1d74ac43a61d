"""Writes files that only their owner can read, complete or not at all, even when killed."""

import os
from contextlib import suppress
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Replace the file by this text."""
    _part(path, text).replace(path)


def create_private(path: Path, text: str) -> None:
    """Make the file with this text; a file that is there already stays as it is."""
    part = _part(path, text)
    with suppress(FileExistsError):
        os.link(part, path)
    part.unlink()


def privately(path: str, flags: int) -> int:
    """Opens a file, for `open`: one that is made is its owner's alone, and so is one of before."""
    handle = os.open(path, flags, 0o600)
    os.fchmod(handle, 0o600)
    return handle


def _part(path: Path, text: str) -> Path:
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    return part
