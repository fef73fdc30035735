from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

import pytest

from benchmarks.decide.plant_document import draw_planted, of_truth, to_json
from benchmarks.decide.planted import KINDS, MOST, Planted, plant, rules_in_force
from models.form import load_form, load_forms
from models.rule import load_rules
from samples.catalogue import CATALOGUE
from samples.drawing import draw_report
from samples.identities import broken_sums, leaf_rows

PLAIN = CATALOGUE["pdf-plain"]
STYLES = ("pdf-plain", "pdf-2019-plain", "pdf-some-blank", "pdf-stray-ruling", "pdf-missing-rows", "pdf-narrow-columns")


def planted_in(style: str, seed: int) -> tuple[dict[str, str | None], dict[str, str | None], tuple[Planted, ...]]:
    """Cells before and after, and the slips."""
    document = draw_report(CATALOGUE[style], seed)
    cells, slips = plant(load_form(document.style.form), document.truth, random.Random(seed))
    return document.truth, cells, slips


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", range(4))
def test_what_is_listed_is_what_was_changed(style: str, seed: int) -> None:
    before, after, slips = planted_in(style, seed)
    assert 1 <= len(slips) <= MOST
    listed = [(i, m, p) for s in slips for i, m, p in zip(s.cells, s.meant, s.printed, strict=True)]
    assert sorted(listed) == sorted((i, before[i], after[i]) for i in before if before[i] != after[i])


@pytest.mark.parametrize("style", STYLES)
def test_each_slip_alone_breaks_a_rule_that_was_in_force(style: str) -> None:
    for seed in range(6):
        before, _, slips = planted_in(style, seed)
        form = load_form(draw_report(CATALOGUE[style], seed).style.form)
        whole = rules_in_force(form, before)
        ruled = {i for r in whole for i in r.fields}
        for slip in slips:
            alone = {**before, **dict(zip(slip.cells, slip.printed, strict=True))}
            assert set(slip.cells) <= ruled
            assert {r.id for r in rules_in_force(form, alone)} < {r.id for r in whole}


def test_the_same_seed_plants_the_same() -> None:
    assert planted_in("pdf-plain", 7) == planted_in("pdf-plain", 7)


def test_no_number_begins_with_a_zero_and_all_are_digits() -> None:
    for seed in range(30):
        for slip in planted_in("pdf-plain", seed)[2]:
            assert all(text.isdigit() and (text == "0" or text[0] != "0") for text in slip.printed)


def test_every_kind_is_planted_and_is_what_its_name_says() -> None:
    slips = [s for seed in range(150) for s in planted_in("pdf-plain", seed)[2]]
    assert set(Counter(s.kind for s in slips)) == set(KINDS)
    for s in slips:
        meant, printed = s.meant[0], s.printed[0]
        match s.kind:
            case "digit":
                assert len(meant) == len(printed)
                assert sum(a != b for a, b in zip(meant, printed, strict=True)) == 1
            case "swapped_digits":
                assert sorted(meant) == sorted(printed)
                assert sum(a != b for a, b in zip(meant, printed, strict=True)) == 2
            case "missing_digit":
                assert len(printed) == len(meant) - 1
            case "extra_digit":
                assert len(printed) == len(meant) + 1
            case "wrong_total":
                assert s.cells[0].endswith("total") or ".results_total." in s.cells[0]
            case "swapped_rows":
                assert sorted(s.meant) == sorted(s.printed)
            case "shifted_row":
                fields = load_form("gk2021").fields
                assert len({(fields[i].table.id, fields[i].row.id) for i in s.cells}) == 1


def test_a_rule_over_a_row_that_is_not_printed_is_not_in_force() -> None:
    form = load_form("gk2021")
    cells = dict(draw_report(PLAIN, 1).truth)
    whole = {r.id for r in rules_in_force(form, cells)}
    # The merged row is only printed in place of two others.
    assert whole == {r.id for r in load_rules(form).rules} - {"requests.row_total[other_handling]"}
    cells |= {i: None for i in cells if i.startswith("requests.granted.")}
    left = {r.id for r in rules_in_force(form, cells)}
    assert not [i for i in left if i.startswith("requests.results[")]
    assert "requests.balance[total]" in left


def test_no_column_with_a_sign_is_in_a_rule() -> None:
    for form in load_forms().values():
        ruled = {i for r in load_rules(form).rules for i in r.fields}
        assert not [i for i in ruled if form.fields[i].column.signed]


def test_a_report_without_numbers_stays_as_it_is() -> None:
    form = load_form("gk2021")
    cells: dict[str, str | None] = dict.fromkeys(form.fields, "")
    assert plant(form, cells, random.Random(1)) == (cells, ())


def test_a_document_shows_the_planted_numbers_and_knows_the_sums_they_break() -> None:
    document, slips = draw_planted(CATALOGUE["pdf-broken-leaf"], 3, 2)
    shown = {box.field: box.text for sheet in document.sheets for box in sheet.boxes if box.field is not None}
    assert all(shown[i] == text for s in slips for i, text in zip(s.cells, s.printed, strict=True))
    assert {i: t for i, t in document.truth.items() if t is not None} == shown
    leaves = leaf_rows(load_form(document.style.form), merged_other=document.style.tables.merged_other)
    numbers = {i: Decimal(t) for i, t in shown.items() if t and i.startswith(("requests.", "disputes."))}
    assert list(document.violations) == broken_sums(numbers, leaves) != []


def test_faults_of_the_style_are_left_out_so_that_all_errors_are_listed() -> None:
    document, slips = draw_planted(CATALOGUE["pdf-broken-column"], 3, 1)
    meant = {i: Decimal(text) for i, text in zip(slips[0].cells, slips[0].meant, strict=True)}
    leaves = leaf_rows(load_form(document.style.form), merged_other=document.style.tables.merged_other)
    assert broken_sums(document.numbers | meant, leaves) == []


def test_padding_around_a_number_stays() -> None:
    style = next(s for s in CATALOGUE.values() if s.values.padded and s.format == "html" and not s.values.thousands)
    for seed in range(5):
        document, slips = draw_planted(style, seed)
        shown = {box.field: box.text for sheet in document.sheets for box in sheet.boxes}
        for i, text in ((i, t) for s in slips for i, t in zip(s.cells, s.printed, strict=True)):
            assert shown[i].strip() == text
            assert shown[i] != text


def test_slips_are_the_same_after_a_truth_file() -> None:
    slips = planted_in("pdf-plain", 5)[2]
    assert of_truth({"planted": to_json(slips)}) == slips
    assert of_truth({}) == ()
