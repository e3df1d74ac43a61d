"""Whether a picture of a page is good enough to be read: measured in milliseconds on a small copy,
before anybody reads it (runs in the child process).

The bounds were set on the committed samples, on drawn pages and on spoilt copies of both.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from documents.looks.grey_seals import grey_seals
from documents.looks.picture import Picture
from documents.looks.red_seals import without_seals
from documents.looks.sharpness import marks_on, sharpness, small_copy
from documents.packets.page_flaws import PageFlaw

_DARK = 125
"""A page whose brightest places are darker than this level of grey was taken in the dark."""
_BLURRED = 0.16
"""The strokes of a sharp page change by more than this part of its contrast from one pixel of the
copy to the next."""
_EDGE_LETTERS = 7
"""So many letters that reach over one edge are no chance."""
_SMALLEST, _LARGEST = 3, 40
"""Sides of a letter on the copy, in pixels."""
_GAP, _WORDS, _INK_IN_GAP = (0.36, 0.5), 0.2, 0.02
"""Between these parts of its half width a seal is empty, but for words under its star."""
_NEXT_TO, _MIDDLE_ROWS, _LETTERS_BESIDE = 1.4, 0.8, 2
"""Letters no farther from the middle of a seal than this, and as near to its middle row, go on
under it."""
_WHITE = 252
_SPOT = (0.01, 0.35)
_GREY_PAPER = 235
"""Glare is a white spot of such a share of the page, on paper that is darker than this."""


@dataclass(frozen=True)
class PageMeasures:
    """The figures by which a page is judged."""

    brightest: float
    paper: float
    sharpness: float
    edge_letters: int
    """At the edge that has most of them."""
    spot: float
    """Share of the largest white spot."""
    sealed_print: bool
    """Whether something is printed where a seal that no colour tells from print was pressed."""


def flaws_of(image: Image.Image) -> list[PageFlaw]:
    """What is wrong with this page, as far as a machine sees it; the worst alone where it hides
    the others."""
    seen = measures_of(small_copy(image))
    if seen.brightest < _DARK:
        return [PageFlaw.DARK]
    wrong = {
        PageFlaw.BLURRED: seen.sharpness < _BLURRED,
        PageFlaw.CUT_OFF: seen.edge_letters >= _EDGE_LETTERS,
        PageFlaw.GLARE: _SPOT[0] < seen.spot < _SPOT[1] and seen.paper < _GREY_PAPER,
        PageFlaw.SEALED: seen.sealed_print,
    }
    return [flaw for flaw, is_so in wrong.items() if is_so]


def measures_of(small: Image.Image) -> PageMeasures:
    """Measure a small copy in colour."""
    page = np.asarray(small.convert("L"))
    paper, brightest = (float(each) for each in np.percentile(page, (75, 99)))
    marks = marks_on(page)
    return PageMeasures(
        brightest,
        paper,
        sharpness(page, marks),
        _edge_letters(marks),
        _spot(page),
        _sealed_print(marks, np.asarray(small)[:, :, ::-1].copy()),
    )


def _edge_letters(marks: np.ndarray) -> int:
    height, width = marks.shape
    x, y, w, h = _letters(marks)
    edges = (x == 0, y == 0, x + w == width, y + h == height)
    return max(int(edge.sum()) for edge in edges)


def _letters(marks: np.ndarray) -> tuple[np.ndarray, ...]:
    """Left, top, width and height of each."""
    _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(marks)
    x, y, w, h = (stats[1:, column] for column in range(4))
    are_letters = (np.maximum(w, h) <= _LARGEST) & (np.minimum(w, h) >= _SMALLEST)
    return tuple(each[are_letters] for each in (x, y, w, h))


def _sealed_print(marks: np.ndarray, picture: Picture) -> bool:
    """Whether something stands where no inscription of a seal does: round its star, or close beside
    it."""
    left, top, wide, high = _letters(marks)
    for seal in grey_seals(without_seals(picture)):
        across, down = seal.from_middle(left + wide / 2, top + high / 2)
        beside = (np.abs(across) > 1) & (np.abs(across) < _NEXT_TO) & (np.abs(down) < _MIDDLE_ROWS)
        across, down = seal.from_middle(*np.indices(marks.shape)[::-1])
        from_middle = np.hypot(across, down)
        gap = (from_middle > _GAP[0]) & (from_middle < _GAP[1]) & (down < _WORDS)
        if beside.sum() >= _LETTERS_BESIDE or marks[gap].mean() > _INK_IN_GAP:
            return True
    return False


def _spot(page: np.ndarray) -> float:
    white = cv2.morphologyEx(
        (page >= _WHITE).astype(np.uint8), cv2.MORPH_OPEN, np.ones((15, 15), np.uint8)
    )
    _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(white)
    return int(stats[1:, 4].max(initial=0)) / page.size
