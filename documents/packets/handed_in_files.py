"""Takes handed-in files from disk or memory, within bounds and without following links."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from documents.packets import file_names, media_types
from documents.packets.file_faults import FileFault
from documents.packets.file_limits import Limits
from documents.packets.unfit import Unfit

# Does not exist on Windows, where creating links needs special rights anyway.
_CAREFULLY = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True)
class PacketPiece:
    """A file as it came: its bytes and their media type, or why it is refused."""

    name: str
    data: bytes = field(default=b"", repr=False)
    media_type: str = ""
    fault: FileFault | None = None
    infection: str = ""


def piece_of(name: str, data: bytes, limits: Limits) -> PacketPiece:
    """Judge bytes by what they are and their length."""
    media_type = media_types.media_type_of_whole(data)
    if fault := _too_large(len(data), media_type, limits):
        return PacketPiece(name, fault=fault)
    if not data:
        return PacketPiece(name, fault=FileFault.EMPTY)
    if media_type is None:
        return PacketPiece(name, fault=FileFault.UNKNOWN_TYPE)
    if fault := media_types.REFUSED.get(media_type):
        return PacketPiece(name, fault=_for_its_password(data) or fault)
    return PacketPiece(name, data, media_type)


def _for_its_password(data: bytes) -> FileFault | None:
    return FileFault.ENCRYPTED if media_types.SEALED_PACKAGE in data else None


def pieces_at(path: Path, limits: Limits) -> list[PacketPiece]:
    """The one file at this path, or all files in the folder; Unfit if there are far too many."""
    if path.is_symlink() or not path.is_dir():
        return [_read(path, path.name, limits)]
    pieces, total = [], 0
    for file in _files_in(path, limits):
        pieces.append(_read(file, file.relative_to(path).as_posix(), limits))
        total += len(pieces[-1].data)
        if total > limits.max_bytes_packet:
            raise Unfit(FileFault.PACKET_TOO_LARGE, limits)
    return pieces


def _files_in(folder: Path, limits: Limits) -> Iterator[Path]:
    waiting, seen = [folder], 0
    while waiting:
        for entry in _entries(waiting.pop(), limits):
            if file_names.is_junk(entry.name):
                continue
            seen += 1
            if seen > 2 * limits.max_files:
                raise Unfit(FileFault.TOO_MANY_FILES, limits)
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            else:
                yield Path(entry.path)


def _entries(folder: Path, limits: Limits) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError as error:
        raise Unfit(FileFault.UNREACHABLE, limits) from error


def _read(path: Path, name: str, limits: Limits) -> PacketPiece:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return PacketPiece(name, fault=FileFault.NOT_A_FILE)
        with os.fdopen(os.open(path, os.O_RDONLY | _CAREFULLY), "rb") as file:
            head = file.read(media_types.HEAD_BYTES)
            size = os.fstat(file.fileno()).st_size
            if fault := _too_large(size, media_types.media_type_of(head), limits):
                return PacketPiece(name, fault=fault)
            # A file that still grows is read only up to the size that was checked.
            return piece_of(name, head + file.read(max(0, size - len(head))), limits)
    except OSError:
        return PacketPiece(name, fault=FileFault.UNREACHABLE)


def _too_large(size: int, media_type: str | None, limits: Limits) -> FileFault | None:
    """An archive has the limit of a packet, anything else that of one file."""
    if media_type == media_types.ZIP:
        return FileFault.PACKET_TOO_LARGE if size > limits.max_bytes_packet else None
    return FileFault.FILE_TOO_LARGE if size > limits.max_bytes_file else None
