"""Opens OFD files: counts pages and draws one, with its lines and what is to be known of it (runs
in the child process)."""

import io
from typing import BinaryIO

from PIL import BmpImagePlugin, Image, ImageOps, TiffImagePlugin  # noqa: F401

from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import Limits
from documents.packets.layer_lines import LayerLine, trusted_lines
from documents.packets.ofd.attached_figures import figures_missing_on
from documents.packets.ofd.canvas import Canvas
from documents.packets.ofd.document import (
    OfdDocument,
    documents_in,
    load_resources,
    page_of,
    page_places,
)
from documents.packets.ofd.fonts import has_chinese
from documents.packets.ofd.numbers import Matrix, box
from documents.packets.ofd.package import Package, child, children
from documents.packets.ofd.signatures import notes_on, signatures_of, signed_value
from documents.packets.page_scale import scale_within
from documents.page_notes import PageNote

# The process that runs this can open no file later on, not even Pillow's own decoders.
Image.preinit()

_MILLIMETRES_PER_INCH = 25.4
_SCAN_SHARE = 0.5
_SEAL_DPI = 300
_FAINT = 8
_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04")


def count_pages(source: BinaryIO, limits: Limits) -> int:
    """How many pages there are, each of them understood once; refused where none can be drawn."""
    if not has_chinese():
        raise Unusable(FileFault.NO_TYPEFACE)
    package, pages = Package(source, limits), 0
    for document in documents_in(package):
        for place in page_places(document, limits):
            page_of(package, document, place)
            pages += 1
    if pages > limits.max_pages:
        raise Unusable(FileFault.FILE_TOO_LONG)
    if not pages:
        raise Unusable(FileFault.NO_PAGES)
    return pages


def draw(
    source: BinaryIO, page: int, dpi: int, limits: Limits
) -> tuple[Image.Image, tuple[LayerLine, ...] | None, list[PageNote]]:
    """One page, counted from 1, in RGB; its text where it can be trusted; and, with the first page
    of a document, what is to be known of the document."""
    package = Package(source, limits)
    document, number = _find(package, page, limits)
    package.read = {document.path}  # from here on only what this page is drawn from
    load_resources(package, document)
    document.signed = signatures_of(package, document)
    canvas = _drawn(package, document, number, dpi, limits)
    is_scan = canvas.pictured > _SCAN_SHARE * canvas.image.width * canvas.image.height
    lines = None if is_scan else trusted_lines(canvas.letters, canvas.image)
    notes = [] if number else notes_on(package, document, limits)
    if not number and figures_missing_on(lines or (), package, document):
        notes.append(PageNote.DATA_DIFFERS)
    return canvas.image, lines, notes


def _find(package: Package, page: int, limits: Limits) -> tuple[OfdDocument, int]:
    """The document that holds this page of the file, and the page's place in it from 0."""
    left = page - 1
    for document in documents_in(package):
        count = len(page_places(document, limits))
        if left < count:
            return document, left
        left -= count
    raise Unusable(FileFault.NO_PAGES)


def _drawn(
    package: Package, document: OfdDocument, number: int, dpi: int, limits: Limits
) -> Canvas:
    page = page_of(package, document, page_places(document, limits)[number])
    left, top, width, height = page.box
    scale = scale_within(width, height, dpi / _MILLIMETRES_PER_INCH, limits)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    around = Matrix(scale, 0, 0, scale, -left * scale, -top * scale)
    canvas = Canvas(Image.new("RGB", size, "white"), package, document, limits)
    for tree in (*page.below, page.tree):
        canvas.draw(tree, around)
    for tree in page.above:
        canvas.draw_appearance(tree, around)
    for spot, data in _seals(package, document, page.id):
        _draw_seal(canvas, data, spot.then(around), limits)
    return canvas


def _seals(package: Package, document: OfdDocument, page_id: str) -> list[tuple[Matrix, bytes]]:
    """Where seals stand on this page, and what holds their pictures."""
    found = []
    for path, tree in document.signed:
        for spot in children(child(tree, "SignedInfo"), "StampAnnot"):
            place = box(spot.get("Boundary"))
            value = signed_value(package, path, tree)
            if place and value and spot.get("PageRef") == page_id:
                found.append((Matrix(place[2], 0, 0, place[3], place[0], place[1]), value))
    return found


def _draw_seal(canvas: Canvas, value: bytes, spot: Matrix, limits: Limits) -> None:
    """The picture lies within the signed value as a file of its own, some as a small OFD."""
    found = min((at for start in _STARTS if (at := value.find(start)) >= 0), default=-1)
    if found < 0:
        return
    picture = value[found:]
    before = canvas.pictured
    if picture.startswith(b"PK"):
        picture = _seal_from_ofd(picture, limits)
    canvas.place_picture(picture, spot)
    canvas.pictured = before


def _seal_from_ofd(data: bytes, limits: Limits) -> bytes:
    """The first page of a seal that is itself an OFD, white let through; empty if it is broken.
    Its own signatures are not read: no seal within a seal."""
    try:
        package = Package(io.BytesIO(data), limits)
        document = documents_in(package)[0]
        load_resources(package, document)
        ink = _drawn(package, document, 0, _SEAL_DPI, limits).image
    except (Unusable, IndexError):
        return b""
    mask = ImageOps.invert(ink.convert("L"))
    ink.putalpha(mask.point(lambda level: 255 if level > _FAINT else 0))
    out = io.BytesIO()
    ink.save(out, "PNG")
    return out.getvalue()
