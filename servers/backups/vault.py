"""The folder that holds backups: sealed objects, each whole or not there, under names of ours."""

import fcntl
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path

from documents.cipher_suites import SuiteName
from documents.flushing import flush
from documents.sealed_frames import FRAME_BYTES, read_frames, write_frames
from documents.sealing import KeyRing, SealBroken
from language import _
from rules.errors import Refused
from servers.private_files import privately
from settings import Settings

_UNFINISHED = ".new-"
_DATA, _END = b"d", b"e"


class Vault:
    """Objects under names with slashes. The seal binds an object to its name, so that one that was
    changed, cut or put in the place of another does not open."""

    def __init__(self, folder: Path, keys: KeyRing) -> None:
        self._folder = folder
        self._keys = keys

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other process write here while the block lasts; it waits for its turn."""
        with open(self._folder / ".lock", "w", opener=privately) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Keep these bytes; when it returns they are on disk, in the place of what was there."""
        self.put_all([(name, pieces)])

    def put_all(self, objects: Iterable[tuple[str, Iterable[bytes]]]) -> None:
        """Keep all of these; the disk is waited for twice, however many they are."""
        written = {self._folder / name: self._write(name, pieces) for name, pieces in objects}
        flush(written.values())
        for path, part in written.items():
            part.replace(path)
        folders = {path.parent for path in written}
        flush(folders | {folder.parent for folder in folders})

    def _write(self, name: str, pieces: Iterable[bytes]) -> Path:
        """Write the object beside where it will be; where that is."""
        path = self._folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f"{_UNFINISHED}{path.name}")
        frames = chain((_DATA + piece for piece in _of_one_size(pieces)), [_END])
        with part.open("wb") as target:
            write_frames(target, self._keys, name, frames)
        return part

    def get(self, name: str) -> Iterator[bytes]:
        """The bytes, piece by piece; SealBroken at the end if it was cut."""
        kind = b""
        with (self._folder / name).open("rb") as source:
            for frame in read_frames(source, self._keys, name):
                kind = frame[:1]
                yield frame[1:]
        if kind != _END:
            raise SealBroken(_("加密内容不完整：%(about)s") % {"about": name})

    def put_packed(self, name: str, pieces: Iterable[bytes]) -> None:
        """Keep what compresses well."""
        packing = zlib.compressobj(1)
        packed = (packing.compress(piece) for piece in pieces)
        self.put(name, chain(packed, _late(packing.flush)))

    def get_packed(self, name: str) -> Iterator[bytes]:
        """What was put by `put_packed`."""
        packing = zlib.decompressobj()
        for piece in self.get(name):
            yield packing.decompress(piece, FRAME_BYTES)
            # A row of noughts is a thousand times as long as what it was packed into.
            while packing.unconsumed_tail:
                yield packing.decompress(packing.unconsumed_tail, FRAME_BYTES)
        yield packing.flush()

    def has(self, name: str) -> bool:
        """Whether there is an object of this name."""
        return (self._folder / name).is_file()

    def names(self, under: str) -> list[str]:
        """The names of all objects in this folder and below it."""
        found = (path for path in (self._folder / under).rglob("*") if path.is_file())
        kept = (path for path in found if not path.name.startswith(_UNFINISHED))
        return sorted(path.relative_to(self._folder).as_posix() for path in kept)

    def kept_since(self, name: str) -> float:
        """When the object was put there, in seconds of the epoch."""
        return (self._folder / name).stat().st_mtime

    def remove(self, name: str) -> None:
        """Keep it no longer, nor the folder if nothing else lies in it."""
        path = self._folder / name
        path.unlink(missing_ok=True)
        with suppress(OSError):
            path.parent.rmdir()


def vault_of(ready: Settings) -> Vault:
    """The folder of these settings; Refused where none is set or it is not there."""
    if ready.backups is None:
        raise Refused(_("没有备份目录：请设 HUZHU_BACKUPS，放在另一块磁盘上"))
    text = ready.backup_keys.get_secret_value()
    if not text:
        raise Refused(_("没有备份密钥：请设 HUZHU_BACKUP_KEYS"))
    # Only the last folder is made: a disk that is not there must not be taken for an empty one.
    ready.backups.mkdir(mode=0o700, exist_ok=True)
    # Backups have no fingerprints: any key will do for them.
    index_key = text.split(",")[0].partition(":")[2]
    return Vault(ready.backups, KeyRing.from_text(text, index_key, SuiteName(ready.cipher_suite)))


def _of_one_size(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces that are neither tiny nor huge."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= FRAME_BYTES:
            yield bytes(waiting[:FRAME_BYTES])
            del waiting[:FRAME_BYTES]
    if waiting:
        yield bytes(waiting)


def _late(flush: Callable[[], bytes]) -> Iterator[bytes]:
    yield flush()
