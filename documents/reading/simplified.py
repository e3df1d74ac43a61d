"""Folds traditional characters into simplified ones, so that labels, banks and names match.

Logos, Kai and handwriting are read as 中國銀行; the line itself keeps what was read. The pairs of
traditional.txt are those of OpenCC (TSCharacters, Apache-2.0) that the recogniser can give and that
no simplified text holds; what names use as a character of its own (昇) is not among them.
"""

import itertools
import re
from pathlib import Path

from documents.plain_text import plain

_FIRST, _LAST = "\u4e00", "\u9fff"


def _load() -> dict[int, str]:
    path = Path(__file__).with_name("traditional.txt")
    return {ord(pair[0]): pair[1] for pair in path.read_text(encoding="utf-8").split()}


_PAIRS = _load()


def _simple_ranges() -> str:
    """The Chinese characters that stay as they are, as ranges for a regular expression."""
    edges = [ord(_FIRST) - 1, *sorted(_PAIRS), ord(_LAST) + 1]
    return "".join(
        f"{chr(before + 1)}-{chr(after - 1)}"
        for before, after in itertools.pairwise(edges)
        if after - before > 1
    )


_UNCHANGED = re.compile(rf"[0-9A-Za-z{_simple_ranges()} ,.:;()/¥-]*")
"""Text that needs no change, as nearly all; this test is faster than translating."""


def simplified(text: str) -> str:
    """The plain text in simplified characters; the text keeps its length, place by place."""
    return text if _UNCHANGED.fullmatch(text) else plain(text).translate(_PAIRS)
