"""Whether burnt regions can be those of one person."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol


class BurntRegion(Protocol):
    """A region as papers, people or cases tell it; its place is empty or None where it has none."""

    @property
    def place(self) -> str | None: ...

    @property
    def degree(self) -> int: ...

    @property
    def percent(self) -> Decimal | float: ...


def told_twice(burns: Sequence[BurntRegion]) -> str | None:
    """The first place that is told twice with one degree; None where there is none."""
    named = [(burn.place, burn.degree) for burn in burns if burn.place]
    return next((place for place, degree in named if named.count((place, degree)) > 1), None)


def beyond_the_whole(burns: Sequence[BurntRegion]) -> Decimal | float | None:
    """The sum of the percentages, where it is more than the whole surface."""
    whole = sum(Decimal(str(burn.percent)) for burn in burns)
    return whole if whole > 100 else None
