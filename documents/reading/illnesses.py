"""Reads the diagnoses that stand under a label, over several lines and beside their codes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from documents.reading.diagnoses import (
    counts_from_one,
    find_codes,
    find_diagnoses,
    is_cut,
    is_parted_by_blanks,
    with_codes,
)
from documents.reading.evidence import FieldValue, offer
from documents.reading.field_names import FieldName
from documents.reading.found_value import FoundValue
from documents.reading.page_layout import PageRow, PageSheet
from documents.reading.paper_labels import Mark
from documents.reading.spans import Slice, Span
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
# A code whose I was misread; 125.10 would be a sum.
_MISREAD_CODE = re.compile(r"[l|][0-9O]{2}\.[xX×0-9O][0-9O]{0,2}|1[0-9O]{2}\.[xX×0-9O][0-9O]{2}")
_MAIN = {"主要诊断", "主诊断", "出院主要诊断", "主要诊断名称"}
_OTHERS = {"其他诊断", "其它诊断", "次要诊断", "出院其他诊断", "出院次要诊断"}
_LAST = {"修正诊断", "更正诊断", "订正诊断", "最后诊断", "最终诊断", "确定诊断"}
_ADDED = {"补充诊断"}
_AT_ADMISSION = {"有", "无", "临床未确定", "情况不明", "1", "2", "3", "4"}
"""What the front page prints behind a diagnosis: whether the patient came with it."""
_UNPARTED = 0.8
"""How well a list is read with a comma or a blank in it that may part two diagnoses or say more of
one, or that does not count from 1."""
_MARGIN = 0.8
"""A line that reaches this far across the text may have been wrapped."""


def diagnoses(sheet: PageSheet, row: PageRow, mark: Mark, page: int) -> Iterator[FieldValue]:
    """The list of diagnoses after this label, as one value."""
    for start in _widest(candidates(sheet, row, mark)):
        piece = whole_cell(sheet, start)
        text = _with_breaks(sheet, piece)
        found = find_diagnoses(text)
        if found:
            found = with_codes(found, _codes(sheet, row))
            is_doubted = any("，" in one.text for one in found) or is_parted_by_blanks(text)
            is_whole = counts_from_one(text) and not is_doubted
            quality = 1.0 if is_whole else _UNPARTED
            whole = FoundValue(found, 0, len(piece.text), quality)
            yield from offer(sheet, FieldName.DIAGNOSES, piece, whole, page, mark.weight)
            return


def with_the_others(told: Sequence[tuple[str, FieldValue]]) -> Iterator[FieldValue]:
    """The values of one page by their labels. The front page of a hospital's record (病案首页)
    gives the main diagnosis and the others apart: they are one list."""
    told = _corrected(told)
    mains = [value for label, value in told if label in _MAIN]
    others = mains[1:] + [value for label, value in told if label in _OTHERS]
    if not mains or not others:
        yield from (value for _, value in told)
        return
    main = mains[0]
    known = {one.text: one for value in (*reversed(others), main) for one in value.diagnoses}
    in_order = dict.fromkeys(one.text for value in (main, *others) for one in value.diagnoses)
    yield replace(main, value=tuple(known[text] for text in in_order))
    yield from (value for _, value in told if value is not main and value not in others)


def _corrected(told: Sequence[tuple[str, FieldValue]]) -> list[tuple[str, FieldValue]]:
    """The values, those doubted that a later diagnosis of the page corrects (修正诊断) or makes
    longer (补充诊断): a person looks at what the page says beside them.
    """
    last = any(label in _LAST for label, _ in told)
    is_added = any(label in _ADDED for label, _ in told)
    return [
        (label, replace(value, confidence=round(value.confidence * _UNPARTED, 4)))
        if (last and label not in _LAST) or (is_added and not last)
        else (label, value)
        for label, value in told
    ]


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
    text = codes = ""
    is_open = False
    for part in piece.slices:
        if part.text.strip() in _AT_ADMISSION or (is_open and _holds_codes(part.row)):
            text += "" if is_open else "\n"
            continue
        full = part.row.place.right - left > _MARGIN * (right - left)
        beside = " ".join(
            code
            for other in sheet.beside(part.row, part.row.place.right, 0.5)
            for code in find_codes(other.text)
            if other.text.strip().startswith(code[:3])
        )
        is_open, codes = is_cut(part.text) and _is_wrapped(part, piece), f"{codes} {beside}".strip()
        if is_open:
            text += part.text.rstrip()
            continue
        # A full line may go on in the next or not: the blank lets the list be read with doubt.
        text += part.text + (f" {codes}" if codes else "") + (" " if full and not codes else "\n")
        codes = ""
    return text


def _is_wrapped(part: Slice, piece: Span) -> bool:
    """Whether a line of the same cell follows that is not longer."""
    place = part.row.place
    return any(
        other.row.place.middle > place.low - 0.5 * place.height
        and other.row.place.left < place.right
        and other.row.place.right < place.right + place.height
        for other in piece.slices
    )


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
    bare = "".join(row.text.split())
    if _MISREAD_CODE.fullmatch(bare):
        return True
    return "".join(find_codes(row.text)).lower() == bare.lower()
