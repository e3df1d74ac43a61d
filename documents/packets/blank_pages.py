"""Whether nothing stands on a page, as on the backs of papers that a scanner takes from both sides
(runs in the child process)."""

import numpy as np
import numpy.ma  # `percentile` asks for it later, when no file can be opened
from PIL import Image

_SIDE = 600
_MARGIN = 20
"""What lies nearer to an edge is a shadow of the scanner, or a hole that was punched."""
_STEP = 40
"""So many levels of grey a mark is darker than the paper around it."""
_FEWEST = 0.0006
"""Of the pixels of a page with one short line on it, so many are marks."""
_DARKEST, _FAINT = 0.2, 60
"""What is this much darker than the paper, in so many percent of the page, is no shadow of the
other side, however blurred it is."""


def is_blank(grey: Image.Image) -> bool:
    """Whether the paper carries no marks, whatever its own shade is."""
    small = grey.copy()
    small.thumbnail((_SIDE, _SIDE))
    inner = np.asarray(small, dtype=np.int16)[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    if inner.size == 0:
        return False
    darkest, paper = np.percentile(inner, (_DARKEST, 75))
    if paper - darkest > _FAINT:
        return False
    across = np.abs(np.diff(inner, axis=0)) > _STEP
    along = np.abs(np.diff(inner, axis=1)) > _STEP
    return float(across.mean() + along.mean()) < _FEWEST
