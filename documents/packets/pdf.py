"""Opens PDF files with PDFium: counts pages and draws one (runs in the child process)."""

from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageFile  # noqa: F401 - `tobytes` asks for it when no file can be opened

from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import Limits
from documents.packets.layer_lines import LayerLine
from documents.packets.page_scale import scale_within
from documents.packets.text_layer import read_text

_POINTS_PER_INCH = 72
_LOCKED = (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)


def count_pages(source: BinaryIO, limits: Limits) -> int:
    """How many pages there are, each of them opened once."""
    with open_pdf(source, limits) as document:
        if len(document) > limits.max_pages:
            raise Unusable(FileFault.FILE_TOO_LONG)
        for number in range(len(document)):
            document[number].close()
        return len(document)


def draw(
    source: BinaryIO, page: int, dpi: int, limits: Limits
) -> tuple[Image.Image, tuple[LayerLine, ...] | None]:
    """One page, counted from 1, in RGB, and its text layer if it can be trusted."""
    with open_pdf(source, limits) as document:
        document.init_forms()  # a form filled in on a computer shows its values only so
        sheet = document[page - 1]
        bitmap = _bitmap_of(sheet, dpi, limits)
        image = bitmap.to_pil().convert("RGB")
        return image, read_text(sheet, bitmap, image)


def pictures(
    source: BinaryIO, first: int, last: int, dpi: int, limits: Limits
) -> Iterator[tuple[int, Image.Image]]:
    """The pages from the first to the last, counted from 1, in RGB; what cannot be drawn is left
    out."""
    with open_pdf(source, limits) as document:
        document.init_forms()
        for number in range(first, last + 1):
            with suppress(pdfium.PdfiumError, Unusable):
                sheet = document[number - 1]
                image = picture_of(sheet, dpi, limits)
                sheet.close()
                yield number, image


def picture_of(sheet: pdfium.PdfPage, dpi: int, limits: Limits) -> Image.Image:
    """The page as it is seen, in RGB."""
    picture: Image.Image = _bitmap_of(sheet, dpi, limits).to_pil().convert("RGB")
    return picture


def _bitmap_of(sheet: pdfium.PdfPage, dpi: int, limits: Limits) -> pdfium.PdfBitmap:
    """The page as it is seen, in this resolution or what the limits allow."""
    width, height = sheet.get_size()
    scale = scale_within(width, height, dpi / _POINTS_PER_INCH, limits)
    return sheet.render(scale=scale, rev_byteorder=True)


def open_pdf(source: BinaryIO, limits: Limits) -> pdfium.PdfDocument:
    """The file; `Unusable` if it is locked or damaged."""
    try:
        return pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        if error.err_code in _LOCKED:
            raise Unusable(FileFault.ENCRYPTED) from error
        fault = (
            FileFault.NO_PAGES if error.err_code == pdfium_c.FPDF_ERR_SUCCESS else FileFault.DAMAGED
        )
        raise Unusable(fault) from error
