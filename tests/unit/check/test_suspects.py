from __future__ import annotations

from collections.abc import Callable

from models.form import Form
from models.report import FieldValue
from models.rule import load_rules
from pipeline.check.evaluate_rules import evaluate_rules
from pipeline.check.suspects import MAX_SUSPECTS, single_field_suspects

Fill = Callable[..., dict[str, FieldValue]]
RECON = "disputes.reconsideration"


def suspects(form: Form, fields: dict[str, FieldValue], rule_id: str) -> list[tuple[str, str | None]]:
    rules = load_rules(form)
    results = evaluate_rules(form, rules, fields)[1]
    failed = next(r for r in results if r.rule.id == rule_id)
    alternatives = single_field_suspects(failed, results, fields, rules)
    assert all(len(a) == 1 for a in alternatives)
    return [(a[0].field, a[0].suggested) for a in alternatives]


def test_negative_counts_are_not_suggested(form: Form, fill: Fill) -> None:
    fields = fill(form, {f"{RECON}.upheld": "10", f"{RECON}.corrected": "1"})
    assert suspects(form, fields, "disputes.total[reconsideration]") == [(f"{RECON}.total", "11")]


def test_every_part_may_explain_a_total_that_is_too_large(form: Form, fill: Fill) -> None:
    fields = fill(form, {f"{RECON}.total": "3", f"{RECON}.pending": ""})
    found = suspects(form, fields, "disputes.total[reconsideration]")
    assert found == [(f"{RECON}.{c}", "0" if c == "total" else "3") for c in (
        "total", "upheld", "corrected", "other", "pending",
    )]  # fmt: skip


def test_field_that_would_mend_two_rules_comes_alone(form: Form, fill: Fill) -> None:
    # 12 printed for 21: the row and the column both fail, and only the common cell explains both.
    column = {f"requests.{r}.natural_person": "21" for r in ("granted", "results_total")}
    totals = {f"requests.{r}.total": "21" for r in ("new", "granted", "results_total")}
    fields = fill(form, {**column, **totals, "requests.new.natural_person": "12"})
    for rule_id in ("requests.balance[natural_person]", "requests.row_total[new]"):
        assert suspects(form, fields, rule_id) == [("requests.new.natural_person", "21")]


def test_no_single_field_explains_two_equal_failures(form: Form, fill: Fill) -> None:
    # One application counted as done and as carried over, in the column and in the total: two cells are wrong.
    rows = ("new", "granted", "results_total", "carried_out")
    fields = fill(form, {f"requests.{r}.{c}": "1" for r in rows for c in ("natural_person", "total")})
    assert suspects(form, fields, "requests.balance[natural_person]") == []
    assert suspects(form, fields, "requests.balance[total]") == []


def test_explanations_that_satisfy_all_rules_come_first(form: Form, fill: Fill) -> None:
    three = {f"requests.{r}.{c}": "3" for r in ("granted", "results_total") for c in ("natural_person", "total")}
    five = {f"requests.new.{c}": "5" for c in ("natural_person", "total")}
    carried = {
        "requests.carried_in.total": "3",
        "requests.carried_out.natural_person": "5",
        "requests.carried_out.total": "6",
    }
    assert suspects(form, fill(form, {**three, **five, **carried}), "requests.balance[natural_person]") == [
        ("requests.carried_in.natural_person", "3"),  # mends its row as well
        ("requests.carried_out.natural_person", "2"),  # its row stays broken
    ]


def test_explanations_that_mend_more_rules_come_before_those_that_mend_fewer(form: Form, fill: Fill) -> None:
    three = {f"requests.{r}.{c}": "3" for r in ("granted", "results_total") for c in ("natural_person", "total")}
    # The row of new requests cannot be evaluated, so its cell contradicts nothing, but mends nothing else either.
    cells = {"requests.new.total": "", "requests.carried_in.total": "3"}
    assert suspects(form, fill(form, {**three, **cells}), "requests.balance[natural_person]") == [
        ("requests.carried_in.natural_person", "3"),
        ("requests.new.natural_person", "3"),
    ]


def test_number_of_suspects_is_capped(form: Form, fill: Fill) -> None:
    results = {f"requests.{r}.natural_person": "4" for r in ("new", "results_total")}
    totals = {f"requests.{r}.total": "4" for r in ("new", "results_total")}
    leaves = [i for i in form.official_fields if i.startswith("requests.") and i.endswith(".total")]
    blank = {i: "" for i in leaves if i.split(".")[1] in {"granted", "denied", "unavailable", "not_processed", "other"}}
    fields = fill(form, {**results, **totals, **blank})
    assert len(suspects(form, fields, "requests.results[natural_person]")) == MAX_SUSPECTS


def test_rule_that_holds_has_no_suspects(form: Form, fill: Fill) -> None:
    assert suspects(form, fill(form), "requests.balance[total]") == []
