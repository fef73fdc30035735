"""Where a point of an undamaged page image is found after damage. In pixels; the centre of the first is (0, 0)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Points = NDArray[np.float64]

_BEYOND = 1.15  # share of the page's width up to which a curl goes on beside the page


@dataclass(frozen=True, slots=True)
class Curl:
    """A sheet that rises towards its left or right edge, seen from above: its lines bend there.

    ``lift``: pixels that the top of that edge is moved down (negative: up); ``fade``: share of it that the bottom
    loses; ``power``: how late the bend begins. ``size``: (height, width) of the sheet in pixels.
    """

    lift: float
    fade: float
    power: float
    at_left: bool
    size: tuple[int, int]

    def bend(self, points: Points) -> Points:
        """Points (N, 2) of the flat sheet as they lie on the curled one."""
        x, y = points[:, 0], points[:, 1]
        lift = self._lift_at(x)
        return np.stack([x, y + lift * (1 - self.fade * y / self.size[0])], axis=1)

    def flatten(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Height on the flat sheet of what lies at (x, y) on the curled one."""
        lift = self._lift_at(x)
        return cast(NDArray[Any], (y - lift) / (1 - lift * self.fade / self.size[0]))

    def _lift_at(self, x: NDArray[Any]) -> NDArray[Any]:
        share = x / self.size[1]
        rise = np.clip(1 - share if self.at_left else share, 0, _BEYOND)
        return cast(NDArray[Any], self.lift * rise**self.power)


@dataclass(frozen=True, eq=False, slots=True)
class Transform:
    """The way of a page onto its scan: first the curl, if any, then a homography.

    ``matrix`` (3, 3) maps homogeneous (x, y, 1); ``page`` and ``size`` are (height, width) of page image and scan.
    """

    matrix: NDArray[np.float64]
    page: tuple[int, int]
    size: tuple[int, int]
    curl: Curl | None = None

    def apply(self, points: Points) -> Points:
        """Points (N, 2), each (x, y) on the undamaged page image, as (x, y) on the scan."""
        bent = self.curl.bend(points) if self.curl is not None else points
        moved = np.hstack([bent, np.ones((len(bent), 1))]) @ self.matrix.T
        return moved[:, :2] / moved[:, 2:]

    def undo(self, points: Points) -> Points:
        """Points (N, 2) of the scan as (x, y) on the undamaged page image."""
        back = np.hstack([points, np.ones((len(points), 1))]) @ np.linalg.inv(self.matrix).T
        flat = back[:, :2] / back[:, 2:]
        if self.curl is not None:
            flat[:, 1] = self.curl.flatten(flat[:, 0], flat[:, 1])
        return cast(Points, flat)

    def straighten(self, scan: Bytes) -> Bytes:
        """The scan as it would be without skew, perspective and curl: an image as large as the page."""
        x, y = np.meshgrid(np.arange(self.page[1], dtype=np.float64), np.arange(self.page[0], dtype=np.float64))
        found = self.apply(np.stack([x.ravel(), y.ravel()], axis=1)).astype(np.float32).reshape(*self.page, 2)
        straight = cv2.remap(scan, found[:, :, 0], found[:, :, 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return cast(Bytes, straight)

    def warp(self, image: Floats, border: float | tuple[float, ...]) -> Floats:
        """The page image (H, W) or (H, W, 3) as it lies on the scan; ``border`` stands where there is no page."""
        height, width = self.size
        values = border if isinstance(border, tuple) else (border,) * 3
        if self.curl is None:
            warped = cv2.warpPerspective(
                image,
                self.matrix,
                (width, height),
                flags=cv2.INTER_CUBIC,
                borderMode=cv2.BORDER_CONSTANT,
                borderValue=values,
            )
            return cast(Floats, warped)
        x, y = self._sources()
        return cast(
            Floats,
            cv2.remap(image, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=values),
        )

    def _sources(self) -> tuple[Floats, Floats]:
        """For each pixel of the scan, where on the page it comes from."""
        height, width = self.size
        back = np.linalg.inv(self.matrix)
        columns = np.arange(width, dtype=np.float64)[None, :]
        rows = np.arange(height, dtype=np.float64)[:, None]
        x, y, w = (row[0] * columns + row[1] * rows + row[2] for row in back)
        x, y = (x / w).astype(np.float32), (y / w).astype(np.float32)
        return x, self.curl.flatten(x, y) if self.curl is not None else y


def unmoved(size: tuple[int, int]) -> Transform:
    """The transform of a scan on which everything stays where it is. ``size`` is (height, width)."""
    return Transform(np.eye(3), size, size)


def skewed(
    size: tuple[int, int], degrees: float, *, stretch: float = 1.0, shift: tuple[float, float] = (0, 0)
) -> Transform:
    """A page turned about its middle, pulled longer by the rollers, and moved; the scan is as large as the page.

    Args:
        size: (height, width) in pixels.
        degrees: Clockwise as seen on the image.
        stretch: Factor of the height.
        shift: (x, y) in pixels.
    """
    height, width = size
    middle = np.array([[1, 0, width / 2], [0, 1, height / 2], [0, 0, 1]])
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle), shift[0]], [np.sin(angle), np.cos(angle), shift[1]], [0, 0, 1]])
    return Transform(middle @ turn @ np.diag([1, stretch, 1]) @ np.linalg.inv(middle), size, size)


def through_corners(
    page: tuple[int, int], corners: NDArray[np.float64], size: tuple[int, int], curl: Curl | None = None
) -> Transform:
    """A page seen in perspective.

    Args:
        page: (height, width) of the page image.
        corners: (4, 2), where its corners lie on the scan: top left, top right, bottom right, bottom left.
        size: (height, width) of the scan.
        curl: Bend of the page before it is seen, if any.
    """
    height, width = page
    flat = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(flat, corners.astype(np.float32))
    return Transform(np.asarray(matrix, dtype=np.float64), page, size, curl)
