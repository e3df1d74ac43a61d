"""The code on a cover sheet (材料封面): drawn for printing, found again on the scan of it."""

import re

import cv2
import numpy as np

from documents.packets.confined_child import as_file, ask
from documents.packets.file_limits import Limits
from documents.packets.opening import PacketFile
from documents.packets.pages import READING_DPI
from documents.packets.unfit import Unfit

# Other papers carry codes too; the codes of this program begin with their own word.
_OURS = re.compile(r"HUZHU (HZ\d{10,})")
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
    question = {"media_type": file.media_type, "page": 1, "dpi": READING_DPI}
    try:
        with as_file(file.data) as data, ask("codes", data, limits, **question) as answer:
            texts = answer.words()["texts"]
    except Unfit:
        return None  # the reader will say what is wrong with the page
    return next((ours[1] for text in texts if (ours := _OURS.fullmatch(text))), None)
