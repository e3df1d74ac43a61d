"""A typed value found in a text, and where its characters stand in that text."""

from __future__ import annotations

import re
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


_BORDER = re.compile(
    r"(?<=[\d.,])\s{2,}(?=[\d.,¥])"
    r"|(?<=\d)\s(?=\d)(?!\d{3}(?!\d))(?:(?<=[\d.,]{2}\s)|(?!\d(?![\d.,])))"
)
"""The blanks between two figures. One blank parts them unless three digits follow (12 345.67) or
both are single (1 2 天): more blanks are the gap between two columns."""


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

    @staticmethod
    def of_figures(text: str) -> Squeezed:
        """Drop the spaces, but keep one at each border of two figures."""
        borders = {match.start() for match in _BORDER.finditer(text)}
        if not borders:
            return Squeezed.of(text)
        origin = [at for at, char in enumerate(text) if at in borders or not char.isspace()]
        return Squeezed("".join(text[at] for at in origin), origin)

    def is_unbroken(self, start: int, end: int) -> bool:
        """Whether these characters stood without a space among them."""
        return self.origin[end - 1] - self.origin[start] == end - 1 - start

    def found(self, value: Value, start: int, end: int, quality: float) -> FoundValue:
        """A find in the squeezed text, converted to positions of the original."""
        return FoundValue(value, self.origin[start], self.origin[end - 1] + 1, quality)
