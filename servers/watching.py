"""Starts a private server again that died, each time later, as long as somebody needs it."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from os import SEEK_END
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

import typer

from language import _
from servers.log_lines import note_error, without_persons

MOST_SECONDS = 60
"""A server that does not stay up is tried so often at least: the disk may have room again."""
WITHIN_SECONDS = 600.0
"""Deaths longer ago do not make the next start later."""

_BETWEEN_LOOKS = 0.2
_TAIL_BYTES = 16_384
_CAUSE = re.compile(r"(?:FATAL|PANIC|Fatal|Failed).*")


class Server(Protocol):
    """What can be started again. Once `ending` is set, a start that is under way gives up soon."""

    log: Path
    ending: Event

    @property
    def name(self) -> str: ...

    def start(self) -> None:
        """Return once it answers."""

    def exit_status(self) -> int | None:
        """None as long as it runs."""


@contextmanager
def watched(
    servers: Sequence[Server], note: Path, tell: Callable[[Counter[str]], None]
) -> Iterator[None]:
    """Keep the servers up while the block lasts. What happens is said in the file `note`, and the
    deaths of each so far are told to `tell`, which may be lost with a server, so often again."""
    deaths = Counter({server.name: 0 for server in servers})
    watches = [Watch(server, note, deaths, tell) for server in servers]
    threads = [Thread(target=watch.keep, daemon=True) for watch in watches]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for server in servers:
            server.ending.set()
        for thread in threads:
            thread.join()


@dataclass
class Watch:
    """One server that is watched, and when it died of late. Instants are of a clock that does not
    go back."""

    server: Server
    note: Path
    deaths: Counter[str]
    tell: Callable[[Counter[str]], None]
    _recent: list[float] = field(default_factory=list)
    _read_to: int = 0

    def keep(self) -> None:
        """Look after the server until it is wanted no more."""
        with suppress(OSError):
            self._cause()  # what its log says from before is none of what comes
        while not self.server.ending.wait(_BETWEEN_LOOKS):
            status = self.server.exit_status()
            if status is None:
                continue
            try:
                self._start_again(status)
            except Exception as error:  # noqa: BLE001 - it is looked at again, and waited for longer
                if not self.server.ending.is_set():
                    self._say(f"{type(error).__name__}: {error}")

    def seconds_after_death(self, now: float) -> int:
        """How long to wait after a death at this instant: one second after the first, then each
        time twice as long."""
        self._recent = [death for death in self._recent if now - death < WITHIN_SECONDS]
        self._recent.append(now)
        return int(min(MOST_SECONDS, 1 << min(len(self._recent) - 1, MOST_SECONDS)))

    def _start_again(self, status: int) -> None:
        seconds = self.seconds_after_death(time.monotonic())
        self.deaths[self.server.name] += 1
        self.tell(self.deaths)
        words = {"name": self.server.name, "status": status, "seconds": seconds}
        sentence = _("内置服务 %(name)s 已退出（状态 %(status)s），%(seconds)s 秒后重新启动")
        self._say(sentence % words)
        if self.server.ending.wait(seconds):
            return
        self.server.start()
        self._say(_("内置服务 %(name)s 已重新启动") % words)
        self.tell(self.deaths)

    def _say(self, sentence: str) -> None:
        """Add the line, with what the server itself says of a cause, and tell the terminal. The
        disk may be full or the terminal closed, which is no reason to watch no longer."""
        line = sentence
        with suppress(OSError):
            line = f"{sentence} {self._cause()}".rstrip()
            note_error(self.note, "huzhu.servers", line)
        with suppress(OSError):
            typer.echo(line, err=True)

    def _cause(self) -> str:
        """The last error in what has been added to the server's log since this was last asked."""
        with self.server.log.open("rb") as file:
            size = file.seek(0, SEEK_END)
            file.seek(max(self._read_to, size - _TAIL_BYTES))
            added = file.read().decode("utf-8", "replace")
        self._read_to = size
        return str(without_persons("".join(_CAUSE.findall(added)[-1:])))
