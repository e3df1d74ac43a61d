"""How sharp the print of a page is: what is read of a blurred one looks surer than it is."""

import cv2
import numpy as np
import numpy.ma  # `percentile` asks for it later, when no file can be opened
from PIL import Image

from documents.looks.picture import Picture

_SIDE = 1200
_FEWEST_MARKS = 0.01
"""So much of a page must be marks for their sharpness to be judged."""


def small_copy(image: Image.Image) -> Image.Image:
    """The page in colour, as it is measured."""
    small = image.convert("RGB")
    small.thumbnail((_SIDE, _SIDE))
    return small


def marks_on(page: Picture) -> Picture:
    """1 where a small copy in grey is darker than around, else 0."""
    return cv2.adaptiveThreshold(
        page, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 14
    ).astype(np.uint8, copy=False)


def sharpness(page: Picture, marks: Picture, sharpest: float = 0.5) -> float:
    """By which part of the page's contrast its strokes change from one pixel of the small copy in
    grey to the next, at so many of a hundred pixels; 1 where too little stands there."""
    if marks.mean() <= _FEWEST_MARKS:
        return 1.0
    ink, brightest = (float(each) for each in np.percentile(page, (1, 99)))
    steps = np.abs(np.diff(page.astype(np.int16), axis=1))
    return float(np.percentile(steps, 100 - sharpest)) / max(brightest - ink, 1.0)
