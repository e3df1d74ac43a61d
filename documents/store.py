"""Keeps each scan once, encrypted, under the SHA-256 of its content."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from crash_points import crash_point
from documents.sealing import KeyRing, SealBroken, key_name, sealed_size
from language import _
from rules.errors import HuzhuError

_UNFINISHED = ".new-"
_LONGEST_WRITE = timedelta(hours=1)
_HEADER_BYTES = 300
_WRITERS = 4


class ScanMissing(HuzhuError):
    """No scan is kept under this hash."""


class Store:
    """A folder of scans. A crash leaves complete files and a temporary file for each open write."""

    def __init__(self, root: Path, keys: KeyRing) -> None:
        self._root = root
        self._keys = keys
        self._firm: set[Path] = set()

    def put(self, data: bytes) -> str:
        """Keep these bytes for good and return their SHA-256; when it returns they are on disk."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path_of(sha256)
        if not self._is_whole(path, len(data)):
            self._write(path, self._keys.seal(data, _about(sha256)))
        # Also if the file exists already: its writer may have crashed before this line.
        _flush_folder(path.parent)
        self._make_firm(path.parent)
        return sha256

    def put_all(self, many: Iterable[bytes]) -> list[str]:
        """Keep all of these; while one is flushed to disk, the next is already computed."""
        with ThreadPoolExecutor(_WRITERS) as writers:
            return list(writers.map(self.put, many))

    def _make_firm(self, folder: Path) -> None:
        """Flush the folder's own entry, so that it survives a power cut; needed only once."""
        if folder not in self._firm:
            for above in (self._root, self._root.parent):
                _flush_folder(above)
            self._firm.add(folder)

    def get(self, sha256: str) -> bytes:
        """The scan; ScanMissing if it is not there, SealBroken if it is not what was put."""
        try:
            sealed = self.path_of(sha256).read_bytes()
        except FileNotFoundError as error:
            raise ScanMissing(_("存储中没有这份影像：%(hash)s") % {"hash": sha256}) from error
        data = self._keys.open(sealed, _about(sha256))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise SealBroken(_("影像与其编号不符：%(hash)s") % {"hash": sha256})
        return data

    def verify(self, sha256: str) -> bool:
        """Whether the scan is there and is what was put."""
        try:
            self.get(sha256)
        except (ScanMissing, SealBroken):
            return False
        return True

    def sweep(self, now: datetime) -> int:
        """Remove temporary files that crashed writers left more than an hour ago; how many."""
        before = (now - _LONGEST_WRITE).timestamp()
        rests = [p for p in self._root.glob(f"??/{_UNFINISHED}*") if p.stat().st_mtime < before]
        for rest in rests:
            rest.unlink(missing_ok=True)
        return len(rests)

    def path_of(self, sha256: str) -> Path:
        """Where a scan with this hash is or would be."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ScanMissing(_("不是影像编号：%(hash)s") % {"hash": sha256})
        return self._root / sha256[:2] / sha256

    def _is_whole(self, path: Path, plain_size: int) -> bool:
        try:
            with path.open("rb") as file:
                name = key_name(file.read(_HEADER_BYTES))
                return os.fstat(file.fileno()).st_size == sealed_size(plain_size, name)
        except (FileNotFoundError, SealBroken):
            return False

    def _write(self, path: Path, sealed: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(prefix=_UNFINISHED, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
                file.flush()
                crash_point("stored, before fsync")
                os.fsync(file.fileno())
            crash_point("stored, before rename")
            Path(unfinished).replace(path)
            crash_point("stored, after rename")
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise


def _about(sha256: str) -> str:
    return f"scan:{sha256}"


def _flush_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
