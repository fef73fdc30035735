"""What a reader of pixels makes of one cell, with what else it may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be printed; ``score`` 0..1, uncalibrated."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader read in one cell: best text, its score 0..1, and other texts with theirs, best first."""

    reader: str
    text: str
    score: float
    alternatives: tuple[Candidate, ...] = ()
