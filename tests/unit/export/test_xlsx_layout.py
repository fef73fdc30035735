from __future__ import annotations

import pytest

from models.form import load_form
from pipeline.export.xlsx_book import exact_number, number_format
from pipeline.export.xlsx_layout import (
    Span,
    form_units,
    label_depth,
    label_units,
    labels_to_spans,
    level_units,
    split_units,
)


def test_labels_share_the_cell_of_their_parent_and_short_paths_reach_the_last_level() -> None:
    assert labels_to_spans([("一",), ("三", "甲"), ("三", "乙", "1"), ("三", "乙", "2"), ("四",)]) == [
        Span("一", 0, 1, 0, 3),
        Span("三", 1, 4, 0, 1),
        Span("四", 4, 5, 0, 3),
        Span("甲", 1, 2, 1, 3),
        Span("乙", 2, 4, 1, 2),
        Span("1", 2, 3, 2, 3),
        Span("2", 3, 4, 2, 3),
    ]


def test_equal_labels_under_different_parents_stay_apart() -> None:
    texts = [(s.text, s.first, s.stop) for s in labels_to_spans([("a", "x", "1"), ("b", "x", "2")]) if s.text == "x"]
    assert texts == [("x", 0, 1), ("x", 1, 2)]


@pytest.mark.parametrize("form_id", ["gk2021", "gk2019"])
def test_every_table_covers_the_width_exactly(form_id: str) -> None:
    form = load_form(form_id)
    units = form_units(form)
    for table in form.tables:
        start, depth = label_units(table, units), label_depth(table)
        levels = level_units(depth, start)
        assert len(levels) == depth
        assert all(right > left for left, right in levels)
        for block in table.blocks:
            ranges = [*levels, *split_units(start, units, len(block.columns))]
            assert all(right > left for left, right in ranges)
            assert [r[0] for r in ranges] == [0, *(r[1] for r in ranges[:-1])]
            assert ranges[-1][1] == units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0.0),
        ("-71", -71.0),
        ("4166.241619", 4166.241619),
        ("12.50", 12.5),
        ("999999999999999", 999999999999999.0),
        ("0.000000000000001", 1e-15),
        ("1000000000000000", None),
        ("0.1234567890123456", None),
        ("007", None),
        ("+5", None),
        ("1,234", None),
        ("1e5", None),
        ("nan", None),
        ("", None),
        ("５", None),
    ],
)
def test_only_what_a_double_keeps_becomes_a_number(text: str, expected: float | None) -> None:
    assert exact_number(text) == expected


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [("5", "", "0"), ("12.50", "", "0.00"), ("5", "?", '0" ?"'), ("-1.5", "?!", '0.0" ?!"')],
)
def test_number_format_keeps_the_printed_places(text: str, suffix: str, expected: str) -> None:
    assert number_format(text, suffix) == expected
