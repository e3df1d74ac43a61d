"""Real workers and beat on a test's database, to be killed and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from settings import ROOT, Settings
from tests.faults.moved_clock import moved_by

WORKER = ["worker", "--all-but", "mail", "--processes", "2"]
BEAT = ["beat"]


@dataclass
class Crew:
    """The processes that work unattended, and the environment they are started with."""

    environment: dict[str, str]
    folder: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    _logs: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self, name: str, arguments: list[str]) -> None:
        # Through a pipe: a limit on the size of the worker's files must not stop its log.
        with (self.folder / f"{name}.log").open("ab") as file:
            log = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=file)
        self._logs.append(log)
        own = self.folder / name
        own.mkdir(exist_ok=True)
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.moved_clock", *arguments],
            cwd=ROOT,
            # Two beats must not share the file in which each keeps its schedule.
            env=self.environment | ({"HUZHU_DATA": str(own)} if arguments == BEAT else {}),
            stdin=subprocess.DEVNULL,
            stdout=log.stdin,
            stderr=log.stdin,
            start_new_session=True,
        )
        assert log.stdin is not None
        log.stdin.close()

    def kill(self, name: str) -> None:
        """SIGKILL the process and every process it started."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def end(self) -> None:
        for name in self.processes:
            if self.processes[name].poll() is None:
                self.kill(name)
        for log in self._logs:
            log.wait()

    def now(self) -> datetime:
        """The instant it is on the clock of the workers."""
        return datetime.now(UTC) + moved_by(self._clock)

    def move_clock(self, seconds: float) -> None:
        """Let the clock of the workers jump, ahead or back."""
        moved = moved_by(self._clock).total_seconds() + seconds
        new = self._clock.with_suffix(".new")
        new.write_text(str(moved))
        new.rename(self._clock)

    @property
    def _clock(self) -> Path:
        return Path(self.environment["HUZHU_CLOCK"])


@contextmanager
def crew(settings: Settings, folder: Path, **environment: str) -> Iterator[Crew]:
    """Workers and beat with short intervals; ended with the block."""
    found = Crew(
        os.environ
        | {
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "HUZHU_DATA": str(settings.data),
            "HUZHU_KEYS": settings.keys.get_secret_value(),
            "HUZHU_INDEX_KEY": settings.index_key.get_secret_value(),
            "HUZHU_SECRET": settings.secret.get_secret_value(),
            "HUZHU_QUIET_SECONDS": "0.2",
            "HUZHU_FOLDER_QUIET_SECONDS": "0.2",
            "HUZHU_LOOK_SECONDS": "0.25",
            "HUZHU_SWEEP_SECONDS": "0.25",
            "HUZHU_GRACE_SECONDS": "1",
            "HUZHU_CLOCK": str(folder / "clock"),
        }
        | environment,
        folder,
    )
    try:
        found.start("worker", WORKER)
        found.start("beat", BEAT)
        yield found
    finally:
        found.end()


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something to come true; only the test's own time limit ends it, and shows `what`."""
    while not true():
        time.sleep(0.1)
