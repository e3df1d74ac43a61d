"""Cuts pages out of a PDF, without what the pages around them show (runs in the child process)."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import BinaryIO

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from documents.packets.file_limits import Limits
from documents.packets.pdf import open_pdf, picture_of

# Stand in every file that PDFium writes: the day in the first object, the rest in the last lines.
_WHEN_MADE = re.compile(
    rb"(?<=<</CreationDate\(D:)\d{14}(?=[^)]*\)/Creator\(PDFium\))"
    rb"|(?<=/ID)\[<[0-9A-F]{32}><[0-9A-F]{32}>\](?=>>\r\nstartxref)"
)
# Drawings with resources of their own, of which nobody knows what is used.
_DRAWS_WITHIN = re.compile(rb"/Subtype\s*/Form|/PatternType\s*1|/Subtype\s*/Type3")
_PICTURE_DPI = 200
_JPEG_QUALITY = 85
# The process that runs this can open no file later on, not even Pillow's own encoders.
Image.preinit()


def cut(source: BinaryIO, first: int, last: int, limits: Limits) -> bytes:
    """These pages as a file of their own, the same bytes each time; what is filled into a form is
    part of its page there.

    Pages often share one list of pictures and fonts, which holds those of other people: what a
    page does not draw is left out. Where that cannot be known, its picture takes its place.
    """
    numbers = range(first - 1, last)
    with open_pdf(source, limits) as document:
        document.init_forms()
        for number in numbers:
            pdfium_c.FPDFPage_Flatten(document[number], pdfium_c.FLAT_NORMALDISPLAY)
        part = _drawn_only(document, numbers)
        if _DRAWS_WITHIN.search(part):
            part = _as_pictures(document, numbers, limits)
        return part


def _drawn_only(document: pdfium.PdfDocument, numbers: Sequence[int]) -> bytes:
    """The pages with those pictures and fonts alone that they draw themselves."""
    with pdfium.PdfDocument.new() as pruned, pdfium.PdfDocument.new() as part:
        pruned.import_pages(document, list(numbers))
        for page in pruned:
            while pdfium_c.FPDFPage_GetAnnotCount(page):
                pdfium_c.FPDFPage_RemoveAnnot(page, 0)
            # PDFium looks through the resources of a page only when something is new on it.
            pdfium_c.FPDFPage_InsertObject(page, pdfium_c.FPDFPageObj_CreateNewPath(0, 0))
            page.gen_content()
        # What no page names any more is left behind only by another import.
        part.import_pages(pruned)
        return _saved(part)


def _as_pictures(document: pdfium.PdfDocument, numbers: Sequence[int], limits: Limits) -> bytes:
    with pdfium.PdfDocument.new() as part:
        for number in numbers:
            seen = document[number]
            jpeg = BytesIO()
            drawn = picture_of(seen, _PICTURE_DPI, limits)
            drawn.save(jpeg, "JPEG", quality=_JPEG_QUALITY)
            picture = pdfium.PdfImage.new(part)
            picture.load_jpeg(jpeg, inline=True)
            picture.set_matrix(pdfium.PdfMatrix().scale(*seen.get_size()))
            page = part.new_page(*seen.get_size())
            page.insert_obj(picture)
            page.gen_content()
        return _saved(part)


def _saved(part: pdfium.PdfDocument) -> bytes:
    out = BytesIO()
    part.save(out)
    return _WHEN_MADE.sub(_blanked, out.getvalue())


def _blanked(found: re.Match[bytes]) -> bytes:
    return re.sub(rb"[0-9A-F]", b"0", found[0])
