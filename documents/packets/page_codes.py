"""Finds the square codes on the picture of a page (runs in the child process)."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from PIL import Image

# A small copy is fast and mostly enough; no single size finds every code.
_SIDES = (1200, 2400)
# A thread that runs before the process is shut in would stay outside.
cv2.setNumThreads(1)


def texts_on(image: Image.Image) -> Iterator[str]:
    """What each code says, some of them twice."""
    grey = image.convert("L")
    for side in _SIDES:
        copy = grey.copy()
        copy.thumbnail((side, side))
        yield from filter(None, _texts_on(np.asarray(copy)))


def _texts_on(picture: np.ndarray) -> Sequence[str]:
    try:
        return cv2.QRCodeDetectorAruco().detectAndDecodeMulti(picture)[1]
    except cv2.error:
        return ()  # a shape that only looked like a code
