"""The score of a unit's participation that the notice ties to awards (article 7.1)."""

import tomllib
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NewType

from pydantic import BaseModel, ConfigDict, Field

Tenths = NewType("Tenths", int)

_Points = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=1)]


class Scale(BaseModel):
    """What is taken off for what; the notice says only that something is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    article: Literal["7.1"]
    confirmed: bool
    note: str
    full: _Points
    each_percent: _Points
    below_the_rule: _Points


@cache
def scale() -> Scale:
    """The scale in force."""
    text = Path(__file__).with_name("scores.toml").read_text(encoding="utf-8")
    return Scale.model_validate(tomllib.loads(text)["participation"])


def score(eligible: int, insured: int, required: int) -> Tenths:
    """The unit's score in tenths of a point, rounded down; never below zero.

    `required` is how many the unit must enrol at least; `eligible` is more than zero.
    """
    points = scale()
    missing = Fraction(100 * max(eligible - insured, 0), eligible)
    left = Fraction(points.full) - Fraction(points.each_percent) * missing
    if insured < required:
        left -= Fraction(points.below_the_rule)
    return Tenths(max(int(left * 10), 0))
