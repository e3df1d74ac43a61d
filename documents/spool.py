"""Keeps files as they came, sealed, under a name that says nothing of anybody, for as long as they
are wanted."""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO

from documents.blobs import Blob, Blobs, NoSuchBlob
from documents.sealed_frames import FRAME_BYTES, LENGTH_BYTES, read_frames, sealed_frames
from documents.sealing import LONGEST_MARK, KeyRing, SealBroken, mark_or_none
from language import _
from rules.errors import HuzhuError

_COUNT = 0
"""The part of an entry that is put last and says how many files follow: with it the entry is there.
An entry of releases before it was made whole by a rename; its files are named by figures alone."""
_PART = "f"
_PARTS = re.compile(r"[^/]+/f?\d{6}")
_NAME, _DATA, _END = b"n", b"d", b"e"


class NotInSpool(HuzhuError):
    """No entry of this name is kept."""


class Spool:
    """Entries, each some files with their names, sealed piece by piece.

    What a frame holds begins with its kind: the name, a part of the content, the end. So a file
    that was cut does not open.
    """

    def __init__(self, blobs: Blobs, keys: KeyRing) -> None:
        self._blobs = blobs
        self._keys = keys

    def put(self, entry: str, files: Iterable[tuple[str, BinaryIO]]) -> None:
        """Keep these files under the entry's name; when it returns they are kept, all of them.

        What an earlier attempt left of the same entry is replaced.
        """
        self._put(
            entry,
            (
                sealed_frames(self._keys, _about(entry, number), _frames(name, content))
                for number, (name, content) in enumerate(files, 1)
            ),
        )

    def put_sealed(self, entry: str, files: Iterable[bytes]) -> None:
        """Keep an entry's files as they lay sealed under the same name, in the same order."""
        self._put(entry, ([content] for content in files))

    def _put(self, entry: str, files: Iterable[Iterable[bytes]]) -> None:
        self.remove(entry)
        count = 0
        for count, pieces in enumerate(files, 1):
            self._blobs.put(_part(entry, count), pieces)
        told = sealed_frames(self._keys, _about(entry, _COUNT), [b"%d" % count])
        self._blobs.put(_part(entry, _COUNT), told)

    def get(self, entry: str) -> list[tuple[str, bytes]]:
        """The entry's files, each its name and its content; NotInSpool if it is not there."""
        return [(name, b"".join(pieces)) for name, pieces in self.streams(entry)]

    def streams(self, entry: str) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The same, the content in pieces that are to be taken before the next file; SealBroken
        at its end where it was cut."""
        parts = self._parts(entry)
        if parts is None:
            raise NotInSpool(_("加密暂存区没有这份材料"))
        for number, part in enumerate(parts, 1):
            with self._blobs.open(part) as source:
                frames = read_frames(source, self._keys, _about(entry, number))
                name = next(frames, _NAME)
                yield os.fsdecode(name[1:]), _pieces(frames, entry)

    def has(self, entry: str) -> bool:
        """Whether the entry is kept."""
        return self._parts(entry) is not None

    def _parts(self, entry: str) -> list[str] | None:
        """The names of its files, in their order; None where the entry is not there."""
        try:
            with self._blobs.open(_part(entry, _COUNT)) as source:
                told = b"".join(read_frames(source, self._keys, _about(entry, _COUNT)))
        except NoSuchBlob:
            names = (blob.name for blob in self._blobs.list(f"{entry}/"))
            return [name for name in names if name.rpartition("/")[2].isdecimal()] or None
        return [_part(entry, number) for number in range(1, int(told) + 1)]

    def marks(self) -> Iterator[tuple[str, bytes]]:
        """Each file of each entry, and by which suite and with which key it is sealed; b"" where
        it is broken."""
        for blob in filter(_is_part, self._blobs.list()):
            with suppress(NoSuchBlob):
                head = self._blobs.head(blob.name, LENGTH_BYTES + LONGEST_MARK)
                yield blob.name, mark_or_none(head[LENGTH_BYTES:])

    def reseal(self, names: Iterable[str]) -> None:
        """Seal these files as everything is sealed now, frame by frame; each is whole at any
        instant."""
        for name in names:
            about = _about(name.partition("/")[0], _number(name))
            # One that is kept no longer, or broken, stays as it is.
            with suppress(NoSuchBlob, SealBroken), self._blobs.open(name) as source:
                frames = read_frames(source, self._keys, about)
                self._blobs.put(name, sealed_frames(self._keys, about, frames))

    def remove(self, entry: str) -> None:
        """Keep the entry no longer; a crash leaves at most what `sweep` removes."""
        self._blobs.delete([_part(entry, _COUNT)])
        self._blobs.delete([blob.name for blob in self._blobs.list(f"{entry}/")])

    def sweep(self, wanted: set[str], before: datetime) -> int:
        """Remove what is not wanted and was not touched since; how many entries."""
        entries = defaultdict[str, list[Blob]](list)
        for blob in self._blobs.list():
            entries[blob.name.partition("/")[0]].append(blob)
        old = [
            entry
            for entry, blobs in entries.items()
            if entry not in wanted and all(blob.touched < before for blob in blobs)
        ]
        for entry in old:
            self.remove(entry)
        return len(old) + self._blobs.sweep(before)


_PART = "f"
_PARTS = re.compile(r"[^/]+/f?\d{6}")


def _part(entry: str, number: int) -> str:
    """Under which name this part of the entry is kept."""
    return f"{entry}/{_PART}{number:06d}"


def is_file(name: str) -> bool:
    """Whether the part of this name is a file of its entry, and not their count."""
    return _number(name) != _COUNT


def _is_part(blob: Blob) -> bool:
    return _PARTS.fullmatch(blob.name) is not None


def _number(name: str) -> int:
    return int(name.rpartition("/")[2].lstrip(_PART))


def _pieces(frames: Iterator[bytes], entry: str) -> Iterator[bytes]:
    kind = b""
    for frame in frames:
        kind = frame[:1]
        yield frame[1:]
    if kind != _END:
        raise SealBroken(_("加密内容不完整：%(about)s") % {"about": entry})


def _frames(name: str, content: BinaryIO) -> Iterator[bytes]:
    yield _NAME + os.fsencode(name)
    while part := content.read(FRAME_BYTES):
        yield _DATA + part
    yield _END


def _about(entry: str, number: int) -> str:
    return f"spool:{entry}:{number}"
