"""Parses cells that people filled in: text, number, amount, day."""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from documents.handed_in_sheets import SheetCell
from documents.new_workbook import EXACT_BELOW
from documents.plain_text import HAN
from rules.errors import BadInput
from rules.money import Fen, fen

_LOST = re.compile(r"\d(\.\d+)?E\+?\d+")
# Invisible characters that pasting brings into a cell.
_UNSEEN = str.maketrans(
    dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u202a\u202c\u202d\u202e\t", "")
    | dict.fromkeys("\u00a0\u3000\r\n", " ")
)
_APOSTROPHES = "'‘’`＇"
_BETWEEN_CHINESE = re.compile(rf"(?<=[{HAN}]) +(?=[{HAN}])")
_DAY = re.compile(
    r"(?:(\d{4})(\d\d)(\d\d)?|(\d{4})\D{1,2}(\d{1,2})(?:\D{1,2}(\d{1,2}))?)"
    r"(?:[T ]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:\+08:?00)?|\D*)"
)
_DAY_OF_NAMED_MONTH = re.compile(r"(\d{1,2})[- ]([A-Z]{3})[A-Z]*[-, ]+(\d{4})", re.IGNORECASE)
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
# A day that has lost its format: how many days after this one, as Excel counts. From 1957 on: what
# begins with 19 or 20 may be a year.
_SERIAL = re.compile(r"2[1-9]\d{3}|[3-6]\d{4}")
_MAY_BE_OCTOBER = re.compile(r"\d{4}\.1")
_BEFORE_SERIALS = date(1899, 12, 30)


def text_of(cell: SheetCell) -> str:
    """The text without invisible characters; a number is written out in digits."""
    if isinstance(cell, str):
        seen = cell if cell.isprintable() else cell.translate(_UNSEEN)
        return seen.strip().lstrip(_APOSTROPHES)
    if not cell.is_integer():
        return repr(cell)
    return str(int(cell)) if abs(cell) < EXACT_BELOW else f"{cell:.14E}"


def name_of(cell: SheetCell) -> str:
    """A name; spaces that only spread Chinese characters over the cell are removed."""
    return _BETWEEN_CHINESE.sub("", text_of(cell))


def number_of(cell: SheetCell) -> str:
    """The number of a card or a person, without the spaces and hyphens that group it."""
    text = text_of(cell)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if not text.isalnum() and not has_lost_digits(text):
        text = re.sub(r"[\s-]", "", text)
    return text.upper()


def has_lost_digits(number: str) -> bool:
    """Whether the spreadsheet kept a long number as a quantity, whose last digits are gone."""
    return _LOST.fullmatch(number) is not None


@lru_cache(maxsize=1000)  # a roster says the same few sums thousands of times
def amount_of(cell: SheetCell) -> Fen:
    """An amount in yuan; ValueError if it is none."""
    # repr of a float is the shortest decimal for it, which is what was typed.
    text = re.sub(r"[¥￥元\s]", "", text_of(cell))
    try:
        amount = fen(unicodedata.normalize("NFKC", text))
    except BadInput as error:
        raise ValueError from error
    if amount < 0:
        raise ValueError
    return amount


def count_of(cell: SheetCell) -> int:
    """A whole number above 0; ValueError if it is none."""
    count = int(unicodedata.normalize("NFKC", text_of(cell)).rstrip("份"))
    if count < 1:
        raise ValueError
    return count


def day_of(cell: SheetCell) -> date:
    """A day in any usual writing, the first of the month where none is given; else ValueError."""
    day, _is_whole = _day_said(cell)
    return day


def birth_of(cell: SheetCell) -> str:
    """The digits of a date of birth as an ID number holds them, 19850317 or only 198503."""
    day, is_whole = _day_said(cell)
    return f"{day:%Y%m%d}" if is_whole else f"{day:%Y%m}"


def _day_said(cell: SheetCell) -> tuple[date, bool]:
    """The day, and whether more than its month is given.

    ValueError where two days could be meant: 2026111, 26.3.2, an hour of another zone, and 2024.1,
    which is what a spreadsheet makes of 2024.10 too.
    """
    text = unicodedata.normalize("NFKC", text_of(cell))
    if _SERIAL.fullmatch(text):
        return _BEFORE_SERIALS + timedelta(days=int(text)), True
    if match := _DAY_OF_NAMED_MONTH.fullmatch(text):
        return date(int(match[3]), _MONTHS.index(match[2].upper()) + 1, int(match[1])), True
    match = _DAY.fullmatch(text)
    if match is None or _MAY_BE_OCTOBER.fullmatch(text):
        raise ValueError
    year, month, day = (match[n] or match[n + 3] for n in (1, 2, 3))
    return date(int(year), int(month), int(day or 1)), bool(day)
