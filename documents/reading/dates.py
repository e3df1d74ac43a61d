"""Reads the dates people and printers write: 2026年3月2日, 2026-03-02, 20260302, 二〇二六年…"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from documents.reading.found_value import FoundValue

TIME_OF_DAY = r"(?:上午|下午|凌晨|晚)?[\d:时点分许\s]{0,8}"
UNTIL = re.compile(rf"{TIME_OF_DAY}(?:至|到|起至|-+|~|—+|一)\s*")
"""All that stands between the first and the last day of a range."""

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
_TIMED = re.compile(
    rf"(?<!\d)(?P<year>[12I]{_DIGIT}{{3}})\s*[-年/.]\s*(?P<month>{_DIGIT}{{1,2}})\s*[-月/.]\s*"
    rf"(?P<day>{_DIGIT}{{1,2}})(?P<blank>\s*)(?P<hour>{_DIGIT}{{1,2}})\s*"
    r"(?:[:：]\s*[0-5]\d(?!\d)|[时点])"
)
"""A day and the time of day with or without a blank between them: `_timed` parts the two."""
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?!\d)"
)
"""With or without the time of day: 20260302152011."""
_NUMERALS = "〇零一二三四五六七八九十"
_SPELT = re.compile(
    rf"(?P<year>[〇○零O0一二三四五六七八九]{{4}})\s*年\s*(?P<month>[{_NUMERALS}]{{1,2}})\s*月\s*"
    rf"(?P<day>[{_NUMERALS}]{{1,3}})\s*[日号]"
)
_SAME_YEAR = re.compile(
    r"\s*(?:至|到|-+|~|—+|一)\s*"
    r"(?:(?P<month>\d{1,2})\s*[-月/.]\s*(?P<day>\d{1,2})(?![\d.])\s*[日号]?|(?P<last>\d{1,2})\s*[日号])"
)
"""The end of a range without its year, or its month: 2026.3.2-3.11, 2026年3月2日至11日."""
_SHORT = re.compile(
    r"(?<![\d.-])(?P<year>\d\d)\s*[-年/.]\s*(?P<month>\d{1,2})\s*[-月/.]\s*(?P<day>\d{1,2})(?![\d.])"
)
_FIGURE = re.compile(f"[0-9OoIl|○{_NUMERALS}]")
_SPELT_ONLY = frozenset("○" + _NUMERALS)
_FEWEST = 4
"""The shortest way to write a date has so many figures: 26.3.2."""
_SHORT_YEAR_QUALITY = 0.8
_RUN_TOGETHER, _AMBIGUOUS = 0.75, 0.5
"""How well a day is read where the blank before the time was lost; and where two days fit."""
_TORN = 0.6
"""That of a day whose two figures stand apart, and no 日 says that both are its."""
_HOURS = 24


@lru_cache(maxsize=100)
def find_dates(text: str) -> tuple[FoundValue, ...]:
    """All dates of a plain text as ISO, from left to right.

    Cached, because several searches look at one text: labels, ranges, sentences.
    """
    if len(_FIGURE.findall(text)) < _FEWEST:
        return ()
    found: list[FoundValue] = [*_timed(text)]
    for pattern in (_MARKED, _GLUED, _COMPACT, _SPELT, _SHORT):
        for one in _matches(pattern, text):
            if not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    found += [end for one in found if (end := _range_end(text, one, found))]
    return tuple(sorted(found, key=lambda one: one.start))


def _range_end(text: str, begin: FoundValue, found: Sequence[FoundValue]) -> FoundValue | None:
    """The last day of the range that begins with this date, in its year or early in the next."""
    match = _SAME_YEAR.match(text, begin.end)
    if match is None or any(match.start() < one.end and one.start < match.end() for one in found):
        return None
    first = date.fromisoformat(str(begin.value))
    month, day = int(match["month"] or first.month), int(match["day"] or match["last"])
    year = first.year + ((month, day) < (first.month, first.day))
    if not _is_a_day(year, month, day):
        return None
    value = date(year, month, day).isoformat()
    start = match.start("month" if match["month"] else "last")
    return FoundValue(value, start, match.end(), begin.quality)


def _timed(text: str) -> Iterator[FoundValue]:
    """Dates with a time of day. 2026/7/212:19 is the 2nd at 12:19 or the 21st at 2:19."""
    for match in _TIMED.finditer(text):
        year, month = _number(match["year"]), match["month"]
        figures = match["day"] + match["hour"]
        places = [len(match["day"])] if match["blank"] else range(1, len(figures))
        fit = [
            (day, hour)
            for day, hour in ((figures[:at], figures[at:]) for at in places)
            if len(day) <= 2 and len(hour) <= 2 and _number(hour) < _HOURS
            if len(day) == 2 or not month.startswith("0")
            if _is_a_day(year, _number(month), _number(day))
        ]
        if fit:
            day, _hour = fit[-1]
            value = date(year, _number(month), _number(day))
            is_clear = match["blank"] or len(figures) == 4
            quality = _AMBIGUOUS if len(fit) > 1 else 1.0 if is_clear else _RUN_TOGETHER
            end = match.start("day") + len(day)
            yield FoundValue(value.isoformat(), match.start(), end, quality)


def _is_a_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] and 1900 <= year <= 2099


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[FoundValue]:
    for match in pattern.finditer(text):
        year, month, day = (_number(match[part]) for part in ("year", "month", "day"))
        short = pattern is _SHORT
        try:
            value = date(year + 2000 if short else year, month, day)
        except ValueError:
            continue
        if 1900 <= value.year <= 2099:
            torn = len(match["day"].split()) > 1 and match[0][-1] not in "日号"
            quality = _SHORT_YEAR_QUALITY if short else _TORN if torn else 1.0
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
