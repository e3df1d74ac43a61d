"""What the child process gives up before it looks at a file (runs in the child process)."""

import os
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from math import ceil
from pathlib import Path

from documents.packets import landlock, seccomp
from documents.packets.file_limits import MEBIBYTE, Limits

NOBODY = 65534


class Isolation(StrEnum):
    """How a process that opens files is kept apart, the strongest first."""

    BUBBLEWRAP = "bubblewrap"
    """Namespaces of its own: there is no other file than the program's code, no process and no
    network; and all of `LANDLOCK` that the kernel has."""
    LANDLOCK = "landlock"
    """Files, sockets, signals and other processes refused by the kernel; as root, another user."""
    NONE = "none"
    """Limits and a bare environment alone."""


FONTS = [Path(f"/usr/{place}/fonts") for place in ("share", "share/X11", "local/share")]
"""Where PDFium looks for the fonts that a PDF names and does not bring with it."""


def shut_in(isolation: Isolation, limits: Limits) -> None:
    """Give up all that a reader of files does not need; nothing takes it back."""
    _limit(limits)
    if isolation is Isolation.NONE:
        return
    _become_nobody()
    _keep_only(isolation, FONTS)
    _give_up_calls()


def begin_with_threads(isolation: Isolation, code: Sequence[Path]) -> None:
    """The first half for a process whose code starts threads while it loads: from now on it reads
    nothing but this code."""
    if isolation is not Isolation.NONE:
        _keep_only(isolation, code)


def end_with_threads(isolation: Isolation) -> None:
    """The second half, for all threads of the process."""
    _limit_traces()
    if isolation is not Isolation.NONE:
        _become_nobody()
        _give_up_calls()


def _keep_only(isolation: Isolation, readable: Sequence[Path]) -> None:
    seccomp.allow_no_new_privileges()
    if isolation is Isolation.LANDLOCK or landlock.version():
        landlock.give_up_all_but(readable)


def _give_up_calls() -> None:
    if seccomp.is_known():
        seccomp.give_up_calls()


def _become_nobody() -> None:
    if os.geteuid() == 0:
        with suppress(PermissionError):  # root of a container may lack the right to it
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)


def _limit_traces() -> None:
    """Leave no copy of the memory behind, and open few files."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _limit(limits: Limits) -> None:
    with suppress(ImportError):  # not on Windows, where the wall clock alone must do
        import resource

        roof = limits.max_bytes_packet + limits.max_pixels * 3 + 16 * MEBIBYTE
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (roof, roof))
        _limit_traces()
        limit_memory(limits.memory)


def limit_memory(memory: int) -> None:
    """Give this process no more address space than this."""
    with suppress(ImportError):
        import resource

        with suppress(ValueError, OSError):  # macOS knows the limit but does not take it
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def limit_time_from_now(seconds: int) -> None:
    """End this process if it uses more than so many seconds of processor time from now on."""
    with suppress(ImportError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        until = ceil(used.ru_utime + used.ru_stime) + seconds
        _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))
