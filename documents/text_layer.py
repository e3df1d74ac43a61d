"""Reads the text a PDF carries about itself, in pixels of its picture, where it can be believed."""

from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""
TextLine = tuple[str, Box]

_FEWEST_CHARACTERS = 12
_MOST_UNMAPPED = 0.05
_SCAN_SHARE = 0.5
_UNMAPPED = "�￾￿"


def read_text(page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap) -> tuple[TextLine, ...] | None:
    """The lines of a born-digital page, or None where only what is seen may count.

    A scan with text hidden under it, invisible letters or letters without a meaning would let a
    paper say one thing to the eye and another to the program.
    """
    if _is_scan(page) or _hides_text(page):
        return None
    text = page.get_textpage()
    lines = _joined(_pieces(text, bitmap.get_posconv(page)))
    letters = "".join(line for line, _box in lines)
    if len(letters) < _FEWEST_CHARACTERS or _unmapped(letters) > _MOST_UNMAPPED:
        return None
    return tuple(lines)


def _is_scan(page: pdfium.PdfPage) -> bool:
    width, height = page.get_size()
    images = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])
    covered = sum(_area(*image.get_bounds()) for image in images)
    return bool(covered > _SCAN_SHARE * width * height)


def _hides_text(page: pdfium.PdfPage) -> bool:
    texts = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT])
    return any(
        pdfium_c.FPDFTextObj_GetTextRenderMode(text) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
        for text in texts
    )


def _pieces(text: pdfium.PdfTextPage, position: pdfium.PdfPosConv) -> Iterator[TextLine]:
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        words = text.get_text_bounded(left, bottom, right, top).strip()
        if words:
            corners = position.to_bitmap(left, top), position.to_bitmap(right, bottom)
            yield " ".join(words.split()), _box(*corners)


def _joined(pieces: Iterator[TextLine]) -> list[TextLine]:
    """Pieces that follow one another on one line are one line, as an eye would read them."""
    lines: list[TextLine] = []
    for words, box in pieces:
        if lines and _continues(lines[-1][1], box):
            before, start = lines.pop()
            words, box = before + words, _around(start, box)
        lines.append((words, box))
    return lines


def _continues(before: Box, after: Box) -> bool:
    height = min(before[3] - before[1], after[3] - after[1])
    shared = min(before[3], after[3]) - max(before[1], after[1])
    gap = after[0] - before[2]
    return shared > 0.6 * height and -0.3 * height < gap < 0.6 * height


def _around(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )


def _box(one: tuple[int, int], other: tuple[int, int]) -> Box:
    (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return x0, y0, x1, y1


def _area(left: float, bottom: float, right: float, top: float) -> float:
    return abs(right - left) * abs(top - bottom)


def _unmapped(letters: str) -> float:
    strange = sum(letter in _UNMAPPED or "\ue000" <= letter <= "\uf8ff" for letter in letters)
    return strange / len(letters)
