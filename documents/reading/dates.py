"""Reads the dates people and printers write: 2026年3月2日, 2026-03-02, 20260302, 二〇二六年…"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from documents.reading.found_value import FoundValue

_DIGIT = "[0-9OoIl|]"
_LOOKS_LIKE = str.maketrans("OoIl|", "00111")
_MARKED = re.compile(
    rf"(?<!\d)(?P<year>[12I]\s?{_DIGIT}\s?{_DIGIT}\s?{_DIGIT})\s*[-年/.,]\s*"
    rf"(?P<month>{_DIGIT}\s?{_DIGIT}?)\s*[-月/.,]\s*(?P<day>{_DIGIT}\s?{_DIGIT}?)(?!\d)\s*[日号]?"
)
_GLUED = re.compile(
    rf"(?<!\d)(?P<year>[12I]{_DIGIT}{{3}})[-年/.]?(?P<month>[01]\d)[-月/.]?(?P<day>[0-3]\d)"
    r"(?=\D|$|[0-2]\d:)"
)
_COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)")
_NUMERALS = "〇零一二三四五六七八九十"
_SPELT = re.compile(
    rf"(?P<year>[〇○零O0一二三四五六七八九]{{4}})\s*年\s*(?P<month>[{_NUMERALS}]{{1,2}})\s*月\s*"
    rf"(?P<day>[{_NUMERALS}]{{1,3}})\s*[日号]"
)
_SHORT = re.compile(
    r"(?<![\d.-])(?P<year>\d\d)\s*[-年/.]\s*(?P<month>\d{1,2})\s*[-月/.]\s*(?P<day>\d{1,2})(?![\d.])"
)
_FIGURE = re.compile(f"[0-9OoIl|○{_NUMERALS}]")
_SPELT_ONLY = frozenset("○" + _NUMERALS)
_FEWEST = 4
"""The shortest way to write a date has so many figures: 26.3.2."""
_SHORT_YEAR_QUALITY = 0.8


@lru_cache(maxsize=100)
def find_dates(text: str) -> tuple[FoundValue, ...]:
    """All dates of a plain text as ISO, from left to right.

    Cached, because several searches look at one text: labels, ranges, sentences.
    """
    if len(_FIGURE.findall(text)) < _FEWEST:
        return ()
    found: list[FoundValue] = []
    for pattern in (_MARKED, _GLUED, _COMPACT, _SPELT, _SHORT):
        for one in _matches(pattern, text):
            if not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[FoundValue]:
    for match in pattern.finditer(text):
        year, month, day = (_number(match[part]) for part in ("year", "month", "day"))
        short = pattern is _SHORT
        try:
            value = date(year + 2000 if short else year, month, day)
        except ValueError:
            continue
        if 1900 <= value.year <= 2099:
            quality = _SHORT_YEAR_QUALITY if short else 1.0
            yield FoundValue(value.isoformat(), match.start(), match.end(), quality)


def _number(text: str) -> int:
    text = "".join(text.split())
    if not _SPELT_ONLY.isdisjoint(text):
        return _spelt(text)
    return int(text.translate(_LOOKS_LIKE))


def _spelt(text: str) -> int:
    """二〇二六 digit by digit, 二十三 with its ten."""
    digits = {char: index for index, char in enumerate("零一二三四五六七八九")}
    digits |= {"〇": 0, "○": 0, "O": 0, "0": 0}
    if "十" not in text:
        return int("".join(str(digits[char]) for char in text))
    tens, _, ones = text.partition("十")
    return (digits[tens] if tens else 1) * 10 + (digits[ones] if ones else 0)
