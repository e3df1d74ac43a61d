"""Tells whether a telephone or an ID number on a page is that of who handles the claim, of a doctor
or of a relative."""

import re

from documents.reading.field_names import FieldName
from documents.reading.page_layout import PageRow, PageSheet
from documents.reading.paper_labels import OTHER_PEOPLE, Mark

_OF_MEMBER = ("会员", "本人", "患者")
_NUMBERS = (FieldName.ID_NUMBER, FieldName.BANK_CARD_NUMBER)
_OTHERS_NUMBER = re.compile(
    rf"(?:{'|'.join(sorted(OTHER_PEOPLE, key=len, reverse=True))})(?:的|本人)?"
    "(?:(?:居民|公民)?身份|证件|银行|卡号|[账帐]号|收款)"
)
_CLOSE = 1.5
"""At most so many heights lie between two lines that belong together."""


def names_another(sheet: PageSheet, row: PageRow) -> bool:
    """Whether somebody else than the member is named in the row (受益人身份证号) or above it."""
    if any(mark.label in OTHER_PEOPLE for mark in row.marks) or _OTHERS_NUMBER.search(row.text):
        return True
    # The first is enough: whoever else is named in the row has been found by now.
    number = next((mark for mark in row.marks if mark.field in _NUMBERS), None)
    return number is not None and is_of_another(sheet, row, number)


def is_of_another(sheet: PageSheet, row: PageRow, mark: Mark) -> bool:
    """Whether the nearest person named left of this label, or, where it begins its line, at the end
    of the line above, is somebody else than the member."""
    if mark.label.startswith(_OF_MEMBER):
        return False
    before = _marks_before(sheet, row, row.x(mark.start)) or _marks_above(sheet, row)
    people = (one.label for one in reversed(before) if _names_a_person(one))
    return next(people, "") in OTHER_PEOPLE


def _marks_before(sheet: PageSheet, row: PageRow, x: float) -> list[Mark]:
    """The labels in its line and left of `x`, from left to right."""
    line = sorted((row, *sheet.beside(row, float("-inf"), 0.5)), key=lambda one: one.place.left)
    return [mark for one in line for mark in one.marks if one.x(mark.start) < x]


def _marks_above(sheet: PageSheet, row: PageRow) -> list[Mark]:
    """The labels of the line above, where it stands close."""
    above = [one for one in sheet.rows if one.place.middle < row.place.top]
    nearest = max(above, key=lambda one: one.place.middle, default=None)
    if nearest is None or row.place.top - nearest.place.low > _CLOSE * row.place.height:
        return []
    return _marks_before(sheet, nearest, float("inf"))


def _names_a_person(mark: Mark) -> bool:
    return mark.field is FieldName.MEMBER_NAME or mark.label in OTHER_PEOPLE
