"""Where an act comes from: its channel, its address, and the id that joins all its traces."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

# Without letters that are mistaken for others: a clerk reads the id to the operator by telephone.
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 10
# Ours, or a UUID as proxies make them. Neither can be a number of a person.
_WELL_FORMED = re.compile(
    rf"[{_LETTERS}]{{{_LENGTH}}}|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}"
)


class Channel(StrEnum):
    """The door through which an act came in."""

    CONSOLE = "console"
    API = "api"
    COMMAND = "command"
    TASK = "task"
    FOLDER = "folder"
    MAIL = "mail"


@dataclass(frozen=True)
class Origin:
    """Where an act comes from.

    `address` is the network address of who asked, or empty where nobody did over the network.
    `correlation` is the same for a request, the tasks it caused, and what these caused.
    """

    channel: Channel
    address: str = ""
    correlation: str = ""


_current: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin | None:
    """The origin of what is being done; None where nobody has said."""
    return _current.get()


def correlation() -> str:
    """The id that joins the traces of what is being done; empty where there is none."""
    current = _current.get()
    return current.correlation if current else ""


@contextmanager
def coming_from(where: Origin) -> Iterator[Origin]:
    """What is done in this block comes from there; an origin without a correlation id gets one."""
    whole = where if where.correlation else Origin(where.channel, where.address, new_correlation())
    token = _current.set(whole)
    try:
        yield whole
    finally:
        _current.reset(token)


def new_correlation() -> str:
    """An id that nothing had before: ten letters and figures that can be read aloud."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def well_formed(sent: object) -> str:
    """The id that came from outside, if it has one of our two forms; else empty."""
    return sent if isinstance(sent, str) and _WELL_FORMED.fullmatch(sent) else ""
