"""Some hundred broken files: none of them brings the reader down, each ends with a report or a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.mutants import mutant
from benchmarks.mutations import read_mutants

FILES = 200
# Found by more of them than are read here.
ONCE_FATAL = (261,)
# Small files only: a page of a PDF takes as long as ten of them.
_LARGEST = 60_000  # bytes


def _numbers() -> list[int]:
    """The first mutants that are no pictures and not large, of each kind."""
    found: list[int] = []
    number = 0
    while len(found) < FILES:
        one = mutant(number)
        if not one.is_picture and len(one.data) <= _LARGEST and (one.kind != "pdf" or number % 4 == 0):
            found.append(number)
        number += 1
    return [*found, *(n for n in ONCE_FATAL if n not in found)]


@pytest.mark.slow
def test_no_mutant_brings_the_reader_down(tmp_path: Path) -> None:
    numbers = _numbers()

    ends = list(read_mutants(numbers, tmp_path, jobs=2))

    assert sorted(e.number for e in ends) == sorted(numbers)
    assert [e for e in ends if e.is_fault] == []
    assert all(e.said for e in ends if e.end in {"refused", "partial"})
    assert {e.end for e in ends} >= {"ok", "needs_review", "refused"}


def test_a_mutant_is_the_same_every_time() -> None:
    assert [mutant(n) for n in range(30)] == [mutant(n) for n in range(30)]
    assert len({mutant(n).data for n in range(30)}) == 30
