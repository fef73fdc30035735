"""What lines of dashes say about the slopes of a page."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.scan.dashes import Segments, dashed_strokes
from pipeline.scan.pixels import Matrix
from pipeline.scan.straighten import straighten
from tests.unit.scan.drawn_page import HEIGHT, XS, YS, Sheet, fill, mapped, scanned, seen_from_below, turned

ROWS = tuple(np.arange(YS[0], YS[-1] + 1, 15.0).tolist())


def dashed_form() -> Sheet:
    """A table of dashes; some of its rows run through text."""
    sheet = Sheet()
    for y in ROWS:
        for x in np.arange(XS[0], XS[-1], 5.0).tolist():
            sheet.level(y, x, min(x + 3, XS[-1]))
    for x in XS:
        for y in np.arange(ROWS[0], ROWS[-1], 5.0).tolist():
            sheet.plumb(x, y, min(y + 3, ROWS[-1]))
    fill(sheet)
    return sheet


def slopes(lines: Segments, axis: int) -> NDArray[np.float64]:
    return (lines[:, 3 - axis] - lines[:, 1 - axis]) / (lines[:, 2 + axis] - lines[:, axis])


def test_lines_of_dashes_are_found_both_ways() -> None:
    level, plumb = dashed_strokes(dashed_form().pixels, 3.0)
    assert len(ROWS) / 2 < len(level) <= len(ROWS)
    assert np.abs(slopes(level, 0)).max() < 0.002
    assert np.abs(slopes(plumb, 1)).max() < 0.002
    assert sorted((plumb[:, 0] / 3).tolist()) == pytest.approx(XS, abs=1)


def test_text_has_no_lines_of_dashes() -> None:
    sheet = Sheet()
    for i in range(20):
        sheet.word(60, 40 + 18 * i, 44)
    level, plumb = dashed_strokes(sheet.pixels, 3.0)
    assert not len(level)
    assert not len(plumb)


@pytest.mark.parametrize(("degrees", "share"), [(1.0, 0.05), (-2.0, 0.0), (0.0, 0.08)])
def test_a_page_of_dashes_seen_askew_is_straight_again(degrees: float, share: float) -> None:
    sheet = dashed_form()
    matrix: Matrix = turned(sheet, degrees) @ seen_from_below(sheet, share)

    upright = straighten(scanned(sheet, matrix))

    drawn_to_upright = np.linalg.inv(upright.to_stored) @ matrix
    for y in (ROWS[0], ROWS[-1]):
        points = [mapped(drawn_to_upright, x, y) for x in (XS[0], XS[3], XS[-1])]
        assert np.ptp([p[1] for p in points]) <= 1.0
    for x in (XS[0], XS[3], XS[-1]):
        points = [mapped(drawn_to_upright, x, y) for y in (ROWS[0], HEIGHT / 2, ROWS[-1])]
        assert np.ptp([p[0] for p in points]) <= 1.0
