"""Restores spaces that the recogniser drops, so that columns stay separate."""

import unicodedata

from documents.reading.ocr import Reading

# In widths of a Chinese character: what counts as a space, and what as a gap between columns.
_NUMERIC = "0123456789.,:-/"
_SPACE = 0.4
_COLUMN = 1.2
_NARROW = 0.55
# Some fonts set digits wide apart, so a gap inside a number must be larger.
_SPACE_IN_NUMBER = 0.8
_LEAST_EM = 0.62
"""A character is at least this wide, measured by the height of the line's box."""


def spread(reading: Reading, height: float) -> Reading:
    """The same reading with one space at each gap, two where a whole character would fit.

    `height` is the line's height as a share of its length.
    """
    em = max(_em(reading), _LEAST_EM * height)
    text, at, sure = [""], [0.0], [1.0]
    for index, char in enumerate(reading.text):
        for _ in range(_spaces(reading, index, em)):
            text.append(" ")
            at.append((at[-1] + reading.at[index]) / 2)
            sure.append(1.0)
        text.append(char)
        at.append(reading.at[index])
        sure.append(reading.sure[index])
    return Reading("".join(text), tuple(at[1:]), tuple(sure[1:]))


def _spaces(reading: Reading, index: int, em: float) -> int:
    if index == 0 or em == 0:
        return 0
    step = reading.at[index] - reading.at[index - 1]
    usual = (_width(reading.text[index - 1]) + _width(reading.text[index])) / 2 * em
    gap = (step - usual) / em
    numeric = all(char in _NUMERIC for char in reading.text[index - 1 : index + 1])
    least = _SPACE_IN_NUMBER if numeric else _SPACE
    return 0 if gap < least else 1 if gap < _COLUMN else 2


def _em(reading: Reading) -> float:
    """The width of a Chinese character, from the usual step between neighbours."""
    steps = sorted(
        (after - before) * 2 / (_width(one) + _width(other))
        for before, after, one, other in zip(
            reading.at, reading.at[1:], reading.text, reading.text[1:], strict=False
        )
    )
    return steps[(len(steps) - 1) // 3] if steps else 0.0


def _width(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else _NARROW
