"""Writes small PDFs byte by byte, so that the same pages always make the same file."""

from dataclasses import dataclass, field
from io import BytesIO

from PIL import ExifTags, Image

HEADER = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


@dataclass
class Pdf:
    """Numbered objects, written out with their table of places."""

    objects: list[bytes] = field(default_factory=list)
    trailer: bytes = b""

    def add(self, body: bytes) -> int:
        self.objects.append(body)
        return len(self.objects)

    def stream(self, entries: bytes, data: bytes) -> int:
        return self.add(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data))

    def written(self, root: int) -> bytes:
        out, places = bytearray(HEADER), []
        for number, body in enumerate(self.objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
            len(places) + 1,
            root,
            self.trailer,
            start,
        )
        return bytes(out)

    def book(self, pages: list[tuple[int, bytes, tuple[float, float]]]) -> int:
        """The catalogue of pages, each given as its content, its resources and its points."""
        tree = len(self.objects) + len(pages) + 1
        leaves = [
            self.add(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.2f %.2f]"
                b" /Resources << %s >> /Contents %d 0 R >>" % (tree, *size, resources, content)
            )
            for content, resources, size in pages
        ]
        kids = b" ".join(b"%d 0 R" % leaf for leaf in leaves)
        self.add(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(leaves)))
        return self.add(b"<< /Type /Catalog /Pages %d 0 R >>" % tree)


def jpeg(page: Image.Image, quality: int, turn_tag: int | None = None) -> bytes:
    out, exif = BytesIO(), Image.Exif()
    if turn_tag:
        exif[ExifTags.Base.Orientation] = turn_tag
    page.convert("RGB").save(
        out, "JPEG", quality=quality, optimize=True, subsampling="4:2:0", exif=exif
    )
    return out.getvalue()


def scanned_pdf(pages: list[Image.Image], quality: int, dots_an_inch: int = 150) -> bytes:
    """A PDF as office scanners make it: one JPEG to a page."""
    pdf, leaves = Pdf(), []
    for page in pages:
        wide, high = page.width * 72 / dots_an_inch, page.height * 72 / dots_an_inch
        entries = (
            b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB"
            b" /BitsPerComponent 8 /Filter /DCTDecode"
        )
        image = pdf.stream(entries % page.size, jpeg(page, quality))
        content = pdf.stream(b"", b"q %.2f 0 0 %.2f 0 0 cm /Im0 Do Q" % (wide, high))
        leaves.append((content, b"/XObject << /Im0 %d 0 R >>" % image, (wide, high)))
    return pdf.written(pdf.book(leaves))
