"""Edit rules on random tables, against an evaluation written down once more without rule files."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.form import Form, load_form
from models.report import FieldValue
from models.rule import load_rules
from pipeline.check.check_report import check_report
from pipeline.check.evaluate_rules import evaluate_rules
from pipeline.check.form_facts import FormFacts

PARTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "social_organization",
    "legal_service",
    "other",
)
DISPUTES = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
RESULTS = ("upheld", "corrected", "other", "pending")
LEAVES = (
    *("granted", "partially_granted"),
    *(f"denied.{r}" for r in ("state_secret", "prohibited_by_law", "security_and_stability", "third_party_rights")),
    *(f"denied.{r}" for r in ("internal_affairs", "process_information", "enforcement_file", "administrative_inquiry")),
    *(f"unavailable.{r}" for r in ("not_held", "needs_creation", "unclear_after_correction")),
    *(f"not_processed.{r}" for r in ("petition_or_complaint", "repeated", "publication", "excessive", "confirmation")),
)
THREE = ("other.correction_overdue", "other.fee_overdue", "other.other")
MERGED = ("other_handling",)
KINDS = (("gk2021", THREE), ("gk2021", MERGED), ("gk2019", MERGED))

seeds = st.integers(min_value=0, max_value=2**32)
kinds = st.sampled_from(KINDS)


def number(value: int) -> FieldValue:
    return FieldValue(value=str(value), printed=str(value), kind="number", decision="accept", confidence=1.0)


def consistent_table(form_id: str, others: tuple[str, ...], random: Random) -> dict[str, int]:
    """Numbers of the two ruled tables; every sum holds."""
    top = random.choice((1, 9, 5000, 10**30))
    table: dict[tuple[str, str], int] = {}
    for column in PARTS:
        for row in (*LEAVES, *others):
            table[row, column] = random.randint(0, top) if random.random() < 0.4 else 0
        table["results_total", column] = sum(table[row, column] for row in (*LEAVES, *others))
        table["carried_out", column] = random.randint(0, top)
        both = table["results_total", column] + table["carried_out", column]
        table["carried_in", column] = random.randint(0, both)
        table["new", column] = both - table["carried_in", column]
    rows = ("new", "carried_in", *LEAVES, *others, "results_total", "carried_out")
    numbers = {f"requests.{r}.{c}": table[r, c] for r in rows for c in PARTS}
    numbers |= {f"requests.{r}.total": sum(table[r, c] for c in PARTS) for r in rows}
    for group in DISPUTES:
        for result in RESULTS:
            numbers[f"disputes.{group}.{result}"] = random.randint(0, top)
        numbers[f"disputes.{group}.total"] = sum(numbers[f"disputes.{group}.{r}"] for r in RESULTS)
    assert set(numbers) <= set(load_form(form_id).fields)
    return numbers


def as_fields(form: Form, numbers: dict[str, int]) -> dict[str, FieldValue]:
    fields = {i: number(0) for i in form.official_fields if i.startswith("proactive.")}
    return fields | {i: number(n) for i, n in numbers.items()}


@settings(max_examples=40, deadline=None)
@given(kind=kinds, seed=seeds)
def test_consistent_tables_have_no_failure(kind: tuple[str, tuple[str, ...]], seed: int) -> None:
    form = load_form(kind[0])
    fields = as_fields(form, consistent_table(*kind, Random(seed)))
    result = check_report(form, fields, FormFacts(form="gk2021", year=form.first_year))
    assert [f.rule for f in result.findings if f.severity != "info"] == []
    assert result.outcome.not_evaluable == 0
    assert result.outcome.passed == (42 if kind[1] == THREE else 40)


@settings(max_examples=80, deadline=None)
@given(kind=kinds, seed=seeds, shift=st.integers(min_value=1, max_value=10**6), pick=st.integers(min_value=0))
def test_one_changed_cell_is_noticed_and_explained(
    kind: tuple[str, tuple[str, ...]], seed: int, shift: int, pick: int
) -> None:
    form = load_form(kind[0])
    numbers = consistent_table(*kind, Random(seed))
    changed = list(numbers)[pick % len(numbers)]
    original = numbers[changed]
    # Up or down, but never below zero: that would be noticed anyway.
    numbers[changed] = original - shift if original >= shift else original + shift
    result = check_report(form, as_fields(form, numbers), FormFacts(form="gk2021", year=form.first_year))
    failed = [f for f in result.findings if f.severity == "error"]
    assert failed
    for finding in failed:
        assert changed in finding.fields
        assert finding.difference is not None
        assert abs(int(finding.difference)) == abs(numbers[changed] - original)
        assert (changed, str(original)) in [(s.field, s.suggested) for a in finding.suspects for s in a]


@pytest.mark.parametrize("kind", KINDS)
def test_every_ruled_cell_takes_part_in_a_rule(kind: tuple[str, tuple[str, ...]]) -> None:
    form = load_form(kind[0])
    numbers = consistent_table(*kind, Random(0))
    for changed in numbers:
        fields = as_fields(form, numbers) | {changed: number(numbers[changed] + 1)}
        assert evaluate_rules(form, load_rules(form), fields)[0].failed > 0, changed


# Cells that say nothing, cells that count, words, and None for a cell that is not there.
CELLS: tuple[str | None, ...] = ("", "", "", "/", "0", "0", "0", "0", "1", "1", "2", "见附件", None)


def printed_cell(printed: str | None) -> FieldValue:
    kind = {"": "blank", "/": "not_applicable", "见附件": "text", None: "absent"}.get(printed, "number")
    value = printed if kind in {"number", "not_applicable"} else None
    return FieldValue.model_validate(
        {"value": value, "printed": printed or "", "kind": kind, "decision": "accept", "confidence": 1.0}
    )


def spelled_out(others: tuple[str, ...]) -> dict[str, tuple[list[str], list[str]]]:
    """Rule id -> both sides, from the text of the rules."""
    sums: dict[str, tuple[list[str], list[str]]] = {}
    for c in (*PARTS, "total"):
        sums[f"requests.balance[{c}]"] = (
            [f"requests.new.{c}", f"requests.carried_in.{c}"],
            [f"requests.results_total.{c}", f"requests.carried_out.{c}"],
        )
        parts = [f"requests.{r}.{c}" for r in (*LEAVES, *others)]
        sums[f"requests.results[{c}]"] = ([f"requests.results_total.{c}"], parts)
    for r in ("new", "carried_in", *LEAVES, *others, "results_total", "carried_out"):
        sums[f"requests.row_total[{r}]"] = ([f"requests.{r}.total"], [f"requests.{r}.{c}" for c in PARTS])
    for g in DISPUTES:
        sums[f"disputes.total[{g}]"] = ([f"disputes.{g}.total"], [f"disputes.{g}.{r}" for r in RESULTS])
    return sums


def brute_force(cells: dict[str, str | None], others: tuple[str, ...]) -> dict[str, str]:
    """Rule id -> outcome."""
    sums = spelled_out(others)

    def all_blank(ids: list[str]) -> bool:
        return all(cells[i] in {"", "/"} for i in ids)

    def whole(ids: list[str]) -> bool:
        return all(cells[i] is not None and cells[i] != "见附件" for i in ids)

    def add(ids: list[str]) -> int:
        return sum(int(c) for i in ids if (c := cells[i]) is not None and c.isdigit())

    hidden: set[str] = set()
    for left, right in sums.values():
        for one, two in ((left, right), (right, left)):
            if all_blank(one) and whole(two) and add(two) > 0:
                hidden |= set(one)
    outcomes = {}
    for rule_id, (left, right) in sums.items():
        said = whole(left + right) and not all_blank(left) and not all_blank(right)
        if not said or hidden & set(left + right):
            outcomes[rule_id] = "not_evaluable"
        else:
            outcomes[rule_id] = "pass" if add(left) == add(right) else "fail"
    return outcomes


def holed_table(kind: tuple[str, tuple[str, ...]], random: Random) -> dict[str, str | None]:
    """A consistent table with holes, or plain noise."""
    numbers = consistent_table(*kind, random)
    share = random.choice((0.02, 0.3, 1.0))
    blank_columns = {c for c in (*PARTS, "total") if random.random() < 0.2}
    cells: dict[str, str | None] = {}
    for field_id, n in numbers.items():
        cells[field_id] = random.choice(CELLS) if random.random() < share else str(n)
        if field_id.rsplit(".", 1)[1] in blank_columns or (n == 0 and random.random() < 0.3):
            cells[field_id] = ""
    return cells


@settings(max_examples=150, deadline=None)
@given(kind=kinds, seed=seeds)
def test_evaluation_equals_brute_force(kind: tuple[str, tuple[str, ...]], seed: int) -> None:
    form = load_form(kind[0])
    cells = holed_table(kind, Random(seed))
    # The variant is told by its row, so one cell of it must hold a number.
    cells[f"requests.{kind[1][-1]}.total"] = "1"
    fields = {i: printed_cell(c) for i, c in cells.items()}
    outcome, results = evaluate_rules(form, load_rules(form), fields)
    expected = brute_force(cells, kind[1])
    assert {r.rule.id: r.outcome for r in results if r.applies} == expected
    counts = list(expected.values())
    assert (outcome.passed, outcome.failed, outcome.not_evaluable) == tuple(
        counts.count(o) for o in ("pass", "fail", "not_evaluable")
    )
