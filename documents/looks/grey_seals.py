"""Finds the seals that no colour tells from print, on grey scans, faxes and copies: what they are
pressed over cannot be trusted."""

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from documents.looks.picture import Picture
from documents.looks.red_seals import LONGEST, SHORTEST, SIDE

_LOOKED_FOR = 500
"""Circles are looked for on a copy with a side as long as this, and looked at on one of `SIDE`."""
_OVAL = 4 / 3
"""The usual oval seal is so much wider than high."""
_STEEPEST, _ROUNDEST = 200, 0.6
_DARK, _EDGED = 0.3, 0.15
"""So much darker than the paper, and than what lies beside it, the ring of a seal is; in parts of
the contrast of the page."""
_WHOLE = 0.8
"""Print over a ring, and worn ink, break it at some places."""
_ANGLES = np.linspace(0, 2 * np.pi, 180, endpoint=False)
_BESIDE = 0.08
"""The paper is seen again so far beside a ring, in parts of its radius."""


Floats = NDArray[Any]


class GreySeal(NamedTuple):
    """An upright ellipse: its middle, half its width and half its height, in pixels."""

    x: float
    y: float
    across: float
    down: float

    def from_middle(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """How far these points lie from the middle, in parts of its half width and half height."""
        return (x - self.x) / self.across, (y - self.y) / self.down


def grey_seals(picture: Picture) -> list[GreySeal]:
    """The round and oval seals on a BGR picture from which red ink has been taken off."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    return [seal for stretch in (1.0, _OVAL) for seal in _rings(grey, stretch)]


def _rings(grey: Picture, stretch: float) -> Iterator[GreySeal]:
    """Those that are circles once the page is so much higher."""
    high, wide = grey.shape
    scale = max(high, wide) / SIDE
    size = max(round(wide / scale), 1), max(round(high * stretch / scale), 1)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    for x, y, radius in _circles(small):
        if (seen := _ring_at(small, x, y, radius)) is not None:
            x, y, radius = (scale * value for value in seen)
            yield GreySeal(x, y / stretch, radius, radius / stretch)


def _circles(small: Picture) -> Floats:
    share = _LOOKED_FOR / SIDE
    copy = cv2.resize(small, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    found = cv2.HoughCircles(
        cv2.normalize(copy, copy, 0, 255, cv2.NORM_MINMAX),
        cv2.HOUGH_GRADIENT_ALT,
        1.5,
        SHORTEST * share / 2,
        param1=_STEEPEST,
        param2=_ROUNDEST,
        minRadius=round(SHORTEST * share / 2),
        maxRadius=round(LONGEST * share / 2),
    )
    return np.empty((0, 3)) if found is None else found.reshape(-1, 3) / share


def _ring_at(
    small: Picture, x: float, y: float, radius: float
) -> tuple[float, float, float] | None:
    """Where near this circle a whole ring of ink is; None if none is."""
    ink, paper = np.percentile(small, (0.1, 75))
    contrast = max(float(paper - ink), 1.0)

    def share_of_ring(place: tuple[float, float, float]) -> float:
        x, y, radius = place
        shares = (1 + _BESIDE, 1, 1 - _BESIDE)
        outside, on, inside = (_along(small, x, y, radius * share) for share in shares)
        is_dark = paper - on > _DARK * contrast
        has_edges = np.minimum(outside, inside) - on > _EDGED * contrast
        return float((is_dark & has_edges).mean())

    near = product((-2, 0, 2), (-2, 0, 2), range(-4, 5))
    best = max(
        ((x + right, y + low, radius + more) for right, low, more in near), key=share_of_ring
    )
    return best if share_of_ring(best) >= _WHOLE else None


def _along(small: Picture, x: float, y: float, radius: float) -> Floats:
    """How bright the page is along a circle."""
    across = (x + radius * np.cos(_ANGLES)).round().astype(int)
    down = (y + radius * np.sin(_ANGLES)).round().astype(int)
    high, wide = small.shape
    return np.asarray(small[down.clip(0, high - 1), across.clip(0, wide - 1)], float)
