"""Keeps each scan once, encrypted, under the SHA-256 of its content."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from documents.blobs import Blob, Blobs, NoSuchBlob
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

_LONGEST_WRITE = timedelta(hours=1)
_HEADER_BYTES = 300
_HASH = re.compile(r"[0-9a-f]{64}")


class ScanMissing(HuzhuError):
    """No scan is kept under this hash."""


class Store:
    """Scans, sealed, in a folder or a bucket.

    `note_broken` is told the hash of each that is read and is not there, or not what was put.
    """

    def __init__(
        self, blobs: Blobs, keys: KeyRing, note_broken: Callable[[str], None] = lambda _hash: None
    ) -> None:
        self._blobs = blobs
        self._keys = keys
        self._note_broken = note_broken

    def put(self, data: bytes) -> str:
        """Keep these bytes for good and return their SHA-256; when it returns they are kept."""
        return self.put_all([data])[0]

    def put_all(self, many: Iterable[bytes]) -> list[str]:
        """Keep all of these, each that is not there already."""
        hashes: list[str] = []
        self._blobs.put_all(self._new(many, hashes))
        return hashes

    def _new(self, many: Iterable[bytes], hashes: list[str]) -> Iterator[tuple[str, bytes]]:
        """Those to be put, by name and sealed; all their hashes are noted on the way."""
        put = set[str]()
        for data in many:
            sha256 = hashlib.sha256(data).hexdigest()
            hashes.append(sha256)
            if sha256 not in put and not self._is_whole(sha256, len(data)):
                put.add(sha256)
                yield name_of(sha256), self._keys.seal(data, _about(sha256))

    def get(self, sha256: str) -> bytes:
        """The scan; ScanMissing if it is not there, SealBroken if it is not what was put."""
        try:
            return self._opened(sha256)
        except (NoSuchBlob, SealBroken) as error:
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
        """The scan as it lies there; NoSuchBlob."""
        return self._blobs.get(name_of(sha256))

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
        for blob in self._blobs.list():
            with suppress(NoSuchBlob):
                if sha256 := _hash_in(blob):
                    yield sha256, mark_or_none(self._blobs.head(blob.name, LONGEST_MARK))

    def reseal(self, hashes: Iterable[str]) -> None:
        """Seal these scans as everything is sealed now; each is whole at any instant."""
        self._blobs.put_all(self._resealed(hashes))

    def _resealed(self, hashes: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        for sha256 in hashes:
            # One that is kept no longer, or broken, stays as it is.
            with suppress(ScanMissing, SealBroken):
                yield name_of(sha256), self._keys.seal(self.get(sha256), _about(sha256))

    def forget(self, hashes: Iterable[str]) -> None:
        """Remove these scans for ever; one that is not there is gone already."""
        self._blobs.delete([name_of(each) for each in hashes])

    def touched_since(self, instant: datetime, hashes: Iterable[str]) -> set[str]:
        """Those of the scans that somebody has put since then, for the first time or again."""
        found = ((each, self._blobs.stat(name_of(each))) for each in hashes)
        return {each for each, blob in found if blob is not None and blob.touched >= instant}

    def untouched_since(self, instant: datetime, first: str) -> list[str]:
        """The hashes of all scans with these two first figures that nobody has put since then."""
        old = [blob for blob in self._blobs.list(f"{first}/") if blob.touched < instant]
        return [sha256 for blob in old if (sha256 := _hash_in(blob))]

    def sweep(self, now: datetime) -> int:
        """Remove what crashed writers left more than an hour ago; how many."""
        return self._blobs.sweep(now - _LONGEST_WRITE)

    def _is_whole(self, sha256: str, plain_size: int) -> bool:
        """Whether the scan is there already; then it is as new as one that is written now."""
        # First, so that who erases old files spares it from here on.
        blob = self._blobs.freshen(name_of(sha256))
        if blob is None:
            return False
        try:
            name = key_name(self._blobs.head(blob.name, _HEADER_BYTES))
        except (NoSuchBlob, SealBroken):
            return False
        return blob.size == sealed_size(plain_size, name)


def name_of(sha256: str) -> str:
    """Under which name a scan with this hash is kept."""
    if not _HASH.fullmatch(sha256):
        raise ScanMissing(_("不是影像编号：%(hash)s") % {"hash": sha256})
    return f"{sha256[:2]}/{sha256}"


def _hash_in(blob: Blob) -> str:
    """The hash of the scan that is kept so; empty where somebody else put this here."""
    sha256 = blob.name.rpartition("/")[2]
    return sha256 if _HASH.fullmatch(sha256) else ""


def _about(sha256: str) -> str:
    return f"scan:{sha256}"
