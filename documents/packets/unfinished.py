"""Tells a file that is still being written from a whole one, by the end that its kind has.

Nothing is decoded: scanners and printers write for minutes, and a look comes every few seconds.
"""

import os
import stat
import struct
from pathlib import Path
from typing import BinaryIO

from documents.packets import media_types

_TAILS = {
    media_types.PDF: (b"%%EOF", 2048),
    media_types.JPEG: (b"\xff\xd9", 2048),
    media_types.PNG: (b"IEND", 64),
    media_types.ZIP: (b"PK\x05\x06", 66_000),
}
"""What stands within so many bytes of the end of a whole file."""
_MOST_PAGES, _MOST_STRIPS = 2000, 10_000
_SHORT, _LONG = "H", "L"
_FORMS = {3: _SHORT, 4: _LONG}
_ENTRY_BYTES = 12
_STARTS, _LENGTHS = {273, 324}, {279, 325}
"""The tags of a TIFF that say where strips or tiles begin, and how long they are."""


def is_unfinished(path: Path) -> bool:
    """Whether a file here, or one in the folder here, has no end yet."""
    files = path.rglob("*") if path.is_dir() and not path.is_symlink() else [path]
    return any(_has_no_end(file) for file in files)


def _has_no_end(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        with path.open("rb") as file:
            return _ends_too_early(file, os.fstat(file.fileno()).st_size)
    except OSError:
        return False


def _ends_too_early(file: BinaryIO, size: int) -> bool:
    media_type = media_types.media_type_of(file.read(media_types.HEAD_BYTES))
    if media_type == media_types.TIFF:
        return not _tiff_is_whole(file, size)
    if media_type not in _TAILS:
        return size == 0
    end, within = _TAILS[media_type]
    file.seek(max(0, size - within))
    return end not in file.read(within)


def _tiff_is_whole(file: BinaryIO, size: int) -> bool:
    """Whether the directory of each page, and what it says where its picture lies, is in the file;
    programs append a page and its directory, and only then the place of the next one."""
    file.seek(0)
    order = "<" if file.read(2) == b"II" else ">"
    file.seek(4)
    for _page in range(_MOST_PAGES):
        place = _numbers(file, order, _LONG, 1)
        if place != (0,) and (not place or not _page_is_whole(file, order, place[0], size)):
            return False
        if place == (0,):
            break
    return True


def _page_is_whole(file: BinaryIO, order: str, place: int, size: int) -> bool:
    """Leaves the file where the place of the next directory stands."""
    file.seek(place)
    (entries,) = _numbers(file, order, _SHORT, 1) or (None,)
    end = place + 2 + (entries or 0) * _ENTRY_BYTES
    if entries is None or end + 4 > size:
        return False
    told = {}
    for at in range(place + 2, end, _ENTRY_BYTES):
        file.seek(at)
        tag, kind = _numbers(file, order, _SHORT, 2)
        if tag in _STARTS | _LENGTHS and kind in _FORMS:
            told[tag] = _entry(file, order, _FORMS[kind])
    file.seek(end)
    starts = [place for tag in sorted(_STARTS & told.keys()) for place in told[tag]]
    lengths = [length for tag in sorted(_LENGTHS & told.keys()) for length in told[tag]]
    return all(start + length <= size for start, length in zip(starts, lengths, strict=False))


def _entry(file: BinaryIO, order: str, form: str) -> tuple[int, ...]:
    """The numbers of the entry, which stand in it or where it says."""
    (count,) = _numbers(file, order, _LONG, 1)
    if count * struct.calcsize(form) > struct.calcsize(_LONG):
        (place,) = _numbers(file, order, _LONG, 1)
        file.seek(place)
    return _numbers(file, order, form, min(count, _MOST_STRIPS))


def _numbers(file: BinaryIO, order: str, form: str, count: int) -> tuple[int, ...]:
    """So many numbers from here on; none where the file ends before."""
    whole = f"{order}{count}{form}"
    data = file.read(struct.calcsize(whole))
    return struct.unpack(whole, data) if len(data) == struct.calcsize(whole) else ()
