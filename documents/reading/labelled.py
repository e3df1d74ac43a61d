"""Gathers the values of one page that stand beside or below a label."""

import re
from collections.abc import Callable, Iterator
from itertools import takewhile

from documents.reading import numbers, people_and_places
from documents.reading.capitals import compared_with_capitals, find_capitals
from documents.reading.check_digit_repair import mended
from documents.reading.dates import TIME_OF_DAY, UNTIL, find_dates
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import SHEET_SUMS, FieldName
from documents.reading.found_value import FoundValue
from documents.reading.illnesses import diagnoses, with_the_others
from documents.reading.numbers import FIGURES
from documents.reading.own_share import is_part, own_share_of_parts
from documents.reading.page_layout import PageRow, PageSheet
from documents.reading.paper_labels import Mark
from documents.reading.spans import Span
from documents.reading.value_places import candidates, wrapped
from documents.reading.whose_number import is_of_another, names_another

_Finder = Callable[[str], FoundValue | None]


def _first_date(text: str) -> FoundValue | None:
    return next(iter(find_dates(text)), None)


def _amount(text: str) -> FoundValue | None:
    return numbers.first(numbers.find_amounts, text) or numbers.first(find_capitals, text)


def _level(text: str) -> FoundValue | None:
    found = _LEVEL.search(text)
    return FoundValue(f"{_LEVELS[found[1]]}级", *found.span(), 1.0) if found else None


_LEVELS = dict(zip("一二三123ⅠⅡⅢ", "一二三" * 3, strict=True))
_LEVEL = re.compile(
    r"(?<![\d、和或至])([一二三123ⅠⅡⅢ])\s?(?:级(?!及?以[上下])|[甲乙丙](?:等|$|[\s)]))"
)
"""三级甲等, 三甲, 3级."""
_FINDERS: dict[FieldName, _Finder] = {
    FieldName.MEMBER_NAME: people_and_places.find_person,
    FieldName.ID_NUMBER: lambda text: numbers.first(numbers.find_ids, text),
    FieldName.BANK_CARD_NUMBER: lambda text: numbers.first(numbers.find_cards, text),
    FieldName.BANK_NAME: people_and_places.find_bank,
    FieldName.PHONE: lambda text: numbers.first(numbers.find_phones, text),
    FieldName.UNIT_NAME: people_and_places.find_unit,
    FieldName.HOSPITAL_NAME: people_and_places.find_hospital,
    FieldName.ADMITTED_ON: _first_date,
    FieldName.DISCHARGED_ON: _first_date,
    FieldName.DAYS_IN_HOSPITAL: lambda text: numbers.first(numbers.find_days, text),
    FieldName.FUND_PAID: _amount,
    FieldName.OWN_SHARE: _amount,
    FieldName.DEDUCTIBLE: _amount,
    FieldName.HOSPITAL_LEVEL: _level,
    FieldName.PATHOLOGY_ON: _first_date,
    FieldName.ACCIDENT_ON: _first_date,
    FieldName.MEDICAL_EXPENSE_TOTAL: _amount,
}
_WRAPPING = {
    FieldName.BANK_NAME,
    FieldName.UNIT_NAME,
    FieldName.HOSPITAL_NAME,
    FieldName.ID_NUMBER,
    FieldName.BANK_CARD_NUMBER,
}
_TAIL = re.compile("委员会|有限|股份|分公司|分院")
"""The rest of a name: no value begins so."""
_MOST_EXTRA = 2
_OF_A_RANGE = re.compile("住院|起止|出院")
"""A label of the first day that asks for the last one too."""
_BESIDE = re.compile(rf"{TIME_OF_DAY}(?:出院)?\W*")
"""What may stand between the two days that such a label asks for, if no word of a range does."""
_UNITS_OF_DAYS = ("天", "日")
_OF_ONE_PERSON = (FieldName.PHONE, FieldName.ID_NUMBER)
_NEAR = 2.6
"""The next cell of a column stands within so many heights."""
_A_PART = 0.75
"""How far a value is trusted that is a part of the one asked for, or the one left of several."""
_GOOD = 0.95
"""A find of this quality needs no look at less likely places."""


