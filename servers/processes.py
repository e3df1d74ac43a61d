"""Runs the web console, the workers and beat as child processes, and ends them all together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer

from language import _
from settings import ROOT, Settings

# Whoever presses Ctrl-C waits. A quick step is done in this time; one that reads may take minutes,
# and loses nothing when it is cut: each page is kept once it is read.
_PATIENCE = 5.0

Process = subprocess.Popen[bytes]
Children = dict[str, Process]

CHILDREN = {
    "web": ["web"],
    "worker": ["worker", "--all-but", "reading,mail", "--processes", "2"],
    "reader": ["worker", "--queues", "reading", "--processes", "1"],
    # A mail server that does not answer must not hold up claims.
    "mailer": ["worker", "--queues", "mail", "--processes", "1"],
    "beat": ["beat"],
}
KEEPER = "keeper"
"""The process that makes backups, where they are wanted; it alone comes as the database's owner."""


@contextmanager
def running(settings: Settings, port: int) -> Iterator[Children]:
    """All processes of the system, with their output in <data>/log; ended with the block."""
    log_folder(settings).mkdir(parents=True, exist_ok=True)
    children: Children = {}
    try:
        for name in [*CHILDREN, *([KEEPER] if settings.backups else [])]:
            children[name] = start(name, settings, port)
        yield children
    finally:
        with suppress(OSError):  # the terminal may be closed
            typer.echo(_("正在停止；没做完的步骤，下次启动接着做"))
        end(list(children.values()))


def log_folder(settings: Settings) -> Path:
    """Where each process has a log of its own."""
    return settings.data / "log"


def start(name: str, settings: Settings, port: int) -> Process:
    """Start one of CHILDREN, or the keeper; its log goes on where it ended."""
    given = {"HUZHU_PORT": str(port)}
    if name == KEEPER:
        given["HUZHU_OWNER_DATABASE_URL"] = settings.owner_database_url
    with (log_folder(settings) / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "huzhu", *CHILDREN.get(name, ["backup", "--watch"])],
            cwd=ROOT,
            env=os.environ | given,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C goes to us alone; we end the children in our own order.
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )


def _die_with_parent() -> None:
    # Even a parent that was killed outright leaves nothing running (PR_SET_PDEATHSIG).
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def end(children: list[Process]) -> None:
    """Ask every process to finish what it holds, then end what is left with its whole group."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + _PATIENCE
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
