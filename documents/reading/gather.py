"""Gathers from one page every value that may be one of our fields."""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from documents.kinds import Kind
from documents.reading import numbers, words
from documents.reading.dates import find_dates
from documents.reading.diagnoses import find_codes, find_diagnoses, with_codes
from documents.reading.found import Found, Value
from documents.reading.marks import Mark
from documents.reading.names import FieldName
from documents.reading.page import Box
from documents.reading.pieces import Piece, candidates, whole_cell, wrapped
from documents.reading.repair import mended
from documents.reading.sheet import Row, Sheet


def _load_sources() -> dict[FieldName, dict[Kind, float]]:
    path = Path(__file__).with_name("sources.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        FieldName(name): {Kind(kind): weight for kind, weight in table.items()}
        for name, table in tables.items()
    }


SOURCES = _load_sources()


@dataclass(frozen=True)
class FieldValue:
    """One value of a field and where it was read; `box` in pixels of the upright page."""

    name: FieldName
    value: Value
    confidence: float
    page_index: int
    box: Box
    kind: Kind = Kind.OTHER
    """The kind of the page it came from."""
    clarity: float = field(default=1.0, compare=False)
    """How well the characters could be seen, whatever they mean."""


_Finder = Callable[[str], Found | None]


def _first_date(text: str) -> Found | None:
    return next(iter(find_dates(text)), None)


_FINDERS: dict[FieldName, _Finder] = {
    FieldName.MEMBER_NAME: words.find_person,
    FieldName.ID_NUMBER: lambda text: numbers.first(numbers.find_ids, text),
    FieldName.BANK_CARD_NUMBER: lambda text: numbers.first(numbers.find_cards, text),
    FieldName.BANK_NAME: words.find_bank,
    FieldName.PHONE: lambda text: numbers.first(numbers.find_phones, text),
    FieldName.UNIT_NAME: words.find_unit,
    FieldName.HOSPITAL_NAME: words.find_hospital,
    FieldName.ADMITTED_ON: _first_date,
    FieldName.DISCHARGED_ON: _first_date,
    FieldName.DAYS_IN_HOSPITAL: lambda text: numbers.first(numbers.find_days, text),
    FieldName.MEDICAL_EXPENSE_TOTAL: lambda text: numbers.first(numbers.find_amounts, text),
}
_WRAPPING = {
    FieldName.BANK_NAME,
    FieldName.UNIT_NAME,
    FieldName.HOSPITAL_NAME,
    FieldName.ID_NUMBER,
    FieldName.BANK_CARD_NUMBER,
}
_CODE_LABELS = {
    "疾病编码",
    "诊断编码",
    "ICD编码",
    "ICD-10",
    "ICD10",
    "ICD-10编码",
    "疾病代码",
    "诊断代码",
    "编码",
    "ICD",
}
_GOOD = 0.95
"""A find of this quality needs no look at less likely places."""
_MARGIN = 0.8
"""A line that reaches this far across the text may have been wrapped."""


def labelled(sheet: Sheet, page: int) -> Iterator[FieldValue]:
    """Values that stand where a label says."""
    for row in sheet.rows:
        for mark in row.marks:
            if mark.field is FieldName.DIAGNOSES:
                yield from _diagnoses(sheet, row, mark, page)
            elif mark.field:
                yield from _value(sheet, row, mark, mark.field, page)


def offer(
    sheet: Sheet, name: FieldName, piece: Piece, found: Found, page: int, weight: float = 1.0
) -> Iterator[FieldValue]:
    """The find as a field value, unless this kind of paper has no say about the field."""
    source = SOURCES[name].get(sheet.kind)
    if source is None:
        return
    part = piece.cut(found.start, found.end)
    clarity = part.confidence
    sure = round(clarity * found.quality * weight * source, 4)
    yield FieldValue(name, found.value, sure, page, part.box, sheet.kind, clarity)


def _value(sheet: Sheet, row: Row, mark: Mark, name: FieldName, page: int) -> Iterator[FieldValue]:
    best: tuple[Piece, Found] | None = None
    for piece in _pieces(sheet, row, mark, name):
        found = _found(name, piece)
        if found and (best is None or found.quality > best[1].quality):
            best = piece, found
        if best and best[1].quality >= _GOOD:
            break
    if best:
        yield from offer(sheet, name, *best, page, mark.weight)
        if name is FieldName.ADMITTED_ON:
            yield from _range_end(sheet, best[0], page, mark.weight)


def _found(name: FieldName, piece: Piece) -> Found | None:
    found = _FINDERS[name](piece.text)
    return mended(name, piece, found) if found else None


def _pieces(sheet: Sheet, row: Row, mark: Mark, name: FieldName) -> Iterator[Piece]:
    for piece in candidates(sheet, row, mark):
        if name in _WRAPPING and not words.ends_like_a_name(piece.text):
            yield from _longer(sheet, piece)
        yield piece


def _longer(sheet: Sheet, piece: Piece) -> Iterator[Piece]:
    """The piece with the lines it may run on to, if that completes a name or a number."""
    whole = wrapped(sheet, piece)
    for count in range(len(piece.slices) + 1, len(whole.slices) + 1):
        longer = Piece(whole.slices[:count])
        if words.ends_like_a_name(longer.text) or longer.text.strip()[-1:].isdigit():
            yield longer
            return


def _range_end(sheet: Sheet, piece: Piece, page: int, weight: float) -> Iterator[FieldValue]:
    dates = find_dates(piece.text)
    if len(dates) == 2:
        yield from offer(sheet, FieldName.DISCHARGED_ON, piece, dates[1], page, weight)


def _diagnoses(sheet: Sheet, row: Row, mark: Mark, page: int) -> Iterator[FieldValue]:
    for start in _widest(candidates(sheet, row, mark)):
        piece = whole_cell(sheet, start)
        found = find_diagnoses(_with_breaks(sheet, piece))
        if found:
            found = with_codes(found, _codes(sheet, row))
            whole = Found(found, 0, len(piece.text), 1.0)
            yield from offer(sheet, FieldName.DIAGNOSES, piece, whole, page, mark.weight)
            return


def _widest(pieces: Iterable[Piece]) -> list[Piece]:
    """Without the pieces that are only the beginning of another."""
    pieces = list(pieces)
    return [
        piece
        for piece in pieces
        if not any(
            len(other.slices) > len(piece.slices)
            and other.slices[: len(piece.slices)] == piece.slices
            for other in pieces
        )
    ]


def _with_breaks(sheet: Sheet, piece: Piece) -> str:
    """Lines that stop short of the margin end a diagnosis; full ones run on."""
    left = min(row.place.left for row in sheet.rows)
    right = max(row.place.right for row in sheet.rows)
    text = ""
    for part in piece.slices:
        full = part.row.place.right - left > _MARGIN * (right - left)
        beside = " ".join(
            code
            for other in sheet.beside(part.row, part.row.place.right, 0.5)
            for code in find_codes(other.text)
            if other.text.strip().startswith(code[:3])
        )
        text += part.text + (f" {beside}" if beside else "") + ("" if full and not beside else "\n")
    return text


def _codes(sheet: Sheet, row: Row) -> list[str]:
    """Codes printed in cells of their own, or after a label for codes."""
    return [
        code
        for other in sheet.rows
        if other.place.top >= row.place.top - row.place.height and _holds_codes(other)
        for code in find_codes(other.text)
    ]


def _holds_codes(row: Row) -> bool:
    if any(mark.label in _CODE_LABELS for mark in row.marks):
        return True
    return "".join(find_codes(row.text)).lower() == "".join(row.text.split()).lower()
