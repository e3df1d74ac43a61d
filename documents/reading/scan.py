"""Turns the picture of one page into a reading: upright, its lines read, its kind known."""

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from documents.reading import engine, gaps, upright
from documents.reading.classify import classify
from documents.reading.engine import Picture, Quad, Reading
from documents.reading.page import Line, PageReading

# Lines are found on a small copy and read from the large one.
_FIND_SIDE = 1280
_FIND_SIDE_SMALL_PRINT = 1920
_SMALL_PRINT = 13.0
"""Lines lower than this many pixels on the small copy are looked for again on a larger one."""
_READ_SIDE = 4000
_FAINTEST = 0.5
"""A line read with a lower average is dirt, a stamp or a picture."""
_PUNCTUATION = " .,:;()·-、,。:;()_"


def read_page(image: Image.Image, text_layer: Sequence[Line] | None = None) -> PageReading:
    """Read one page, its EXIF orientation already applied; safe to call from several threads.

    `text_layer` are the lines a born-digital page carries, in pixels of `image`; they are used
    where the picture says the same.
    """
    picture = _shrunk(_bgr(image), _READ_SIDE)
    scale = image.width / picture.shape[1]
    quads = _find(picture)
    degrees = upright.rotation(picture, quads)
    height, width = picture.shape[:2]
    picture = upright.turn(picture, degrees)
    lines = _read(picture, upright.turn_quads(quads, degrees, width, height), scale)
    return _page(lines, degrees, image)


def _page(lines: Sequence[Line], degrees: int, image: Image.Image) -> PageReading:
    width, height = image.size if degrees % 180 == 0 else image.size[::-1]
    verdict = classify(lines, width, height)
    letters = sum(len(line.text) for line in lines)
    sure = sum(sum(line.sure) / 100 for line in lines)
    return PageReading(
        kind=verdict.kind,
        kind_confidence=verdict.confidence,
        rotation=degrees,
        confidence=round(sure / letters, 4) if letters else 0.0,
        width=width,
        height=height,
        lines=tuple(lines),
        also=verdict.also,
    )


def _bgr(image: Image.Image) -> Picture:
    picture: Picture = cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR)
    return picture


def _shrunk(picture: Picture, side: int) -> Picture:
    share = side / max(picture.shape[:2])
    if share >= 1:
        return picture
    small: Picture = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return small


def _find(picture: Picture) -> list[Quad]:
    quads = _find_at(picture, _FIND_SIDE)
    share = min(_FIND_SIDE / max(picture.shape[:2]), 1)
    if quads and share < 1 and np.median([_low(q) for q in quads]) * share < _SMALL_PRINT:
        return _find_at(picture, _FIND_SIDE_SMALL_PRINT)
    return quads


def _find_at(picture: Picture, side: int) -> list[Quad]:
    small = _shrunk(picture, side)
    return [quad * (picture.shape[1] / small.shape[1]) for quad in engine.find(small)]


def _low(quad: Quad) -> float:
    return float(min(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[0] - quad[1])))


def _read(picture: Picture, quads: Sequence[Quad], scale: float) -> list[Line]:
    crops = [engine.cut(picture, quad) for quad in quads]
    return [
        _line(gaps.spread(reading, crop.shape[0] / crop.shape[1]), quad * scale)
        for reading, crop, quad in zip(engine.read(crops), crops, quads, strict=True)
        if reading.text and reading.mean >= _FAINTEST
    ]


def _line(reading: Reading, quad: Quad) -> Line:
    weighed = [
        sure
        for char, sure in zip(reading.text, reading.sure, strict=True)
        if char not in _PUNCTUATION
    ]
    (left, top), (right, low) = quad.min(0), quad.max(0)
    return Line(
        text=reading.text,
        confidence=round(min(weighed, default=reading.mean), 4),
        box=(int(left), int(top), round(float(right)), round(float(low))),
        corners=tuple(round(float(value)) for value in quad.flatten()),
        at=tuple(round(1000 * value) for value in reading.at),
        sure=tuple(round(100 * value) for value in reading.sure),
    )
