"""Decides how much of the text a born-digital page carries is what its picture shows."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np

from documents.looks.picture import Picture
from documents.plain_text import squeezed
from documents.reading import ocr
from documents.reading.ocr import Quad
from documents.reading.page import TextLine

_PROBES = 8
_ALIKE = 0.7
_ROOM = 0.25
"""By how many heights a line's place in the picture and in the layer may differ."""


def seen_lines(
    picture: Picture, quads: Sequence[Quad], layer: Sequence[TextLine]
) -> list[TextLine]:
    """The lines of the layer that stand where the picture shows text and say what it shows.

    Empty if one of the compared lines says something else: then only the picture counts.
    """
    visible = [line for line in layer if any(_inside(quad, line) for quad in quads)]
    probes = sorted(visible, key=_tells_most, reverse=True)[:_PROBES]
    shown = ocr.read([ocr.cut(picture, _quad(line)) for line in probes])
    if any(
        _likeness(line.text, one.text) < _ALIKE for line, one in zip(probes, shown, strict=True)
    ):
        return []
    return visible


def unseen_quads(quads: Sequence[Quad], lines: Sequence[TextLine]) -> list[Quad]:
    """Text of the picture that is not in these lines: stamps, signatures, pictures."""
    return [quad for quad in quads if not any(_inside(quad, line) for line in lines)]


def _inside(quad: Quad, line: TextLine) -> bool:
    """Whether the two overlap enough to be the same text, or one a part of the other."""
    left, top, right, low = line.box
    room = _ROOM * (low - top)
    x0, y0 = quad.min(0)
    x1, y1 = quad.max(0)
    shared = min(x1, right) - max(x0, left)
    middle = (y0 + y1) / 2
    return bool(top - room < middle < low + room and shared > 0.5 * min(x1 - x0, right - left))


def _tells_most(line: TextLine) -> int:
    """How much a line is worth comparing; digits count double, because forgers change numbers."""
    return sum(2 if char.isdigit() else 1 for char in line.text)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, squeezed(one), squeezed(other), autojunk=False).ratio()


def _quad(line: TextLine) -> Quad:
    left, top, right, low = line.box
    return np.array([[left, top], [right, top], [right, low], [left, low]], np.float32)
