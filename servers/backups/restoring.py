"""Brings a backup back: chooses it, checks it, and leads its database to an instant."""

import io
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from documents.sealing import KeyRing
from language import _
from rules.errors import Refused
from servers import embedded
from servers.backups import notes
from servers.backups.database_programs import feed
from servers.backups.notes import BackupKind, BackupNote
from servers.backups.own_server import SEGMENT_BYTES
from servers.backups.vault import Vault
from workflows.engine.office import BEIJING

Say = Callable[[str], None]

_SEGMENTS_OF_A_FILE = 256
_NAME_LENGTH = 24
_TAKE_ALL = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")


def chosen(vault: Vault, keys: KeyRing, to: datetime | None) -> BackupNote:
    """The backup that leads to this instant, or the newest; Refused where there is none."""
    kept = notes.notes(vault)
    fit = [note for note in kept if to is None or note.leads_on <= to]
    if not kept:
        raise Refused(_("备份目录里没有完整的备份"))
    if not fit:
        words = {"first": shown(kept[0].leads_on + timedelta(seconds=1))}
        raise Refused(_("没有那么早的备份：最早可恢复到 %(first)s") % words)
    note = fit[-1]
    if missing := sorted(set(note.keys) - set(keys.keys)):
        raise Refused(
            _("这份备份要用密钥 %(names)s 才能读，密钥设置里没有：请先放回当时的密钥")
            % {"names": "、".join(missing)}
        )
    if to is not None and note.kind == BackupKind.FILES:
        _refuse_too_late(vault, note, to)
    return note


def _refuse_too_late(vault: Vault, note: BackupNote, to: datetime) -> None:
    reached = notes.reached(vault, note.server)
    last = reached.at if reached else note.at
    if to > last:
        raise Refused(_("备份只到 %(last)s：请选不晚于它的时刻") % {"last": shown(last)})


@contextmanager
def brought_back(
    vault: Vault, note: BackupNote, to: datetime | None, place: Path, tell: Say
) -> Iterator[str]:
    """The address of a server below this folder that runs the database of the backup; its owner's.

    The folder is emptied before. When the block ends the server is stopped, and its data stays.
    """
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    server = embedded.own_postgres(place)
    if note.kind == BackupKind.FILES:
        tell(_("取出 %(at)s 的数据库") % {"at": shown(note.at)})
        _unpack(vault, note, server.folder)
        tell(_("重放日志"))
        server.recover(to)
    try:
        server.start()
        if note.kind == BackupKind.DUMP:
            fill(server.url(), vault, note, tell)
        yield server.url()
    finally:
        server.stop()


def fill(url: str, vault: Vault, note: BackupNote, tell: Say) -> None:
    """Put a dump into this empty database, all of it or nothing."""
    tell(_("装入 %(at)s 的数据库") % {"at": shown(note.at)})
    feed("pg_restore", url, vault.get(note.content), *_TAKE_ALL)


def shown(at: datetime) -> str:
    """The instant as people of the office read it."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def _unpack(vault: Vault, note: BackupNote, folder: Path) -> None:
    """All files of the server, and its log from then on."""
    folder.mkdir(mode=0o700)
    source = io.BufferedReader(_Pieces(vault.get_packed(note.content)))
    with tarfile.open(fileobj=source, mode="r|") as archive:
        # The first releases of Python 3.11 know no filter; the archive is sealed and our own.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)  # noqa: S202
    for name in _segments(vault, note):
        target = folder / "pg_wal" / name.rpartition("/")[2]
        # What came with the files is complete.
        if not target.exists():
            content = b"".join(vault.get_packed(name))
            is_segment = len(target.name) == _NAME_LENGTH
            target.write_bytes(content.ljust(SEGMENT_BYTES, b"\0") if is_segment else content)


def _segments(vault: Vault, note: BackupNote) -> list[str]:
    """The log that leads on from the backup; Refused where some of it is missing."""
    folder = notes.log_of(note.server)
    names = [name for name in vault.names(folder) if not name.endswith("/reached")]
    later = [name for name in names if name.rpartition("/")[2] >= note.first_segment]
    numbers = {_number(name) for name in later if len(name.rpartition("/")[2]) == _NAME_LENGTH}
    if numbers and max(numbers) - min(numbers) >= len(numbers):
        raise Refused(_("%(at)s 的备份之后缺少日志") % {"at": shown(note.at)})
    return later


def _number(name: str) -> int:
    """The place of the segment in the log, whichever timeline it is of."""
    segment = name.rpartition("/")[2]
    return int(segment[8:16], 16) * _SEGMENTS_OF_A_FILE + int(segment[16:], 16)


class _Pieces(io.RawIOBase):
    """Bytes that come in pieces, as a file to read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: "bytearray | memoryview") -> int:  # type: ignore[override]
        while not self._rest:
            try:
                self._rest = memoryview(next(self._pieces))
            except StopIteration:
                return 0
        taken = self._rest[: len(target)]
        target[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)
