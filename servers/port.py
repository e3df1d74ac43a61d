"""The console's port: the one the settings name, or the one this data folder had before."""

import socket
import time
from pathlib import Path

import typer

from language import _
from rules.errors import Refused
from settings import Settings

# A console that was killed a moment ago may still be closing its port.
_PATIENCE = 3.0


def console_port(ready: Settings) -> int:
    """A port that is free now; a private one is kept in the data folder for the next start.

    Raises Refused when another program has the port that the settings name.
    """
    if ready.port:
        if _is_free(ready.host, ready.port):
            return ready.port
        words = {"port": ready.port}
        raise Refused(_("端口 %(port)s 已被别的程序占用，请改设 HUZHU_PORT") % words)
    note = ready.data / "console-port"
    known = _known(note)
    if known and _is_free(ready.host, known):
        return known
    port = free_port(ready.host)
    note.write_text(f"{port}\n")
    if known:
        words = {"known": known, "port": port}
        typer.echo(_("端口 %(known)s 已被别的程序占用，控制台改用 %(port)s") % words)
    return port


def free_port(host: str) -> int:
    """A port that no program uses at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _known(note: Path) -> int:
    """The port of the last start; 0 when there is none."""
    try:
        return int(note.read_text())
    except (OSError, ValueError):
        return 0


def _is_free(host: str, port: int) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while not _can_bind(host, port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _can_bind(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
