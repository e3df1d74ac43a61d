"""Where each letter of a text of an OFD page stands."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from documents.packets.layer_lines import MOST_LETTERS
from documents.packets.ofd.numbers import number, steps
from documents.packets.ofd.package import children

_USUAL_SIZE = 3.7
"""Millimetres, for a text that says none: ten and a half points."""
_NARROW = 0.75
"""Sizes: a blank that is narrower parts words, a wider one parts columns."""


@dataclass(frozen=True)
class PlacedLetter:
    """One letter, and the narrow blank that follows it; its base line begins at `x`, `y` of the
    text's own coordinates."""

    sign: str
    x: float
    y: float
    step: float
    """How far the next letter of the line stands; the width of the letter where it is the last."""


def size_of(text: "etree._Element") -> float:
    """The size of its letters in millimetres."""
    return number(text.get("Size"), _USUAL_SIZE)


def letters_of(text: "etree._Element") -> Iterator[PlacedLetter]:
    """The letters of a text object that leave ink."""
    last: PlacedLetter | None = None
    for letter in _signs(text):
        if not letter.sign.isspace():
            if last:
                yield last
            last = letter if letter.sign.isprintable() else None
        elif last and letter.y == last.y and letter.step < _NARROW * size_of(text):
            yield replace(last, sign=f"{last.sign} ", step=last.step + letter.step)
            last = None
    if last:
        yield last


def _signs(text: "etree._Element") -> Iterator[PlacedLetter]:
    """Every letter of it, blanks too."""
    size, x, y = size_of(text), 0.0, 0.0
    wide = number(text.get("HScale"), 1.0)
    if not any(True for _code in children(text, "TextCode")):
        yield from _spread((text.text or "").strip(), 0.0, size, [], [], size)
    for code in children(text, "TextCode"):
        x, y = number(code.get("X"), x), number(code.get("Y"), y)
        words = (code.text or "")[:MOST_LETTERS]
        across = steps(code.get("DeltaX") or "", len(words))
        down = steps(code.get("DeltaY") or "", len(words))
        yield from _spread(words, x, y, across, down, size * wide)


def _spread(
    words: str, x: float, y: float, across: list[float], down: list[float], size: float
) -> Iterator[PlacedLetter]:
    """The letters of one code. The last step that is told holds for the rest; where none is, each
    letter takes the width that letters have."""
    for at, sign in enumerate(words):
        usual = width_of(sign, size)
        step = _told(across, at, 0.0 if down else usual)
        yield PlacedLetter(sign, x, y, step if 0 < step < 2 * usual else usual)
        x, y = x + step, y + _told(down, at, 0.0)


def _told(all_steps: list[float], at: int, otherwise: float) -> float:
    return all_steps[min(at, len(all_steps) - 1)] if all_steps else otherwise


def width_of(sign: str, size: float) -> float:
    """How wide a letter of this size is: Chinese ones are square, others half as wide."""
    return size if ord(sign) >= 0x2E80 else size / 2
