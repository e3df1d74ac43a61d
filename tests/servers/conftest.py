"""The program started as people start it, on a data folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from settings import ROOT

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def data() -> Iterator[Path]:
    with TemporaryDirectory(prefix="huzhu-up-") as folder:
        yield Path(folder) / "var"


def environment(data: Path) -> dict[str, str]:
    """A clean one: no servers, no secrets, no settings but the folder."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith("HUZHU")}
    for name in ("DATABASE_URL", "REDIS_URL"):
        bare.pop(name, None)
    return bare | {"HUZHU_DATA": str(data), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def start(data: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts the program; what a failing test left running is ended."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str, samples: Path | None = None) -> "subprocess.Popen[str]":
        started.append(_start(data, _program(samples), *arguments))
        return started[-1]

    yield run
    for process in started:
        process.terminate()
        process.wait()


def _program(samples: Path | None) -> list[str]:
    """The program; with other samples than it ships with, the same on these."""
    if samples is None:
        return ["-m", "huzhu"]
    script = (
        "from pathlib import Path; from servers import samples; from huzhu import main\n"
        f"samples.SAMPLES = Path({str(samples)!r}); main()"
    )
    return ["-c", script]


def _start(data: Path, program: list[str], *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *program, *arguments],
        cwd=ROOT,
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def line_with(process: "subprocess.Popen[str]", word: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if word in line:
            return line
    raise AssertionError(f"ended without a word of {word}")
