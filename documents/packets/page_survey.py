"""Looks at the pages of a file before they are read, for what intake has to know (runs in the child
process)."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from PIL import Image

from documents.packets import media_types, page_codes
from documents.packets.blank_pages import is_blank
from documents.packets.file_limits import Limits
from documents.packets.page_quality import flaws_of

_DPI = 200


def survey(
    source: BinaryIO, limits: Limits, media_type: str, first: int, last: int
) -> Iterator[dict[str, Any]]:
    """Of each page from the first to the last, counted from 1: the texts of its codes, whether
    nothing stands on it, and what makes it hard to read."""
    for number, image in _drawn(source, limits, media_type, first, last):
        grey = image.convert("L")
        texts = page_codes.texts_on(grey)
        blank = not texts and is_blank(grey)
        flaws = [] if texts or blank else flaws_of(image)
        yield {"page": number, "texts": texts, "blank": blank, "flaws": flaws}


def _drawn(
    source: BinaryIO, limits: Limits, media_type: str, first: int, last: int
) -> Iterator[tuple[int, Image.Image]]:
    if media_type == media_types.PDF:
        from documents.packets import pdf

        yield from pdf.pictures(source, first, last, _DPI, limits)
        return
    from documents.packets import picture

    for number in range(first, last + 1):
        yield number, picture.draw(source, media_type, number, limits)
        source.seek(0)
