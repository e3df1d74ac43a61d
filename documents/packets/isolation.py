"""Finds out how well this machine can keep the process apart that opens files, and starts it so."""

import logging
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from documents.packets import landlock, seccomp
from documents.packets.shut_in import Isolation
from language import _
from rules.errors import Transient

log = logging.getLogger("huzhu.documents")

ENVIRONMENT = {"PATH": "", "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
"""A process that opens handed-in files gets no settings, no keys and no addresses; and numpy starts
no thread before it is shut in, which would stay outside."""
AUTO = "auto"
ROOT = Path(__file__).parents[2]
_PROBE_SECONDS = 20
# What can this processor do? Without an answer the models run slower.
_PROCESSOR = ("/proc/cpuinfo", "/sys/devices/system/cpu")


@cache
def isolation(wanted: str) -> Isolation:
    """The strongest isolation this machine has, or the one that is wanted by name; Transient if
    that one is wanted and missing. Asks the machine once in each process."""
    if wanted != AUTO:
        if not _works(Isolation(wanted)):
            raise Transient(
                _("本机没有 HUZHU_PARSER_ISOLATION 要求的隔离方式：%(name)s") % {"name": wanted}
            )
        return Isolation(wanted)
    return next(level for level in Isolation if _works(level))


def announce(wanted: str) -> None:
    """Say in the log, when a process of the system starts, how it opens files."""
    try:
        why, level = why_not_isolated(wanted), isolation(wanted)
    except Transient as missing:
        log.error("files do not open: cause=%s", missing)
        return
    if why:
        log.warning("isolation=%s cause=%s", level, why)
    else:
        log.info("isolation=%s", level)


def why_not_isolated(wanted: str) -> str:
    """The sentence for operators if files are opened without isolation, else empty; Transient as
    `isolation`."""
    if isolation(wanted) is not Isolation.NONE:
        return ""
    asked = wanted == Isolation.NONE
    why = (
        _("HUZHU_PARSER_ISOLATION 设为 none")
        if asked
        else _("没有 bubblewrap，内核也没有 Landlock：请安装 bubblewrap")
    )
    return _("打开文件的进程没有隔离，只限制内存和时间：%(why)s") % {"why": why}


def start(level: Isolation) -> list[str]:
    """What stands before the command of the process."""
    if level is not Isolation.BUBBLEWRAP:
        return []
    binds = [word for path in code_folders() for word in ("--ro-bind-try", str(path), str(path))]
    return [
        str(shutil.which("bwrap")),
        *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"),
        *("--unshare-cgroup-try", "--die-with-parent", "--new-session"),
        *("--dev-bind", "/dev/null", "/dev/null"),
        *binds,
        *("--chdir", str(ROOT), "--"),
    ]


def code_folders() -> list[Path]:
    """The code that the child runs and the libraries below it; nothing else of the disk."""
    own = [ROOT / folder for folder in ("documents", "language", "rules")]
    code = [*own, *map(Path, (sys.prefix, sys.base_prefix, sys.base_exec_prefix))]
    system = [Path(path) for path in ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", *_PROCESSOR)]
    return list(dict.fromkeys([*code, *system]))


def _works(level: Isolation) -> bool:
    match level:
        case Isolation.BUBBLEWRAP:
            return bool(shutil.which("bwrap")) and _starts(level)
        case Isolation.LANDLOCK:
            return landlock.version() > 0 and seccomp.is_known()
        case Isolation.NONE:
            return True


def _starts(level: Isolation) -> bool:
    command = [*start(level), sys.executable, "-E", "-s", "-S", "-c", ""]
    try:
        done = subprocess.run(
            command, env=ENVIRONMENT, capture_output=True, timeout=_PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
