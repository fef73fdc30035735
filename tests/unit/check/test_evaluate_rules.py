from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from models.form import Form
from models.report import FieldValue
from models.rule import load_rules
from pipeline.check.evaluate_rules import RuleResult, evaluate_rules, hidden_numbers

Fill = Callable[..., dict[str, FieldValue]]
RECON = "disputes.reconsideration"


def results_of(form: Form, fields: dict[str, FieldValue]) -> dict[str, RuleResult]:
    return {r.rule.id: r for r in evaluate_rules(form, load_rules(form), fields)[1]}


def test_zeros_pass_every_rule_that_applies(form: Form, form2019: Form, fill: Fill) -> None:
    outcome, results = evaluate_rules(form, load_rules(form), fill(form))
    assert (outcome.passed, outcome.failed, outcome.not_evaluable) == (42, 0, 0)
    left_out = [r for r in results if not r.applies]
    assert [r.rule.id for r in left_out] == ["requests.row_total[other_handling]"]
    assert left_out[0].outcome == "not_evaluable"
    outcome, _ = evaluate_rules(form2019, load_rules(form2019), fill(form2019))
    assert (outcome.passed, outcome.failed, outcome.not_evaluable) == (40, 0, 0)


def test_merged_row_counts_in_the_results(form: Form, fill: Fill) -> None:
    two = {f"requests.{r}.{c}": "2" for r in ("new", "other_handling", "results_total") for c in ("other", "total")}
    fields = fill(form, {"requests.other.*": None, "requests.other_handling.*": "0", **two})
    outcome, results = evaluate_rules(form, load_rules(form), fields)
    assert (outcome.passed, outcome.failed, outcome.not_evaluable) == (40, 0, 0)
    assert [r.rule.id for r in results if not r.applies] == [
        f"requests.row_total[other.{r}]" for r in ("correction_overdue", "fee_overdue", "other")
    ]


def test_failure_has_both_sums_and_the_difference(form: Form, fill: Fill) -> None:
    fields = fill(form, {f"{RECON}.upheld": "10", f"{RECON}.corrected": "1"})
    result = results_of(form, fields)["disputes.total[reconsideration]"]
    assert result.outcome == "fail"
    assert (result.left, result.right, result.difference) == (Decimal(0), Decimal(11), Decimal(-11))
    assert result.origin == "report"


def test_sums_are_exact_whatever_the_size(form: Form, fill: Fill) -> None:
    big = "9" * 40
    fields = fill(form, {f"{RECON}.upheld": big, f"{RECON}.corrected": "1", f"{RECON}.total": big})
    assert results_of(form, fields)["disputes.total[reconsideration]"].difference == Decimal(-1)
    fields = fill(form, {f"{RECON}.upheld": "0.1", f"{RECON}.corrected": "0.2", f"{RECON}.total": "0.3"})
    assert results_of(form, fields)["disputes.total[reconsideration]"].outcome == "pass"


def test_field_under_review_makes_the_origin_undetermined(
    form: Form, fill: Fill, make: Callable[..., FieldValue]
) -> None:
    fields = fill(form, {f"{RECON}.upheld": make("3", decision="review")})
    result = results_of(form, fields)["disputes.total[reconsideration]"]
    assert (result.outcome, result.origin) == ("fail", "undetermined")


@pytest.mark.parametrize("mark", ["", "/", "-", "无"])
def test_blank_beside_a_number_counts_as_zero(form: Form, fill: Fill, mark: str) -> None:
    fields = fill(form, {f"{RECON}.*": mark, f"{RECON}.upheld": "3", f"{RECON}.total": "3"})
    assert results_of(form, fields)["disputes.total[reconsideration]"].outcome == "pass"
    fields = fill(form, {f"{RECON}.*": mark, f"{RECON}.upheld": "3", f"{RECON}.total": "4"})
    assert results_of(form, fields)["disputes.total[reconsideration]"].outcome == "fail"


def test_balance_works_with_blank_carried_rows(form: Form, fill: Fill) -> None:
    five = {f"requests.{r}.{c}": "5" for r in ("new", "granted", "results_total") for c in ("natural_person", "total")}
    fields = fill(form, {"requests.carried_in.*": "", "requests.carried_out.*": "", **five})
    outcomes = results_of(form, fields)
    assert outcomes["requests.balance[total]"].outcome == "pass"
    assert outcomes["requests.balance[other]"].outcome == "pass"


@pytest.mark.parametrize(
    ("total", "part", "blank_side"),
    [("", "", None), ("5", "", "right"), ("0", "", None), ("", "5", "left"), ("", "0", None)],
)
def test_wholly_blank_side_is_not_evaluable(
    form: Form, fill: Fill, total: str, part: str, blank_side: str | None
) -> None:
    fields = fill(form, {f"{RECON}.*": part, f"{RECON}.total": total})
    result = results_of(form, fields)["disputes.total[reconsideration]"]
    assert (result.outcome, result.reason, result.blank_side) == ("not_evaluable", "side_blank", blank_side)


@pytest.mark.parametrize("printed", [None, "见附件"])
def test_words_and_missing_cells_are_not_evaluable(form: Form, fill: Fill, printed: str | None) -> None:
    fields = fill(form, {f"{RECON}.upheld": printed, f"{RECON}.total": "7"})
    result = results_of(form, fields)["disputes.total[reconsideration]"]
    assert result.outcome == "not_evaluable"
    assert result.blank_side is None
    assert result.reason == ("absent" if printed is None else "no_number")


@pytest.mark.parametrize("value", ["1e3", "NaN", "Infinity", "1_000", "12", "", "9" * 61])
def test_number_that_is_no_decimal_string_is_not_evaluable(
    form: Form, fill: Fill, make: Callable[..., FieldValue], value: str
) -> None:
    broken = make("1").model_copy(update={"value": value})
    fields = fill(form, {f"{RECON}.upheld": broken})
    result = results_of(form, fields)["disputes.total[reconsideration]"]
    assert result.outcome == ("fail" if value == "12" else "not_evaluable")


def test_total_left_blank_over_filled_parts_is_unknown_in_other_rules(form: Form, fill: Fill) -> None:
    one = {f"requests.{r}.natural_person": "1" for r in ("new", "carried_out")}
    fields = fill(form, {**one, "requests.new.total": "1", "requests.carried_out.total": ""})
    assert "requests.carried_out.total" in hidden_numbers(load_rules(form).rules, fields)
    outcomes = results_of(form, fields)
    assert outcomes["requests.row_total[carried_out]"].blank_side == "left"
    # Counting the blank as 0 would blame the balance of the totals, 1+0 against 0+0.
    assert (outcomes["requests.balance[total]"].outcome, outcomes["requests.balance[total]"].reason) == (
        "not_evaluable",
        "hidden_number",
    )
    assert outcomes["requests.balance[natural_person]"].outcome == "pass"


def test_blank_total_over_zero_parts_is_zero_in_other_rules(form: Form, fill: Fill) -> None:
    outcomes = results_of(form, fill(form, {"requests.carried_out.total": ""}))
    assert outcomes["requests.row_total[carried_out]"].outcome == "not_evaluable"
    assert outcomes["requests.balance[total]"].outcome == "pass"


def test_empty_report_evaluates_nothing(form: Form) -> None:
    outcome, results = evaluate_rules(form, load_rules(form), {})
    assert (outcome.passed, outcome.failed, outcome.not_evaluable) == (0, 0, 42)
    assert {r.reason for r in results} == {"absent"}
