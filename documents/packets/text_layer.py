"""Reads the text layer of a PDF, in pixels of its picture, if it can be trusted."""

from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from documents.boxes import Box
from documents.packets.layer_lines import MOST_LETTERS, LayerLine, trusted_lines

_SCAN_SHARE = 0.5


def read_text(
    page: pdfium.PdfPage, bitmap: pdfium.PdfBitmap, image: Image.Image
) -> tuple[LayerLine, ...] | None:
    """The lines of a born-digital page, or None if only the picture may count.

    None for text hidden under a scan, and for letters that are invisible or have no meaning:
    such a paper could show one thing to people and another to the program.
    """
    if _is_scan(page):
        return None
    text = page.get_textpage()
    if text.count_chars() > MOST_LETTERS:
        return None
    return trusted_lines(_letters(text, bitmap.get_posconv(page)), image)


def _is_scan(page: pdfium.PdfPage) -> bool:
    width, height = page.get_size()
    images = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])
    covered = sum(_area(*image.get_bounds()) for image in images)
    return bool(covered > _SCAN_SHARE * width * height)


def _letters(text: pdfium.PdfTextPage, position: pdfium.PdfPosConv) -> Iterator[LayerLine]:
    """Each letter with its box; a rare one may come as two halves with the same box."""
    for index in range(text.count_chars()):
        letter = chr(pdfium_c.FPDFText_GetUnicode(text, index))
        if (letter.isprintable() and letter != " ") or "\ud800" <= letter <= "\udfff":
            left, bottom, right, top = text.get_charbox(index, loose=True)
            yield letter, _box(position.to_bitmap(left, top), position.to_bitmap(right, bottom))


def _box(one: tuple[int, int], other: tuple[int, int]) -> Box:
    (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return x0, y0, x1, y1


def _area(left: float, bottom: float, right: float, top: float) -> float:
    return abs(right - left) * abs(top - bottom)
