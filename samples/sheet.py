"""A sheet of paper to print on: text, boxes, rows, handwriting and stamps."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import Literal

from PIL import Image, ImageDraw

from samples.fonts import Face, font, holds

A4 = (1240, 1754)  # at 150 dots an inch
Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (20, 20, 20)
INK: Colour = (25, 35, 95)
RED: Colour = (205, 30, 35)
GREY: Colour = (150, 150, 150)


@dataclass(frozen=True)
class FormBox:
    """One cell of a row: its share of the width, what is printed in it, and how."""

    share: float
    text: str = ""
    face: Face | None = None
    align: Literal["left", "centre"] = "centre"
    by_hand: bool = False
    # Each character in a small box of its own, as forms ask for numbers.
    apart: bool = False


@dataclass(frozen=True)
class Printed:
    """A printed line, kept for papers written as text PDF: left end and base line."""

    x: float
    y: float
    words: str
    size: int
    face: Face
    fill: Colour


class Sheet:
    def __init__(
        self, size: tuple[int, int] = A4, ground: Colour = WHITE, face: Face = "song"
    ) -> None:
        self.image = Image.new("RGB", size, ground)
        self.draw = ImageDraw.Draw(self.image)
        self.face: Face = face
        self.pen: Face = "kai"
        self.width, self.height = size
        self.printed: list[Printed] = []
        self.strokes: list[tuple[float, float, float, float]] = []
        self.stamps: list[tuple[int, int, Image.Image]] = []

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: int = 24,
        face: Face | None = None,
        fill: Colour = BLACK,
        anchor: str = "la",
    ) -> int:
        """Print one line; returns its right edge, where the next words can begin."""
        runs = list(_runs(words, face or self.face))
        long = sum(font(face, size).getlength(part) for face, part in runs)
        left = x - {"l": 0, "m": 0.5, "r": 1}[anchor[0]] * long
        base = y + font(face or self.face, size).getmetrics()[0]
        for own, part in runs:
            letters = font(own, size)
            top = base - letters.getmetrics()[0]
            self.draw.text((left, top), part, font=letters, fill=fill)
            self.printed.append(Printed(left, base, part, size, own, fill))
            left += letters.getlength(part)
        return int(left)

    def title(
        self, y: int, words: str, size: int = 44, face: Face | None = None, fill: Colour = BLACK
    ) -> None:
        self.text(self.width / 2, y, words, size, face, fill, "ma")

    def spaced(
        self,
        x: float,
        y: float,
        words: str,
        size: int,
        gap: float,
        face: Face | None = None,
        fill: Colour = BLACK,
    ) -> None:
        letters = font(face or self.face, size)
        for letter in words:
            self.text(x, y, letter, size, face, fill)
            x += letters.getlength(letter) + gap

    def by_hand(
        self, x: float, y: float, words: str, size: int, rng: Random, fill: Colour = INK
    ) -> None:
        """Write as with a pen: a brush-like typeface with uneven letters."""
        for letter in words:
            drawn = size + rng.randrange(-2, 3)
            self.text(x, y + rng.uniform(-2.5, 2.5), letter, drawn, self.pen, fill)
            x += font(self.pen, drawn).getlength(letter) + rng.uniform(-0.5, 2.0)

    def wrap(self, words: str, size: int, width: float, face: Face | None = None) -> list[str]:
        letters = font(face or self.face, size)
        lines = [""]
        for letter in words:
            if letter == "\n" or letters.getlength(lines[-1] + letter) > width:
                lines.append("")
            if letter != "\n":
                lines[-1] += letter
        return lines

    def paragraph(
        self,
        x: int,
        y: int,
        width: float,
        words: str,
        size: int = 24,
        face: Face | None = None,
        leading: float = 1.55,
    ) -> int:
        """Print words in lines of this width; returns the next free y."""
        for line in self.wrap(words, size, width, face):
            self.text(x, y, line, size, face)
            y += int(size * leading)
        return y

    def rule(
        self, y: int, x0: int = 90, x1: int | None = None, width: int = 2, fill: Colour = BLACK
    ) -> None:
        x1 = x1 or self.width - x0
        self.draw.line((x0, y, x1, y), fill=fill, width=width)
        self.strokes.append((x0, y, x1, y))

    def frame(
        self, x0: float, y0: float, x1: float, y1: float, width: int = 2, fill: Colour = BLACK
    ) -> None:
        self.draw.rectangle((x0, y0, x1, y1), outline=fill, width=width)
        corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        self.strokes += [(*a, *b) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]

    def stamp(self, x: int, y: int, strength: Image.Image) -> None:
        """Print red ink; it is as strong at each point as the picture is bright there."""
        self.image.paste(Image.new("RGB", strength.size, RED), (x, y), strength)
        self.stamps.append((x, y, strength))

    def row(
        self,
        y: int,
        height: int,
        boxes: list[FormBox],
        size: int = 24,
        x: int = 90,
        width: int | None = None,
        line: int = 2,
        rng: Random | None = None,
        ink: Colour = BLACK,
    ) -> int:
        """Draw one row of a table; returns the y under it."""
        width = width or self.width - 2 * x
        whole = sum(box.share for box in boxes)
        left = float(x)
        for box in boxes:
            right = left + width * box.share / whole
            if line:
                self.frame(left, y, right, y + height, line, ink)
            self._fill(box, (left, y, right, y + height), size, rng)
            left = right
        return y + height

    def _fill(
        self,
        box: FormBox,
        frame: tuple[float, float, float, float],
        size: int,
        rng: Random | None,
    ) -> None:
        x0, y0, x1, y1 = frame
        if box.apart:
            self._fill_apart(box, frame, size)
            return
        lines = self.wrap(
            box.text, size + 6 * box.by_hand, x1 - x0 - 16, self.pen if box.by_hand else box.face
        )
        step = int(size * 1.35)
        top = y0 + (y1 - y0 - step * len(lines)) / 2 + (step - size) / 2
        for line in lines:
            wide = font(box.face or self.face, size).getlength(line)
            left = x0 + 10 if box.align == "left" else (x0 + x1 - wide) / 2
            if box.by_hand and rng:
                self.by_hand(left, top, line, size + 3, rng)
            else:
                self.text(left, top, line, size, box.face)
            top += step

    def _fill_apart(
        self, box: FormBox, frame: tuple[float, float, float, float], size: int
    ) -> None:
        x0, y0, x1, y1 = frame
        step = (x1 - x0) / len(box.text)
        for place, letter in enumerate(box.text):
            left = x0 + place * step
            self.frame(left, y0, left + step, y1, 1)
            self.text(left + step / 2, (y0 + y1 - size * 1.3) / 2, letter, size, anchor="ma")

    def made_up(self, rng: Random) -> None:
        """Say in small print that the paper is made up."""
        y = rng.choice((14, self.height - 30))
        self.text(self.width - 24, y, "样例 虚构", max(14, self.height // 110), "hei", GREY, "ra")


def _runs(words: str, face: Face) -> Iterator[tuple[Face, str]]:
    """The words by typeface: letters that the face does not have come from a larger one."""
    for has, part in groupby(words, lambda letter: letter.isspace() or holds(face, letter)):
        yield face if has else "rare", "".join(part)
