"""Lets one system run on a data folder: who starts a second one is told so, and changes nothing."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from language import _
from rules.errors import Refused
from servers.private_files import privately


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Be the one while the block lasts; Refused where there is one. The lock says that its holder
    lives, the number in the file who that is."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(data / "up.lock", "a+", opener=privately) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            words = {"folder": data, "number": file.read().strip()}
            raise Refused(
                _("%(folder)s 里已有一个系统在运行（进程 %(number)s），没有再启动：请用那一个")
                % words
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
