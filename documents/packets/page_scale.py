"""How large a page is drawn."""

from math import ceil, sqrt

from documents.packets.file_faults import FileFault, Unusable
from documents.packets.file_limits import Limits


def scale_within(width: float, height: float, scale: float, limits: Limits) -> float:
    """This scale, or a smaller one that keeps a page of this size within the bound on pixels."""
    if (pixels := width * height * scale * scale) > limits.max_pixels:
        scale *= sqrt(limits.max_pixels / pixels) * 0.999  # rounding up must not pass the bound
    if ceil(width * scale) * ceil(height * scale) > limits.max_pixels:
        raise Unusable(FileFault.TOO_MANY_PIXELS)
    return scale
