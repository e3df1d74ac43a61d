"""Reads the diagnoses that stand under a label, over several lines and beside their codes."""

from collections.abc import Iterable, Iterator

from documents.reading.diagnoses import find_codes, find_diagnoses, with_codes
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import FieldName
from documents.reading.found_value import FoundValue
from documents.reading.page_layout import PageRow, PageSheet
from documents.reading.paper_labels import Mark
from documents.reading.spans import Span
from documents.reading.value_places import candidates, whole_cell

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
_MARGIN = 0.8
"""A line that reaches this far across the text may have been wrapped."""


def diagnoses(sheet: PageSheet, row: PageRow, mark: Mark, page: int) -> Iterator[FieldValue]:
    """The list of diagnoses after this label, as one value."""
    for start in _widest(candidates(sheet, row, mark)):
        piece = whole_cell(sheet, start)
        found = find_diagnoses(_with_breaks(sheet, piece))
        if found:
            found = with_codes(found, _codes(sheet, row))
            whole = FoundValue(found, 0, len(piece.text), 1.0)
            yield from offer(sheet, FieldName.DIAGNOSES, piece, whole, page, mark.weight)
            return


def _widest(pieces: Iterable[Span]) -> list[Span]:
    """The pieces, without those that are only the beginning of another piece."""
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


def _with_breaks(sheet: PageSheet, piece: Span) -> str:
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


def _codes(sheet: PageSheet, row: PageRow) -> list[str]:
    """Codes printed in cells of their own, or after a label for codes."""
    return [
        code
        for other in sheet.rows
        if other.place.top >= row.place.top - row.place.height and _holds_codes(other)
        for code in find_codes(other.text)
    ]


def _holds_codes(row: PageRow) -> bool:
    if any(mark.label in _CODE_LABELS for mark in row.marks):
        return True
    return "".join(find_codes(row.text)).lower() == "".join(row.text.split()).lower()
