"""Looks at an entry of a drop folder, a file or a folder, as it lies there; nothing is opened."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

from documents.packets.file_names import is_junk

_UNFINISHED = (".part", ".partial", ".crdownload", ".tmp", ".download")


def remove(path: Path) -> None:
    """Remove what lies here, a file or a folder; nothing where nothing lies."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def lies_at(path: Path) -> bool:
    """Whether something lies here, be it a link that leads nowhere."""
    return path.is_symlink() or path.exists()


def fingerprint(path: Path) -> str | None:
    """A text that changes when any name, size or time below the path does; None if it is gone.
    Where a link leads is never looked at."""
    try:
        below = () if path.is_symlink() else path.rglob("*")
        facts = [
            (os.fsencode(part.relative_to(path)), *_size_and_time(part))
            for part in sorted([path, *below])
        ]
    except FileNotFoundError:
        return None
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _size_and_time(path: Path) -> tuple[int, int]:
    """Size and time of change; (0, 0) without permission: the entry settles, and intake tells."""
    try:
        status = path.stat(follow_symlinks=False)
    except PermissionError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def is_rest(name: str) -> bool:
    """Whether other programs left it here, or write and have not finished it: it is never taken
    in."""
    return is_junk(name) or name.lower().endswith(_UNFINISHED)


def is_empty_folder(path: Path) -> bool:
    """Whether it stays under the hands of who made it: nothing was put in yet."""
    if path.is_symlink() or not path.is_dir():
        return False
    return not any(not each.is_dir() and not is_junk(each.name) for each in path.rglob("*"))


def files_in(path: Path) -> list[Path]:
    """The one file, or all files of the folder; nothing that is no file, such as a link."""
    is_folder = path.is_dir() and not path.is_symlink()
    parts = sorted(path.rglob("*")) if is_folder else [path]
    return [part for part in parts if stat.S_ISREG(part.lstat().st_mode)]
