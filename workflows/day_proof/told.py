"""What is asked of a station, and what it answers."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from workflows.engine.office import BEIJING


class Told(NamedTuple):
    """What a station says of one key: how many, and how much; None where it does not say."""

    key: str
    counted: int | None
    amount: int | None


@dataclass(frozen=True)
class DaySpan:
    """A day in Beijing: its first instant, and the first one of the next day."""

    day: date
    begin: datetime
    end: datetime

    @classmethod
    def of(cls, day: date) -> "DaySpan":
        """The span of this day."""
        begin = datetime.combine(day, time(), BEIJING)
        return cls(day, begin, begin + timedelta(days=1))
