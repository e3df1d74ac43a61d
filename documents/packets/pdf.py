"""Opens PDF files with PDFium: counts pages and draws one (runs in the child process)."""

import re
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
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
# Stand in every file that PDFium writes: the day in the first object, the rest in the last lines.
_WHEN_MADE = re.compile(
    rb"(?<=<</CreationDate\(D:)\d{14}(?=[^)]*\)/Creator\(PDFium\))"
    rb"|(?<=/ID)\[<[0-9A-F]{32}><[0-9A-F]{32}>\](?=>>\r\nstartxref)"
)
_LOCKED = (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)


def count_pages(source: BinaryIO, limits: Limits) -> int:
    """How many pages there are, each of them opened once."""
    with _open(source, limits) as document:
        if len(document) > limits.max_pages:
            raise Unusable(FileFault.FILE_TOO_LONG)
        for number in range(len(document)):
            document[number].close()
        return len(document)


def draw(
    source: BinaryIO, page: int, dpi: int, limits: Limits
) -> tuple[Image.Image, tuple[LayerLine, ...] | None]:
    """One page, counted from 1, in RGB, and its text layer if it can be trusted."""
    with _open(source, limits) as document:
        document.init_forms()  # a form filled in on a computer shows its values only so
        sheet = document[page - 1]
        width, height = sheet.get_size()
        scale = scale_within(width, height, dpi / _POINTS_PER_INCH, limits)
        bitmap = sheet.render(scale=scale, rev_byteorder=True)
        image = bitmap.to_pil().convert("RGB")
        return image, read_text(sheet, bitmap, image)


def pictures(
    source: BinaryIO, first: int, last: int, dpi: int, limits: Limits
) -> Iterator[tuple[int, Image.Image]]:
    """The pages from the first to the last, counted from 1, in RGB; what cannot be drawn is left
    out."""
    with _open(source, limits) as document:
        document.init_forms()
        for number in range(first, last + 1):
            with suppress(pdfium.PdfiumError, Unusable):
                sheet = document[number - 1]
                width, height = sheet.get_size()
                scale = scale_within(width, height, dpi / _POINTS_PER_INCH, limits)
                image = sheet.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
                sheet.close()
                yield number, image


def cut(source: BinaryIO, first: int, last: int, limits: Limits) -> bytes:
    """These pages as a file of their own, the same bytes each time; what is filled into a form is
    part of its page there."""
    with _open(source, limits) as document, pdfium.PdfDocument.new() as part:
        document.init_forms()
        numbers = range(first - 1, last)
        for number in numbers:
            pdfium_c.FPDFPage_Flatten(document[number], pdfium_c.FLAT_NORMALDISPLAY)
        part.import_pages(document, list(numbers))
        out = BytesIO()
        part.save(out)
        return _WHEN_MADE.sub(_blanked, out.getvalue())


def _blanked(found: re.Match[bytes]) -> bytes:
    return re.sub(rb"[0-9A-F]", b"0", found[0])


def _open(source: BinaryIO, limits: Limits) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        if error.err_code in _LOCKED:
            raise Unusable(FileFault.ENCRYPTED) from error
        fault = (
            FileFault.NO_PAGES if error.err_code == pdfium_c.FPDF_ERR_SUCCESS else FileFault.DAMAGED
        )
        raise Unusable(fault) from error
