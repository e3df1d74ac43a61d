"""A short hash of how a page looks, which stays nearly the same when the page is scanned again.

The part of the page that is written on is squeezed into a small square, and the hash says of each
low frequency of its cosine transform whether it is above the median (pHash).
"""

from __future__ import annotations

import cv2
import numpy as np

from documents.boxes import Box
from documents.looks.picture import Picture

_SIDE = 64
_LOW = 16
BITS = _LOW * _LOW


def picture_hash(upright: Picture, part: Box | None, scale: float = 1) -> str:
    """The hash of this part of an upright page, as hexadecimal digits; empty where the part shows
    next to nothing. The part is in pixels of the page, of which one of the picture is `scale`."""
    whole = (0, 0, upright.shape[1], upright.shape[0])
    left, top, right, low = (round(side / scale) for side in part) if part else whole
    grey = cv2.cvtColor(upright[top:low, left:right], cv2.COLOR_BGR2GRAY)
    if not grey.size:
        return ""
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    waves = cv2.dct(small)[:_LOW, :_LOW].flatten()
    waves[0] = 0
    if float(np.abs(waves).max()) < _SIDE:
        return ""
    bits = np.packbits(waves > np.median(waves))
    return bits.tobytes().hex()


def bits_apart(one: str, other: str) -> int:
    """In how many bits two hashes differ; all of them where one is missing."""
    if not one or not other:
        return BITS
    return (int(one, 16) ^ int(other, 16)).bit_count()


def picture_parts(hash_: str) -> list[str]:
    """The hash in named parts, of which pages that look alike share at least one."""
    return [f"looks {at} {hash_[at : at + 4]}" for at in range(0, len(hash_), 4)]
