"""Damaged and rearranged reports: never a wrong field accepted, and most fields kept where the damage is light.

Every cell carries a number that stands nowhere else, so a number accepted for another field shows itself.
"""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from models.form import load_forms
from models.report import FieldValue
from pipeline.match.sections_to_fields import match_report
from tests.unit.match.print_noise import CHANGES, SLIPS, Change, Slip, change, damage, slip
from tests.unit.match.printed_form import READERS, Label, Sheet, accepted, decide, print_form, wrong_fields

KINDS = (("gk2021", False), ("gk2021", True), ("gk2019", False))
ROW_CHANGES = (
    "drop_row",
    "add_row",
    "swap_rows",
    "blank_row",
    "break_page",
    "drop_parents",
    "glue_parent",
    "drop_title",
)
COLUMN_CHANGES = ("drop_column", "add_column", "swap_columns", "drop_header", "drop_column_parents")

kinds = st.sampled_from(KINDS)
readers = st.sampled_from(sorted(READERS))
# Lines know nothing of pages, and a header of lines with one damaged word is doubted as a whole.
with_geometry = st.sampled_from(("sections", "grids"))
slips = st.builds(Slip, st.integers(0, 999), st.integers(0, 39), st.sampled_from(SLIPS))
few_slips = st.lists(slips, max_size=20)
many_slips = st.lists(slips, min_size=20, max_size=150)
seeds = st.integers(0, 2**32)

Kind = tuple[str, bool]

quick = settings(max_examples=20, deadline=None, derandomize=True)


def changes(names: tuple[str, ...], most: int = 4) -> st.SearchStrategy[list[Change]]:
    assert set(names) <= set(CHANGES)
    one = st.builds(Change, st.sampled_from(names), st.integers(0, 999), st.integers(0, 999))
    return st.lists(one, max_size=most)


def print_changed(kind: Kind, made: list[Change], slipped: list[Slip]) -> Sheet:
    form_id, merged = kind
    sheet = print_form(form_id, merged=merged)
    for one in made:
        change(sheet, one)
    damage(sheet.labels(), slipped)
    return sheet


def read(sheet: Sheet, reader: str) -> dict[str, FieldValue]:
    """The decided fields; none where the tables are of no form."""
    matched = match_report(READERS[reader](sheet), load_forms())
    return {} if matched is None else decide(matched)


@quick
@given(kind=kinds, reader=readers, slipped=many_slips)
def test_slips_in_labels_never_bring_a_wrong_number(kind: Kind, reader: str, slipped: list[Slip]) -> None:
    sheet = print_changed(kind, [], slipped)
    assert not wrong_fields(sheet, read(sheet, reader))


@quick
@given(kind=kinds, reader=readers, made=changes(ROW_CHANGES), slipped=few_slips)
def test_missing_extra_and_moved_rows_never_bring_a_wrong_number(
    kind: Kind, reader: str, made: list[Change], slipped: list[Slip]
) -> None:
    sheet = print_changed(kind, made, slipped)
    assert not wrong_fields(sheet, read(sheet, reader))


@quick
@given(kind=kinds, reader=readers, made=changes(COLUMN_CHANGES), slipped=few_slips)
def test_missing_extra_and_moved_columns_never_bring_a_wrong_number(
    kind: Kind, reader: str, made: list[Change], slipped: list[Slip]
) -> None:
    sheet = print_changed(kind, made, slipped)
    assert not wrong_fields(sheet, read(sheet, reader))


@quick
@given(kind=kinds, reader=with_geometry, made=changes(("cut_row", "break_page", "blank_row")), slipped=few_slips)
def test_rows_cut_by_a_page_break_never_bring_a_wrong_number(
    kind: Kind, reader: str, made: list[Change], slipped: list[Slip]
) -> None:
    sheet = print_changed(kind, made, slipped)
    assert not wrong_fields(sheet, read(sheet, reader))


@quick
@given(kind=kinds, reader=readers, made=changes(("repeat_block", "break_page"), 3), slipped=few_slips)
def test_tables_printed_twice_never_bring_a_wrong_number(
    kind: Kind, reader: str, made: list[Change], slipped: list[Slip]
) -> None:
    sheet = print_changed(kind, made, slipped)
    assert not wrong_fields(sheet, read(sheet, reader))


@quick
@given(kind=kinds, reader=readers, made=changes(("other_form_block", "drop_block", "drop_row"), 3), slipped=few_slips)
def test_hybrids_of_both_forms_never_bring_a_wrong_number(
    kind: Kind, reader: str, made: list[Change], slipped: list[Slip]
) -> None:
    sheet = print_changed(kind, made, slipped)
    assert not wrong_fields(sheet, read(sheet, reader))


@quick
@given(kind=kinds, reader=with_geometry, seed=seeds)
def test_one_slip_in_some_labels_leaves_most_fields_accepted(kind: Kind, reader: str, seed: int) -> None:
    sheet = print_form(kind[0], merged=kind[1])
    slip_once(sheet.labels(), Random(seed), share=0.2)
    fields = read(sheet, reader)
    assert not wrong_fields(sheet, fields)
    assert len(accepted(fields)) > 0.7 * len(sheet.truth)


@quick
@given(kind=kinds, reader=readers, seed=seeds)
def test_one_slip_in_every_row_label_leaves_most_fields_accepted(kind: Kind, reader: str, seed: int) -> None:
    sheet = print_form(kind[0], merged=kind[1])
    slip_once(sheet.row_labels(), Random(seed), share=1.0)
    fields = read(sheet, reader)
    assert not wrong_fields(sheet, fields)
    assert len(accepted(fields)) > 0.7 * len(sheet.truth)


def slip_once(labels: list[Label], random: Random, share: float) -> None:
    """A share of the labels has one slip each."""
    for label in labels:
        if random.random() < share:
            label.text = slip(label.text, random.randrange(40), random.choice(SLIPS))
