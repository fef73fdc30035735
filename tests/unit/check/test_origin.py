"""Whose mistake a sum that does not hold is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from models.finding import Finding
from models.form import Form
from models.report import Alternative, Decision, Evidence, FieldValue
from models.rule import load_rules
from pipeline.check.evaluate_rules import evaluate_rules
from pipeline.check.report_findings import rule_findings

Fill = Callable[..., dict[str, FieldValue]]
GRANTED, TOTAL = "requests.granted.natural_person", "requests.granted.total"
OTHER = "requests.granted.other"


@pytest.fixture
def table(form: Form, fill: Fill) -> dict[str, FieldValue]:
    """Seven applications of natural persons, all sums holding, all read from pixels without doubt."""
    numbers = {"new": "7", "granted": "5", "results_total": "5", "carried_out": "2"}
    cells = {f"requests.{r}.{c}": n for r, n in numbers.items() for c in ("natural_person", "total")}
    return {i: scanned(f.value or "") for i, f in fill(form, cells).items()}


def scanned(value: str, *others: str, decision: Decision = "accept") -> FieldValue:
    alternatives = [Alternative(text=o, score=0.3) for o in others]
    evidence = Evidence(page_no=1, stage="ocr", reader="first", text=value, score=0.6, alternatives=alternatives)
    return FieldValue(value=value, printed=value, kind="number", decision=decision, confidence=0.9, evidence=[evidence])


def findings(form: Form, fields: Mapping[str, FieldValue]) -> list[Finding]:
    rules = load_rules(form)
    return rule_findings(form, rules, fields, evaluate_rules(form, rules, fields)[1])


def told(found: list[Finding]) -> set[tuple[str, str]]:
    assert len(found) == 2, "the sums of the row and of the column"
    return {(f.origin, f.severity) for f in found}


def test_numbers_read_beyond_doubt_are_the_report_s_own(form: Form, table: dict[str, FieldValue]) -> None:
    found = findings(form, table | {GRANTED: scanned("6")})
    assert told(found) == {("report", "error")}
    assert "识读可靠" in found[0].message.zh
    assert "read reliably" in found[0].message.en


def test_stated_text_needs_no_word_about_reading(form: Form, fill: Fill) -> None:
    [finding] = findings(form, fill(form, {"disputes.reconsideration.total": "3"}))
    assert finding.origin == "report"
    assert "read reliably" not in finding.message.en


def test_a_doubtful_number_whose_other_reading_fits_is_a_misreading(form: Form, table: dict[str, FieldValue]) -> None:
    found = findings(form, table | {GRANTED: scanned("6", "5", decision="review")})
    assert told(found) == {("reading", "warning")}
    assert found[0].suspects[0][0].slip == "read"
    assert "误读" in found[0].message.zh
    assert "misreading" in found[0].message.en


def test_a_doubtful_number_without_such_a_reading_leaves_it_open(form: Form, table: dict[str, FieldValue]) -> None:
    assert told(findings(form, table | {GRANTED: scanned("6", "8", decision="review")})) == {
        ("undetermined", "warning")
    }


def test_an_accepted_number_is_not_called_misread_for_its_other_readings(
    form: Form, table: dict[str, FieldValue]
) -> None:
    doubtful = {OTHER: scanned("0", decision="review")}
    found = findings(form, table | doubtful | {GRANTED: scanned("6", "5")})
    assert {f.origin for f in found} == {"report"}


def test_doubts_about_a_number_that_explains_nothing_leave_the_mistake_with_the_report(
    form: Form, table: dict[str, FieldValue]
) -> None:
    # Row and column meet in one accepted cell; the doubtful one beside it is in the row only.
    found = findings(form, table | {GRANTED: scanned("6"), OTHER: scanned("0", "4", decision="review")})
    assert told(found) == {("report", "error")}


@pytest.mark.parametrize(
    ("confidence", "reasons", "origin"),
    [
        (0.995, ["rule_conflict"], "report"),
        (0.995, ["rule_conflict", "unconfirmed", "low_score"], "report"),
        (0.98, ["rule_conflict"], "reading"),
        (0.995, ["label_uncertain", "rule_conflict"], "reading"),
        (0.995, ["repaired", "rule_conflict"], "reading"),
    ],
)
def test_a_number_that_only_the_sums_put_in_doubt_is_the_report_s_own(
    form: Form, table: dict[str, FieldValue], confidence: float, reasons: list[str], origin: str
) -> None:
    number = scanned("6", "5", decision="review").model_copy(update={"confidence": confidence, "reasons": reasons})

    assert {f.origin for f in findings(form, table | {GRANTED: number})} == {origin}
