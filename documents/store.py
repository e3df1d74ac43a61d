"""Keeps each scan once, encrypted, under the SHA-256 of its content."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from crash_points import crash_point
from documents.file_age import is_older
from documents.flushing import flush
from documents.sealing import (
    LONGEST_MARK,
    KeyRing,
    SealBroken,
    key_name,
    mark_or_none,
    sealed_size,
)
from language import _
from rules.errors import HuzhuError

_UNFINISHED = ".new-"
_LONGEST_WRITE = timedelta(hours=1)
_HEADER_BYTES = 300


class ScanMissing(HuzhuError):
    """No scan is kept under this hash."""


class Store:
    """A folder of scans. A crash leaves complete files and a temporary file for each open write.

    `note_broken` is told the hash of each that is read and is not there, or not what was put.
    """

    def __init__(
        self, root: Path, keys: KeyRing, note_broken: Callable[[str], None] = lambda _hash: None
    ) -> None:
        self._root = root
        self._keys = keys
        self._note_broken = note_broken
        self._firm: set[Path] = set()

    def put(self, data: bytes) -> str:
        """Keep these bytes for good and return their SHA-256; when it returns they are on disk."""
        return self.put_all([data])[0]

    def put_all(self, many: Iterable[bytes]) -> list[str]:
        """Keep all of these; the disk is waited for twice, however many they are."""
        paths, written = [], dict[Path, Path]()
        try:
            for data in many:
                paths.append(self.path_of(hashlib.sha256(data).hexdigest()))
                if paths[-1] not in written and not self._is_whole(paths[-1], len(data)):
                    written[paths[-1]] = self._write(paths[-1], data)
            crash_point("stored, before fsync")
            flush(written.values())
            crash_point("stored, before rename")
            for path, unfinished in written.items():
                unfinished.replace(path)
            crash_point("stored, after rename")
        except BaseException:
            for unfinished in written.values():
                unfinished.unlink(missing_ok=True)
            raise
        # Also of files that exist already: their writer may have crashed before this line.
        self._make_firm({path.parent for path in paths})
        return [path.name for path in paths]

    def _make_firm(self, folders: set[Path]) -> None:
        """Flush the names in these folders, and once for each folder its own name."""
        above = set() if folders <= self._firm else {self._root, self._root.parent}
        flush(folders | above)
        self._firm |= folders

    def get(self, sha256: str) -> bytes:
        """The scan; ScanMissing if it is not there, SealBroken if it is not what was put."""
        try:
            return self._opened(sha256)
        except (FileNotFoundError, SealBroken) as error:
            self._note_broken(sha256)
            if isinstance(error, SealBroken):
                raise
            raise ScanMissing(_("存储中没有这份影像：%(hash)s") % {"hash": sha256}) from error

    def _opened(self, sha256: str) -> bytes:
        data = self._keys.open(self.sealed(sha256), _about(sha256))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise SealBroken(_("影像与其编号不符：%(hash)s") % {"hash": sha256})
        return data

    def sealed(self, sha256: str) -> bytes:
        """The scan as it lies there; FileNotFoundError."""
        return self.path_of(sha256).read_bytes()

    def verify(self, sha256: str) -> bool:
        """Whether the scan is there and is what was put."""
        try:
            self.get(sha256)
        except (ScanMissing, SealBroken):
            return False
        return True

    def marks(self) -> Iterator[tuple[str, bytes]]:
        """Each scan by its hash, and by which suite and with which key it is sealed; b"" where it
        is broken."""
        for path in sorted(self._root.glob("??/" + "[0-9a-f]" * 64)):
            with suppress(FileNotFoundError), path.open("rb") as file:
                yield path.name, mark_or_none(file.read(LONGEST_MARK))

    def reseal(self, hashes: Iterable[str]) -> None:
        """Seal these scans as everything is sealed now; each is whole at any instant."""
        written = {}
        for path in map(self.path_of, hashes):
            # One that is kept no longer, or broken, stays as it is.
            with suppress(ScanMissing, SealBroken):
                written[path] = self._write(path, self.get(path.name))
        flush(written.values())
        crash_point("resealed, before rename")
        for path, unfinished in written.items():
            if path.exists():
                unfinished.replace(path)
            unfinished.unlink(missing_ok=True)
        flush({path.parent for path in written})

    def forget(self, hashes: Iterable[str]) -> None:
        """Remove these scans for ever; one that is not there is gone already."""
        paths = [self.path_of(each) for each in hashes]
        for path in paths:
            path.unlink(missing_ok=True)
        flush({path.parent for path in paths if path.parent.exists()})

    def touched_since(self, instant: datetime, hashes: Iterable[str]) -> set[str]:
        """Those of the scans that somebody has put since then, for the first time or again."""
        paths = map(self.path_of, hashes)
        return {path.name for path in paths if path.exists() and not is_older(path, instant)}

    def sweep(self, now: datetime) -> int:
        """Remove temporary files that crashed writers left more than an hour ago; how many."""
        before = now - _LONGEST_WRITE
        rests = [p for p in self._root.glob(f"??/{_UNFINISHED}*") if is_older(p, before)]
        for rest in rests:
            rest.unlink(missing_ok=True)
        return len(rests)

    def path_of(self, sha256: str) -> Path:
        """Where a scan with this hash is or would be."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ScanMissing(_("不是影像编号：%(hash)s") % {"hash": sha256})
        return self._root / sha256[:2] / sha256

    def _is_whole(self, path: Path, plain_size: int) -> bool:
        """Whether the scan is there already; then it is as new as one that is written now."""
        try:
            # First, so that who erases old files spares it from here on.
            os.utime(path)
            with path.open("rb") as file:
                name = key_name(file.read(_HEADER_BYTES))
                return os.fstat(file.fileno()).st_size == sealed_size(plain_size, name)
        except (FileNotFoundError, SealBroken):
            return False

    def _write(self, path: Path, data: bytes) -> Path:
        """Write the scan beside where it will be; where that is. It is not flushed to disk yet."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=_UNFINISHED, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(self._keys.seal(data, _about(path.name)))
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        return Path(unfinished)


def _about(sha256: str) -> str:
    return f"scan:{sha256}"
