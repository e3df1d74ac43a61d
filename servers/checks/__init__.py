"""What `huzhu doctor` looks at: each check finds one thing and says in a sentence what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine

from settings import Settings


class Level(StrEnum):
    """How bad it is: with an `error` the program does not run as it must."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """What a check found, as a sentence."""

    level: Level
    sentence: str


Look = Callable[[Settings, Engine], Finding]


def well(sentence: str) -> Finding:
    """Nothing to do."""
    return Finding(Level.OK, sentence)


def beware(sentence: str) -> Finding:
    """Somebody should see to it."""
    return Finding(Level.WARNING, sentence)


def wrong(sentence: str) -> Finding:
    """Somebody must see to it."""
    return Finding(Level.ERROR, sentence)
