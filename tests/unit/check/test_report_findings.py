from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Finding
from models.form import Form
from models.report import FieldValue
from models.rule import load_rules
from pipeline.check.evaluate_rules import evaluate_rules
from pipeline.check.report_findings import blank_side_findings, rule_findings

Fill = Callable[..., dict[str, FieldValue]]
RECON = "disputes.reconsideration"


def broken(form: Form, fields: dict[str, FieldValue]) -> list[Finding]:
    rules = load_rules(form)
    return rule_findings(form, rules, fields, evaluate_rules(form, rules, fields)[1])


def left_blank(form: Form, fields: dict[str, FieldValue]) -> list[Finding]:
    rules = load_rules(form)
    return blank_side_findings(rules, fields, evaluate_rules(form, rules, fields)[1])


def test_sentence_quotes_labels_figures_and_difference(form: Form, fill: Fill) -> None:
    (finding,) = broken(form, fill(form, {f"{RECON}.upheld": "10", f"{RECON}.corrected": "1"}))
    assert finding.rule == "disputes.total[reconsideration]"
    assert (finding.severity, finding.outcome, finding.origin) == ("error", "fail", "report")
    assert (finding.left, finding.right, finding.difference) == ("0", "11", "-11")
    assert finding.fields == [f"{RECON}.{c}" for c in ("total", "upheld", "corrected", "other", "pending")]
    assert finding.message.zh == "行政复议“总计”印为 0，而四项结果之和为 10+1+0+0=11，相差 -11。"
    assert finding.message.en == (
        "Reconsideration: the total is printed as 0, but the four results add up to 10+1+0+0 = 11 (difference -11)."
    )


def test_long_sums_name_the_terms_other_than_zero(form: Form, fill: Fill) -> None:
    column = {"granted": "6", "denied.state_secret": "2", "results_total": "9", "new": "9"}
    cells = {f"requests.{r}.{c}": v for r, v in column.items() for c in ("natural_person", "total")}
    found = broken(form, fill(form, cells))
    assert [f.rule for f in found] == ["requests.results[natural_person]", "requests.results[total]"]
    assert "（一）予以公开 6 + （三）1.属于国家秘密 2 = 8，相差 1" in found[0].message.zh
    assert "Granted 6 + Denied: state secret 2 = 8 (difference 1)" in found[0].message.en
    assert "'total'" in found[1].message.en


def test_long_sum_of_zeros_is_just_zero(form: Form, fill: Fill) -> None:
    cells = {f"requests.{r}.{c}": "1" for r in ("new", "results_total") for c in ("natural_person", "total")}
    found = broken(form, fill(form, cells))
    assert "之和为 0，相差 1" in found[0].message.zh


def test_blanks_and_negatives_show_in_the_sum(form: Form, fill: Fill) -> None:
    (finding,) = broken(form, fill(form, {f"{RECON}.upheld": "-2", f"{RECON}.corrected": "", f"{RECON}.total": "3"}))
    assert "(-2)+(空白)+0+0=-2，相差 5" in finding.message.zh
    assert "(-2)+(blank)+0+0 = -2 (difference 5)" in finding.message.en


def test_failure_over_a_field_under_review_is_a_warning(
    form: Form, fill: Fill, make: Callable[..., FieldValue]
) -> None:
    (finding,) = broken(form, fill(form, {f"{RECON}.upheld": make("3", decision="review")}))
    assert (finding.severity, finding.origin) == ("warning", "undetermined")


def test_no_finding_where_all_sums_hold(form: Form, fill: Fill) -> None:
    assert broken(form, fill(form)) == []
    assert left_blank(form, fill(form)) == []


def test_blank_total_over_filled_parts(form: Form, fill: Fill) -> None:
    (finding,) = left_blank(form, fill(form, {f"{RECON}.upheld": "4", f"{RECON}.total": ""}))
    assert (finding.rule, finding.severity, finding.outcome) == ("value.blank_total", "warning", "not_evaluable")
    assert finding.fields[0] == f"{RECON}.total"
    assert (finding.left, finding.right) == (None, "4")
    assert [[(s.field, s.suggested) for s in a] for a in finding.suspects] == [[(f"{RECON}.total", "4")]]
    assert "“行政复议·总计”（4）" in finding.message.zh
    assert "'reconsideration total' (4)" in finding.message.en


def test_blank_parts_under_a_filled_total(form: Form, fill: Fill) -> None:
    (finding,) = left_blank(form, fill(form, {f"{RECON}.*": "", f"{RECON}.total": "4"}))
    assert (finding.rule, finding.left, finding.right) == ("value.blank_parts", "4", None)
    assert finding.suspects == []
    assert f"{RECON}.upheld" in finding.fields
    assert "（4）" in finding.message.zh


def test_column_of_blank_totals_is_one_finding(form: Form, fill: Fill) -> None:
    rows = {"granted": "5", "denied.state_secret": "2"}
    cells = {f"requests.{r}.natural_person": v for r, v in rows.items()}
    cells |= {f"requests.{r}.total": "" for r in ("granted", "partially_granted", "denied.state_secret")}
    seven = {f"requests.{r}.{c}": "7" for r in ("new", "results_total") for c in ("natural_person", "total")}
    blank_rows = {
        i: "" for i in form.official_fields if i.endswith(".total") and i.split(".")[1] in {"unavailable", "denied"}
    }
    (finding,) = left_blank(form, fill(form, {**cells, **seven, **blank_rows}))
    assert finding.rule == "value.blank_total"
    assert [(s.field, s.suggested) for s in finding.suspects[0]] == [
        ("requests.granted.total", "5"),
        ("requests.denied.state_secret.total", "2"),
    ]
    assert (finding.left, finding.right) == (None, None)


@pytest.mark.parametrize(("total", "part"), [("0", ""), ("", "0"), ("", "")])
def test_blank_side_facing_zero_says_nothing(form: Form, fill: Fill, total: str, part: str) -> None:
    assert left_blank(form, fill(form, {f"{RECON}.*": part, f"{RECON}.total": total})) == []
