"""Blobs as the files of a folder; a stroke in a name is a folder below it."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from crash_points import crash_point
from documents.blobs import Blob, NoSuchBlob
from documents.file_age import is_older
from documents.flushing import flush

_UNFINISHED = ".new-"


class FolderBlobs:
    """A crash leaves complete files, and a temporary file for each open write."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._firm: dict[Path, int] = {}
        """The number on disk of each folder whose own name has been flushed."""

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        self._put([(name, pieces)])

    def put_all(self, blobs: Iterable[tuple[str, bytes]]) -> None:
        self._put((name, [data]) for name, data in blobs)

    def _put(self, blobs: Iterable[tuple[str, Iterable[bytes]]]) -> None:
        """The disk is waited for twice, however many they are."""
        written: dict[Path, Path] = {}
        try:
            for name, pieces in blobs:
                written[self.path_of(name)] = self._write(self.path_of(name), pieces)
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
        self._make_firm({path.parent for path in written})

    def freshen(self, name: str) -> Blob | None:
        path = self.path_of(name)
        with suppress(FileNotFoundError):
            os.utime(path)
            # Its writer may have crashed before this line.
            self._make_firm({path.parent})
        return self.stat(name)

    def get(self, name: str) -> bytes:
        with self.open(name) as file:
            return file.read()

    def open(self, name: str) -> BinaryIO:
        try:
            return self.path_of(name).open("rb")
        except FileNotFoundError as error:
            raise NoSuchBlob(name) from error

    def head(self, name: str, count: int) -> bytes:
        with self.open(name) as file:
            return file.read(count)

    def stat(self, name: str) -> Blob | None:
        try:
            found = self.path_of(name).stat()
        except FileNotFoundError:
            return None
        return Blob(name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def list(self, below: str = "") -> Iterator[Blob]:
        for path in sorted((self._root / below).rglob("*")):
            if not path.name.startswith(_UNFINISHED) and path.is_file():
                found = self.stat(path.relative_to(self._root).as_posix())
                if found is not None:
                    yield found

    def delete(self, names: Iterable[str]) -> None:
        paths = [self.path_of(each) for each in names]
        for path in paths:
            path.unlink(missing_ok=True)
        folders = {path.parent for path in paths if path.parent.exists()}
        flush(folders)
        for folder in folders:
            # Others may just put something there.
            with suppress(OSError):
                folder.rmdir()

    def sweep(self, before: datetime) -> int:
        rests = [p for p in self._root.rglob(f"{_UNFINISHED}*") if is_older(p, before)]
        for rest in rests:
            rest.unlink(missing_ok=True)
        return len(rests)

    def path_of(self, name: str) -> Path:
        """The file of this name."""
        return self._root / name

    def _write(self, path: Path, pieces: Iterable[bytes]) -> Path:
        """Write the pieces beside where they will be; where that is. Not flushed to disk yet."""
        handle, unfinished = self._temporary(path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                for piece in pieces:
                    file.write(piece)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        return Path(unfinished)

    def _temporary(self, folder: Path) -> tuple[int, str]:
        while True:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # The folder goes where somebody removes the last file of it at this moment.
            with suppress(FileNotFoundError):
                return tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)

    def _make_firm(self, folders: set[Path]) -> None:
        """Flush the names in these folders, and once for each folder its own name."""
        now = {folder: folder.stat().st_ino for folder in folders}
        above = set() if now.items() <= self._firm.items() else {self._root, self._root.parent}
        flush(folders | above)
        self._firm |= now
