"""Draws the objects of an OFD page, and keeps where its letters stand."""

import io
from dataclasses import dataclass, field

from lxml import etree
from PIL import Image, ImageChops, ImageDraw

from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import Limits
from documents.packets.layer_lines import LayerLine
from documents.packets.ofd.colours import BLACK, Rgb, colour_of
from documents.packets.ofd.document import OfdDocument
from documents.packets.ofd.fonts import font, has_chinese
from documents.packets.ofd.letters import PlacedLetter, letters_of, size_of
from documents.packets.ofd.numbers import Matrix, box, matrix, number
from documents.packets.ofd.package import Package, child, name_of, words_of
from documents.packets.ofd.paths import lines_of

_MOST_OBJECTS = 50_000
_MOST_NESTED = 8
_MOST_FONT_PIXELS = 1000
_ASCENT, _DESCENT = 0.88, 0.12
"""How far a letter reaches above and below its base line, in sizes."""
_USUAL_LINE = 0.353
PICTURES = ("PNG", "JPEG", "BMP", "GIF", "TIFF")


@dataclass
class Canvas:
    """A page in pixels, what was drawn on it so far, and the letters among it."""

    image: Image.Image
    package: Package
    document: OfdDocument
    limits: Limits
    letters: list[LayerLine] = field(default_factory=list)
    pictured: float = 0.0
    """How many pixels of the page lie under pictures."""
    objects: int = 0

    def draw(self, tree: "etree._Element", around: Matrix, depth: int = 0) -> None:
        """Draw every object below this element."""
        if depth > _MOST_NESTED:
            raise Unusable(FileFault.OVERBLOWN)
        for element in tree:
            self.objects += 1
            if self.objects > _MOST_OBJECTS:
                raise Unusable(FileFault.OVERBLOWN)
            match name_of(element):
                case "TextObject":
                    self._text(element, around)
                case "PathObject":
                    self._path(element, around)
                case "ImageObject":
                    self._picture(element, around)
                case "CompositeObject":
                    self._unit(element, around, depth)
                case "Content" | "Layer" | "PageBlock":
                    self.draw(element, around, depth + 1)

    def draw_appearance(self, look: "etree._Element", around: Matrix) -> None:
        """Draw a remark or stamp, which lies at a place of its own."""
        self.draw(look, _placed(look, around))

    def place_picture(self, data: bytes, spot: Matrix) -> None:
        """Draw a picture; `spot` says where its unit square comes to lie. One that cannot be
        opened is left out."""
        try:
            opened = Image.open(io.BytesIO(data), formats=PICTURES)
            if opened.width * opened.height > self.limits.max_pixels:
                raise Unusable(FileFault.TOO_MANY_PIXELS)
            picture = opened.convert("RGBA")
        except (OSError, ValueError, SyntaxError):
            return
        left, top, right, low = self._reach([spot.at(x, y) for x in (0, 1) for y in (0, 1)])
        if left >= right or top >= low:
            return
        self.pictured += (right - left) * (low - top)
        size = right - left, low - top
        back = _inverse(
            Matrix(1 / picture.width, 0, 0, 1 / picture.height)
            .then(spot)
            .then(Matrix(e=-left, f=-top))
        )
        if back is None:
            return
        part = picture.transform(size, Image.Transform.AFFINE, back, Image.Resampling.BILINEAR)
        self.image.paste(part, (left, top), part)

    def _text(self, text: "etree._Element", around: Matrix) -> None:
        colour = None
        if text.get("Fill") != "false":
            colour = colour_of(child(text, "FillColor"), self._pen(text, "FillColor", BLACK))
        spot = matrix(text.get("CTM")).then(_placed(text, around))
        pixels = round(size_of(text) * spot.heightening)
        if not 1 <= pixels <= _MOST_FONT_PIXELS:
            return
        name = self.document.fonts.get(text.get("Font", ""), "")
        for letter in letters_of(text):
            self._letter(letter, name, pixels, spot, colour)

    def _letter(
        self, letter: PlacedLetter, name: str, pixels: int, spot: Matrix, colour: Rgb | None
    ) -> None:
        x, y = spot.at(letter.x, letter.y)
        if not self._shows(x, y, pixels):
            return
        size = pixels / (spot.heightening or 1)
        corners = [
            spot.at(letter.x + across, letter.y + down * size)
            for across in (0, letter.step)
            for down in (-_ASCENT, _DESCENT)
        ]
        self.letters.append((letter.sign, _ints(corners)))
        if colour is None:
            return
        if not has_chinese():
            raise Unusable(FileFault.NO_TYPEFACE)
        face = font(name, pixels)
        if spot.is_upright:
            pen = ImageDraw.Draw(self.image)
            pen.text((x, y), letter.sign, fill=colour, font=face, anchor="ls")
            return
        stamp = Image.new("L", (2 * pixels, 2 * pixels), 0)
        ImageDraw.Draw(stamp).text((0, 1.5 * pixels), letter.sign, fill=255, font=face, anchor="ls")
        scaled = Matrix(size / pixels, 0, 0, size / pixels, letter.x, letter.y - 1.5 * size)
        self._stamp(stamp, scaled.then(spot), colour)

    def _shows(self, x: float, y: float, room: int) -> bool:
        """Whether the point lies on the page, or beside it by no more than this."""
        wide, high = self.image.size
        return -room < x < wide + room and -room < y < high + 2 * room

    def _stamp(self, mask: Image.Image, spot: Matrix, colour: Rgb) -> None:
        """Draw a mask of ink whose pixels come to lie where the matrix says."""
        wide, high = mask.size
        left, top, right, low = self._reach([spot.at(x, y) for x in (0, wide) for y in (0, high)])
        back = _inverse(spot.then(Matrix(e=-left, f=-top)))
        if left < right and top < low and back is not None:
            size = right - left, low - top
            ink = mask.transform(size, Image.Transform.AFFINE, back, Image.Resampling.BILINEAR)
            self.image.paste(colour, (left, top), ink)

    def _path(self, path: "etree._Element", around: Matrix) -> None:
        spot = matrix(path.get("CTM")).then(_placed(path, around))
        lines = [
            [spot.at(x, y) for x, y in line] for line in lines_of(words_of(path, "AbbreviatedData"))
        ]
        if path.get("Fill") == "true":
            colour = colour_of(child(path, "FillColor"), self._pen(path, "FillColor", BLACK))
            if colour is not None:
                self._fill([line for line in lines if len(line) > 2], colour)
        if path.get("Stroke") != "false":
            colour = colour_of(child(path, "StrokeColor"), self._pen(path, "StrokeColor", BLACK))
            width = round(number(path.get("LineWidth"), _USUAL_LINE) * spot.heightening)
            for line in lines if colour is not None else ():
                ImageDraw.Draw(self.image).line(line, fill=colour, width=min(max(width, 1), 200))

    def _fill(self, lines: list[list[tuple[float, float]]], colour: Rgb) -> None:
        """What lies in an even number of the lines is a hole."""
        left, top, right, low = self._reach([point for line in lines for point in line])
        if left >= right or top >= low:
            return
        ink = Image.new("1", (right - left, low - top))
        for line in lines:
            one = Image.new("1", ink.size)
            ImageDraw.Draw(one).polygon([(x - left, y - top) for x, y in line], fill=1)
            ink = ImageChops.logical_xor(ink, one)
        self.image.paste(colour, (left, top), ink)

    def _picture(self, element: "etree._Element", around: Matrix) -> None:
        path = self.document.pictures.get(element.get("ResourceID", ""))
        data = self.package.part(path) if path else None
        if data:
            self.place_picture(data, matrix(element.get("CTM")).then(_placed(element, around)))

    def _unit(self, element: "etree._Element", around: Matrix, depth: int) -> None:
        unit = self.document.units.get(element.get("ResourceID", ""))
        if unit is not None:
            spot = matrix(element.get("CTM")).then(_placed(element, around))
            self.draw(unit, spot, depth + 1)

    def _pen(self, element: "etree._Element", name: str, otherwise: Rgb) -> Rgb | None:
        """What the drawing parameters that the object or its layer names say of this colour."""
        owner = element.getparent()
        pens = [element.get("DrawParam"), owner.get("DrawParam") if owner is not None else None]
        for pen in pens:
            for _step in range(_MOST_NESTED):
                entry = self.document.pens.get(pen or "")
                if entry is None:
                    break
                if (said := child(entry, name)) is not None:
                    return colour_of(said, otherwise)
                pen = entry.get("Relative")
        return otherwise

    def _reach(self, points: list[tuple[float, float]]) -> tuple[int, int, int, int]:
        """The part of the page that holds the points."""
        if not points:
            return 0, 0, 0, 0
        left, top, right, low = _ints(points)
        return (
            max(left, 0),
            max(top, 0),
            min(right + 1, self.image.width),
            min(low + 1, self.image.height),
        )


def _placed(element: "etree._Element", around: Matrix) -> Matrix:
    """From the coordinates inside the object's boundary to pixels."""
    left, top, _width, _height = box(element.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
    return Matrix(e=left, f=top).then(around)


def _ints(points: list[tuple[float, float]]) -> tuple[int, int, int, int]:
    across, down = [x for x, _y in points], [y for _x, y in points]
    return round(min(across)), round(min(down)), round(max(across)), round(max(down))


def _inverse(forth: Matrix) -> tuple[float, float, float, float, float, float] | None:
    """The way back, as Pillow wants it; None where all of it falls on one line."""
    area = forth.a * forth.d - forth.b * forth.c
    if abs(area) < 1e-12:
        return None
    a, b = forth.d / area, -forth.c / area
    d, e = -forth.b / area, forth.a / area
    return a, b, -(a * forth.e + b * forth.f), d, e, -(d * forth.e + e * forth.f)
