"""A picture in pixels."""

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
