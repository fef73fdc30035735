"""Digits that a scan makes look like one another: what was misread twice may have been misread unseen once more.

Where toner is thin, a 4 loses its slanting stroke and every engine reads a 1. Several such cells may even fit the sums,
the same number being lost in a part and in its total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from models.match import PrintedField
from pipeline.decide.values_under_rules import Choice

# So many cells must show a digit read as another one.
_WITNESSES = 2
# A reading below this score is no witness. 0..1.
_LEAST_SCORE = 0.5


def confused_digits(cells: Mapping[str, PrintedField], choices: Mapping[str, Choice]) -> frozenset[str]:
    """The digits that may stand for another one on this scan: several cells were read with them, but taken for another.

    Args:
        cells: Field id -> cell with all its readings.
        choices: Field id -> what was taken.
    """
    witnesses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for i, choice in choices.items():
        if i not in cells or choice.option.kind != "number":
            continue
        for reading in cells[i].readings:
            pair = _differing(choice.option.printed, reading.text)
            if pair is not None and reading.score >= _LEAST_SCORE:
                witnesses[pair].add(i)
    return frozenset(read for (_, read), seen in witnesses.items() if len(seen) >= _WITNESSES)


def _differing(taken: str, read: str) -> tuple[str, str] | None:
    """The digit taken and the one read, where two numbers of one length differ in a single digit."""
    if len(taken) != len(read):
        return None
    pairs = [(a, b) for a, b in zip(taken, read, strict=True) if a != b]
    if len(pairs) != 1 or not "".join(pairs[0]).isdecimal():
        return None
    return pairs[0]
