"""A typed value found in a text, and where its characters stand in that text."""

from __future__ import annotations

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
    origin: tuple[int, ...]

    @staticmethod
    def of(text: str) -> Squeezed:
        """Drop all spaces."""
        if len(text.split(maxsplit=1)) == 1 and text[0].strip() and text[-1].strip():
            return Squeezed(text, tuple(range(len(text))))
        kept = [(index, char) for index, char in enumerate(text) if not char.isspace()]
        return Squeezed("".join(char for _, char in kept), tuple(index for index, _ in kept))

    def found(self, value: Value, start: int, end: int, quality: float) -> FoundValue:
        """A find in the squeezed text, converted to positions of the original."""
        return FoundValue(value, self.origin[start], self.origin[end - 1] + 1, quality)
