"""Reads a stay that is written without its year: 住院日期：3月2日至3月11日.

The year is that in which the range ends last before the newest other date of the page. Nobody
printed it, so the days are read with doubt; another paper that says the same takes the doubt away.
"""

import re
from collections.abc import Iterator
from datetime import date

from documents.reading.dates import find_dates
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import FieldName
from documents.reading.found_value import FoundValue
from documents.reading.page_layout import PageSheet
from documents.reading.spans import Slice, Span

_MONTH_AND_DAY = r"(?P<month{n}>\d{{1,2}})\s*月\s*(?P<day{n}>\d{{1,2}})\s*[日号]?"
_RANGE = re.compile(
    rf"(?<![年\d.-])\s*{_MONTH_AND_DAY.format(n=1)}\s*(?:至|到|起至|-+|~|—+|一)\s*"
    rf"{_MONTH_AND_DAY.format(n=2)}"
)
_STAY = re.compile("住院|入院|治疗")
_QUALITY = 0.7


def yearless_ranges(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """First and last day of such a stay, where the page has another date."""
    ranges = [
        (row, match)
        for row in sheet.rows
        if row.text.count("月") > 1 and (match := _RANGE.search(row.text))
    ]
    if not ranges:
        return
    newest = max(
        (str(found.value) for row in sheet.rows for found in find_dates(row.text)), default=""
    )
    for row, match in ranges:
        if not newest or not _STAY.search(row.text):
            continue
        days = _days(match, date.fromisoformat(newest))
        if days:
            piece = Span((Slice(row, 0, len(row.text)),))
            for name, day, n in zip(_NAMES, days, (1, 2), strict=True):
                where = match.start(f"month{n}"), match.end(f"day{n}")
                yield from offer(
                    sheet, name, piece, FoundValue(day.isoformat(), *where, _QUALITY), page
                )


_NAMES = (FieldName.ADMITTED_ON, FieldName.DISCHARGED_ON)


def _days(match: re.Match[str], newest: date) -> tuple[date, date] | None:
    begin, end = ((int(match[f"month{n}"]), int(match[f"day{n}"])) for n in (1, 2))
    year = newest.year - (end > (newest.month, newest.day))
    try:
        return date(year - (begin > end), *begin), date(year, *end)
    except ValueError:
        return None
