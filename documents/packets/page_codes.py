"""Finds the square codes on the picture of a page (runs in the child process)."""

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

# A small copy is fast and mostly enough; no single size finds every code.
_SIDES = (1200, 2400)
# A thread that runs before the process is shut in would stay outside.
cv2.setNumThreads(1)


def texts_on(grey: Image.Image) -> list[str]:
    """What each code says that is found at the first size at which any is."""
    for side in _SIDES:
        copy = grey.copy()
        copy.thumbnail((side, side))
        if found := [text for text in _texts_on(np.asarray(copy)) if text]:
            return found
    return []


def _texts_on(picture: np.ndarray) -> Sequence[str]:
    try:
        return cv2.QRCodeDetectorAruco().detectAndDecodeMulti(picture)[1]
    except cv2.error:
        return ()  # a shape that only looked like a code
