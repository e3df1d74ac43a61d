"""What a text from outside must not bring into a file that this program writes.

Texts stay as they came, and each kind of file says what it cannot carry; only a letter, which must
be written, leaves out what nobody would see."""

import re
import unicodedata
from enum import StrEnum

_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class TextHazard(StrEnum):
    """What one kind of file takes for something else than a text."""

    FORMULA = "formula"
    """A file without types of cells, opened in a spreadsheet program: it would be worked out."""
    ESCAPE = "escape"
    """An .xlsx: its readers take _x0041_ for the character of that number, some of them twice."""


_FOUND = {
    TextHazard.FORMULA: re.compile(r"[=+\-@＝＋－＠].*"),
    TextHazard.ESCAPE: re.compile(r".*_x[0-9A-Fa-f]{4}_.*"),
}


def brings(hazard: TextHazard, text: str) -> bool:
    """Whether the text, a plain line, would be taken so."""
    return _FOUND[hazard].fullmatch(text) is not None


def is_plain(text: str) -> bool:
    """Whether the text is a single line of visible characters; every kind of file keeps those."""
    return text == text.strip() and not any(map(_is_hidden, text))


def without_hidden(text: str) -> str:
    """The text without control characters and what else nobody sees."""
    if text.isprintable():
        return text
    return "".join(char for char in text if unicodedata.category(char)[0] != "C")


def _is_hidden(character: str) -> bool:
    code = ord(character)
    # Unassigned code points are allowed: Unicode adds rare family names before Python knows them.
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return is_noncharacter or unicodedata.category(character) in _HIDDEN
