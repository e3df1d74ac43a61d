"""Asks the child process one question about one file; no file can harm the program itself."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any, BinaryIO

from documents.memory_file import memory_file
from documents.packets.child_program import MISSES_CODE, READY
from documents.packets.file_faults import FileFault
from documents.packets.file_limits import Limits
from documents.packets.isolation import ENVIRONMENT, isolation, start
from documents.packets.shut_in import Isolation
from documents.packets.unfit import Unfit
from language import _
from rules.errors import Transient

_ROOT = Path(__file__).parents[2]
_SHELL_SIGNALS = 128
_KILLED = -9
ENDED_BY_OTHERS = {-signal.SIGTERM, -signal.SIGINT}
"""How a process ends that somebody stops, as the system does with all when it is shut down."""


class ProcessKilled(Transient):
    """The process that looked at a page was killed, or hung: by the page, or by the machine. Who
    is told so twice of one page takes it for the page."""


@contextmanager
def ask(
    verb: str, source: BinaryIO, limits: Limits, **arguments: object
) -> Iterator["ChildOutput"]:
    """Unfit if the file is refused, crashes its reader or takes too long; Transient if the machine
    itself could not start or keep the process."""
    with memory_file() as output:
        code = _run(
            [verb, json.dumps(arguments), json.dumps(asdict(limits))], source, output, limits
        )
        output.seek(0)
        if (start := output.read(len(READY))) != READY:
            raise _not_running((start + output.read(2000)).decode(errors="replace").strip()[-200:])
        if code == _KILLED:
            raise ProcessKilled(_sentence("SIGKILL"))
        if code in ENDED_BY_OTHERS:
            raise _not_running(signal.Signals(-code).name)
        if code == MISSES_CODE:
            raise _not_running(_("缺少程序模块"))
        if code != 0:
            raise Unfit(_fault_of(code), limits)
        yield ChildOutput(output, limits)


@contextmanager
def as_file(data: bytes) -> Iterator[BinaryIO]:
    """The bytes as a file in memory, so that a crash leaves no readable scan behind."""
    with memory_file() as file:
        file.write(data)
        file.seek(0)
        yield file


class ChildOutput:
    """What the child wrote: lines of JSON, some followed by bytes."""

    def __init__(self, output: BinaryIO, limits: Limits) -> None:
        self._output = output
        self._limits = limits

    def words(self) -> dict[str, Any]:
        """The next line, {} after the last; Unfit if it is a refusal."""
        line = self._output.readline()
        words: dict[str, Any] = json.loads(line) if line else {}
        if "fault" in words:
            raise Unfit(FileFault(words["fault"]), self._limits)
        return words

    def bytes(self, size: int) -> bytes:
        """The bytes that follow."""
        return self._output.read(size)


def _run(arguments: list[str], source: BinaryIO, output: BinaryIO, limits: Limits) -> int:
    deadline = time.monotonic() + limits.patience
    try:
        level = isolation(limits.isolation)
        with _started(arguments, source, output, level) as (child, end):
            # The end of the child closes its side of the pipe, which is seen at once; to wait with
            # a time limit for a process would be to look for it every twentieth of a second.
            wait([end], limits.patience)
            return ending_of(child.wait(max(deadline - time.monotonic(), 0)))
    except subprocess.TimeoutExpired as error:
        raise Unfit(FileFault.TOO_SLOW, limits) from error
    except OSError as error:
        raise _not_running(str(error)) from error


@contextmanager
def _started(
    arguments: list[str], source: BinaryIO, output: BinaryIO, level: Isolation
) -> Iterator[tuple["subprocess.Popen[bytes]", Connection]]:
    """The child, killed with the block, and a pipe that it holds open as long as it runs."""
    program = [sys.executable, "-E", "-s", "-m", "documents.packets.child_program"]
    ours, its = Pipe(duplex=False)
    with (
        ours,
        its,
        subprocess.Popen(
            [*start(level), *program, *arguments, level],
            stdin=source,
            stdout=output,
            stderr=subprocess.STDOUT,  # says why it did not start; the child itself closes it
            cwd=_ROOT,
            env=ENVIRONMENT,
            start_new_session=True,  # Ctrl-C in our terminal must not look like a broken file
            pass_fds=[its.fileno()],
        ) as child,
    ):
        its.close()
        try:
            yield child, ours
        finally:
            child.kill()


def ending_of(code: int) -> int:
    """As for a process started by ourselves: bubblewrap tells a signal as a shell does."""
    return _SHELL_SIGNALS - code if code > _SHELL_SIGNALS else code


def _not_running(why: str) -> Transient:
    return Transient(_sentence(why))


def _sentence(why: str) -> str:
    return _("查看文件的进程没能运行：%(why)s") % {"why": why}


def _fault_of(code: int) -> FileFault:
    slow = code == -getattr(signal, "SIGXCPU", 0)
    return FileFault.TOO_SLOW if slow else FileFault.DAMAGED
