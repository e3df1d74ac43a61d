"""Turns a sheet into a PDF of real text, as offices print to file.

Its letters travel inside as small pictures (a Type 3 font) with a table back to Unicode, so that
the file is small, needs no font where it is opened, and its text can be extracted.
"""

import zlib
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from samples.fonts import Face, font
from samples.pdf import Pdf
from samples.sheet import Sheet

POINTS = 72 / 150
EM = 96
BASE = 100  # the base line, in a glyph's picture of this many rows and a few more below it
HIGH = 128
ROOM = 200  # letters to one font; codes are single bytes


@dataclass
class Letters:
    """The letters of one face in order of use; the place of a letter says its font and code."""

    face: Face
    known: list[str] = field(default_factory=list)

    def code(self, letter: str) -> tuple[int, int]:
        if letter not in self.known:
            self.known.append(letter)
        return divmod(self.known.index(letter), ROOM)


def text_pdf(sheet: Sheet) -> bytes:
    pdf, faces = Pdf(), dict[Face, Letters]()
    drawing = _lines(sheet) + _text(sheet, faces) + _stamps(sheet)
    content = _packed(pdf, b"", drawing)
    fonts = b" ".join(
        b"/%s %d 0 R" % (_name(face, part), _font(pdf, letters, part))
        for face, letters in faces.items()
        for part in range((len(letters.known) - 1) // ROOM + 1)
    )
    images = b" ".join(
        b"/S%d %d 0 R" % (place, _stamp(pdf, ink)) for place, (_, _, ink) in enumerate(sheet.stamps)
    )
    resources = b"/Font << %s >> /XObject << %s >>" % (fonts, images)
    size = (sheet.width * POINTS, sheet.height * POINTS)
    return pdf.written(pdf.book([(content, resources, size)]))


def _packed(pdf: Pdf, entries: bytes, data: bytes) -> int:
    return pdf.stream(entries + b" /Filter /FlateDecode", zlib.compress(data, 9))


def _lines(sheet: Sheet) -> bytes:
    out = b"0.8 w\n"
    for x0, y0, x1, y1 in sheet.strokes:
        ends = (
            x0 * POINTS,
            (sheet.height - y0) * POINTS,
            x1 * POINTS,
            (sheet.height - y1) * POINTS,
        )
        out += b"%.1f %.1f m %.1f %.1f l S\n" % ends
    return out


def _text(sheet: Sheet, faces: dict[Face, Letters]) -> bytes:
    out = b"BT\n"
    for line in sheet.printed:
        letters = faces.setdefault(line.face, Letters(line.face))
        out += b"%.2f %.2f %.2f rg " % tuple(part / 255 for part in line.fill)
        out += b"1 0 0 1 %.2f %.2f Tm\n" % (line.x * POINTS, (sheet.height - line.y) * POINTS)
        for letter in line.words:
            part, code = letters.code(letter)
            out += b"/%s %.2f Tf <%02x> Tj " % (_name(line.face, part), line.size * POINTS, code)
        out += b"\n"
    return out + b"ET\n"


def _name(face: Face, part: int) -> bytes:
    return f"{face}{part}".encode()


def _stamps(sheet: Sheet) -> bytes:
    out = b""
    for place, (x, y, ink) in enumerate(sheet.stamps):
        box = (
            ink.width * POINTS,
            ink.height * POINTS,
            x * POINTS,
            (sheet.height - y - ink.height) * POINTS,
        )
        out += b"q %.2f 0 0 %.2f %.2f %.2f cm /S%d Do Q\n" % (*box, place)
    return out


def _stamp(pdf: Pdf, ink: Image.Image) -> int:
    """A red picture whose strength is a mask."""
    sizes = b"/Type /XObject /Subtype /Image /BitsPerComponent 8 /Width %d /Height %d" % ink.size
    mask = _packed(pdf, sizes + b" /ColorSpace /DeviceGray", ink.tobytes())
    red = bytes((205, 30, 35)) * (ink.width * ink.height)
    return _packed(pdf, sizes + b" /ColorSpace /DeviceRGB /SMask %d 0 R" % mask, red)


def _font(pdf: Pdf, letters: Letters, part: int) -> int:
    known = letters.known[part * ROOM : (part + 1) * ROOM]
    widths = [font(letters.face, EM).getlength(letter) * 1000 / EM for letter in known]
    names = [b"g%d" % code for code in range(len(known))]
    glyphs = [_packed(pdf, b"", _glyph(letters.face, letter)) for letter in known]
    procedures = b" ".join(b"/%s %d 0 R" % pair for pair in zip(names, glyphs, strict=True))
    return pdf.add(
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 -300 1000 1050]"
        b" /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << %s >>"
        b" /Encoding << /Type /Encoding /Differences [0 %s] >> /FirstChar 0 /LastChar %d"
        b" /Widths [%s] /Resources << >> /ToUnicode %d 0 R >>"
        % (
            procedures,
            b" ".join(b"/" + name for name in names),
            len(known) - 1,
            b" ".join(b"%.0f" % width for width in widths),
            _packed(pdf, b"", _to_unicode(known)),
        )
    )


def _glyph(face: Face, letter: str) -> bytes:
    """A letter as a one-bit mask: black paints."""
    letters = font(face, EM)
    wide = max(int(letters.getlength(letter)) + 1, 8)
    mask = Image.new("1", (wide, HIGH), 1)
    ImageDraw.Draw(mask).text((0, BASE), letter, font=letters, fill=0, anchor="ls")
    unit = 1000 / EM
    low = -(HIGH - BASE) * unit
    return (
        b"%.0f 0 0 %.0f %.0f %.0f d1 q %.1f 0 0 %.1f 0 %.1f cm"
        b" BI /W %d /H %d /IM true /BPC 1 /F /AHx ID %s> EI Q"
        % (
            letters.getlength(letter) * unit,
            low,
            wide * unit,
            BASE * unit,
            wide * unit,
            HIGH * unit,
            low,
            wide,
            HIGH,
            mask.tobytes().hex().encode(),
        )
    )


def _to_unicode(known: list[str]) -> bytes:
    pairs = [
        f"<{code:02x}> <{letter.encode('utf-16-be').hex()}>" for code, letter in enumerate(known)
    ]
    blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Letters def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{body}\nendcmap end end\n"
    ).encode()
