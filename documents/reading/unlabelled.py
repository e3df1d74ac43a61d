"""Finds values that need no label: on cards, in headings and in sentences."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from documents.kinds import Kind
from documents.reading import numbers, words
from documents.reading.dates import find_dates
from documents.reading.diagnoses import find_diagnoses
from documents.reading.found import Found
from documents.reading.gather import FieldValue, offer
from documents.reading.names import FieldName
from documents.reading.pieces import Piece, Slice
from documents.reading.sheet import Row, Sheet

_HOSPITAL_PAPERS = {
    Kind.DISCHARGE_RECORD,
    Kind.DIAGNOSIS_CERTIFICATE,
    Kind.SETTLEMENT_SHEET,
    Kind.INVOICE,
    Kind.PATHOLOGY_REPORT,
}
_HEADING = 0.35
"""The part of the page, from the top, where a hospital's own name stands."""
_TIME = r"(?:上午|下午|凌晨|晚)?[\d:时点分许\s]{0,8}"
# A date may be followed by the next label instead of a verb.
_NO_LABEL = r"(?!日|时|诊|情|记|科|医|小|总|证|方|途|病|\s*[:\]])"
_TO_WARD = re.compile(
    rf"^{_TIME}(?:因|以|由)?[^。;\d]{{0,40}}?"
    rf"(?:入院{_NO_LABEL}|入住|收入|收住|住入|(?<!共)住院(?!治疗?\d|日|天|号|科|时|病|费|\s*\d))"
)
_HOME = re.compile(rf"^{_TIME}[^。,;\d]{{0,12}}?出院{_NO_LABEL}")
_UNTIL = re.compile(rf"^{_TIME}(?:至|到|起至|-+|~|一)\s*$")
_STAY = re.compile("住院|入院|治疗|就诊|在我院|期间")
_LASTING = re.compile(
    r"(?:住院|治疗|共计|共|历时)\s*(?:治疗)?(?:共|共计|计)?\s*(\d{1,3})\s*[天日](?!内|后)"
)
_MEMBER_OF = re.compile(
    r"系(?P<unit>[一-鿿()]{4,25}?)(?:在职|正式)?(?:职工|员工|干部|会员|工作人员)"
)
_TREATED_AT = re.compile(r"(?:在|于|到|赴|入住|就诊于|送往|送至)\s*(?=[一-鿿])")
_SUFFERING = re.compile(
    r"(?:因患|诊断为|确诊为|确诊患|患有)\s*(?P<illness>[^,。;]{2,40}?)(?=[,。;]|于\d|在|住院)"
)
_ABOUT = re.compile(
    r"(?:兹证明|本人|兹有|今有|患者|病人|职工|会员|同志|被鉴定人)\s*:?\s*(?=[一-鿿])"
)
_LONGEST_NAME = 30
_FULL = 0.8
_BRACKET = 1
_IN_SENTENCE = 0.93
_IN_PASSING = 0.8
_IN_HEADING = 0.99
_IN_SEAL = 0.8


def unlabelled(sheet: Sheet, page: int) -> Iterator[FieldValue]:
    """All such values of the page."""
    if not sheet.rows:
        return
    yield from _hospitals(sheet, page)
    for paragraph in _paragraphs(sheet):
        yield from _stay_dates(sheet, paragraph, page)
        yield from _sentences(sheet, paragraph, page)
    if sheet.kind is Kind.BANK_CARD:
        yield from _bank_card(sheet, page)
    if sheet.kind in (Kind.ID_CARD_FRONT, Kind.APPLICATION_FORM):
        yield from _checked_numbers(sheet, page)


def _paragraphs(sheet: Sheet) -> Iterator[Piece]:
    """Rows that run on: full to the right margin, and no label begins the next."""
    left = min(row.place.left for row in sheet.rows)
    right = max(row.place.right for row in sheet.rows)
    lines: list[Slice] = []
    for row in sheet.rows:
        starts_anew = bool(row.marks) and row.marks[0].start <= _BRACKET
        if lines and (starts_anew or lines[-1].row.place.right - left < _FULL * (right - left)):
            yield Piece(tuple(lines))
            lines = []
        lines.append(Slice(row, 0, len(row.text)))
    yield Piece(tuple(lines))


