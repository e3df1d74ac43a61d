"""Real workers and beat on a test's database, to be killed and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from settings import ROOT, Settings

QUICK = ["worker", "--queues", "intake,claims,letters,reading,beat", "--processes", "2"]
BEAT = ["beat"]


@dataclass
class Crew:
    """The processes that work unattended, and the environment they are started with."""

    environment: dict[str, str]
    logs: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, arguments: list[str]) -> None:
        with (self.logs / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "huzhu", *arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """SIGKILL the process and every process it started."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def end(self) -> None:
        for name in self.processes:
            if self.processes[name].poll() is None:
                self.kill(name)


@contextmanager
def crew(settings: Settings, folder: Path, **environment: str) -> Iterator[Crew]:
    """Workers and beat with quick reflexes; all gone at the end of the block."""
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
            "HUZHU_LOOK_SECONDS": "0.5",
            "HUZHU_SWEEP_SECONDS": "0.5",
            "HUZHU_GRACE_SECONDS": "1",
        }
        | environment,
        folder,
    )
    found.start("worker", QUICK)
    found.start("beat", BEAT)
    try:
        yield found
    finally:
        found.end()


def until(true: Callable[[], bool], what: str, seconds: float = 240) -> None:
    """Wait for something to come true; fail with what was awaited."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"in {seconds:.0f} s it did not come to this: {what}")
        time.sleep(0.2)
