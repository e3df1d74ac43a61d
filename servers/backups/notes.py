"""What a backup says of itself: which instant it is of, and what is needed to open it."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from servers.backups.vault import Vault

_BACKUPS, _NOTE = "databases", "note"


class BackupKind(StrEnum):
    """How the database was taken: all files of our own server, which its log leads on from, or a
    dump of one that others run."""

    FILES = "files"
    DUMP = "dump"


@dataclass(frozen=True)
class BackupNote:
    """A whole backup of the database; the files that it names were kept before this was written.

    It holds everything that was committed until `at`. It may lead to any instant after `leads_on`
    that the log of its server reaches; there it begins with `first_segment`. Server and segment
    are empty for a dump. `content` is the object that holds it; `keys` are the names of the keys
    that seal values in it.
    """

    content: str
    at: datetime
    leads_on: datetime
    server: str
    first_segment: str
    keys: tuple[str, ...]

    @property
    def kind(self) -> BackupKind:
        """How it was taken."""
        return BackupKind(self.content.rpartition("/")[2])

    @property
    def object(self) -> str:
        """The object that holds this note, and makes the backup count."""
        return f"{self.content.rpartition('/')[0]}/{_NOTE}"


@dataclass(frozen=True)
class Reached:
    """How far the kept log of a server goes: every transaction that was committed by this instant,
    and each file that one of them names, is kept."""

    server: str
    at: datetime
    segment: str


def folder_of(at: datetime) -> str:
    """The folder of a backup that is begun at this instant."""
    return f"{_BACKUPS}/{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"


def log_of(server: str) -> str:
    """The folder of the log of this server; segments are named as the server names them."""
    return f"log/{server}"


def keep_note(vault: Vault, note: BackupNote) -> None:
    """From now on this backup counts."""
    _keep(vault, note.object, asdict(note))


def notes(vault: Vault) -> list[BackupNote]:
    """Every whole backup, the oldest first."""
    names = [name for name in vault.names(_BACKUPS) if name.endswith(f"/{_NOTE}")]
    found = (_told(vault, name) for name in names)
    return sorted((_note(told) for told in found), key=lambda note: note.at)


def keep_reached(vault: Vault, reached: Reached) -> None:
    """From now on backups of this server lead to this instant."""
    _keep(vault, _reached_of(reached.server), asdict(reached))


def reached(vault: Vault, server: str) -> Reached | None:
    """How far the kept log of this server goes; None where none is kept."""
    if not vault.has(_reached_of(server)):
        return None
    told = _told(vault, _reached_of(server))
    return Reached(server, datetime.fromisoformat(told["at"]), told["segment"])


def _reached_of(server: str) -> str:
    return f"{log_of(server)}/reached"


def _note(told: dict[str, Any]) -> BackupNote:
    instants = {name: datetime.fromisoformat(told[name]) for name in ("at", "leads_on")}
    return BackupNote(**(told | instants | {"keys": tuple(told["keys"])}))


def _keep(vault: Vault, name: str, told: dict[str, Any]) -> None:
    vault.put(name, [json.dumps(told, default=datetime.isoformat).encode()])


def _told(vault: Vault, name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(b"".join(vault.get(name)))
    return told


def not_whole(vault: Vault) -> list[str]:
    """What is left of backups that did not become whole, or are being removed."""
    whole = {name for note in notes(vault) for name in (note.content, note.object)}
    return [name for name in vault.names(_BACKUPS) if name not in whole]


def log_before(vault: Vault, kept: list[BackupNote]) -> list[str]:
    """The segments that lead on from none of these backups."""
    first = {note.server: note.first_segment for note in reversed(kept) if note.server}
    folders = {log_of(server): segment for server, segment in first.items()}
    parted = ((name, *name.rpartition("/")[::2]) for name in vault.names("log"))
    return [name for name, folder, each in parted if each < folders.get(folder, "")]