def _hospitals(sheet: Sheet, page: int) -> Iterator[FieldValue]:
    if sheet.kind not in _HOSPITAL_PAPERS:
        return
    top = min(row.place.top for row in sheet.rows)
    low = max(row.place.low for row in sheet.rows)
    for row in sheet.rows:
        found = words.find_hospital(row.text)
        if found and not row.marks:
            heading = row.place.middle - top < _HEADING * (low - top)
            weight = _IN_HEADING if heading else _IN_SEAL
            yield from offer(sheet, FieldName.HOSPITAL_NAME, _whole(row), found, page, weight)


def _stay_dates(sheet: Sheet, paragraph: Piece, page: int) -> Iterator[FieldValue]:
    text = paragraph.text
    dates = find_dates(text)
    ranges = [pair for pair in pairwise(dates) if _UNTIL.match(text[pair[0].end : pair[1].start])]
    for start, end in ranges:
        around = text[max(start.start - 12, 0) : start.start] + text[end.end :][:16]
        if _STAY.search(around):
            yield from _offer(sheet, FieldName.ADMITTED_ON, paragraph, start, page)
            yield from _offer(sheet, FieldName.DISCHARGED_ON, paragraph, end, page)
    for one in dates:
        if any(one in pair for pair in ranges):
            continue
        if _HOME.match(text[one.end :]):
            yield from _offer(sheet, FieldName.DISCHARGED_ON, paragraph, one, page)
        elif _TO_WARD.match(text[one.end :]):
            yield from _offer(sheet, FieldName.ADMITTED_ON, paragraph, one, page)


def _sentences(sheet: Sheet, paragraph: Piece, page: int) -> Iterator[FieldValue]:
    text = paragraph.text
    for match in _LASTING.finditer(text):
        days = Found(int(match[1]), match.start(1), match.end(1), 1.0)
        yield from _offer(sheet, FieldName.DAYS_IN_HOSPITAL, paragraph, days, page)
    for match in _MEMBER_OF.finditer(text):
        unit = words.find_unit(match["unit"])
        if unit:
            yield from _offer(
                sheet, FieldName.UNIT_NAME, paragraph, _moved(unit, match.start("unit")), page
            )
    for match in _TREATED_AT.finditer(text):
        hospital = words.find_hospital(text[match.end() : match.end() + _LONGEST_NAME])
        if hospital and hospital.start == 0:
            found = _moved(hospital, match.end())
            yield from _offer(sheet, FieldName.HOSPITAL_NAME, paragraph, found, page)
    for match in _SUFFERING.finditer(text):
        illness = find_diagnoses(match["illness"])
        if illness:
            found = Found(illness, *match.span("illness"), _IN_PASSING)
            yield from _offer(sheet, FieldName.DIAGNOSES, paragraph, found, page)
    for match in _ABOUT.finditer(text):
        person = words.find_person(text[match.end() :])
        if person and text[match.end() + person.end :].lstrip()[:1] in {",", "(", "、", ":"}:
            yield from _offer(
                sheet, FieldName.MEMBER_NAME, paragraph, _moved(person, match.end()), page
            )


def _bank_card(sheet: Sheet, page: int) -> Iterator[FieldValue]:
    """The longest run of digits on one row, and the bank's name."""
    for row in sheet.rows:
        beside = sheet.beside(row, row.place.right, 0.5)
        piece = Piece(
            (Slice(row, 0, len(row.text)), *(Slice(r, 0, len(r.text)) for r in beside)), " "
        )
        for found in numbers.find_cards(piece.text):
            yield from offer(sheet, FieldName.BANK_CARD_NUMBER, piece, found, page)
        bank = words.find_bank(row.text)
        if bank and not row.marks:
            yield from offer(sheet, FieldName.BANK_NAME, _whole(row), bank, page)


def _checked_numbers(sheet: Sheet, page: int) -> Iterator[FieldValue]:
    """Numbers whose check digit says what they are, whatever became of their label."""
    for row in sheet.rows:
        for found in numbers.find_ids(row.text):
            if found.quality == 1.0:
                yield from _offer(sheet, FieldName.ID_NUMBER, _whole(row), found, page)
        for found in numbers.find_cards(row.text):
            if found.quality == 1.0:
                yield from _offer(sheet, FieldName.BANK_CARD_NUMBER, _whole(row), found, page)


def _offer(
    sheet: Sheet, name: FieldName, piece: Piece, found: Found, page: int
) -> Iterator[FieldValue]:
    yield from offer(sheet, name, piece, found, page, _IN_SENTENCE)


def _moved(found: Found, by: int) -> Found:
    """A find in a part of a text, told in places of the whole."""
    return replace(found, start=found.start + by, end=found.end + by)


def _whole(row: Row) -> Piece:
    return Piece((Slice(row, 0, len(row.text)),))
