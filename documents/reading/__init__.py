"""Turns scanned papers into text and typed fields, each with its confidence and its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from documents.reading.fields import extract
from documents.reading.page import PageReading, TextLine
from documents.reading.reading_report import plain_value, report

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["PageReading", "TextLine", "extract", "plain_value", "read_page", "report"]


def read_page(image: Image, text_layer: Sequence[TextLine] | None = None) -> PageReading:
    """Read one page, its EXIF orientation already applied; safe to call from several threads.

    `text_layer` are the lines a born-digital page carries, in pixels of `image`; they count where
    the picture says the same.
    """
    # Importing OCR takes half a second, and only a reading worker needs it.
    from documents.reading.scan import read

    return read(image, text_layer)
