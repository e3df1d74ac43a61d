"""Where the lines of a skewed page would lie if it had been photographed square."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from documents.reading.page import TextLine

Numbers = NDArray[np.float64]

# Lines shorter than this many heights say too little about the slope.
_TELLING = 3.0
_OUTLIER = 3.0


class Place(NamedTuple):
    """A line's rectangle on the straightened page, free of the skew of its box in the picture."""

    left: float
    top: float
    right: float
    low: float

    @property
    def height(self) -> float:
        """The height of the line."""
        return self.low - self.top

    @property
    def middle(self) -> float:
        """The y of the line's middle."""
        return (self.top + self.low) / 2


def places(lines: Sequence[TextLine]) -> list[Place]:
    """One place for each line, in the same order.

    The horizontals of a photographed page meet in one point, so their slope grows evenly from
    top to bottom: slope = a + b (y - middle). Following that slope to the page's centre line
    gives each point its true row.
    """
    if not any(line.corners for line in lines):
        return [Place(*map(float, line.box)) for line in lines]
    corners = np.array([_corners(line) for line in lines], float).reshape(-1, 4, 2)
    centre = np.median(corners.mean(1), axis=0)
    slope, growth = _fit(corners, centre)
    shift = corners - centre
    rows = (shift[..., 1] - slope * shift[..., 0]) / (1 + growth * shift[..., 0])
    columns = shift[..., 0] + slope * shift[..., 1]
    return [_place(x, y, centre) for x, y in zip(columns, rows, strict=True)]


def _place(x: Numbers, y: Numbers, centre: Numbers) -> Place:
    return Place(
        left=float((x[0] + x[3]) / 2 + centre[0]),
        top=float((y[0] + y[1]) / 2 + centre[1]),
        right=float((x[1] + x[2]) / 2 + centre[0]),
        low=float((y[2] + y[3]) / 2 + centre[1]),
    )


def _corners(line: TextLine) -> tuple[int, ...]:
    left, top, right, low = line.box
    return line.corners or (left, top, right, top, right, low, left, low)


def _fit(corners: Numbers, centre: Numbers) -> tuple[float, float]:
    """Slope at the centre and its growth downwards; both 0 if no line is long enough."""
    start = (corners[:, 0] + corners[:, 3]) / 2
    end = (corners[:, 1] + corners[:, 2]) / 2
    along = end - start
    height = np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1)
    telling = along[:, 0] > _TELLING * np.maximum(height, 1)
    if not telling.any():
        return 0.0, 0.0
    slopes = along[telling, 1] / along[telling, 0]
    weights = along[telling, 0]
    middles = (start + end)[telling] / 2 - centre
    kept = np.abs(slopes - np.median(slopes)) <= _OUTLIER * (_spread(slopes) + 0.01)
    slopes, weights, middles = slopes[kept], weights[kept], middles[kept]
    flat = float(np.average(slopes, weights=weights))
    if len(slopes) < 6:
        return flat, 0.0
    # slope = a + b * row, with row = y - slope * x: what the middle's own row is.
    rows = middles[:, 1] - slopes * middles[:, 0]
    growth, slope = np.polyfit(rows, slopes, 1, w=np.sqrt(weights))
    return float(slope), float(growth)


def _spread(values: Numbers) -> float:
    return float(np.median(np.abs(values - np.median(values))))
