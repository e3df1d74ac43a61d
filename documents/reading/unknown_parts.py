"""Doubts the sums under the heading of a part of the page that we do not know (大病保险报销)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from documents.reading.field_names import SHEET_SUMS
from documents.reading.page_layout import PageRow, PageSheet
from documents.reading.paper_labels import NOT_FINAL, PART_HEADINGS, WORDS_OF_THE_STAY
from documents.reading.table_lines import is_alone

_LONGEST = 18
_DOUBTED = 0.75
_COUNTED = re.compile(r"\s*(?:[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]{1,2}\))\s*")
_HEADING = re.compile(
    rf"{_COUNTED.pattern}\S{{2,}}|\s*\[[^\]]{{2,}}\]\s*|.+(?:{'|'.join(PART_HEADINGS)})\s*:?\s*"
)
_SENTENCE = re.compile("[,。;?!]|\\d{2}")
_OF_THE_STAY = re.compile(
    "(?:{})+".format("|".join(sorted(WORDS_OF_THE_STAY, key=len, reverse=True)))
)
_NOT_FINAL = re.compile("|".join(NOT_FINAL))
_SIGNS = re.compile(r"[\s\[\]():、/]")


def with_doubt_in_unknown_parts(sheet: PageSheet) -> PageSheet:
    """The sheet, the labels of sums trusted less from such a heading up to the next known one.

    What stands above the first label is the title of the paper: one that is not final (预结算)
    makes all its sums doubtful.
    """
    return replace(sheet, rows=tuple(_rows(sheet)))


def _rows(sheet: PageSheet) -> Iterator[PageRow]:
    is_below_title = in_unknown = is_draft = False
    for row in sheet.rows:
        is_draft |= not is_below_title and _NOT_FINAL.search(row.text) is not None
        if is_below_title and not row.marks and _is_heading(sheet, row):
            in_unknown = not _OF_THE_STAY.fullmatch(_bare(row.text))
        is_below_title |= bool(row.marks)
        yield _doubted(row) if in_unknown or is_draft else row


def _is_heading(sheet: PageSheet, row: PageRow) -> bool:
    if len(row.text) > _LONGEST or _SENTENCE.search(row.text) or not is_alone(sheet, row):
        return False
    return _HEADING.fullmatch(row.text) is not None


def _bare(text: str) -> str:
    return _SIGNS.sub("", _COUNTED.sub("", text, count=1))


def _doubted(row: PageRow) -> PageRow:
    marks = (
        mark._replace(weight=mark.weight * _DOUBTED) if mark.field in SHEET_SUMS else mark
        for mark in row.marks
    )
    return row._replace(marks=tuple(marks))
