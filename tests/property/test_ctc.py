from __future__ import annotations

from collections import defaultdict
from itertools import product
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.ocr import ctc
from pipeline.ocr.ctc import OTHER_CHARACTER, number_candidates
from pipeline.ocr.engine import BLANK, NUMBER_ALPHABET, OTHER

SYMBOLS = ["", OTHER_CHARACTER, *NUMBER_ALPHABET]
# Less probable symbols are left out by the search.
LEFT_OUT = 1e-3


@st.composite
def step_matrices(draw: st.DrawFn) -> NDArray[np.float32]:
    """Up to four steps over blank, another character and two digits."""
    columns = [BLANK, OTHER, 2, 9]
    length = draw(st.integers(1, 4))
    weights = draw(st.lists(st.lists(st.integers(0, 20), min_size=4, max_size=4), min_size=length, max_size=length))
    matrix = np.zeros((length, len(SYMBOLS)), np.float32)
    for i, row in enumerate(weights):
        matrix[i, columns] = np.array(row, np.float32) / max(sum(row), 1)
    return matrix


def all_texts(matrix: NDArray[np.float32]) -> dict[str, float]:
    """Text -> the sum over all paths that lead to it."""
    found: dict[str, float] = defaultdict(float)
    for path in product(*(np.flatnonzero(row) for row in matrix)):
        text = "".join(SYMBOLS[c] for i, c in enumerate(path) if i == 0 or c != path[i - 1])
        found[text] += float(np.prod([matrix[i, c] for i, c in enumerate(path)]))
    return found


@given(step_matrices())
def test_scores_are_the_sums_over_all_paths(matrix: NDArray[np.float32]) -> None:
    expected = all_texts(matrix)

    with mock.patch.object(ctc, "_BEAM", 10**6):
        found = number_candidates(matrix, best=10**6)

    assert {c.text for c in found if c.score > 0} == set(expected)
    for candidate in found:
        assert candidate.score == pytest.approx(expected.get(candidate.text, 0.0), abs=LEFT_OUT)


@given(step_matrices())
def test_a_narrow_beam_invents_nothing(matrix: NDArray[np.float32]) -> None:
    expected = all_texts(matrix)

    found = number_candidates(matrix)

    assert all(c.score <= expected.get(c.text, 0.0) + LEFT_OUT for c in found)
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert len({c.text for c in found}) == len(found) <= 4
