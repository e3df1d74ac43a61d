"""What `huzhu doctor` looks at: each check finds one thing and says in a sentence what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine

from settings import Settings


class Severity(StrEnum):
    """How bad it is: with an `error` the program does not run as it must."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Examined:
    """What a check found, as a sentence."""

    level: Severity
    sentence: str


Examination = Callable[[Settings, Engine], Examined]


def well(sentence: str) -> Examined:
    """Nothing to do."""
    return Examined(Severity.OK, sentence)


def beware(sentence: str) -> Examined:
    """Somebody should see to it."""
    return Examined(Severity.WARNING, sentence)


def wrong(sentence: str) -> Examined:
    """Somebody must see to it."""
    return Examined(Severity.ERROR, sentence)
