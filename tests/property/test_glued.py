"""Glued tables of any numbers: what is accepted is what was printed, whatever adds up and whatever does not."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.glued_reports import KINDS, draw_glued, slip
from benchmarks.scoring import score_fields
from models.form import load_form
from models.report import FieldValue
from pipeline.decide.number_splits import ColumnKind, splits, splits_to_total
from pipeline.decide.split_glued import decide_glued
from pipeline.tables.glued_rows import lines_to_glued_rows
from samples.figures import draw_numbers
from samples.identities import Numbers, leaf_rows
from samples.style import Scale, Style, ValueStyle
from tests.unit.glued_text import glued, lines_of

FORM, OLD = load_form("gk2021"), load_form("gk2019")
LEAVES = leaf_rows(FORM, merged_other=False)
COUNT = ColumnKind("count", signed=False)
SCALES: tuple[Scale, ...] = ("empty", "tiny", "office", "district", "city")
MANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def draw(seed: int, scale: Scale, slips: int) -> Numbers:
    rng = random.Random(seed)
    numbers = draw_numbers(FORM, Style("g", "text", values=ValueStyle(scale=scale)), scale, rng)
    for _ in range(slips):
        numbers = slip(numbers, LEAVES, rng)
    return numbers


def decide(text: str) -> dict[str, FieldValue]:
    return decide_glued(FORM, lines_to_glued_rows(lines_of(text), FORM, [OLD]))


def text_of(numbers: Mapping[str, Decimal], between: str = "") -> str:
    rows: dict[str, list[str]] = {}
    for field in FORM.fields.values():
        if field.id in numbers:
            rows.setdefault(f"{field.table.id}.{field.row.id}".rstrip("."), []).append(f"{numbers[field.id]:f}")
    return glued(rows, between=between)


@MANY
@given(st.integers(0, 10**6), st.sampled_from(SCALES), st.integers(0, 4))
def test_what_is_accepted_is_what_was_printed(seed: int, scale: Scale, slips: int) -> None:
    numbers = draw(seed, scale, slips)
    for field_id, field in decide(text_of(numbers)).items():
        if field.decision == "accept":
            assert field.value == f"{numbers[field_id]:f}", field_id


@MANY
@given(st.integers(0, 10**6), st.sampled_from(SCALES), st.integers(0, 4))
def test_with_blanks_between_all_cells_everything_is_accepted(seed: int, scale: Scale, slips: int) -> None:
    numbers = draw(seed, scale, slips)
    fields = decide(text_of(numbers, between=" "))
    assert {i: f.value for i, f in fields.items()} == {i: f"{n:f}" for i, n in numbers.items() if i in fields}
    assert {f.decision for f in fields.values()} == {"accept"}


@MANY
@given(st.integers(0, 10**6), st.sampled_from(SCALES[:3]))
def test_requests_of_an_office_whose_sums_hold_are_read_exactly(seed: int, scale: Scale) -> None:
    numbers = draw(seed, scale, 0)
    fields = decide(text_of(numbers))
    # Where two splits tie the likelier one is a guess; it is never accepted.
    wrong = [i for i, f in fields.items() if i.startswith("requests.") and f.value != f"{numbers[i]:f}"]
    assert all(fields[i].decision == "review" for i in wrong)
    assert len(wrong) <= 14


@given(st.lists(st.integers(0, 120), min_size=2, max_size=6))
def test_a_row_that_adds_up_is_among_its_splits(parts: list[int]) -> None:
    cells = tuple(str(n) for n in (*parts, sum(parts)))
    text = "".join(cells)
    assert cells in splits_to_total(text, [COUNT] * len(cells))
    assert cells in set(splits(text, [COUNT] * len(cells)))


@given(st.lists(st.integers(0, 120), min_size=2, max_size=5), st.integers(2, 6))
def test_splits_give_the_text_back(numbers: list[int], columns: int) -> None:
    text = "".join(map(str, numbers))
    for way in splits(text, [COUNT] * columns):
        assert "".join(way) == text
        assert len(way) == columns


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
def test_no_wrong_number_of_a_drawn_report_is_accepted(kind: object) -> None:
    report = draw_glued(kind, 7)  # type: ignore[arg-type]  # parametrised with kinds
    form = load_form(report.truth["form"])
    other = FORM if form is OLD else OLD
    fields = decide_glued(form, lines_to_glued_rows(lines_of(*report.text.split("\n")), form, [other]))
    assert score_fields(report.truth, fields).silent == 0
