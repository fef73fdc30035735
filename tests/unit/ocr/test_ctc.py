from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.ocr.ctc import OTHER_CHARACTER, number_candidates
from pipeline.ocr.engine import BLANK, NUMBER_ALPHABET, OTHER


def steps(*rows: dict[str, float]) -> NDArray[np.float32]:
    """A row for each step; ``_`` is blank, ``?`` any other character."""
    columns = {"_": BLANK, "?": OTHER} | {c: 2 + i for i, c in enumerate(NUMBER_ALPHABET)}
    matrix = np.zeros((len(rows), 2 + len(NUMBER_ALPHABET)), np.float32)
    for i, row in enumerate(rows):
        for symbol, probability in row.items():
            matrix[i, columns[symbol]] = probability
    return matrix


def test_all_ways_to_the_same_text_count_together() -> None:
    found = number_candidates(steps({"1": 0.4, "_": 0.6}, {"1": 0.4, "_": 0.6}))

    # 11, 1_ and _1 are all "1": more than the two blanks, each of which is the most probable step.
    assert [(c.text, round(c.score, 4)) for c in found if c.score > 0] == [("1", 0.64), ("", 0.36)]


def test_a_digit_is_doubled_by_a_blank_between_alone() -> None:
    assert number_candidates(steps({"1": 1}, {"1": 1}))[0].text == "1"
    assert number_candidates(steps({"1": 1}, {"_": 1}, {"1": 1}))[0].text == "11"


def test_the_best_come_first_and_no_more_than_wanted() -> None:
    matrix = steps({"1": 0.5, "7": 0.3, "4": 0.2}, {"_": 1}, {"0": 0.9, "6": 0.1})

    assert [c.text for c in number_candidates(matrix)] == ["10", "70", "40", "16"]
    assert [c.text for c in number_candidates(matrix, best=2)] == ["10", "70"]
    scores = [c.score for c in number_candidates(matrix)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(0.45)


def test_what_no_number_has_keeps_its_place() -> None:
    assert number_candidates(steps({"1": 1}, {"?": 0.7, "_": 0.3}))[0].text == f"1{OTHER_CHARACTER}"


def test_a_line_without_steps_is_empty() -> None:
    assert [(c.text, c.score) for c in number_candidates(steps())] == [("", 1.0)]
