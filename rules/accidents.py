"""One accident or two: what was paid before for the accident that an event is about (R18, R30)."""

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from rules.facts import AccidentEvent, AccidentOutcome, Facts, PaidAccident
from rules.questions import counts_together
from rules.verdict import Code

DEATH = AccidentOutcome.DEATH


class _Nearness(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Annotated[int, Field(ge=0, le=366)]
    source: Annotated[str, Field(min_length=1)]


@cache
def near_days() -> int:
    """R30: so near in time another accident of the same member may be the same one."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return _Nearness.model_validate(tomllib.loads(text)).days


def met(event: AccidentEvent, facts: Facts) -> Iterator[tuple[PaidAccident, Code]]:
    """Each payment for what may be the same accident, and the question it leads to."""
    for paid in _paid(facts):
        if paid.happened_on == event.happened_on:
            yield paid, Code.DUPLICATE_EVENT
        elif _is_near(event, paid):
            yield paid, Code.ACCIDENT_NEAR


def may_be_one(event: AccidentEvent, paid: PaidAccident) -> bool:
    """Whether a payment may have been made for this very accident, so that a person is asked."""
    return paid.happened_on == event.happened_on or _is_near(event, paid)


def paid_for_it(event: AccidentEvent, facts: Facts) -> list[PaidAccident]:
    """What was paid for this very accident: other outcomes before death, or as a person said."""
    roots = {
        paid.root
        for paid, code in met(event, facts)
        if counts_together(facts, code) or _goes_before(paid, event)
    }
    return [paid for paid in _paid(facts) if paid.root in roots]


def first_day(event: AccidentEvent, facts: Facts) -> date:
    """The day that names the accident, also where its outcomes were dated differently: that of the
    outcome which was decided first, so that the name never changes."""
    return min((paid.root for paid in paid_for_it(event, facts)), default=event.happened_on)


def _paid(facts: Facts) -> list[PaidAccident]:
    return [paid for paid in facts.history if isinstance(paid, PaidAccident) and paid.amount]


def _goes_before(paid: PaidAccident, event: AccidentEvent) -> bool:
    """R18: death follows what the accident of the same day had led to."""
    is_same_day = paid.happened_on == event.happened_on
    return is_same_day and event.outcome is DEATH and paid.outcome is not DEATH


def _is_near(event: AccidentEvent, paid: PaidAccident) -> bool:
    if abs((event.happened_on - paid.happened_on).days) <= near_days():
        return True
    said = [(event.place, paid.place), (event.description, paid.description)]
    return any(_alike(one, other) for one, other in said)


def _alike(one: str | None, other: str | None) -> bool:
    """The same words without what stands between them."""
    bare = ["".join(sign for sign in text or "" if sign.isalnum()) for text in (one, other)]
    return bare[0] == bare[1] != ""
