"""Renders one page of a stored file: as a picture for the reader, with its text, or as a JPEG."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from documents.packets.confined_child import as_file, ask
from documents.packets.file_limits import Limits
from documents.page_notes import PageNote

if TYPE_CHECKING:
    from documents.boxes import Box
    from documents.packets.layer_lines import LayerLine
    from documents.reading.page import TextLine

READING_DPI = 200
_JPEG_QUALITY = 82
_TURNS = {
    90: Image.Transpose.ROTATE_270,  # Pillow turns against the clock
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class PageImage:
    """One page in RGB with its EXIF orientation applied."""

    image: Image.Image
    text_layer: tuple[TextLine, ...] | None
    """The lines of a born-digital page, in pixels of the image; None: only the picture counts."""
    notes: tuple[PageNote, ...] = ()


@dataclass(frozen=True)
class PageCount:
    """How many pages a file has; and, of a picture, how many pixels the longest side has."""

    pages: int
    side: int | None


def page_count(data: bytes, media_type: str, limits: Limits) -> PageCount:
    """What the file has; Unfit if it cannot be used, Transient if the child could not run."""
    with as_file(data) as file, ask("count", file, limits, media_type=media_type) as answer:
        words = answer.words()
        return PageCount(int(words["pages"]), words.get("side"))


def render(
    data: bytes, media_type: str, page_number: int, limits: Limits, dpi: int = READING_DPI
) -> PageImage:
    """Draw one page, counted from 1; a PDF at this resolution or what the limits allow."""
    question = {"media_type": media_type, "page": page_number, "dpi": dpi}
    with as_file(data) as file, ask("draw", file, limits, **question) as answer:
        words = answer.words()
        size = int(words["width"]), int(words["height"])
        image = Image.frombytes("RGB", size, answer.bytes(size[0] * size[1] * 3))
    return PageImage(image, _lines(words["lines"]), tuple(map(PageNote, words["notes"])))


def as_jpeg(image: Image.Image, max_side: int, rotation: int = 0, part: Box | None = None) -> bytes:
    """A JPEG for the screen, no side longer than this, turned clockwise by 0, 90, 180 or 270.

    `part` is what to cut out of the page after it was turned, in its pixels.
    """
    small = image.transpose(_TURNS[rotation]) if rotation else image.copy()
    if part:
        small = small.crop(part)
    small.thumbnail((max_side, max_side))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return out.getvalue()


def _lines(lines: list[LayerLine] | None) -> tuple[TextLine, ...] | None:
    if lines is None:
        return None
    # Not at the top: it imports the whole reader, which most callers do not need.
    from documents.reading.page import TextLine

    return tuple(TextLine(text, 1.0, (box[0], box[1], box[2], box[3])) for text, box in lines)
