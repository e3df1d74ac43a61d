"""A typed value found in a text, and where its characters stand in that text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Diagnosis:
    """One diagnosis as printed, with its ICD code where the paper gives one."""

    text: str
    icd: str | None


Value = str | int | tuple[Diagnosis, ...]
"""Dates are ISO text, amounts text with two places, days an int, numbers digits without spaces."""


class FoundValue(NamedTuple):
    """A value, the span of text it was read from, and how well it fits its type (0 to 1)."""

    value: Value
    start: int
    end: int
    quality: float


class Squeezed(NamedTuple):
    """A text without spaces that still knows where each character came from."""

    text: str
    origin: Sequence[int]

    @staticmethod
    def of(text: str) -> Squeezed:
        """Drop all spaces."""
        bare = "".join(text.split())
        if len(bare) == len(text):
            return Squeezed(text, range(len(text)))
        return Squeezed(bare, [at for at, char in enumerate(text) if not char.isspace()])

    def found(self, value: Value, start: int, end: int, quality: float) -> FoundValue:
        """A find in the squeezed text, converted to positions of the original."""
        return FoundValue(value, self.origin[start], self.origin[end - 1] + 1, quality)
