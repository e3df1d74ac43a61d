"""Keeps files as they came, sealed, under a name that says nothing of anybody, for as long as they
are wanted."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from crash_points import crash_point
from documents.file_age import is_older
from documents.sealed_frames import FRAME_BYTES, LENGTH_BYTES, read_frames, write_frames
from documents.sealing import LONGEST_MARK, KeyRing, SealBroken, mark_or_none
from language import _
from rules.errors import HuzhuError

_UNFINISHED = ".new-"
_NUMBER_DIGITS = 6
_NAME, _DATA, _END = b"n", b"d", b"e"


class NotInSpool(HuzhuError):
    """No entry of this name is kept."""


class Spool:
    """A folder of entries, each some files with their names, sealed piece by piece.

    What a frame holds begins with its kind: the name, a part of the content, the end. So a file
    that was cut does not open.
    """

    def __init__(self, root: Path, keys: KeyRing) -> None:
        self._root = root
        self._keys = keys

    def put(self, entry: str, files: Iterable[tuple[str, BinaryIO]]) -> None:
        """Keep these files under the entry's name; when it returns they are on disk, all of them.

        What an earlier attempt left of the same entry is replaced.
        """
        with self._made(entry) as unfinished:
            for number, (name, content) in enumerate(files, 1):
                with (unfinished / f"{number:0{_NUMBER_DIGITS}d}").open("xb") as target:
                    write_frames(target, self._keys, _about(entry, number), _frames(name, content))
                    _flush(target.fileno())

    def put_sealed(self, entry: str, files: Iterable[bytes]) -> None:
        """Keep an entry's files as they lay sealed under the same name, in the same order."""
        with self._made(entry) as unfinished:
            for number, content in enumerate(files, 1):
                with (unfinished / f"{number:0{_NUMBER_DIGITS}d}").open("xb") as target:
                    target.write(content)
                    target.flush()
                    _flush(target.fileno())

    @contextmanager
    def _made(self, entry: str) -> Iterator[Path]:
        """A folder to fill, which takes the entry's place when the block ends well."""
        unfinished = self._root / f"{_UNFINISHED}{entry}"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        yield unfinished
        self.remove(entry)
        unfinished.rename(self._root / entry)
        for folder in (self._root / entry, self._root):
            handle = os.open(folder, os.O_RDONLY)
            try:
                _flush(handle)
            finally:
                os.close(handle)

    def get(self, entry: str) -> list[tuple[str, bytes]]:
        """The entry's files, each its name and its content; NotInSpool if it is not there."""
        return [(name, b"".join(pieces)) for name, pieces in self.streams(entry)]

    def streams(self, entry: str) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The same, the content in pieces that are to be taken before the next file; SealBroken
        at its end where it was cut."""
        if not self.has(entry):
            raise NotInSpool(_("加密暂存区没有这份材料"))
        for number, path in enumerate(sorted((self._root / entry).iterdir()), 1):
            with path.open("rb") as source:
                frames = read_frames(source, self._keys, _about(entry, number))
                name = next(frames, _NAME)
                yield os.fsdecode(name[1:]), _pieces(frames, entry)

    def has(self, entry: str) -> bool:
        """Whether the entry is kept."""
        return (self._root / entry).is_dir()

    def marks(self) -> Iterator[tuple[str, bytes]]:
        """Each file of each entry, and by which suite and with which key it is sealed; b"" where
        it is broken."""
        for path in sorted(self._root.glob("[!.]*/" + "[0-9]" * _NUMBER_DIGITS)):
            with suppress(FileNotFoundError), path.open("rb") as file:
                file.seek(LENGTH_BYTES)
                yield f"{path.parent.name}/{path.name}", mark_or_none(file.read(LONGEST_MARK))

    def reseal(self, names: Iterable[str]) -> None:
        """Seal these files as everything is sealed now, frame by frame; each is whole at any
        instant."""
        for name in names:
            entry, _slash, number = name.partition("/")
            unfinished = self._root / f"{_UNFINISHED}{entry}-{number}"
            # One that is kept no longer, or broken, stays as it is.
            with suppress(FileNotFoundError, SealBroken):
                self._copy_resealed(entry, number, unfinished)
                crash_point("resealed, before rename")
                unfinished.replace(self._root / name)
            unfinished.unlink(missing_ok=True)

    def _copy_resealed(self, entry: str, number: str, target: Path) -> None:
        with (self._root / entry / number).open("rb") as source, target.open("wb") as copy:
            about = _about(entry, int(number))
            write_frames(copy, self._keys, about, read_frames(source, self._keys, about))
            _flush(copy.fileno())

    def remove(self, entry: str) -> None:
        """Keep the entry no longer; a crash leaves at most what `sweep` removes."""
        going = self._root / f"{_UNFINISHED}{entry}.gone"
        with suppress(FileNotFoundError):
            (self._root / entry).rename(going)
        shutil.rmtree(going, ignore_errors=True)

    def sweep(self, wanted: set[str], before: datetime) -> int:
        """Remove what is not wanted and was not touched since; how many entries."""
        entries = list(self._root.iterdir()) if self._root.exists() else []
        old = [p for p in entries if p.name not in wanted and is_older(p, before)]
        for path in old:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return len(old)


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


def _flush(handle: int) -> None:
    os.fsync(handle)
