"""Runs PostgreSQL's own programs for backups; the password stands in no command line."""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from language import N_, _
from rules.errors import HuzhuError
from servers.postgres import programs_folder
from servers.roles import plain

_PIECE = 1024 * 1024
FAILED = N_("%(program)s 没有成功：%(said)s")


class DatabaseProgramFailed(HuzhuError):
    """A program of PostgreSQL ended with an error; the message has its last words."""


def output(program: str, url: str, *arguments: str) -> Iterator[bytes]:
    """What the program writes about this database; DatabaseProgramFailed at the end if it failed,
    so that half of it never counts."""
    with _running(program, url, arguments, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while piece := process.stdout.read(_PIECE):
            yield piece


def feed(program: str, url: str, pieces: Iterable[bytes], *arguments: str) -> None:
    """Give these bytes to the program, which puts them into this database."""
    with _running(program, url, arguments, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        # One that wants no more says itself why.
        with suppress(BrokenPipeError), process.stdin as target:
            for piece in pieces:
                target.write(piece)


@contextmanager
def _running(
    program: str, url: str, arguments: tuple[str, ...], **pipes: Any
) -> Iterator["subprocess.Popen[bytes]"]:
    """The program on this database; ended with the block if that is left early."""
    told: dict[str, Any] = conninfo_to_dict(plain(url))
    word = str(told.pop("password", ""))
    with tempfile.TemporaryFile() as errors:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            [programs_folder() / program, "--dbname", make_conninfo(**told), *arguments],
            env=os.environ | {"PGPASSWORD": word, "LC_ALL": "C"},
            stderr=errors,
            **pipes,
        )
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            status = process.wait()
        if status != 0:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip().splitlines()
            words = {"program": program, "said": said[-1] if said else str(status)}
            raise DatabaseProgramFailed(_(FAILED) % words)
