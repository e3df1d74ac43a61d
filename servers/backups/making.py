"""Makes backups: of the whole database now, of what came since, and keeps those of some weeks."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from servers import embedded
from servers.backups import notes, own_server
from servers.backups.database_programs import output
from servers.backups.files import FileCopies
from servers.backups.notes import BackupKind, BackupNote
from servers.backups.vault import Vault, vault_of
from servers.roles import plain
from settings import Settings
from workflows.engine import marks
from workflows.engine.office import ring_of, utc_now

log = logging.getLogger("huzhu.backups")


@dataclass
class Backups:
    """The backups of one installation, of whose files it knows which are kept."""

    ready: Settings
    vault: Vault
    copies: FileCopies
    url: str
    server: Path | None
    """The folder of our own server, whose log can be kept; `url` is then its owner's. None: others
    run it."""

    @classmethod
    def of(cls, ready: Settings) -> "Backups":
        """Those of these settings; Refused where none are set up."""
        vault = vault_of(ready)
        copies = FileCopies(ready, vault)
        if embedded.owns(ready.data, ready.owner_database_url):
            return cls(ready, vault, copies, ready.owner_database_url, ready.data / "postgres")
        return cls(ready, vault, copies, ready.database_url, None)

    def back_up(self) -> BackupNote:
        """Keep the whole database, and every file it names."""
        with self.vault.alone():
            note = self._whole()
            self._add(note)
        return note

    def add(self) -> None:
        """Keep what came since: the log and files of our own server; of another one files alone."""
        with self.vault.alone():
            self._add(notes.notes(self.vault)[-1])

    def _whole(self) -> BackupNote:
        keys = tuple(ring_of(self.ready).keys)
        if self.server:
            note = own_server.back_up(self.url, self.vault, self.copies, keys)
        else:
            note = _dump(self.url, self.vault, self.copies, keys)
        log.info("backup kind=%s", note.kind)
        return note

    def _add(self, last: BackupNote) -> None:
        if self.server:
            added = own_server.follow(self.url, self.server, self.vault, self.copies, last)
            marks.note_backup(self.ready, added.at)
        else:
            self.copies.keep_new()
            marks.note_backup(self.ready, last.at)

    def tidy(self, now: datetime) -> None:
        """Remove what leads to no instant that is to be kept, and what was never finished."""
        with self.vault.alone():
            self._tidy(now)

    def _tidy(self, now: datetime) -> None:
        before = now - timedelta(days=self.ready.backup_days)
        kept = notes.notes(self.vault)
        old = [note for note in kept[:-1] if note.leads_on < before]
        # The newest of the old leads to the first instants that are kept.
        for note in old[:-1]:
            self.vault.remove(note.object)
        for name in notes.not_whole(self.vault):
            self.vault.remove(name)
        rest = notes.notes(self.vault)
        for name in notes.log_before(self.vault, rest):
            self.vault.remove(name)
        self.copies.note_gone(now)
        if rest:
            self.copies.forget_gone(rest[0].at)


def _dump(url: str, vault: Vault, copies: FileCopies, keys: tuple[str, ...]) -> BackupNote:
    """Keep a dump: all of it is of one instant, and the files are kept after it."""
    with psycopg.connect(plain(url)) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    content = f"{notes.folder_of(row[0])}/{BackupKind.DUMP}"
    vault.put(content, output("pg_dump", url, "--format=custom"))
    copies.keep_new()
    note = BackupNote(content, row[0], row[0], "", "", keys)
    notes.keep_note(vault, note)
    return note


def is_due(backups: Backups) -> bool:
    """Whether no whole backup is of the last day, or the log does not lead on from it."""
    kept = notes.notes(backups.vault)
    if not kept or utc_now() - kept[-1].at >= timedelta(days=1):
        return True
    return backups.server is not None and not own_server.is_followed(backups.url)
