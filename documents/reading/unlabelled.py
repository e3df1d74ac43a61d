"""Finds values that need neither label nor sentence: on cards, in headings, by check digit."""

import re
from collections.abc import Iterator
from dataclasses import replace

from documents.kinds import BILLS, Kind
from documents.reading import numbers, people_and_places
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import FieldName
from documents.reading.page_layout import PageRow, PageSheet
from documents.reading.spans import Slice, Span
from documents.reading.whose_number import names_another

_HOSPITAL_PAPERS = {
    Kind.DISCHARGE_RECORD,
    Kind.DIAGNOSIS_CERTIFICATE,
    *BILLS,
    Kind.PATHOLOGY_REPORT,
}
_HEADING = 0.35
"""The part of the page, from the top, where a hospital's own name stands."""
_BUYER = re.compile(r"(?:^|\s|购?买?方)(?:名\s*)?称\s*:\s*(?P<name>[^\s:]{2,30})")
"""On an invoice with buyer and seller side by side; the seller is no person."""
_SENTENCE = re.compile("[,。;]")
_IN_HEADING = 0.99
_IN_SEAL = 0.8
_AS_BUYER = 0.9
_BY_CHECK_DIGIT, _BESIDE_ANOTHER = 0.93, 0.7


def unlabelled(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """All such values of the page."""
    if sheet.kind in _HOSPITAL_PAPERS:
        yield from _hospitals(sheet, page)
    if sheet.kind in BILLS:
        yield from _buyer(sheet, page)
    if Kind.BANK_CARD in sheet.kinds:
        yield from _bank_card(sheet, page)
    if sheet.kind in (Kind.ID_CARD_FRONT, Kind.APPLICATION_FORM):
        yield from _checked_numbers(sheet, page)


def _hospitals(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    top = min((row.place.top for row in sheet.rows), default=0.0)
    low = max((row.place.low for row in sheet.rows), default=0.0)
    for row in sheet.rows:
        found = people_and_places.find_hospital(row.text)
        if found and not row.marks:
            heading = row.place.middle - top < _HEADING * (low - top)
            is_sentence = _SENTENCE.search(row.text) is not None
            weight = _IN_HEADING if heading and not is_sentence else _IN_SEAL
            for value in offer(sheet, FieldName.HOSPITAL_NAME, _whole(row), found, page, weight):
                yield replace(value, in_passing=is_sentence)


def _buyer(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    for row in sheet.rows:
        for match in _BUYER.finditer(row.text):
            if person := people_and_places.find_person(match["name"]):
                piece = _whole(row).cut(*match.span("name"))
                yield from offer(sheet, FieldName.MEMBER_NAME, piece, person, page, _AS_BUYER)


def _bank_card(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """The digits on one row, and the bank's name."""
    for row in sheet.rows:
        beside = sheet.beside(row, row.place.right, 0.5)
        piece = Span(tuple(_slice(one) for one in (row, *beside)), " ")
        for found in numbers.find_cards(piece.text):
            yield from offer(sheet, FieldName.BANK_CARD_NUMBER, piece, found, page)
        bank = people_and_places.find_bank(row.text)
        if bank and not row.marks:
            yield from offer(sheet, FieldName.BANK_NAME, _whole(row), bank, page)


def _checked_numbers(sheet: PageSheet, page: int) -> Iterator[FieldValue]:
    """Numbers recognised by their check digit, even if their label is missing or misread."""
    finders = {
        FieldName.ID_NUMBER: numbers.find_ids,
        FieldName.BANK_CARD_NUMBER: numbers.find_cards,
    }
    for row in sheet.rows:
        checked = {
            name: [found for found in find(row.text) if found.quality == 1.0]
            for name, find in finders.items()
        }
        if not any(checked.values()):
            continue
        weight = _BESIDE_ANOTHER if names_another(sheet, row) else _BY_CHECK_DIGIT
        for name, found_here in checked.items():
            for found in found_here:
                yield from offer(sheet, name, _whole(row), found, page, weight)


def _whole(row: PageRow) -> Span:
    return Span((_slice(row),))


def _slice(row: PageRow) -> Slice:
    return Slice(row, 0, len(row.text))
