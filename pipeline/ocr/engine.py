"""The protocols of OCR engines. What reads a page knows nothing of the packages behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.geometry import BBox

# What a number is written with. The order is that of the columns of ``LineReading.steps``, after blank and other.
NUMBER_ALPHABET = "0123456789.,-"
BLANK, OTHER = 0, 1


@dataclass(frozen=True)
class LineReading:
    """One line of text as read.

    ``text`` and ``score`` (0..1, least certain character) come from all characters that the engine knows. ``steps`` is
    float32 (T, 2 + len(NUMBER_ALPHABET)): the probability of blank, of any other character, and of the characters of a
    number, at each of T steps from left to right.
    """

    text: str
    score: float
    steps: NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line found on a page; ``box`` in pixels of that page."""

    text: str
    score: float
    box: BBox


class LineEngine(Protocol):
    """Reads crops of one line each."""

    @property
    def name(self) -> str:
        """Names the engine in the evidence."""

    def read_lines(self, crops: Sequence[NDArray[np.uint8]]) -> list[LineReading]:
        """One reading for each crop, in order. Crops are uint8 (H, W), dark ink on white.

        Raises:
            StageError: the engine failed.
        """


class PageEngine(Protocol):
    """Finds and reads the lines of a page, or of a part of one."""

    @property
    def name(self) -> str:
        """Names the engine in the evidence."""

    def read_page(self, gray: NDArray[np.uint8]) -> list[PlacedLine]:
        """The lines from top to bottom. ``gray`` is uint8 (H, W), dark ink on white, upright.

        Raises:
            StageError: the engine failed.
        """


@dataclass(frozen=True)
class Engines:
    """The engines that read a scan: two for numbers, which vote, the first of them for labels too; one for pages."""

    first: LineEngine
    second: LineEngine
    page: PageEngine
