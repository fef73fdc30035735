"""What a reader delivers for one page, before any table is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.geometry import BBox

Route = Literal["text", "ocr", "mixed", "none"]
PageStatus = Literal["extracted", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Char:
    """One printed character (or ligature). Box in points, origin top left; ``size`` is the type size in points."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float

    @property
    def bbox(self) -> BBox:
        """The box of the character."""
        return BBox(self.x0, self.top, self.x1, self.bottom)


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters on one text line without a gap. ``bbox`` in points; ``size`` is the type size in points."""

    text: str
    bbox: BBox
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class Ruling:
    """A drawn line segment, horizontal or vertical.

    ``position`` is y for a horizontal and x for a vertical ruling; ``start``/``stop`` run along it. Points.
    """

    horizontal: bool
    position: float
    start: float
    stop: float


def horizontal_ruling(y: float, x0: float, x1: float) -> Ruling:
    """The ruling from x0 to x1 at height y, in points."""
    return Ruling(horizontal=True, position=y, start=x0, stop=x1)


def vertical_ruling(x: float, top: float, bottom: float) -> Ruling:
    """The ruling from top to bottom at x, in points."""
    return Ruling(horizontal=False, position=x, start=top, stop=bottom)


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of running text. ``bbox`` is None where the file has no geometry.

    ``score`` is what an OCR engine gives it, 0..1; 1 where the file states the text.
    """

    text: str
    page_no: int
    bbox: BBox | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class PageInfo:
    """How one page was treated: every page of every file has one.

    ``size`` is (width, height) of the page as stored in points, where it was read from its pixels; a viewer needs it to
    bring boxes to pixels.
    """

    page_no: int
    route: Route
    status: PageStatus
    reason: str = ""
    size: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page of which characters and rulings are known. ``width``/``height`` in points.

    ``quarter_turns`` tells how often the content was turned by 90 degrees clockwise to make its text upright; boxes
    are those of the turned page, ``to_stored`` brings them back to the page as stored.
    """

    page_no: int
    width: float
    height: float
    chars: tuple[Char, ...]
    rulings: tuple[Ruling, ...]
    images: tuple[BBox, ...] = ()
    quarter_turns: int = 0

    def to_stored(self, box: BBox) -> BBox:
        """A box of the turned page in the coordinates of the page as stored."""
        for turn in range(self.quarter_turns):
            # Undo one clockwise turn: the turned page's width is the stored page's height, alternating.
            width = self.height if turn % 2 else self.width
            box = BBox(box.top, width - box.x1, box.bottom, width - box.x0)
        return box
