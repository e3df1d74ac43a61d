"""A Docker engine of its own: what is made in it goes with it, and no other engine is touched."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

NEEDED = ("dockerd", "docker", "runc", "debootstrap")
SECONDS_TO_START = 60


class NoEngine(Exception):
    """No engine can be started on this machine; the message says why."""


@dataclass(frozen=True)
class Engine:
    """Runs docker and compose against our own engine."""

    environment: dict[str, str]
    compose_command: tuple[str, ...]

    folder: Path = Path()

    def in_folder(self, folder: Path) -> "Engine":
        """The same engine, for the docker-compose.yml of this folder."""
        return replace(self, folder=folder)

    def docker(self, *words: str) -> str:
        """What the command printed; raises CalledProcessError."""
        return self._run(("docker", *words), None)

    def compose(self, *words: str, text: str | None = None) -> str:
        """What the command printed when it was given the text; raises CalledProcessError."""
        return self._run((*self.compose_command, *words), text)

    def health(self, container: str) -> str:
        """What the container's own check said last: starting, healthy or unhealthy."""
        return self.docker("inspect", "--format", "{{.State.Health.Status}}", container).strip()

    def _run(self, command: tuple[str, ...], text: str | None) -> str:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            check=True,
            input=text,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Engine]:
    """The engine, with all its data under `folder`; raises NoEngine."""
    if lacking := [name for name in NEEDED if not shutil.which(name)]:
        raise NoEngine(f"not installed: {', '.join(lacking)}")
    if os.getuid() != 0:
        raise NoEngine("an engine of its own needs root")
    if Path("/var/run/docker.sock").exists():
        raise NoEngine("an engine runs here already; two would change each other's networks")
    address = f"unix://{folder}/docker.sock"
    places = {"data-root": "data", "exec-root": "exec", "pidfile": "pid"}
    process = subprocess.Popen(
        ["dockerd", "--host", address, *(f"--{key}={folder / at}" for key, at in places.items())],
        stdout=(folder / "dockerd.log").open("w"),
        stderr=subprocess.STDOUT,
    )
    engine = Engine(os.environ | {"DOCKER_HOST": address, **environment}, _compose(address))
    try:
        _wait(engine, process, folder)
        yield engine
    finally:
        process.terminate()
        process.wait()


def _compose(address: str) -> tuple[str, ...]:
    known = os.environ | {"DOCKER_HOST": address}
    plugin = subprocess.run(["docker", "compose", "version"], env=known, capture_output=True)
    if plugin.returncode == 0:
        return ("docker", "compose")
    if shutil.which("docker-compose"):
        return ("docker-compose",)
    raise NoEngine("not installed: docker-compose")


def _wait(engine: Engine, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < end:
        with suppress(subprocess.CalledProcessError):
            engine.docker("version")
            return
        time.sleep(0.5)
    raise NoEngine(f"dockerd did not start: {(folder / 'dockerd.log').read_text()[-500:]}")
