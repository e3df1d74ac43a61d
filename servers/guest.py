"""Starts the programs of the private servers: with a bare environment, and never as root."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Event
from typing import IO

from language import N_, _
from rules.errors import HuzhuError

NO_WHEELS = N_(
    "本机没有内置数据库可用。请设置 DATABASE_URL(PostgreSQL 18)和 REDIS_URL（Redis 8 或 Valkey 9）,"
    "指向您自己的服务器。"
)
NOT_AS_ROOT = N_(
    "内置的数据库和队列不能以 root 身份运行，本机也不能换成别的用户运行它们；"
    "请用普通用户启动本程序，或设置 DATABASE_URL 和 REDIS_URL"
)
RUNS_AS = N_(
    "本程序以 root 身份运行；内置的数据库和队列改以系统用户 %(user)s 运行。"
    "正式使用时请用普通用户启动"
)

USER = "nobody"
"""As whom the servers run where we are root: a user that owns nothing else."""

_NEEDED = ("PATH", "TMPDIR", "TZ", "LD_LIBRARY_PATH")
"""Of our environment, what the servers are given."""


class NoServers(HuzhuError):
    """There are no private servers, or they do not start; the message says what to do."""


@cache
def guest() -> pwd.struct_passwd | None:
    """The user as whom the servers run; None: as ourselves, which is said where it is not so."""
    if os.geteuid() != 0:
        return None
    try:
        user = pwd.getpwnam(USER)
    except KeyError as error:
        raise NoServers(_(NOT_AS_ROOT)) from error
    if not Path("/proc/self/fd").is_dir():
        raise NoServers(_(NOT_AS_ROOT))
    sys.stderr.write(_(RUNS_AS) % {"user": user.pw_name} + "\n")
    return user


def give(folder: Path) -> Path:
    """Make the folder, if need be, and let the servers' user alone have it with all that is in it.

    Nobody else's rights change, and none of the folders above it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    user = guest()
    if user and folder.lstat().st_uid != user.pw_uid:
        for each in folder.rglob("*"):
            os.chown(each, user.pw_uid, user.pw_gid, follow_symlinks=False)
        # Last: a walk that was killed half-way is done again. Through an open folder, which no
        # link that is laid there meanwhile can lead elsewhere.
        with _opened(folder) as handle:
            os.fchown(handle, user.pw_uid, user.pw_gid)
            os.fchmod(handle, 0o700)
    return folder


PATIENCE = 300.0
"""Seconds a server may take to start or stop: many, since a busy machine is not its fault."""


def looks(ending: Event) -> Iterator[None]:
    """Again and again, as long as a server may take to start and nobody ends it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not ending.is_set():
        yield
        ending.wait(_BETWEEN_LOOKS)


_BETWEEN_LOOKS = 0.02


def stop(process: "subprocess.Popen[bytes]", how: signal.Signals) -> None:
    """Send the signal and wait; kill what does not end."""
    process.send_signal(how)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def start(
    program: Path,
    arguments: Sequence[str | Path],
    log: Path,
    told: str = "",
    held: IO[str] | None = None,
) -> "subprocess.Popen[bytes]":
    """Start the program, which finds `told` on its standard input; its output joins the log.

    Arguments that are paths are folders given to it. A lock on `held` lasts as long as it lives.
    """
    user = guest()
    log.parent.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as stack:
        folders = [each for each in arguments if user and isinstance(each, Path)]
        given = {each: stack.enter_context(_opened(each)) for each in folders}
        output = stack.enter_context(_appending(log))
        try:
            return subprocess.Popen(
                [program, *(_word(each, given) for each in arguments)],
                stdin=stack.enter_context(_telling(told)),
                stdout=output,
                stderr=output,
                cwd="/",
                env=_bare_environment(),
                pass_fds=[*given.values(), *([held.fileno()] if held else [])],
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                umask=0o077,
                # Ctrl-C goes to us alone; we end the servers when nothing needs them any more.
                start_new_session=True,
            )
        except OSError as error:
            raise NoServers(_(NOT_AS_ROOT if user else NO_WHEELS)) from error


def _word(argument: str | Path, given: Mapping[Path, int]) -> str:
    """The argument as the program gets it; a folder that is handed to it open, as that."""
    if isinstance(argument, str):
        return argument
    # Through an open folder the user comes in, whatever the folders above it allow.
    return f"/proc/self/fd/{given[argument]}" if argument in given else str(argument.resolve())


def programs(package: str, folder: str) -> Path:
    """A folder of a wheel that holds programs, where the servers' user can run them."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise NoServers(_(NO_WHEELS))
    whole = Path(found.origin).parent
    wanted = whole / folder
    if not wanted.is_dir():
        raise NoServers(_(NO_WHEELS))
    if guest() is None or all(_is_open(each) for each in (wanted / "x", *wanted.iterdir())):
        return wanted
    return _copied(whole, folder)


def _is_open(path: Path) -> bool:
    """Whether everybody may come to this file, and read it if it is there."""
    above = all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)
    return above and (not path.exists() or bool(path.stat().st_mode & 0o004))


def _copied(wheel: Path, folder: str) -> Path:
    """A copy for everybody of a part of the wheel, whose own place only root can reach.

    The libraries that the programs look for beside the wheel come with it.
    """
    made = int((wheel / folder).stat().st_mtime_ns)
    copy = Path(tempfile.gettempdir()) / f"huzhu-programs-{wheel.name}-{made}"
    if not copy.exists():
        part = Path(tempfile.mkdtemp(prefix="huzhu-programs-"))
        top = Path(folder).parts[0]
        shutil.copytree(wheel / top, part / wheel.name / top, symlinks=True)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, part / libraries.name, symlinks=True)
        for each in (part, *part.rglob("*")):
            if not each.is_symlink():
                each.chmod(0o755 if each.is_dir() or each.stat().st_mode & 0o100 else 0o644)
        with suppress(OSError):  # another process may have been faster
            part.rename(copy)
    if copy.is_symlink() or copy.lstat().st_uid != 0 or not _is_open(copy / "x"):
        raise NoServers(_(NOT_AS_ROOT))
    return copy / wheel.name / folder


def _bare_environment() -> dict[str, str]:
    """Only what a server needs to run: who may run programs in one could read our keys there."""
    needed = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    # A person's language may be one that the machine lacks, and then no database is made.
    return needed | {"LC_ALL": "C", "HOME": "/"}


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _appending(log: Path) -> Iterator[int]:
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def _telling(words: str) -> Iterator[IO[bytes]]:
    """A file without a name: unlike a command line it is read by nobody else, and unlike a pipe
    it can be opened again by a program that wants a file."""
    with tempfile.TemporaryFile() as file:
        if user := guest():
            os.fchown(file.fileno(), user.pw_uid, user.pw_gid)
        file.write(words.encode())
        file.seek(0)
        yield file
