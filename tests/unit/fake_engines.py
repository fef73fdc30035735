"""OCR engines that read what a test wants, and loaders of engines that count or fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.errors import MissingDependencyError
from models.geometry import BBox
from pipeline.ocr.engine import BLANK, NUMBER_ALPHABET, OTHER, Engines, LineReading, PlacedLine


def reading(text: str, score: float = 0.99) -> LineReading:
    """What an engine gives that is sure of a text: a step for each character, blanks between them."""
    steps = np.zeros((2 * len(text) + 1, 2 + len(NUMBER_ALPHABET)), np.float32)
    steps[::2, BLANK] = 1
    for i, character in enumerate(text):
        column = 2 + NUMBER_ALPHABET.index(character) if character in NUMBER_ALPHABET else OTHER
        steps[2 * i + 1, column] = score
        steps[2 * i + 1, BLANK] = 1 - score
    return LineReading(text, score, steps)


@dataclass
class FakeLines:
    """Reads the crops of its calls as the given texts in turn, and all after them as ``rest``."""

    name: str
    texts: Sequence[str] = ()
    rest: str = "7"
    error: Exception | None = None
    _left: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._left = iter(self.texts)

    def read_lines(self, crops: Sequence[NDArray[np.uint8]]) -> list[LineReading]:
        if self.error is not None:
            raise self.error
        return [reading(next(self._left, self.rest)) for _ in crops]


@dataclass
class FakePage:
    """Finds one line with a text at the top of what it is given; none where the text is empty."""

    text: str = ""
    name: str = "page"

    def read_page(self, gray: NDArray[np.uint8]) -> list[PlacedLine]:
        box = BBox(10, 2, gray.shape[1] / 2, 32)
        return [PlacedLine(self.text, 0.98, box)] if self.text else []


@dataclass
class FakeLoader:
    """Loads fake engines, and remembers how often it was asked."""

    texts: Sequence[str] = ()
    page: str = ""
    error: Exception | None = None
    calls: int = 0

    def __call__(self, threads: int) -> Engines:
        self.calls += 1
        return Engines(
            first=FakeLines("first", self.texts, error=self.error), second=FakeLines("second"), page=FakePage(self.page)
        )


def missing(threads: int) -> Engines:
    """A loader where the ocr extra is not installed."""
    raise MissingDependencyError("onnxruntime is not installed", remedy="install the ocr extra")
