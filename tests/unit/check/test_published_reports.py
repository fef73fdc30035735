"""The checks on the numbers of published reports: every broken sum that a person found, and no other error."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.form import load_form
from models.report import FieldValue
from pipeline.check.check_report import CheckResult, check_report
from pipeline.check.form_facts import FormFacts

Make = Callable[..., FieldValue]
TEMPLATES = {
    "first+second=third+fourth": "requests.balance",
    "column_sum": "requests.results",
    "dispute_sum": "disputes.total",
}


def check(truth: dict[str, Any], make: Make) -> CheckResult:
    fields = {
        i: make(printed if printed is None else re.sub(r"(?<=\d)(元|笔|件)$", "", printed))
        for i, printed in truth["fields"].items()
    }
    return check_report(load_form(truth["form"]), fields, FormFacts(form=truth["form"], year=truth["year"]))


def violated_rule(violation: dict[str, Any]) -> str:
    cell: str = violation["cells"][0]
    if violation["rule"] == "dispute_sum":
        return f"{TEMPLATES[violation['rule']]}[{cell.split('.')[1]}]"
    return f"{TEMPLATES[violation['rule']]}[{cell.rsplit('.', 1)[1]}]"


def complete_truths(corpus: Path) -> dict[str, dict[str, Any]]:
    truths = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in sorted((corpus / "truth").glob("*.json"))}
    return {name: truth for name, truth in truths.items() if len(truth["fields"]) >= 198}


def test_errors_are_exactly_the_known_violations(corpus: Path, make: Make) -> None:
    truths = complete_truths(corpus)
    assert len(truths) >= 17
    for name, truth in truths.items():
        errors = {f.rule: f for f in check(truth, make).findings if f.severity == "error"}
        assert sorted(errors) == sorted(map(violated_rule, truth["violations"])), name
        for violation in truth["violations"]:
            finding = errors[violated_rule(violation)]
            assert set(violation["cells"]) <= set(finding.fields), name
            sums = {str(violation["computed"]), str(violation["printed"])}
            assert {finding.left, finding.right} == sums, name
            assert finding.origin == "report", name


def test_official_reports_without_blanks_evaluate_every_rule(corpus: Path, make: Make) -> None:
    for name, truth in complete_truths(corpus).items():
        if "" not in truth["fields"].values():
            assert check(truth, make).outcome.not_evaluable == 0, name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shfb-2019", {"value.blank": 2, "value.blank_total": 1}),
        ("shuyang-fgj-2023", {"value.blank": 1}),
        ("shkw-2024", {"value.blank_total": 1}),
    ],
)
def test_blanks_give_warnings_only(corpus: Path, make: Make, name: str, expected: dict[str, int]) -> None:
    found = check(complete_truths(corpus)[name], make).findings
    codes = [f.rule for f in found]
    assert {c: codes.count(c) for c in codes} == expected
    assert {f.severity for f in found} == {"warning"}
