"""Copies of the sealed files of the store and the spool, each kept once under every key."""

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from documents.blobs import NoSuchBlob
from documents.blobs.folder import FolderBlobs
from documents.sealed_frames import FRAME_BYTES, LENGTH_BYTES
from documents.sealing import LONGEST_MARK, KeyRing, SealBroken, mark_of
from documents.store import Store, name_of
from servers.backups.vault import Vault
from settings import Settings
from workflows.engine.kept_where import SPOOL, STORE

log = logging.getLogger("huzhu.backups")

_FILES, _GONE = "files", "gone"
_AT_ONCE = 100
_TICK_SECONDS = 2.0
"""A folder that changed less than so long ago may change again without a later time of change."""


class FileCopies:
    """The files of this data folder, and which of them the vault has.

    They stay sealed with the office's own keys, under the vault's key. One that is sealed anew with
    another key is kept again: the older one may not open for much longer.
    """

    def __init__(self, ready: Settings, vault: Vault) -> None:
        # What lies in a bucket is kept by versions of its service.
        places = {} if ready.bucket else {STORE: 0, SPOOL: LENGTH_BYTES}
        self._roots = {ready.data / place: offset for place, offset in places.items()}
        self._data = ready.data
        self._vault = vault
        self._kept = set(vault.names(_FILES))
        self._seen: dict[str, int] = {}
        self._looked: dict[str, int] = {}

    def keep_new(self) -> int:
        """Keep every file that is not kept yet; how many. When it returns they are on disk."""
        new, count = self._new(), 0
        try:
            while some := dict(islice(new, _AT_ONCE)):
                self._vault.put_all((name, _pieces(file)) for name, file in some.items())
                self._kept.update(some)
                count += len(some)
        except BaseException:
            # What was looked at is not kept after all.
            self._seen.clear()
            self._looked.clear()
            raise
        return count

    def note_gone(self, now: datetime) -> None:
        """Take note of the kept files that the office has no longer."""
        gone = _gone(self._vault)
        missing = [name for name in self._kept if not (self._data / _path_in(name)).exists()]
        told = {name: gone.get(name, now).isoformat() for name in missing}
        self._vault.put(_GONE, [json.dumps(told).encode()])

    def forget_gone(self, before: datetime) -> None:
        """Remove what was gone before this instant, since no backup that is kept names it."""
        for name, since in _gone(self._vault).items():
            if since < before:
                self._vault.remove(name)
                self._kept.discard(name)

    def _new(self) -> Iterator[tuple[str, BinaryIO]]:
        """Each file that is not kept, open: it may be gone a moment later."""
        for root, offset in self._roots.items():
            for folder in _changed(root, self._looked):
                for entry in os.scandir(folder):
                    if entry.name.startswith(".") or self._seen.get(entry.path) == entry.inode():
                        continue
                    with suppress(FileNotFoundError):
                        file = Path(entry.path).open("rb")  # noqa: SIM115 - closed once copied
                        name = self._name(Path(entry.path), file, offset)
                        if name and name not in self._kept:
                            yield name, file
                        else:
                            file.close()
                        self._seen[entry.path] = entry.inode()

    def _name(self, path: Path, file: BinaryIO, offset: int) -> str | None:
        """Under which name it is kept: by which suite and key it is sealed is part of it."""
        try:
            mark = mark_of(file.read(offset + LONGEST_MARK)[offset:])
        except SealBroken:
            log.warning("not sealed by us file=%s", path.name)
            return None
        file.seek(0)
        by = f"{mark[0]}-{mark[2:].hex()}"
        return f"{_FILES}/{by}/{path.relative_to(self._data).as_posix()}"


class KeptFiles:
    """What a vault has of the store and the spool."""

    def __init__(self, vault: Vault, keys: KeyRing) -> None:
        self._vault = vault
        self._order = {name.encode().hex(): place for place, name in enumerate(keys.keys)}
        self._objects: dict[str, str] = {}
        """Of each path the object whose key is the newest that the ring has."""
        for name in sorted(vault.names(_FILES), key=self._age, reverse=True):
            self._objects[_path_in(name)] = name

    def content(self, path: str) -> bytes:
        """The sealed bytes of the file at this path below the data folder; NoSuchBlob."""
        if path not in self._objects:
            raise NoSuchBlob(path)
        return b"".join(self._vault.get(self._objects[path]))

    def below(self, folder: str) -> list[str]:
        """The paths of all kept files below this folder."""
        return sorted(path for path in self._objects if path.startswith(f"{folder}/"))

    def _age(self, name: str) -> int:
        key = name.split("/")[1].partition("-")[2]
        return self._order.get(key, len(self._order))


class StoreInVault(Store):
    """The store as it lies in a vault, to be read."""

    def __init__(self, ready: Settings, keys: KeyRing, kept: KeptFiles) -> None:
        super().__init__(FolderBlobs(ready.data / STORE), keys)
        self._kept_files = kept

    def sealed(self, sha256: str) -> bytes:
        """The sealed scan; NoSuchBlob."""
        return self._kept_files.content(f"{STORE}/{name_of(sha256)}")


def _path_in(name: str) -> str:
    """The path below the data folder of the file that is kept under this name."""
    return name.split("/", 2)[2]


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(FRAME_BYTES):
            yield piece


def _gone(vault: Vault) -> dict[str, datetime]:
    if not vault.has(_GONE):
        return {}
    told: dict[str, str] = json.loads(b"".join(vault.get(_GONE)))
    return {name: datetime.fromisoformat(at) for name, at in told.items()}


def _changed(root: Path, looked: dict[str, int]) -> Iterator[Path]:
    """The folders below this one in which something may have changed since they were looked at."""
    with suppress(FileNotFoundError):
        for entry in os.scandir(root):
            if entry.name.startswith("."):
                continue
            changed = entry.stat().st_mtime_ns
            if looked.get(entry.path) == changed:
                continue
            yield Path(entry.path)
            if time.time() - changed / 1e9 > _TICK_SECONDS:
                looked[entry.path] = changed
