"""What a reader of pixels makes of one cell, with what else it may be."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

SCAN_READER = "scan"
"""Name of the reader of ruled tables on scans."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be printed; ``score`` 0..1, uncalibrated."""

    text: str
    score: float


COVERED = "covered"
"""How readings of a crop with the ink of stamps and pens over it are named: ``engine/covered``."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader read in one cell: best text, its score 0..1, and other texts with theirs, best first."""

    reader: str
    text: str
    score: float
    alternatives: tuple[Candidate, ...] = ()

    @property
    def is_second_look(self) -> bool:
        """True where the reader looked at another crop because the first reading was doubted."""
        return "/" in self.reader and not self.reader.endswith(f"/{COVERED}")


@dataclass(frozen=True, slots=True)
class CellPicture:
    """The pixels of one cell and of a rim around it, so that it can be read once more in another way.

    ``gray`` is uint8 (H, W), upright and evenly lit, 0 black, 255 paper, with ``px_per_pt`` pixels a point (1/72 inch).
    ``left``, ``top``, ``right``, ``bottom`` are the borders of the cell in pixels of it; ``is_ruled`` where rulings are
    these borders.
    """

    gray: NDArray[np.uint8] = field(repr=False, compare=False)
    px_per_pt: float
    left: int
    top: int
    right: int
    bottom: int
    is_ruled: bool = True
