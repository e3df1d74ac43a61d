"""Cover that would begin before its roster came, and receipts entered late (R31)."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from rules.working_days import working_days


class _Limit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    working_days: Annotated[int, Field(ge=0, le=60)]
    source: Annotated[str, Field(min_length=1)]


def days_allowed() -> int:
    """How many working days back a receipt may be dated when it is entered (R31)."""
    return _limit().working_days


def is_entered_late(moved_on: date, noted_on: date) -> bool:
    """Whether money that moved on this day was entered more working days later than R31 allows."""
    return working_days(moved_on, noted_on) > days_allowed()


def begins_before_roster(starts_on: date, handed_in_on: date) -> bool:
    """Whether cover would begin before the day on which the roster was handed in."""
    return starts_on < handed_in_on


@cache
def _limit() -> _Limit:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return _Limit.model_validate(tomllib.loads(text))
