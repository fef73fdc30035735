"""Ink over the print: where stamps and pens were taken out of a page, and the page as it was with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from models.geometry import BBox
from pipeline.scan.pixels import Gray, Mask

# The borders of a cell are left out with this rim. Points.
_INSET_PT = 1.3
# A mask that has been moved is grey at its edges. Of 255.
_HALF = 127


@dataclass(frozen=True, slots=True)
class Overprint:
    """``mask`` is 255 where ink of stamps and pens was taken out; ``covered`` is the page with that ink.

    What hides a stroke from one who takes ink away may leave it legible to one who reads through it.
    """

    mask: Mask = field(repr=False)
    covered: Gray = field(repr=False)

    def moved(self, change: Callable[[Gray], Gray]) -> Overprint:
        """Both pictures after the same change of place."""
        return Overprint(change(self.mask), change(self.covered))

    def without(self, rulings: Mask) -> Gray:
        """The page with the ink, but white where a mask of rulings is 255."""
        covered = self.covered.copy()
        covered[rulings > 0] = 255
        return covered

    def lies_over(self, cell: BBox, px_per_pt: float) -> bool:
        """True where there is such ink inside a cell (points), away from its borders."""
        x0, top = (max(0, round((v + _INSET_PT) * px_per_pt)) for v in (cell.x0, cell.top))
        x1, bottom = (max(0, round((v - _INSET_PT) * px_per_pt)) for v in (cell.x1, cell.bottom))
        return bool((self.mask[top:bottom, x0:x1] > _HALF).any())
