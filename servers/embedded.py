"""Private PostgreSQL and Valkey for a machine that has none, shared by all processes of a clone."""

import fcntl
import hashlib
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from language import _
from rules.errors import Refused
from servers import roles
from servers.guest import PATIENCE, NoServers
from servers.passwords import APP, REPORT, passwords
from servers.postgres import DOES_NOT_START, Postgres
from servers.private_files import privately
from servers.valkey import Valkey
from servers.watching import watched

SERVERS = (Postgres.name, Valkey.name)

_BETWEEN_LOOKS = 0.5
_LONGEST_SOCKET = 100
"""Bytes that the path of a socket may have on every system."""


@dataclass(frozen=True)
class Addresses:
    """Where the two servers listen; our own at sockets in the file system, never at ports.

    The database is known to three users: to the program, to its owner, who alone changes tables
    (empty for servers that are not ours), and to one who only reads.
    """

    database_url: str
    redis_url: str
    owner_url: str = ""
    report_url: str = ""


@contextmanager
def running(data: Path, database_url: str = "", redis_url: str = "") -> Iterator[Addresses]:
    """The two servers: those given, those another process of this clone runs, or our own.

    Our own keep their data under `data` and stop when the block ends. Raises NoServers.
    """
    if database_url and redis_url:
        yield Addresses(database_url, redis_url)
        return
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = _others_or_turn(data / "servers.json")
    if isinstance(found, Addresses):
        yield _instead(found, database_url, redis_url)
        return
    postgres = None if database_url else own_postgres(data)
    valkey = None if redis_url else own_valkey(data)
    own = [each for each in (postgres, valkey) if each]
    with found, ExitStack() as stack:
        for server in own:
            stack.enter_context(_running(server))
        addresses = Addresses(database_url, redis_url or (valkey.url() if valkey else ""))
        if postgres:
            addresses = _with_users(addresses, postgres, passwords(data))
        tell = partial(_tell_deaths, addresses.redis_url)
        stack.enter_context(watched(own, data / "log" / "servers.log", tell))
        stack.enter_context(_announced(found, addresses))
        yield addresses


@contextmanager
def while_stopped(data: Path) -> Iterator[None]:
    """Let no process of this clone start while the block lasts; Refused if one runs."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = _others_or_turn(data / "servers.json")
    if isinstance(found, Addresses):
        raise Refused(_("系统正在运行：请先停下"))
    with found:
        yield


def wait_until_free(data: Path, tell: Callable[[], None]) -> None:
    """Return once no other process of this clone runs the servers; `tell` is called if one does.

    They end with who runs them, so who is to stay must not live on those of a passing command.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    is_told = False
    while isinstance(found := _others_or_turn(data / "servers.json"), Addresses):
        if not is_told:
            tell()
        is_told = True
        time.sleep(_BETWEEN_LOOKS)
    found.close()


def _instead(found: Addresses, database_url: str, redis_url: str) -> Addresses:
    """What was found, but the servers that were given."""
    if database_url:
        found = Addresses(database_url, found.redis_url)
    return replace(found, redis_url=redis_url or found.redis_url)


def own_postgres(data: Path) -> Postgres:
    """The private PostgreSQL of this data folder, running or not."""
    sockets = short_folder(data) / "postgres"
    return Postgres(
        data / "postgres", sockets, data / "log" / "postgres.log", passwords(data)["postgres"]
    )


def owns(data: Path, url: str) -> bool:
    """Whether this is the address of the private PostgreSQL's owner."""
    return (data / "postgres").is_dir() and url == own_postgres(data).url()


def own_valkey(data: Path) -> Valkey:
    """The private Valkey of this data folder, running or not."""
    sockets = short_folder(data) / "valkey"
    return Valkey(sockets, data / "log" / "valkey.log", passwords(data)["valkey"])


@contextmanager
def _running(server: Postgres | Valkey) -> Iterator[None]:
    try:
        server.start()
        yield
    finally:
        server.stop()


def _with_users(addresses: Addresses, server: Postgres, words: dict[str, str]) -> Addresses:
    """With those of the private database, for each of its users."""
    app, report = (server.url(user, words[user]) for user in (APP, REPORT))
    roles.make(server.url(), app, report)
    return replace(addresses, database_url=app, owner_url=server.url(), report_url=report)


def _tell_deaths(redis_url: str, deaths: Counter[str]) -> None:
    # Loaded late: beat knows nothing of the office.
    from workflows.engine import broker_notes

    for name, number in deaths.items():
        broker_notes.note_count(redis_url, broker_notes.ENDED, name, number)
    broker_notes.note_instant(redis_url, broker_notes.ENDED, datetime.now(UTC))


def short_folder(data: Path) -> Path:
    """A private folder whose path is short enough for a socket, the same for the same clone."""
    name = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"huzhu-{os.getuid()}-{name}"
    if len(os.fsencode(folder / "postgres" / ".s.PGSQL.5432.lock")) > _LONGEST_SOCKET:
        folder = Path("/tmp") / folder.name  # noqa: S108 - our own folder, checked below
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != os.getuid() or folder.is_symlink():
        raise NoServers(_("临时目录 %(folder)s 属于别的用户") % {"folder": folder})
    folder.chmod(0o700)
    return folder


@contextmanager
def _announced(turn: TextIO, addresses: Addresses) -> Iterator[None]:
    json.dump(asdict(addresses), turn)
    turn.flush()
    try:
        yield
    finally:
        Path(turn.name).unlink(missing_ok=True)


def _others_or_turn(note: Path) -> Addresses | TextIO:
    """What another living process of this clone announced; or, it being our turn to run the
    servers, the locked file in which we announce them.

    The lock says that its holder lives: a process number may by now be that of another process.
    Who holds it and has announced nothing yet is starting the servers.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        file = open(note, "a+", opener=privately)  # noqa: SIM115 - the lock lives with it
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Who held it may have ended the servers just now, and taken the file away.
            if _is_still(note, file):
                file.truncate(0)
                return file
        except BlockingIOError:
            file.seek(0)
            with suppress(ValueError):
                return Addresses(**json.load(file))
        file.close()
        time.sleep(0.05)
    raise NoServers(_(DOES_NOT_START) % {"folder": note.parent, "log": note.parent / "log"})


def _is_still(path: Path, file: TextIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
