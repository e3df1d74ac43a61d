"""Turns the picture of one page into a reading: upright, its lines read, its kind known."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from PIL import Image

from documents.looks.grey_seals import GreySeal, grey_seals
from documents.looks.picture import Picture
from documents.looks.red_seals import without_seals
from documents.looks.sharpness import marks_on, sharpness, small_copy
from documents.reading import ocr, orientation, swallowed_spaces
from documents.reading.deskew import places
from documents.reading.ocr import Quad, Reading
from documents.reading.page import PageReading, TextLine
from documents.reading.page_papers import classify_page
from documents.reading.picture_hash import picture_hash
from documents.reading.text_layer_check import seen_lines, unseen_quads

# Lines are found on a small copy and read from the large one.
_FIND_SIDE = 1280
_FIND_SIDE_SMALL_PRINT = 1800
_SMALL_PRINT = 18.0
"""Lines less high than this many pixels on the small copy are searched again on a larger one."""
_READ_SIDE = 4000
_FAINTEST = 0.5
"""A line with a lower average confidence is dirt, a stamp or a picture."""
_UNDER_SEAL = 0.7
"""The most confidence in a character that a seal hides: a person looks at it."""
_SHARP, _SHARPEST = 0.28, 0.05
"""A page whose sharpest strokes are less sharp than this is blurred, however few they are: set on
photos of the open layouts and blurred copies."""
_LOST_BY_BLUR = 1.0
"""So much confidence is lost for each 1 of sharpness that is lacking: about a tenth where the page
is so blurred that whoever handed it in is told."""
_PUNCTUATION = " .,:;()·-_、，。：；（）"


def read(image: Image.Image, text_layer: Sequence[TextLine] | None = None) -> PageReading:
    """See `documents.reading.read_page`."""
    picture = without_seals(_sized(_bgr(image), min(_READ_SIDE / max(image.size), 1)))
    scale = image.width / picture.shape[1]
    quads = _find(picture)
    degrees = orientation.rotation(picture, quads)
    height, width = picture.shape[:2]
    picture = orientation.turn(picture, degrees)
    quads = orientation.turn_quads(quads, degrees, width, height)
    own = (
        seen_lines(picture, quads, text_layer) if text_layer and degrees == 0 and scale == 1 else []
    )
    trust = _trust(np.asarray(small_copy(image).convert("L")))
    page = _page([*own, *_read(picture, unseen_quads(quads, own), scale, trust)], degrees, image)
    return replace(page, picture=picture_hash(picture, page.written_part(), scale))


def text_line(reading: Reading, quad: Quad) -> TextLine:
    """A line with the confidence of its weakest character; punctuation does not count."""
    weighed = [
        sure
        for char, sure in zip(reading.text, reading.sure, strict=True)
        if char not in _PUNCTUATION
    ]
    (left, top), (right, low) = quad.min(0), quad.max(0)
    return TextLine(
        text=reading.text,
        confidence=round(min(weighed, default=reading.mean), 4),
        box=(int(left), int(top), round(float(right)), round(float(low))),
        corners=tuple(round(float(value)) for value in quad.flatten()),
        at=tuple(round(1000 * value) for value in reading.at),
        sure=tuple(round(100 * value) for value in reading.sure),
    )


def _page(lines: Sequence[TextLine], degrees: int, image: Image.Image) -> PageReading:
    width, height = image.size if degrees % 180 == 0 else image.size[::-1]
    lines = _in_reading_order(lines)
    verdict = classify_page(lines, width, height)
    letters = sum(len(line.text) for line in lines)
    sure = sum(_sureness(line) for line in lines)
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


def _sureness(line: TextLine) -> float:
    return sum(line.sure) / 100 if line.sure else line.confidence * len(line.text)


def _bgr(image: Image.Image) -> Picture:
    return np.asarray(image.convert("RGB"))[:, :, ::-1].copy()


def _sized(picture: Picture, share: float) -> Picture:
    if share == 1:
        return picture
    method = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, None, fx=share, fy=share, interpolation=method).astype(
        np.uint8, copy=False
    )


def _find(picture: Picture) -> list[Quad]:
    """Quads on the picture, searched again on a larger copy where the print is small."""
    quads = _find_at(picture, _FIND_SIDE)
    share = min(_FIND_SIDE / max(picture.shape[:2]), 1.0)
    if share < 1 and quads and np.median([_low(quad) for quad in quads]) * share < _SMALL_PRINT:
        return _find_at(picture, _FIND_SIDE_SMALL_PRINT)
    return quads


def _find_at(picture: Picture, side: int) -> list[Quad]:
    copy = _sized(picture, min(side / max(picture.shape[:2]), 1.0))
    return [quad * (picture.shape[1] / copy.shape[1]) for quad in ocr.find(copy)]


def _low(quad: Quad) -> float:
    return float(min(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[0] - quad[1])))


def _in_reading_order(lines: Sequence[TextLine]) -> list[TextLine]:
    spots = places(lines)
    order = sorted(range(len(lines)), key=lambda i: (round(spots[i].middle), spots[i].left))
    return [lines[index] for index in order]


def _trust(page: Picture) -> float:
    """The factor for the confidence of what is read of it: 1 for a sharp page."""
    lacking = max(_SHARP - sharpness(page, marks_on(page), _SHARPEST), 0.0)
    return 1 - _LOST_BY_BLUR * lacking


def _read(picture: Picture, quads: Sequence[Quad], scale: float, trust: float) -> list[TextLine]:
    crops, seals = [ocr.cut(picture, quad) for quad in quads], grey_seals(picture)
    lines = []
    for reading, crop, quad in zip(ocr.read(crops), crops, quads, strict=True):
        if reading.text and reading.mean >= _FAINTEST:
            spread = swallowed_spaces.spread(reading, crop.shape[0] / crop.shape[1])
            lines.append(text_line(_doubted(spread, quad, seals, trust), quad * scale))
    return lines


def _doubted(reading: Reading, quad: Quad, seals: Sequence[GreySeal], trust: float) -> Reading:
    """The reading, less sure on a blurred page, and of what stands under a seal."""
    if trust < 1:
        reading = replace(reading, sure=tuple(trust * sure for sure in reading.sure))
    for seal in seals:
        start, end = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
        x, y = (start + np.outer(reading.at, end - start)).T
        is_under = np.hypot(*seal.from_middle(x, y)) <= 1
        sure = np.where(is_under, np.minimum(reading.sure, _UNDER_SEAL), reading.sure)
        reading = replace(reading, sure=tuple(map(float, sure)))
    return reading
