"""Reads the text layer of a PDF, in pixels of its picture, if it can be trusted."""

from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from documents.boxes import Box, around

LayerLine = tuple[str, Box]

_FEWEST_LETTERS = 12
_MOST_LETTERS = 20_000
_SHORTEST_LINES = 2
_MOST_STRANGE = 0.05
_SCAN_SHARE = 0.5
_LEAST_CONTRAST = 40


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
    if not _FEWEST_LETTERS <= text.count_chars() <= _MOST_LETTERS:
        return None
    lines = _lines(_letters(text, bitmap.get_posconv(page)))
    grey = image.convert("L")
    plausible = _reads_well(lines) and all(_has_ink(grey, box) for _text, box in lines)
    return tuple(lines) if plausible else None


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


def _lines(letters: Iterator[LayerLine]) -> list[LayerLine]:
    """Letters that follow one another on one line, as an eye would join them."""
    lines: list[LayerLine] = []
    for letter, box in letters:
        if lines and (joint := _joint(lines[-1][1], box)) is not None:
            before, start = lines.pop()
            lines.append((f"{before}{joint}{letter}", around(start, box)))
        else:
            lines.append((letter, box))
    return [(_whole(text), box) for text, box in lines]


def _joint(line: Box, letter: Box) -> str | None:
    """What stands between the line and its next letter; None if the letter begins another line."""
    height = min(line[3] - line[1], letter[3] - letter[1])
    shared = min(line[3], letter[3]) - max(line[1], letter[1])
    gap = letter[0] - line[2]
    if shared <= 0.5 * height or not -0.5 * height < gap < 0.35 * height:
        return None
    return " " if gap > 0.12 * height else ""


def _whole(text: str) -> str:
    """Join the halves of letters beyond the first 65,536, such as 𠮷 in a name."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _reads_well(lines: list[LayerLine]) -> bool:
    letters = "".join(text for text, _box in lines)
    strange = sum(letter == "�" or "\ue000" <= letter <= "\uf8ff" for letter in letters)
    # Lines of single letters mean that the text runs in another direction than the page.
    return strange <= _MOST_STRANGE * len(letters) and len(letters) >= _SHORTEST_LINES * len(lines)


def _has_ink(grey: Image.Image, box: Box) -> bool:
    inside = (max(box[0], 0), max(box[1], 0), min(box[2], grey.width), min(box[3], grey.height))
    if inside[0] >= inside[2] or inside[1] >= inside[3]:
        return False
    darkest, lightest = grey.crop(inside).getextrema()
    return float(lightest) - float(darkest) >= _LEAST_CONTRAST  # type: ignore[arg-type]


def _box(one: tuple[int, int], other: tuple[int, int]) -> Box:
    (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return x0, y0, x1, y1


def _area(left: float, bottom: float, right: float, top: float) -> float:
    return abs(right - left) * abs(top - bottom)
