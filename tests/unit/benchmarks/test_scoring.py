from __future__ import annotations

from typing import Any

import pytest

from benchmarks.scoring import Score, WrongField, same_value, score_fields, score_prose, score_report, score_sums
from models.finding import Finding, Message, Severity
from models.report import Decision, FieldValue, Kind, Report, SourceRecord


def cell(value: str | None, decision: Decision = "accept") -> FieldValue:
    kind: Kind = "blank" if value is None else "number"
    return FieldValue(value=value, printed=value or "", kind=kind, decision=decision, confidence=1.0)


def finding(rule: str, fields: list[str], severity: Severity = "error", outcome: str = "fail") -> Finding:
    return Finding.model_validate(
        {
            "rule": rule,
            "severity": severity,
            "outcome": outcome,
            "fields": fields,
            "message": Message(zh="不平", en="does not balance"),
        }
    )


DISPUTE = {"rule": "dispute_sum", "cells": ["disputes.reconsideration.total"], "computed": 11, "printed": "0"}
DISPUTE_FIELDS = ["disputes.reconsideration.total", "disputes.reconsideration.upheld"]


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("3511", "3511"),
        ("3511", "3,511"),
        ("3511", "３５１１"),
        ("12.50", "12.5"),
        ("0", "00"),
        ("-71", "-71"),
        ("984361", "984361元"),
        ("2", " 2笔 "),
        ("", None),
        (None, ""),
        ("\u00a0", None),
        ("无", "无"),
    ],
)
def test_same_numbers_and_same_texts_are_equal(read: str | None, printed: str | None) -> None:
    assert same_value(read, printed)


@pytest.mark.parametrize(
    ("read", "printed"),
    [("3511", "3512"), ("0", ""), (None, "0"), ("71", "-71"), ("1.5", "15"), ("5", "增加5"), ("", "/")],
)
def test_other_numbers_and_blank_against_zero_differ(read: str | None, printed: str | None) -> None:
    assert not same_value(read, printed)


def test_cells_that_the_report_does_not_have_are_not_counted() -> None:
    assert score_fields({"fields": {"a": None, "b": "1"}}, {"b": cell("1"), "a": cell("9")}) == Score(fields=1, exact=1)


def test_a_wrong_accepted_number_is_silent() -> None:
    score = score_fields({"fields": {"a": "1"}}, {"a": cell("7")})
    assert score == Score(fields=1, silent=1, wrong=(WrongField("a", "1", "7", "accept"),))


def test_a_wrong_number_under_review_is_not_silent() -> None:
    score = score_fields({"fields": {"a": "1"}}, {"a": cell("7", "review")})
    assert (score.exact, score.silent, score.review, score.needless) == (0, 0, 1, 0)


def test_a_missing_field_counts_as_asked() -> None:
    score = score_fields({"fields": {"a": "1"}}, {})
    assert (score.exact, score.silent, score.review) == (0, 0, 1)
    assert score.wrong == (WrongField("a", "1", None, "missing"),)


def test_review_is_needless_only_where_right_and_not_due() -> None:
    truth = {"fields": {"a": "1", "b": "2", "c": "3"}, "review_fields": ["b"]}
    score = score_fields(truth, {"a": cell("1", "review"), "b": cell("2", "review"), "c": cell("4", "review")})
    assert (score.exact, score.review, score.needless) == (2, 3, 1)


def test_zeros_left_blank_on_paper_are_expected_blank() -> None:
    truth = {"fields": {"a": "0", "b": "2"}, "blank_zero": True}
    assert score_fields(truth, {"a": cell(None), "b": cell("2")}) == Score(fields=2, exact=2)
    assert score_fields(truth, {"a": cell("0"), "b": cell("2")}).silent == 1


def test_a_broken_sum_is_found_by_a_finding_of_its_own_rule() -> None:
    score = score_sums([DISPUTE], [finding("disputes.total[reconsideration]", DISPUTE_FIELDS)])
    assert score == Score(broken=1, found=1)


def test_a_broken_sum_found_as_a_warning_is_found() -> None:
    score = score_sums([DISPUTE], [finding("disputes.total[reconsideration]", DISPUTE_FIELDS, "warning")])
    assert (score.found, score.false_errors) == (1, 0)


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("disputes.total[litigation_direct]", ["disputes.litigation_direct.total"]),
        ("requests.row_total[new]", DISPUTE_FIELDS),
    ],
)
def test_another_rule_or_other_fields_do_not_find_it(rule: str, fields: list[str]) -> None:
    score = score_sums([DISPUTE], [finding(rule, fields)])
    assert (score.broken, score.found, score.false_errors) == (1, 0, 1)
    assert score.missed_rules == ("dispute_sum: disputes.reconsideration.total",)
    assert score.false_rules == (rule,)


def test_warnings_and_rules_not_evaluated_are_no_false_errors() -> None:
    findings = [
        finding("requests.row_total[new]", ["requests.new.total"], "warning"),
        finding("value.blank_total", ["requests.new.total"], "warning", "not_evaluable"),
    ]
    assert score_sums([], findings) == Score()


def test_an_unknown_identity_counts_as_missed() -> None:
    unknown = {"rule": "some_other_identity", "cells": ["a"]}
    assert score_sums([unknown], [finding("requests.balance[total]", ["a"])]).missed_rules == (
        "some_other_identity: a",
    )


def test_the_score_of_a_report_joins_numbers_and_sums() -> None:
    truth: dict[str, Any] = {"fields": {"a": "1"}, "violations": [DISPUTE]}
    report = Report(
        source=SourceRecord(name="r.pdf", sha256="", media_type="application/pdf", page_count=1),
        fields={"a": cell("1")},
        findings=[finding("disputes.total[reconsideration]", DISPUTE_FIELDS)],
    )
    score = score_report(truth, report)
    assert score == Score(fields=1, exact=1, broken=1, found=1)
    assert score.perfect


@pytest.mark.parametrize(
    "flaw",
    [
        Score(fields=1),
        Score(fields=1, exact=1, silent=1),
        Score(fields=1, exact=1, needless=1),
        Score(fields=1, exact=1, false_errors=1),
        Score(fields=1, exact=1, broken=1, missed_rules=("column_sum: a",)),
    ],
)
def test_any_flaw_is_not_perfect(flaw: Score) -> None:
    assert not flaw.perfect


def test_scores_add_up() -> None:
    one = Score(1, 2, 3, 4, 5, 6, 7, 8, (WrongField("a", "1", "2", "accept"),), ("m",), ("f",))
    assert one + Score() == one
    assert one + one == Score(2, 4, 6, 8, 10, 12, 14, 16, one.wrong * 2, ("m", "m"), ("f", "f"))


def test_an_error_on_prose_is_false_unless_the_truth_knows_the_number() -> None:
    findings = [
        finding("prose.differs", ["requests.new.total"]).model_copy(update={"left": "15"}),
        finding("prose.differs", ["requests.granted.total"]).model_copy(update={"left": "9"}),
        finding("prose.differs", ["requests.new.total"], "warning").model_copy(update={"left": "7"}),
    ]
    score = score_prose([{"item": "new", "prose": "15/3", "table": "16"}], findings)
    assert (score.false_errors, score.false_rules) == (1, ("prose.differs",))
    assert score_sums([], findings).false_errors == 0
