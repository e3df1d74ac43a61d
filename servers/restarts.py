"""Starts a child process that died again, each time later, and gives up on one that keeps dying."""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from language import _
from servers.log_lines import note_error
from servers.processes import Children, Process

MOST_DEATHS = 5
WITHIN_SECONDS = 60.0
"""A child that dies so often within so many seconds is not started again."""


@dataclass
class Restarts:
    """The deaths of each child of the last minute, and when those that are dead start again.
    `died` is told the name of each child that has died.

    Instants are seconds of any clock that does not go back.
    """

    children: Children
    logs: Path
    start: Callable[[str], Process]
    died: Callable[[str], None] = lambda _name: None
    _deaths: dict[str, list[float]] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)

    def look(self, now: float) -> str | None:
        """Start what is due and take note of what died; the name of a child that keeps dying."""
        for name, child in self.children.items():
            if name in self._due:
                if now >= self._due[name]:
                    del self._due[name]
                    self.children[name] = self.start(name)
            elif child.poll() is not None and self._note_death(name, now):
                return name
        return None

    def _note_death(self, name: str, now: float) -> bool:
        """Say in the child's log what comes now; True if it has died too often."""
        recent = [death for death in self._deaths.get(name, ()) if now - death < WITHIN_SECONDS]
        self._deaths[name] = [*recent, now]
        status = _end_group(self.children[name])
        self.died(name)
        if len(recent) + 1 >= MOST_DEATHS:
            self._say(name, gave_up(name, self.logs))
            return True
        wait = _wait(recent)
        self._due[name] = now + wait
        words = {"name": name, "status": status, "seconds": wait}
        self._say(
            name, _("进程 %(name)s 已退出（状态 %(status)s），%(seconds)s 秒后重新启动") % words
        )
        return False

    def _say(self, name: str, sentence: str) -> None:
        note_error(log_of(name, self.logs), "huzhu.restarts", sentence)


def gave_up(name: str, logs: Path) -> str:
    """The sentence with which everything ends because of this child."""
    words = {"name": name, "times": MOST_DEATHS, "log": log_of(name, logs)}
    return _("进程 %(name)s 一分钟内退出了 %(times)s 次，全部停止；原因请看 %(log)s") % words


def log_of(name: str, logs: Path) -> Path:
    """Where a child writes, and where is said what became of it."""
    return logs / f"{name}.log"


def _wait(recent: Sequence[float]) -> int:
    """Seconds before the next start: one after the first death of a minute, then twice as many."""
    return 1 << len(recent)


def _end_group(child: Process) -> int:
    # The pool of a worker that was killed goes on with its task, and would beside the new one's.
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    return child.wait()
