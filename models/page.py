"""What a reader delivers for one page, before any table is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from models.geometry import BBox

Route = Literal["text", "ocr", "mixed", "none"]
PageStatus = Literal["extracted", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a gap. ``bbox`` in points; ``size`` is the type size in points.

    ``flags`` holds reason codes that make a number read from this word doubtful (``superscript``, ``cid``).
    """

    text: str
    bbox: BBox
    size: float = 0.0
    upright: bool = True
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ruling:
    """A drawn line segment, horizontal or vertical.

    ``position`` is y for a horizontal and x for a vertical ruling; ``start``/``stop`` run along it. Points.
    """

    horizontal: bool
    position: float
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of running text. ``bbox`` is None where the file has no geometry."""

    text: str
    page_no: int
    bbox: BBox | None = None


@dataclass(frozen=True, slots=True)
class PageInfo:
    """How one page was treated: every page of every file has one."""

    page_no: int
    route: Route
    status: PageStatus
    reason: str = ""
