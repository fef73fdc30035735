"""Two readings of one cell: what is printed, and whether both are sure of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from models.reading import Candidate, Reading
from models.value_text import POINTS, without_points
from pipeline.ocr.ctc import OTHER_CHARACTER, number_candidates
from pipeline.ocr.engine import LineReading

# A text that an engine does not propose at all counts as this probable to it.
_UNSEEN = 1e-4
# A reading below it outweighs all others, 0..1.
_VERY_UNSURE = 0.35
# A number has at most so many characters.
_LONGEST_NUMBER = 18
# A line is taken for a number when its best text without foreign characters is this probable.
_LEAST_PROBABLE = 0.2
# The same in a cell of which the table says that it holds a number, 0..1.
_LEAST_IN_NUMBER_CELL = 0.02
LOW_SCORE, MODELS_DIFFER = "low_score", "models_differ"


@dataclass(frozen=True, slots=True)
class Vote:
    """The text of a cell, the readings it rests on, and reason codes where they are weak."""

    text: str
    readings: tuple[Reading, ...]
    flags: frozenset[str]


def is_number(reading: LineReading) -> bool:
    """True where the line may be a number."""
    return bool(_numbers(reading))


def as_number(reading: LineReading) -> str:
    """The number that a line most probably is, without points at its ends; its text where it is none."""
    return without_points(_candidates(reading)[0].text)


def vote(readings: Sequence[tuple[str, LineReading]], *, accept_score: float) -> Vote:
    """The number on which readings of the same cell agree, else the one that is most probable to all together.

    Args:
        readings: (engine, reading) pairs, the strongest engine first.
        accept_score: What all readings together must reach, 0..1.
    """
    listed = [(name, _candidates(reading)) for name, reading in readings]
    bests = [candidates[0] for _, candidates in listed]
    texts = dict.fromkeys(c.text for _, candidates in listed for c in candidates)
    together = max(texts, key=lambda text: sum(math.log(_score(candidates, text)) for _, candidates in listed))
    flags = set()
    if any(best.text != together for best in bests):
        flags.add(MODELS_DIFFER)
    if _is_weak(together, [_score(candidates, together) for _, candidates in listed], accept_score):
        flags.add(LOW_SCORE)
    return Vote(
        without_points(together),
        tuple(_reading(name, c) for name, c in listed),
        frozenset(flags),
    )


def to_reading(name: str, line: LineReading) -> Reading:
    """What one engine read in a cell that should hold a number, with what else it may be."""
    return _reading(name, _candidates(line, _LEAST_IN_NUMBER_CELL))


def _reading(name: str, candidates: Sequence[Candidate]) -> Reading:
    return Reading(name, candidates[0].text, round(candidates[0].score, 4), _rest(candidates))


def _is_weak(text: str, scores: Sequence[float], accept_score: float) -> bool:
    """True where readings that agree are too unsure together, one is very unsure, or a point stands at an end.

    Their errors are taken for independent, which they are not quite: so none may be very unsure.
    """
    together = 1 - math.prod(1 - s for s in scores)
    return together < accept_score or min(scores) < _VERY_UNSURE or text[:1] in POINTS or text[-1:] in POINTS


def _rest(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    return tuple(Candidate(c.text, round(c.score, 4)) for c in candidates[1:] if round(c.score, 4) > 0)


def _candidates(reading: LineReading, least: float = _LEAST_PROBABLE) -> list[Candidate]:
    """Numbers first proposed by the engine; where the line is no number to it, its text as it stands."""
    return _numbers(reading, least) or [Candidate(reading.text, reading.score)]


def _numbers(reading: LineReading, least: float = _LEAST_PROBABLE) -> list[Candidate]:
    """The numbers that a line may be, the most probable first; none where even that is less probable than ``least``."""
    if len(reading.text) > _LONGEST_NUMBER:
        return []
    found = [c for c in number_candidates(reading.steps) if OTHER_CHARACTER not in c.text and c.text]
    best = next((c for c in found if any(ch.isdigit() for ch in c.text)), None)
    return found if best is not None and best.score >= least else []


def _score(candidates: Sequence[Candidate], text: str) -> float:
    return max((c.score for c in candidates if c.text == text), default=0.0) or _UNSEEN
