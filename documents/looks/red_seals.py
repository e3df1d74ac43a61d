"""Takes the red ink of seals off a picture, so that what they are pressed over can be read."""

from collections.abc import Iterator

import cv2
import numpy as np

from documents.boxes import Box
from documents.looks.picture import Picture

SIDE = 1000
"""Seals are found on a copy this large."""
_REDDER = 40
"""By how much red must exceed green and blue to be ink; paper in warm light stays below."""
SHORTEST, LONGEST = 70, 320
"""Sides of a seal on that copy: larger red things are cards, smaller ones signs."""
_LENGTHIEST = 2.2
_FULLEST = 0.6
"""How much of its box a ring with words covers at most; a red card covers nearly all."""
_ROUNDEST = 0.6
"""A red table and red lines fill less of their box."""
_GAP = 15


def without_seals(picture: Picture) -> Picture:
    """A BGR picture in which the ink of round red seals is paled; the same one if it has none.

    Red ink is bright in red light and print is dark in it, so the red channel shows the print.
    """
    boxes = list(_seals(picture))
    if not boxes:
        return picture
    plain = picture.copy()
    for left, top, right, low in boxes:
        part = plain[top:low, left:right]
        ink = _redness(part) > _REDDER
        part[ink] = part[ink][:, 2:]
    return plain


def _seals(picture: Picture) -> Iterator[Box]:
    high, wide = picture.shape[:2]
    scale = max(high, wide) / SIDE
    size = max(round(wide / scale), 1), max(round(high / scale), 1)
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    ink = _redness(small) > _REDDER
    round_brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_GAP, _GAP))
    whole = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, round_brush)
    for outline in cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, across, down = cv2.boundingRect(outline)
        short, long = sorted((across, down))
        fills = cv2.contourArea(cv2.convexHull(outline)) / (across * down)
        covers = float(ink[y : y + down, x : x + across].mean())
        is_sized = short >= SHORTEST and long <= LONGEST and long <= _LENGTHIEST * short
        if is_sized and fills >= _ROUNDEST and covers <= _FULLEST:
            box = x * scale, y * scale, (x + across) * scale, (y + down) * scale
            left, top, right, low = map(round, box)
            yield left, top, right, low


def _redness(picture: Picture) -> Picture:
    blue, green, red = cv2.split(picture)
    return cv2.subtract(red, cv2.max(green, blue)).astype(np.uint8, copy=False)
