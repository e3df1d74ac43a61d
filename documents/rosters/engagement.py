"""Reads from a roster's words how long a worker is engaged and whether he is retired."""

import re
from datetime import date

_TEMPORARY = ("临时", "季节", "短期")
_CHINESE = {word: at for at, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_UNDER_A_YEAR = re.compile(r"(不足|不满|未满|不到|少于|低于|未超过|不超过)[1一]年|[1一]年以[下内]")
_OVER_A_YEAR = re.compile(r"(超过|多于|大于|超)了?[1一]年|[1一]年(以上|多)")
_TERM = re.compile(r"(^|(聘|用工|合同|入职|到岗|在岗|工作|任职|服务|临时|期限)\D{0,8}?)$")
_SPAN = re.compile(
    r"(?<![\d.一二三四五六七八九十])(?:(半)年|(\d{1,3}|[一二两三四五六七八九]|十[一二]?)(个月|年))"
)
_GONE = re.compile(r"退休|离休|离退|返聘")
_NOT_YET = re.compile(r"未|非|将|拟|待|快要|预计|临近|延迟|延后|延退|计划|准备|明年|年底|不是|没有")
_WHEN = re.compile(r"(?<!\d)((?:19|20)\d{2})[年.\-/]?(\d{1,2})?")


def is_temporary(employment: str) -> bool:
    """Whether the word for the kind of staff means temporary (临时) staff."""
    return any(word in employment for word in _TEMPORARY)


def months_said(text: str) -> int | None:
    """The months of engagement in a remark such as 聘用8个月; None if it is not clear."""
    if _UNDER_A_YEAR.search(text):
        return 11
    if _OVER_A_YEAR.search(text):
        return 13
    for match in _SPAN.finditer(text):
        if _TERM.search(text[: match.start()]):
            half, count, unit = match.groups()
            return 6 if half else _number(count) * (12 if unit == "年" else 1)
    return None


def term_of(text: str) -> int:
    """The months in a cell that holds only a term; a bare number means months."""
    text = text.removesuffix(".0")
    months = int(text) if text.isdigit() else months_said(text)
    if months is None:
        raise ValueError
    return months


def months_begun(since: date, until: date) -> int:
    """The months from one day to another, one that has only begun counted whole.

    A year to the day is 12 months, a year and a day 13: only that is over a year.
    """
    months = (until.year - since.year) * 12 + until.month - since.month
    return months + (until.day > since.day)


def says_retired(text: str, on: date) -> bool:
    """Whether the words say a worker has retired by this day: 退休返聘 has, 即将退休 has not."""
    if _GONE.search(text) is None:
        return False
    return any(_has_retired(clause, on) for clause in re.split(r"[，。；,;、\s]", text))


def _has_retired(clause: str, on: date) -> bool:
    gone = _GONE.search(clause)
    if gone is None or _NOT_YET.search(clause[: gone.start()]):
        return False
    when = _WHEN.search(clause)
    if when is None:
        return True
    year, month = int(when[1]), int(when[2] or 12)
    return (year, month) < (on.year, on.month)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else sum(_CHINESE[letter] for letter in word)
