"""Scraps of faint digits beside whole ones."""

from __future__ import annotations

import pytest

from pipeline.scan.scraps import Box, with_scraps

# A digit 20 pixels high, and what is left of another one before it: its head and its foot.
WHOLE: Box = (100, 50, 112, 70)
HEAD, FOOT = (84, 50, 92, 53), (86, 60, 94, 70)


@pytest.mark.parametrize(
    ("pieces", "left", "right"),
    [
        ([HEAD, FOOT], 84, 112),
        ([(120, 50, 128, 53), (121, 58, 129, 69)], 100, 129),
        ([HEAD, FOOT, (64, 50, 72, 52), (66, 61, 74, 70)], 64, 112),
        ([HEAD], 100, 112),
        ([(96, 60, 98, 62)], 100, 112),
        ([(54, 50, 62, 53), (56, 60, 64, 70)], 100, 112),
        ([(84, 20, 92, 40), FOOT], 100, 112),
    ],
    ids=["before", "behind", "one after the other", "too low", "dirt", "too far", "of another line"],
)
def test_scraps_as_high_as_a_digit_and_near_are_of_the_number(pieces: list[Box], left: int, right: int) -> None:
    assert with_scraps(WHOLE, [WHOLE, *pieces]) == (left, WHOLE[1], right, WHOLE[3])
