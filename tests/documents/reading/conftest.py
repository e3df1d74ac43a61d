"""Hand-made page readings: rows of text at places, as the reader would have seen them."""

from collections.abc import Callable, Sequence

import pytest

from documents.kinds import Kind
from documents.reading import PageReading, TextLine

PageMaker = Callable[..., PageReading]

_EM = 30
_PITCH = 60


def _line(text: str, x: int, y: int, confidence: float) -> TextLine:
    width = sum(_EM if ord(char) > 255 else _EM // 2 for char in text)
    return TextLine(text, confidence, (x, y, x + width, y + _EM))


def _page(
    kind: Kind, rows: Sequence[str | Sequence[tuple[int, str]]], confidence: float = 0.99
) -> PageReading:
    """Each row is one line at the left margin, or several lines at their own x."""
    lines = [
        _line(text, x, 100 + _PITCH * number, confidence)
        for number, row in enumerate(rows)
        for x, text in ([(100, row)] if isinstance(row, str) else row)
    ]
    return PageReading(kind, 1.0, 0, confidence, 1200, 1700, tuple(lines))


@pytest.fixture
def a_page() -> PageMaker:
    """`a_page(kind, rows, confidence=0.99)`."""
    return _page
