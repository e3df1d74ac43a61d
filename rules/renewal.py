"""When a unit is reminded that its cover ends, and by when renewing keeps what it has served."""

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from language import N_, _
from rules.plans import Plan, choose

_DAY = timedelta(days=1)


class _Rung(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Annotated[int, Field(ge=-365, le=365)]
    source: Annotated[str, Field(min_length=1)]


class _Ladder(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rungs: Annotated[tuple[_Rung, ...], Field(min_length=1)]


def rungs() -> tuple[int, ...]:
    """The days of the reminders, counted from the last day of cover, in order of time."""
    return tuple(sorted(rung.days for rung in _ladder().rungs))


def due_on(end: date, rung: int) -> date:
    """The day on which this reminder goes out for cover that ends on `end`, inclusive."""
    return end + timedelta(days=rung)


def rungs_within(end: date, after: date, until: date) -> tuple[int, ...]:
    """The rungs that come due later than `after` and not later than `until`."""
    return tuple(rung for rung in rungs() if after < due_on(end, rung) <= until)


def next_edition(family: str, end: date) -> Plan:
    """The edition under which the unit renews: the one in force on the day after the end."""
    return choose(family, end + _DAY)


def gapless_by(end: date) -> date:
    """R26: the last day for the full fee if cover is to go on without a gap."""
    return end


def unbroken_by(plan: Plan, end: date) -> date:
    """R10 with R26: the last day for the full fee if waiting days served are to be kept.

    Cover starts the day after the fee, and that start may be at most the grace after the end.
    """
    return end + timedelta(days=plan.rulings.renewal.value) - _DAY


def continued_from(plan: Plan, start: date) -> date:
    """R10: the earliest last day of cover that a start on this day continues without a break."""
    return start - timedelta(days=plan.rulings.renewal.value)


def waits(plan: Plan) -> bool:
    """Whether the plan has a waiting period that an unbroken renewal keeps."""
    return plan.critical_illness is not None and plan.critical_illness.waiting.value > 0


def rung_in_words(rung: int) -> str:
    """How people call a rung."""
    if rung == 0:
        return _("到期当日")
    sentence = N_("到期前 %(n)s 天") if rung < 0 else N_("到期后 %(n)s 天")
    return _(sentence) % {"n": abs(rung)}


@cache
def _ladder() -> _Ladder:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return _Ladder.model_validate(tomllib.loads(text))
