"""Roots as they are kept outside the database: a line each, in a file and at a syslog server."""

import logging
import logging.handlers
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

_TAIL = 8192

log = logging.getLogger("huzhu.audit")


def last_copied(file: Path) -> str:
    """The last whole line of the file; empty where there is none."""
    if not file.exists():
        return ""
    with file.open("rb") as lines:
        whole = _tail(lines).rpartition(b"\n")[0]
        return whole.rpartition(b"\n")[2].decode("utf-8", "replace")


def copied(file: Path) -> list[str]:
    """All lines of the file."""
    return file.read_text("utf-8").splitlines() if file.exists() else []


def add_to_file(file: Path, lines: Iterable[str]) -> None:
    """Add the lines, and return when they are on the disk. The rest of a line that a crash left
    is cut off first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "a+b", opener=_for_its_owner) as out:
        torn = _tail(out).rpartition(b"\n")[2]
        out.truncate(out.tell() - len(torn))
        out.writelines(f"{line}\n".encode() for line in lines)
        out.flush()
        os.fsync(out.fileno())


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _tail(file: BinaryIO) -> bytes:
    """The end of the file, at which it stands afterwards."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
    return file.read()


def tell_syslog(address: str, lines: Iterable[str]) -> None:
    """Send the lines to the server at host:port; one that is not there loses them, and the file
    has them."""
    host, _colon, port = address.rpartition(":")
    handler = logging.handlers.SysLogHandler((host, int(port)))
    try:
        for line in lines:
            handler.handle(logging.makeLogRecord({"msg": "huzhu audit root %s", "args": (line,)}))
    finally:
        handler.close()
