"""Reads an accident: day, place, how it happened, what may exclude it, the grades it left."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from documents.kinds import Kind
from documents.reading.dates import find_dates
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import FieldName
from documents.reading.found_value import FoundValue
from documents.reading.named_words import SEPARATOR
from documents.reading.page_layout import PageSheet
from documents.reading.sentences import paragraphs
from documents.reading.spans import Span
from rules.exclusions import of_all_plans, signs_in_text

_TOLD_IN = {Kind.ACCIDENT_STATEMENT, Kind.POLICE_FINDING}
_HURT = re.compile(
    "[摔滑跌撞伤烫烧坠碰砸绞挤割咬]|自[杀残缢]|跳[楼河江桥]|服毒|触电|事故|溺水|中毒|倒塌|相撞|驾驶"
)
_BORN_BEFORE, _BORN_AFTER = re.compile(r"(?:出生|生于)[::]?\s*$"), re.compile(r"\s*[出生]")
_CLOCK = re.compile(r"^(?:[\s,,:0-9时点分许]|左右|[上下中]午|凌晨|晚上?)*")
_LONGEST = 200
_CLOSING = re.compile("以上情况|情况属实|特此(?:说明|证明)")
_LABELLED_PLACE = re.compile(r"地点[::]\s*([^\s,，。;；::]{2,40})")
_LABELLED_STORY = re.compile(rf"经过[::]\s*(.{{2,{_LONGEST}}})")
# Where a sentence names a place: up to the first of these, and what follows on it (食堂门前).
_PLACE = re.compile(
    "[在于至]([^,，。;；在]{1,20}?"
    "(?:门前|门口|路口|路段|车间|食堂|楼[上下]?|[室厂院场站街路桥巷村店]|家中|工地|宿舍|大厅|大街|走廊|卫生间)+)"
)
_IN_A_SENTENCE = 0.95

_NUMERALS = "一二三四五六七八九十"
_FIGURE = rf"(?:[{_NUMERALS}]|10|[1-9])"
_GRADE = re.compile(
    rf"(?P<not>[不未][^,。;]{{0,8}})?(?P<grade>{_FIGURE})\s*级(?=伤残|残疾|[、,和及与]\s*{_FIGURE}\s*级)"
)
"""九级、十级伤残 are two grades; 不构成十级伤残 is none."""
_OPINION = re.compile("鉴定意见|鉴定结论|评定意见")
_SEVERAL = 0.7
"""Several grades may be several injuries or one repeated: a person looks."""


def accident(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """What a statement, a police finding or an appraisal says of an accident."""
    if sheet.kind in _TOLD_IN:
        for paragraph in paragraphs(sheet):
            yield from _under_labels(sheet, paragraph, page)
            yield from _story(sheet, paragraph, page)
            yield from _signs(sheet, paragraph, page)
    elif sheet.kind is Kind.DISABILITY_APPRAISAL:
        yield from _grades(sheet, list(paragraphs(sheet)), page)


def _under_labels(sheet: PageSheet, paragraph: Span, page: int) -> Iterator[FieldValue]:
    """The place and the words that stand after a label for them."""
    for name, label in (
        (FieldName.ACCIDENT_PLACE, _LABELLED_PLACE),
        (FieldName.ACCIDENT_CAUSE, _LABELLED_STORY),
    ):
        if match := label.search(paragraph.text):
            found = FoundValue(_plain(match[1]), *match.span(1), 1.0)
            yield from offer(sheet, name, paragraph, found, page)


def _story(sheet: PageSheet, paragraph: Span, page: int) -> Iterator[FieldValue]:
    """The day on which it happened, and the words that follow on it."""
    text = paragraph.text
    if not _HURT.search(text):
        return
    days = find_dates(text)
    for day, following in zip_longest(days, days[1:]):
        born = _BORN_BEFORE.search(text[: day.start]) or _BORN_AFTER.match(text, day.end)
        # Up to the next day: 2010年参加工作, 2026年3月1日摔伤.
        until = following.start if following else len(text)
        if born or not _HURT.search(text, day.end, until):
            continue
        yield from offer(sheet, FieldName.ACCIDENT_ON, paragraph, day, page, _IN_A_SENTENCE)
        clock = _CLOCK.match(text[day.end :])
        start = day.end + (clock.end() if clock else 0)
        end = min(start + _LONGEST, len(text))
        if place := _PLACE.search(text, start, end):
            found = FoundValue(_plain(place[1]), *place.span(1), _IN_A_SENTENCE)
            yield from offer(sheet, FieldName.ACCIDENT_PLACE, paragraph, found, page)
        if told := _plain(text[start:end]):
            how = FoundValue(told, start, end, _IN_A_SENTENCE)
            yield from offer(sheet, FieldName.ACCIDENT_CAUSE, paragraph, how, page)
        return


def _plain(told: str) -> str:
    """Without the spaces of the print and what every statement ends with."""
    bare = "".join(told.split()).replace(",", "，")
    return _CLOSING.split(bare)[0].rstrip("，。")


def _signs(sheet: PageSheet, paragraph: Span, page: int) -> Iterator[FieldValue]:
    """R33: words that make a person look, as they are written."""
    for sign in signs_in_text(of_all_plans(), paragraph.text):
        at = paragraph.text.index(sign.quoted)
        found = FoundValue(sign.quoted, at, at + len(sign.quoted), 1.0)
        yield from offer(sheet, FieldName.EXCLUSION_SIGN, paragraph, found, page)


def _grades(sheet: PageSheet, told: Sequence[Span], page: int) -> Iterator[FieldValue]:
    """The grades of the opinion, or of the last paragraph that names one."""
    graded = [paragraph for paragraph in told if _given(paragraph.text)]
    opinion = [paragraph for paragraph in graded if _OPINION.search(paragraph.text)]
    for paragraph in (opinion or graded)[-1:]:
        grades = _given(paragraph.text)
        value = SEPARATOR.join(_number(grade["grade"]) for grade in grades)
        quality = 1.0 if len(grades) == 1 else _SEVERAL
        found = FoundValue(value, grades[0].start(), grades[-1].end(), quality)
        yield from offer(sheet, FieldName.DISABILITY_GRADES, paragraph, found, page)


def _given(text: str) -> list[re.Match[str]]:
    return [grade for grade in _GRADE.finditer(text) if not grade["not"]]


def _number(grade: str) -> str:
    return str(_NUMERALS.index(grade) + 1) if grade in _NUMERALS else grade
