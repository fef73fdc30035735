"""Pictures and masks as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
"""uint8 (H, W); 0 is black, 255 is paper."""
Mask = NDArray[np.uint8]
"""uint8 (H, W); 255 is ink, 0 is paper."""
Matrix = NDArray[np.float64]
"""float64 (3, 3), a homography of column vectors (x, y, 1)."""
