"""Boxes on a page. Unit: PDF points (1/72 inch). Origin: top left, y grows downwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BBox:
    """An axis-aligned box in points, origin top left; ``x0 <= x1`` and ``top <= bottom``."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """Width in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in points."""
        return self.bottom - self.top

    @property
    def center(self) -> tuple[float, float]:
        """(x, y) of the centre in points."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    @property
    def area(self) -> float:
        """Area in square points; 0 for a degenerate box."""
        return max(self.width, 0.0) * max(self.height, 0.0)

    def contains_point(self, x: float, y: float) -> bool:
        """True where (x, y) lies in the box, left and top edges included."""
        return self.x0 <= x < self.x1 and self.top <= y < self.bottom

    def overlap(self, other: BBox) -> float:
        """Area shared with another box in square points; 0 where they do not meet."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0.0

    def as_list(self) -> list[float]:
        """[x0, top, x1, bottom] rounded to 0.01 point, for the report document."""
        return [round(self.x0, 2), round(self.top, 2), round(self.x1, 2), round(self.bottom, 2)]


def union(boxes: Iterable[BBox]) -> BBox | None:
    """The smallest box around all given ones; None where there are none."""
    found = list(boxes)
    if not found:
        return None
    return BBox(
        min(b.x0 for b in found), min(b.top for b in found), max(b.x1 for b in found), max(b.bottom for b in found)
    )


def interval_overlap(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Length shared by two intervals; 0 where they do not meet."""
    return max(0.0, min(a[1], b[1]) - max(a[0], b[0]))