def labelled(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """Every value that a label of the page leads to.

    The own share is all that the fund did not pay (个人支付): where a page prints that, the part of
    it within the insurance (个人自付) is another sum.
    """
    ill: list[tuple[str, FieldValue]] = []
    sums: dict[FieldName, list[tuple[float, FieldValue]]] = {}
    for row in sheet.rows:
        for mark in row.marks:
            if mark.field is FieldName.DIAGNOSES:
                ill += [(mark.label, each) for each in diagnoses(sheet, row, mark, page)]
            elif mark.field in SHEET_SUMS:
                weight = mark.weight * (_A_PART if is_part(mark.label, sheet) else 1.0)
                found = _value(sheet, row, mark._replace(weight=weight), mark.field, page)
                sums.setdefault(mark.field, []).extend((weight, each) for each in found)
            elif mark.field is FieldName.ADMITTED_ON:
                yield from _stay(sheet, row, mark, page)
            elif mark.field and not _is_of_another(sheet, row, mark):
                yield from _value(sheet, row, mark, mark.field, page)
    yield from with_the_others(ill)
    if sums:
        yield from own_share_of_parts(sheet, page)
    for name, told in sums.items():
        least = max((weight for weight, _ in told), default=0.0) * (name is FieldName.OWN_SHARE)
        yield from compared_with_capitals([each for weight, each in told if weight >= least])


def _is_of_another(sheet: PageSheet, row: PageRow, mark: Mark) -> bool:
    if mark.field is FieldName.BANK_CARD_NUMBER:
        return names_another(sheet, row)
    return mark.field in _OF_ONE_PERSON and is_of_another(sheet, row, mark)


def _stay(sheet: PageSheet, row: PageRow, mark: Mark, page: int) -> Iterator[FieldValue]:
    """The first day, with the last where a range is printed; or how many days (住院时间：9天)."""
    found = _best(sheet, row, mark, FieldName.ADMITTED_ON)
    if found and _OF_A_RANGE.search(mark.label) and UNTIL.fullmatch(_before(*found)):
        # 入院-出院日期 … - 2026-03-11: the first day was not read.
        last = found[1]._replace(quality=found[1].quality * _A_PART)
        yield from offer(sheet, FieldName.DISCHARGED_ON, found[0], last, page, mark.weight)
    elif found:
        yield from offer(sheet, FieldName.ADMITTED_ON, *found, page, mark.weight)
        yield from _range_end(sheet, row, mark, found, page)
    elif mark.label.startswith("住院"):
        days = _best(sheet, row, mark, FieldName.DAYS_IN_HOSPITAL)
        if days and days[0].text[days[1].end :].lstrip()[:1] in _UNITS_OF_DAYS:
            yield from offer(sheet, FieldName.DAYS_IN_HOSPITAL, *days, page, mark.weight)


def _before(piece: Span, found: FoundValue) -> str:
    return piece.text[: found.start]


def _value(
    sheet: PageSheet, row: PageRow, mark: Mark, name: FieldName, page: int
) -> Iterator[FieldValue]:
    if best := _best(sheet, row, mark, name):
        yield from offer(sheet, name, *best, page, mark.weight)
        if name in SHEET_SUMS and (spelt := numbers.first(find_capitals, best[0].text)):
            yield from offer(sheet, name, best[0], spelt, page, mark.weight)


def _best(
    sheet: PageSheet, row: PageRow, mark: Mark, name: FieldName
) -> tuple[Span, FoundValue] | None:
    """The find of the best quality among the places where the label's value may stand."""
    best: tuple[Span, FoundValue] | None = None
    for piece in _pieces(sheet, row, mark, name):
        found = _found(name, piece)
        if found and name in SHEET_SUMS and _is_one_of_several(sheet, row, piece):
            found = found._replace(quality=found.quality * _A_PART)
        if found and (best is None or found.quality > best[1].quality):
            best = piece, found
        if best and best[1].quality >= _GOOD:
            break
    return best


def _is_one_of_several(sheet: PageSheet, row: PageRow, piece: Span) -> bool:
    """Whether another figure follows the value, in the label's line or, where the label is a
    heading, in its column: the first may not be the one that is asked for."""
    cell, value = piece.slices[0].row, piece.text.strip()
    if len(piece.slices) > 1 or (cell is row and piece.slices[0].end < len(row.text)):
        return False
    return any(
        FIGURES.fullmatch(other.text) and other.text.strip() != value
        for other in _following(sheet, row, cell)
    )


def _following(sheet: PageSheet, row: PageRow, cell: PageRow) -> list[PageRow]:
    """The next cells of its line up to the next label, or the next of its column."""
    line, place = sheet.beside(row, row.place.right, 0.5), cell.place
    if cell is row or cell in line:
        after = [other for other in line if cell is row or other.place.left > place.left]
        return list(takewhile(lambda other: not other.marks, after))
    under = next(sheet.below(cell, place.left, place.right), None)
    is_near = under is not None and under.place.top - place.low < _NEAR * place.height
    return [under] if under and is_near else []


def _found(name: FieldName, piece: Span) -> FoundValue | None:
    found = _FINDERS[name](piece.text)
    return mended(name, piece, found) if found else None


def _pieces(sheet: PageSheet, row: PageRow, mark: Mark, name: FieldName) -> Iterator[Span]:
    for piece in candidates(sheet, row, mark):
        if name in _WRAPPING and _may_go_on(sheet, piece):
            yield from _longer(sheet, piece)
        yield piece


def _may_go_on(sheet: PageSheet, piece: Span) -> bool:
    """Whether the text is no whole name, or the next line begins with what only ends one."""
    following = wrapped(sheet, piece).slices[len(piece.slices) :]
    is_whole = people_and_places.ends_like_a_name(piece.text)
    return not is_whole or any(_TAIL.match(each.text.strip()) for each in following[:1])


def _longer(sheet: PageSheet, piece: Span) -> Iterator[Span]:
    """The piece with its continuation lines, if they complete a name or a number."""
    whole = wrapped(sheet, piece)
    for count in range(len(piece.slices) + 1, len(whole.slices) + 1)[:_MOST_EXTRA]:
        longer = Span(whole.slices[:count])
        if people_and_places.ends_like_a_name(longer.text) or longer.text.strip()[-1:].isdigit():
            yield longer
            return


def _range_end(
    sheet: PageSheet, row: PageRow, mark: Mark, first: tuple[Span, FoundValue], page: int
) -> Iterator[FieldValue]:
    """The last day of the range that begins so, in the same cell or in the next one."""
    asks_for_both = _OF_A_RANGE.search(mark.label)
    for piece in candidates(sheet, row, mark) if asks_for_both else first[:1]:
        dates = find_dates(piece.text)
        if len(dates) != 2 or dates[0].value != first[1].value:
            continue
        between = piece.text[dates[0].end : dates[1].start]
        if UNTIL.fullmatch(between) or (asks_for_both and _BESIDE.fullmatch(between)):
            yield from offer(sheet, FieldName.DISCHARGED_ON, piece, dates[1], page, mark.weight)
            return
