from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from models.form import Form
from models.report import Evidence, FieldValue
from models.rule import load_rules
from pipeline.check.around import Around
from pipeline.check.evaluate_rules import evaluate_rules
from pipeline.check.suspects import MAX_SUSPECTS, _told_by, explain_failures

Fill = Callable[..., dict[str, FieldValue]]
RECON = "disputes.reconsideration"
Told = list[dict[str, tuple[str | None, str | None]]]


def suspects(form: Form, fields: dict[str, FieldValue], rule_id: str) -> Told:
    """Explanations of a rule: field -> (suggested value, slip)."""
    rules = load_rules(form)
    results = evaluate_rules(form, rules, fields)[1]
    explained = explain_failures(form, rules, results, fields)
    return [{s.field: (s.suggested, s.slip) for s in group} for group in explained.get(rule_id, [])]


def request_table(rows: dict[str, dict[str, str]]) -> dict[str, str]:
    return {f"requests.{row}.{column}": value for row, cells in rows.items() for column, value in cells.items()}


def test_negative_counts_are_not_suggested(form: Form, fill: Fill) -> None:
    fields = fill(form, {f"{RECON}.upheld": "10", f"{RECON}.corrected": "1"})
    assert suspects(form, fields, "disputes.total[reconsideration]") == [{f"{RECON}.total": ("11", "miscalculated")}]


def test_every_number_of_a_lone_rule_may_explain_it_the_likeliest_slip_first(form: Form, fill: Fill) -> None:
    fields = fill(form, {f"{RECON}.total": "21", f"{RECON}.upheld": "12"})
    found = suspects(form, fields, "disputes.total[reconsideration]")
    assert found[:2] == [
        {f"{RECON}.upheld": ("21", "swapped_digits")},
        {f"{RECON}.total": ("12", "swapped_digits")},
    ] or (found[:2] == [{f"{RECON}.total": ("12", "swapped_digits")}, {f"{RECON}.upheld": ("21", "swapped_digits")}])
    assert {next(iter(group)).rsplit(".", 1)[1] for group in found} == {
        "total",
        "upheld",
        "corrected",
        "other",
        "pending",
    }


def test_of_parts_with_the_same_slip_the_usually_larger_one_was_larger(form: Form, fill: Fill) -> None:
    # Either nought may have been left in place of a 3; more disputes are upheld than corrected.
    fields = fill(form, {f"{RECON}.{c}": n for c, n in (("total", "4"), ("other", "1"))})
    parts = [f"{RECON}.{column}" for column in ("upheld", "corrected", "other", "pending")]
    around = Around(form, fields, {f"{RECON}.total": parts})
    upheld, corrected, _, pending = (around.rank({part: Decimal(3)}).cost for part in parts)
    assert upheld < corrected == pending


def test_only_the_cell_that_mends_every_rule_is_named(form: Form, fill: Fill) -> None:
    # 12 printed for 21: the row and the column both fail, and only the common cell explains both.
    numbers = {"natural_person": "21", "total": "21"}
    rows = {"new": numbers | {"natural_person": "12"}, "granted": numbers, "results_total": numbers}
    for rule_id in ("requests.balance[natural_person]", "requests.row_total[new]"):
        assert suspects(form, fill(form, request_table(rows)), rule_id) == [
            {"requests.new.natural_person": ("21", "swapped_digits")}
        ]


def test_two_cells_that_are_wrong_together_are_one_explanation(form: Form, fill: Fill) -> None:
    # One application counted as done and as carried over, in the column and in the total.
    rows = {r: {"natural_person": "1", "total": "1"} for r in ("new", "granted", "results_total", "carried_out")}
    fields = fill(form, request_table(rows))
    found = suspects(form, fields, "requests.balance[natural_person]")
    assert found == suspects(form, fields, "requests.balance[total]")
    assert {frozenset(group) for group in found} >= {
        frozenset({"requests.carried_out.natural_person", "requests.carried_out.total"}),
        frozenset({"requests.carried_in.natural_person", "requests.carried_in.total"}),
    }
    assert all(len(group) == 2 for group in found)


def test_errors_that_have_nothing_to_do_with_each_other_are_told_apart(form: Form, fill: Fill) -> None:
    rows = {
        "new": {"natural_person": "5", "other": "40", "total": "46"},
        "granted": {"natural_person": "6", "other": "40", "total": "46"},
        "results_total": {"natural_person": "6", "other": "47", "total": "46"},
    }
    fields = fill(form, request_table(rows))
    assert suspects(form, fields, "requests.row_total[new]") == [{"requests.new.natural_person": ("6", "digit")}]
    assert suspects(form, fields, "requests.row_total[results_total]") == [
        {"requests.results_total.other": ("40", "digit")}
    ]


def test_rows_that_changed_places_are_one_slip(form: Form, fill: Fill) -> None:
    # What belongs to the results stands in the row of those carried over, and the other way round.
    done, open_ = (
        {"natural_person": "7", "other": "31", "total": "38"},
        {"natural_person": "2", "other": "6", "total": "8"},
    )
    both = {"natural_person": "9", "other": "37", "total": "46"}
    rows = {"new": both, "granted": done, "results_total": open_, "carried_out": done}
    found = suspects(form, fill(form, request_table(rows)), "requests.balance[total]")
    assert found == []  # the balance holds all the same
    found = suspects(form, fill(form, request_table(rows)), "requests.results[total]")
    assert {slip for group in found for _, slip in group.values()} >= {"shifted_row"}
    swapped = next(group for group in found if "shifted_row" in {slip for _, slip in group.values()})
    assert swapped["requests.results_total.total"] == ("38", "shifted_row")
    assert swapped["requests.carried_out.total"] == ("8", "shifted_row")


def test_number_of_explanations_is_capped(form: Form, fill: Fill) -> None:
    numbers = {"natural_person": "4", "total": "4"}
    fields = fill(form, request_table({"new": numbers, "results_total": numbers}))
    found = suspects(form, fields, "requests.results[natural_person]")
    assert len(found) == MAX_SUSPECTS


def test_rule_that_holds_has_no_suspects(form: Form, fill: Fill) -> None:
    assert suspects(form, fill(form), "requests.balance[total]") == []


def test_explanations_are_kept_by_all_they_rest_on() -> None:
    value = FieldValue(
        value="16",
        printed="16",
        kind="number",
        decision="review",
        confidence=0.5,
        evidence=[Evidence(page_no=1, stage="ocr", reader="a", text="16", alternatives=[])],
    )
    settled = value.model_copy(
        update={
            "decision": "accept",
            "evidence": [*value.evidence, Evidence(page_no=1, stage="person", reader="li", text="16")],
        }
    )
    read_otherwise = value.model_copy(
        update={"evidence": [*value.evidence, Evidence(page_no=1, stage="ocr", reader="b", text="19")]}
    )
    assert _told_by({"x": settled}) == _told_by({"x": value})
    assert _told_by({"x": read_otherwise}) != _told_by({"x": value})
    assert _told_by({"x": value.model_copy(update={"value": "17"})}) != _told_by({"x": value})
