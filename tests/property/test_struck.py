"""Strokes looked up by their place strike the digits that all strokes, one by one, strike."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from models.geometry import interval_overlap
from models.page import Char, Ruling, horizontal_ruling
from pipeline.tables.chars_to_cells import is_struck

# Few different places, so that strokes meet the limits exactly.
PLACES = st.integers(0, 24).map(lambda n: n / 2)


CHARS = st.builds(
    lambda text, x0, top, width, height: Char(text, x0, top, x0 + width, top + height, 10.0),
    st.sampled_from("17年."),
    *[PLACES] * 4,
)
STROKES = st.builds(lambda y, start, length: horizontal_ruling(y, start, start + length), *[PLACES] * 3)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(CHARS, max_size=6), st.lists(STROKES, max_size=6))
def test_a_stroke_strikes_whatever_the_order(line: list[Char], drawn: list[Ruling]) -> None:
    expected = any(
        c.top + (c.bottom - c.top) / 4 < s.position < c.bottom - (c.bottom - c.top) / 4
        and interval_overlap((s.start, s.stop), (c.x0, c.x1)) > (c.x1 - c.x0) / 2
        for s in drawn
        for c in line
        if c.text.isdigit()
    )

    assert is_struck(line, drawn) == expected
