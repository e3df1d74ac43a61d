"""The code on a cover sheet (材料封面): drawn for printing, and read again on the scan of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

MOST_PAGES = 999
"""So many pages a sheet can say that it lies on."""

# Other papers carry codes too; the codes of this program begin with their own word.
_OURS = re.compile(r"HUZHU (HZ\d{10,})(?: (\d{1,3}))?")
_QUIET = 2
"""Empty modules around the code; the margin of the paper adds the other two of the standard."""


@dataclass(frozen=True)
class CoverSheet:
    """What the code on a sheet says: the number of its claim, and how many pages it lies on, itself
    not counted; None where nobody counted them."""

    number: str
    pages: int | None = None


def squares(sheet: CoverSheet) -> tuple[str, int]:
    """The code of a sheet as an SVG path of unit squares, and the side of the whole."""
    counted = "" if sheet.pages is None else f" {sheet.pages}"
    drawn = cv2.QRCodeEncoder.create().encode(f"HUZHU {sheet.number}{counted}")
    rows = np.pad(drawn[_QUIET:-_QUIET, _QUIET:-_QUIET] == 0, _QUIET)
    path = "".join(f"M{x} {y}h1v1h-1z" for y, x in np.argwhere(rows))
    return path, rows.shape[0]


def sheet_in(texts: Iterable[str]) -> CoverSheet | None:
    """The sheet that one of these codes belongs to, if one is ours."""
    ours = next(filter(None, map(_OURS.fullmatch, texts)), None)
    return CoverSheet(ours[1], int(ours[2]) if ours[2] else None) if ours else None
