"""Decides how a page must be turned, from the shape of its lines and a reading of a few."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from documents.looks.picture import Picture
from documents.reading import ocr
from documents.reading.ocr import Quad

_VOTERS = 16
_PROBES = 4
_CLEAR = 0.25
"""A share this near to 0 or 1 needs no second test."""
_TURNS: dict[int, int] = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
# A line longer than this many heights would be squeezed, so only its middle is used.
_LONGEST_VOTE = 4


def turn(picture: Picture, degrees: int) -> Picture:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    if degrees == 0:
        return picture
    return cv2.rotate(picture, _TURNS[degrees]).astype(np.uint8, copy=False)


def turn_quads(quads: Sequence[Quad], degrees: int, width: int, height: int) -> list[Quad]:
    """The quads of a page of that size after the page was turned clockwise."""
    moves: dict[int, Callable[[Quad], Quad]] = {
        0: lambda q: q,
        90: lambda q: np.stack([height - q[:, 1], q[:, 0]], 1),
        180: lambda q: np.stack([width - q[:, 0], height - q[:, 1]], 1),
        270: lambda q: np.stack([q[:, 1], width - q[:, 0]], 1),
    }
    return [_clockwise(moves[degrees](quad)) for quad in quads]


def rotation(picture: Picture, quads: Sequence[Quad]) -> int:
    """Degrees clockwise that put the page upright, given its lines as they lie now."""
    if not quads:
        return 0
    aside = 90 if _lies_on_its_side(quads) else 0
    height, width = picture.shape[:2]
    chosen = sorted(turn_quads(quads, aside, width, height), key=_worth, reverse=True)[:_VOTERS]
    turned = turn(picture, aside)
    crops = [ocr.cut(turned, quad) for quad in chosen]
    return aside + (180 if _upside_down(crops) else 0)


def _lies_on_its_side(quads: Sequence[Quad]) -> bool:
    """Whether most of the text runs down or up; each line counts by its length.

    A steep line may have its corners named from either end, so the direction is measured.
    """
    down = across = 0.0
    for quad in quads:
        sides = sorted((quad[1] - quad[0], quad[3] - quad[0]), key=np.linalg.norm)
        length = float(np.linalg.norm(sides[1]) - 1.5 * np.linalg.norm(sides[0]))
        if abs(sides[1][1]) > abs(sides[1][0]):
            down += max(length, 0.0)
        else:
            across += max(length, 0.0)
    return down > across


def _worth(quad: Quad) -> float:
    """How useful a line is: long enough, not so long that it bends, and large enough to read."""
    shape = _width(quad) / max(_height(quad), 1)
    return _height(quad) * (1.0 if 2.5 <= shape <= 12 else 0.5 if shape > 1.5 else 0.1)


def _upside_down(crops: Sequence[Picture]) -> bool:
    share = ocr.votes_upside_down([_middle(crop) for crop in crops])
    if share < _CLEAR or share > 1 - _CLEAR:
        return share > 0.5
    probes = crops[:_PROBES]
    upright = ocr.read(probes)
    flipped = ocr.read([turn(crop, 180) for crop in probes])
    return sum(one.mean for one in flipped) > sum(one.mean for one in upright)


def _middle(crop: Picture) -> Picture:
    height, width = crop.shape[:2]
    spare = max(width - _LONGEST_VOTE * height, 0) // 2
    return crop[:, spare : width - spare]


def _clockwise(quad: Quad) -> Quad:
    """The corners in order from the top left, after a turn has changed that order."""
    by_x = quad[np.argsort(quad[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    top_left, low_left = left[np.argsort(left[:, 1])]
    top_right, low_right = right[np.argsort(right[:, 1])]
    return np.array([top_left, top_right, low_right, low_left], np.float32)


def _width(quad: Quad) -> float:
    return float(np.linalg.norm(quad[0] - quad[1]))


def _height(quad: Quad) -> float:
    return float(np.linalg.norm(quad[0] - quad[3]))
