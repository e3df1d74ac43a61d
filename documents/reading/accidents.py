"""Reads an accident: its day, how it happened, what may exclude it, and the grades it left."""

import re
from collections.abc import Iterator, Sequence

from documents.kinds import Kind
from documents.reading.dates import find_dates
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import FieldName
from documents.reading.found_value import FoundValue
from documents.reading.named_words import SEPARATOR
from documents.reading.page_layout import PageSheet
from documents.reading.sentences import paragraphs
from documents.reading.spans import Span
from rules import plans
from rules.exclusions import signs_in_text
from rules.owed import MAIN_PLAN

_TOLD_IN = {Kind.ACCIDENT_STATEMENT, Kind.POLICE_FINDING}
_HURT = re.compile("[摔滑跌撞伤烫烧坠碰砸绞挤]|触电|事故|溺水|中毒|倒塌|相撞|驾驶")
_BORN_BEFORE, _BORN_AFTER = re.compile(r"(?:出生|生于)[::]?\s*$"), re.compile(r"\s*[出生]")
_CLOCK = re.compile(r"^[\s,,:0-9时点分许左右上下午凌晨晚]*")
_LONGEST = 200
_IN_A_SENTENCE = 0.95

_NUMERALS = "一二三四五六七八九十"
_GRADE = re.compile(rf"([{_NUMERALS}]|10|[1-9])\s*级(?:伤残|残疾)")
_OPINION = re.compile("鉴定意见|鉴定结论|评定意见")
_SEVERAL = 0.7
"""Several grades may be several injuries or one repeated: a person looks."""


def accident(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """What a statement, a police finding or an appraisal says of an accident."""
    if sheet.kind in _TOLD_IN:
        for paragraph in paragraphs(sheet):
            yield from _story(sheet, paragraph, page)
            yield from _signs(sheet, paragraph, page)
    elif sheet.kind is Kind.DISABILITY_APPRAISAL:
        yield from _grades(sheet, list(paragraphs(sheet)), page)


def _story(sheet: PageSheet, paragraph: Span, page: int) -> Iterator[FieldValue]:
    """The day on which it happened, and the words that follow on it."""
    text = paragraph.text
    if not _HURT.search(text):
        return
    for day in find_dates(text):
        born = _BORN_BEFORE.search(text[: day.start]) or _BORN_AFTER.match(text, day.end)
        if born or not _HURT.search(text, day.end):
            continue
        yield from offer(sheet, FieldName.ACCIDENT_ON, paragraph, day, page, _IN_A_SENTENCE)
        clock = _CLOCK.match(text[day.end :])
        start = day.end + (clock.end() if clock else 0)
        end = min(start + _LONGEST, len(text))
        told = "".join(text[start:end].split()).replace(",", "，").rstrip("，。")
        if told:
            how = FoundValue(told, start, end, _IN_A_SENTENCE)
            yield from offer(sheet, FieldName.ACCIDENT_CAUSE, paragraph, how, page)
        return


def _signs(sheet: PageSheet, paragraph: Span, page: int) -> Iterator[FieldValue]:
    """R33: words that make a person look, as they are written."""
    for sign in signs_in_text(plans.load(MAIN_PLAN), paragraph.text):
        at = paragraph.text.index(sign.quoted)
        found = FoundValue(sign.quoted, at, at + len(sign.quoted), 1.0)
        yield from offer(sheet, FieldName.EXCLUSION_SIGN, paragraph, found, page)


def _grades(sheet: PageSheet, told: Sequence[Span], page: int) -> Iterator[FieldValue]:
    """The grades of the opinion, or of the last paragraph that names one."""
    graded = [paragraph for paragraph in told if _GRADE.search(paragraph.text)]
    opinion = [paragraph for paragraph in graded if _OPINION.search(paragraph.text)]
    for paragraph in (opinion or graded)[-1:]:
        grades = list(_GRADE.finditer(paragraph.text))
        value = SEPARATOR.join(_number(grade[1]) for grade in grades)
        quality = 1.0 if len(grades) == 1 else _SEVERAL
        found = FoundValue(value, grades[0].start(), grades[-1].end(), quality)
        yield from offer(sheet, FieldName.DISABILITY_GRADES, paragraph, found, page)


def _number(grade: str) -> str:
    return str(_NUMERALS.index(grade) + 1) if grade in _NUMERALS else grade
