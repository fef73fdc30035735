"""Digits that a scan makes look like one another: numbers that may have been misread together, unseen by any sum.

Where toner is thin, a 4 loses its slanting stroke and every engine reads a 1. Where that happened to a part and to its
total, the sum holds. How often a digit was misread on a scan is known from the cells in which a sum or another reading
brought it to light; how many cells must have been misread together, so that all sums over a number still hold, is known
from the sums.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.match import PrintedField
from models.rule import LinearRule
from pipeline.decide.values_under_rules import Solution

# So many cells must show a digit read as another one.
_WITNESSES = 2
# A reading below this score tells nothing. 0..1.
_LEAST_SCORE = 0.5
# More cells than this are not misread together.
_MOST_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class _Confusion:
    """Digit ``printed`` is read as digit ``read`` in this share of its cells, 0..1."""

    printed: str
    read: str
    rate: float


def misread_together(cells: Mapping[str, PrintedField], solution: Solution, most_wrong: float) -> frozenset[str]:
    """The cells whose number has a digit that may stand for another one, with more than a small probability.

    That is the share of misread digits, taken to the power of the least number of cells that must have been misread
    alike for all sums to hold.

    Args:
        cells: Field id -> cell with all its readings.
        solution: What was taken, and the sums that hold.
        most_wrong: The probability that is small enough, 0..1.
    """
    choices = solution.choices
    numbers = {i: choices[i].option.printed for i in cells if i in choices and choices[i].option.kind == "number"}
    found: set[str] = set()
    for confusion in _confusions(cells, numbers):
        digits = {i: _places_of(confusion.read, text) for i, text in numbers.items()}
        for i, places in digits.items():
            counts = [_cells_together(i, place, digits, solution.over) for place in places]
            if any(n is not None and confusion.rate**n > most_wrong for n in counts):
                found.add(i)
    return frozenset(found)


def _confusions(cells: Mapping[str, PrintedField], numbers: Mapping[str, str]) -> list[_Confusion]:
    """The digits that several cells were read with, but that were taken for another one."""
    witnesses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for i, taken in numbers.items():
        for reading in cells[i].readings:
            pair = _differing(taken, reading.text)
            if pair is not None and reading.score >= _LEAST_SCORE:
                witnesses[pair].add(i)
    return [
        _Confusion(printed, read, len(seen) / sum(printed in text for text in numbers.values()))
        for (printed, read), seen in witnesses.items()
        if len(seen) >= _WITNESSES
    ]


def _differing(taken: str, read: str) -> tuple[str, str] | None:
    """The digit taken and the one read, where two numbers of one length differ in a single digit."""
    if taken == read or len(taken) != len(read):
        return None
    pairs = [(a, b) for a, b in zip(taken, read, strict=True) if a != b]
    if len(pairs) != 1 or not "".join(pairs[0]).isdecimal():
        return None
    return pairs[0]


def _places_of(digit: str, text: str) -> frozenset[int]:
    """The powers of ten at which a number has a digit."""
    whole = text.partition(".")[0]
    return frozenset(
        len(whole) - 1 - n if n < len(whole) else len(whole) - n for n, char in enumerate(text) if char == digit
    )


def _cells_together(
    i: str, place: int, digits: Mapping[str, frozenset[int]], over: Mapping[str, Sequence[LinearRule]]
) -> int | None:
    """The least number of cells, one of them ``i``, that hold a digit at a place and in no sum more on one side.

    None where there are no such cells, or too many.
    """
    best = _MOST_TOGETHER + 1

    def grow(taken: frozenset[str]) -> None:
        nonlocal best
        if len(taken) >= best:
            return
        unequal = next((r for r in _rules_over(taken, over) if _balance(r, taken)), None)
        if unequal is None:
            best = len(taken)
            return
        side = unequal.right if _balance(unequal, taken) > 0 else unequal.left
        for j in side:
            if j not in taken and place in digits.get(j, ()):
                grow(taken | {j})

    grow(frozenset({i}))
    return best if best <= _MOST_TOGETHER else None


def _rules_over(taken: Iterable[str], over: Mapping[str, Sequence[LinearRule]]) -> Iterable[LinearRule]:
    return (r for i in taken for r in over.get(i, ()))


def _balance(rule: LinearRule, taken: frozenset[str]) -> int:
    """How many more of some cells stand on the left of a rule than on its right."""
    return len(taken.intersection(rule.left)) - len(taken.intersection(rule.right))
