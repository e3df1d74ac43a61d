"""Waits for the workers: shows how far each stage is, and gives up only when nothing moves."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from language import _
from models import StepRun, StoredReading
from rules.errors import HuzhuError
from servers.restarts import Restarts, gave_up
from workflows.engine.office import Office

PATIENCE = 900.0
_BETWEEN_LOOKS = 0.3
_BETWEEN_LINES = 5.0

screen = Console()


class DemoFailed(HuzhuError):
    """The demonstration did not come to its end; the message says where it stopped."""


@dataclass(frozen=True)
class Stage:
    """How far a stage is: `done` of `total`, over when they are equal, and the counts in words."""

    done: int
    total: int
    words: str = ""


def wait_for(
    office: Office, restarts: Restarts, name: str, look: Callable[[Session], Stage]
) -> None:
    """Show the stage until it is over, and start again what dies meanwhile. Raises DemoFailed when
    a process keeps dying, or when no step has begun and no page has been read for PATIENCE seconds.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    more = (TextColumn("{task.fields[words]}"), TimeElapsedColumn())
    lines = _Lines(name)
    seen, since = None, time.monotonic()
    with Progress(*columns, *more, console=screen, disable=not screen.is_terminal) as bars:
        bar = bars.add_task(name, total=None, words="")
        while True:
            if dead := restarts.look(time.monotonic()):
                raise DemoFailed(gave_up(dead, restarts.logs))
            with office.sessions.read_only() as session:
                stage, now = look(session), _mark(session)
            bars.update(bar, completed=stage.done, total=stage.total, words=stage.words)
            lines.show(stage)
            if stage.done >= stage.total:
                return
            if (stage, now) != seen:
                seen, since = (stage, now), time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                raise DemoFailed(_stuck(name, stage))
            time.sleep(_BETWEEN_LOOKS)


class _Lines:
    """The same for an output that is no terminal: a line when the counts have changed."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._shown: Stage | None = None
        self._next = 0.0

    def show(self, stage: Stage) -> None:
        is_over = stage.done >= stage.total
        if screen.is_terminal or stage == self._shown:
            return
        if is_over or time.monotonic() >= self._next:
            line = f"{self._name} {stage.done}/{stage.total} {stage.words}".rstrip()
            screen.print(line, soft_wrap=True)
            self._shown, self._next = stage, time.monotonic() + _BETWEEN_LINES


def _mark(session: Session) -> tuple[int, int]:
    """Two counts that grow while the workers do anything."""
    steps = session.scalar(select(func.max(StepRun.id))) or 0
    pages = session.scalar(select(func.count()).select_from(StoredReading)) or 0
    return steps, pages


def _stuck(name: str, stage: Stage) -> str:
    words = {"minutes": int(PATIENCE // 60), "name": name, "done": stage.done, "total": stage.total}
    return (
        _("%(minutes)s 分钟没有进展，停在“%(name)s” %(done)s/%(total)s；再次启动会接着走") % words
    )
