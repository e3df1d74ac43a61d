"""Working days (工作日): the public holidays and make-up days of each year are data."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Year(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, Field(min_length=1)]
    holidays: tuple[tuple[date, date], ...]
    """Spans of days off, both days inclusive."""
    make_up_days: frozenset[date]
    """Days of a weekend on which people work."""

    def has_working(self, day: date) -> bool:
        if day in self.make_up_days:
            return True
        return day.weekday() < 5 and not any(a <= day <= b for a, b in self.holidays)


def working_days(after: date, until: date) -> int:
    """How many working days are later than `after`, up to and including `until`.

    Of a year whose holidays are not known each day from Monday to Friday counts: a supervisor
    then looks once more than he need.
    """
    return sum(_is_working(day) for day in _days(after, until))


def unknown_years(after: date, until: date) -> tuple[int, ...]:
    """The years of these days whose holidays are not known."""
    return tuple(sorted({day.year for day in _days(after, until)} - _years().keys()))


def _days(after: date, until: date) -> Iterator[date]:
    return (after + timedelta(days=each) for each in range(1, (until - after).days + 1))


def _is_working(day: date) -> bool:
    year = _years().get(day.year)
    return year.has_working(day) if year else day.weekday() < 5


@cache
def _years() -> dict[int, _Year]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[int, _Year]).validate_python(tomllib.loads(text))
