"""The code on a cover sheet (材料封面): drawn for printing, found again on the scan of it."""

import re
from collections.abc import Sequence

import cv2
import numpy as np

from documents.packets.file_limits import Limits
from documents.packets.opening import PacketFile
from documents.packets.pages import render
from documents.packets.unfit import Unfit

# Other papers carry codes too; the codes of this program begin with their own word.
_OURS = re.compile(r"HUZHU (HZ\d{10,})")
# A small copy is fast and mostly enough; no single size finds every code.
_SIDES = (1200, 2400)
_QUIET = 2
"""Empty modules around the code; the margin of the paper adds the other two of the standard."""


def squares(number: str) -> tuple[str, int]:
    """The code of a claim number as an SVG path of unit squares, and the side of the whole."""
    drawn = cv2.QRCodeEncoder.create().encode(f"HUZHU {number}")
    rows = np.pad(drawn[_QUIET:-_QUIET, _QUIET:-_QUIET] == 0, _QUIET)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, x in np.argwhere(rows))
    return path, rows.shape[0]


def number_on(file: PacketFile, limits: Limits) -> str | None:
    """The claim number that the file's first page carries as a code, if it carries one."""
    try:
        image = render(file.data, file.media_type, 1, limits).image.convert("L")
    except Unfit:
        return None  # the reader will say what is wrong with the page
    for side in _SIDES:
        image_of_side = image.copy()
        image_of_side.thumbnail((side, side))
        for text in _codes_on(np.asarray(image_of_side)):
            if ours := _OURS.fullmatch(text):
                return ours[1]
    return None


def _codes_on(picture: np.ndarray) -> Sequence[str]:
    try:
        return cv2.QRCodeDetectorAruco().detectAndDecodeMulti(picture)[1]
    except cv2.error:
        return ()  # a shape that only looked like a code
