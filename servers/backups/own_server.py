"""Takes a backup of our own PostgreSQL: all its files, and afterwards its log as it grows."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from servers.backups import notes
from servers.backups.database_programs import output
from servers.backups.files import FileCopies
from servers.backups.notes import BackupKind, BackupNote, Reached
from servers.backups.vault import Vault
from servers.roles import plain

SEGMENT_BYTES = 16 * 1024 * 1024
_SLOT = "huzhu_backup"
_SEGMENT = "[0-9A-F]" * 24
_WHOLE = ("--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast", "--no-manifest")


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    # What a commit of ours returns from is in the log on disk, and so is all before it.
    durable = "-c synchronous_commit=on"
    with psycopg.connect(plain(url), autocommit=True, options=durable) as connection:
        yield connection


def back_up(url: str, vault: Vault, copies: FileCopies, keys: tuple[str, ...]) -> BackupNote:
    """Keep all files of the server, and then every file that they name.

    What is kept of the server was committed by the end of the copy, and nothing was later.
    """
    with _connected(url) as connection:
        _keep_log(connection)
        at, first, server = _one(connection, _BEGIN)
        content = f"{notes.folder_of(at)}/{BackupKind.FILES}"
        vault.put_packed(content, output("pg_basebackup", url, *_WHOLE))
        [leads_on] = _one(connection, "SELECT clock_timestamp()")
    copies.keep_new()
    note = BackupNote(content, at, leads_on, server, first, keys)
    notes.keep_note(vault, note)
    return note


def follow(url: str, folder: Path, vault: Vault, copies: FileCopies, last: BackupNote) -> Reached:
    """Keep what the log of the server with this data folder has grown by since the last backup, or
    since this was last done; how far it goes now.

    The log up to a place is read first, then every file is kept, and only then the log: so no kept
    transaction ever names a file that is not kept. A transaction of our own follows the instant,
    since a database can be led only to an instant that a transaction came after.
    """
    with _connected(url) as connection:
        _keep_log(connection)
        [at] = _one(connection, "SELECT clock_timestamp()")
        connection.execute("SELECT pg_logical_emit_message(true, 'huzhu', 'backup')")
        place, segment, offset, server = _one(connection, _PLACE)
        before = notes.reached(vault, server)
        since = before.segment if before else last.first_segment
        grown = _grown(folder / "pg_wal", since, segment)
        tail = _up_to(folder / "pg_wal" / segment, offset)
        copies.keep_new()
        kept = [*((path.name, path.read_bytes()) for path in grown), (segment, tail)]
        for name, content in kept:
            vault.put_packed(f"{notes.log_of(server)}/{name}", [content])
        found = Reached(server, at, segment)
        notes.keep_reached(vault, found)
        connection.execute("SELECT pg_replication_slot_advance(%s, %s)", (_SLOT, place))
    return found


_BEGIN = """
    SELECT clock_timestamp(), pg_walfile_name(pg_current_wal_lsn()), system_identifier::text
    FROM pg_control_system()
"""
_PLACE = """
    SELECT place::text, file_name, file_offset, system_identifier::text
    FROM pg_current_wal_flush_lsn() place, pg_walfile_name_offset(place), pg_control_system()
"""


def is_followed(url: str) -> bool:
    """Whether the server keeps its log since the last backup; not one that was brought back, nor
    one whose log grew beyond what it may keep."""
    with _connected(url) as connection:
        [followed] = _one(connection, _FOLLOWED)
    return bool(followed)


def _grown(folder: Path, since: str, segment: str) -> list[Path]:
    """The segments that are complete and not kept as such yet, and what tells of timelines."""
    complete = [path for path in folder.glob(_SEGMENT) if since <= path.name < segment]
    return sorted(folder.glob("*.history")) + sorted(complete)


def _up_to(segment: Path, offset: int) -> bytes:
    """The segment up to this place; what comes behind may name files that came too late."""
    if offset == 0:
        return b""  # it may not be there yet
    with segment.open("rb") as file:
        return file.read(offset)


def _keep_log(connection: psycopg.Connection[Any]) -> None:
    """Have the server keep its log until it is in the vault."""
    connection.execute(_DROP_LOST, (_SLOT,))
    connection.execute(_MAKE, (_SLOT, _SLOT))


_FOLLOWED = """
    SELECT EXISTS (SELECT FROM pg_replication_slots
        WHERE slot_name = 'huzhu_backup' AND wal_status <> 'lost')
"""
_DROP_LOST = """
    SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
    WHERE slot_name = %s AND wal_status = 'lost'
"""
_MAKE = """
    SELECT pg_create_physical_replication_slot(%s, true)
    WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = %s)
"""


def _one(connection: psycopg.Connection[Any], statement: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row
