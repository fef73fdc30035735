"""Which of several reports of one agency and year is in the panel."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.dataset.versions import Version, version_of, why_left_out, why_superseded
from tests.unit.invented_reports import make_report


def version(**changes: Any) -> Version:
    values: dict[str, Any] = {"usable": True, "published": "", "status": "ok", "sha256": "b", "document": "m"}
    return Version(**(values | changes))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"published": "2024-02-01"}, {"published": "2024-01-31"}),
        ({"published": "2024-01-31", "status": "partial"}, {"published": ""}),
        ({"status": "needs_review"}, {"usable": False, "published": "2024-01-31"}),
        ({"status": "ok"}, {"status": "needs_review"}),
        ({"status": "needs_review"}, {"status": "partial"}),
        ({"sha256": "a"}, {"sha256": "b"}),
        ({"document": "a"}, {"document": "b"}),
    ],
)
def test_the_rule_step_by_step(better: dict[str, Any], worse: dict[str, Any]) -> None:
    assert min([version(**worse), version(**better)], key=lambda v: v.order) == version(**better)


@pytest.mark.parametrize(
    ("one", "by", "why"),
    [
        ({}, {}, "same_file"),
        ({"sha256": "a", "published": "2024-01-01"}, {"published": "2024-02-01"}, "older"),
        ({"sha256": "a"}, {"published": "2024-02-01"}, "undated"),
        ({"sha256": "a"}, {}, "tie"),
    ],
)
def test_why_superseded(one: dict[str, Any], by: dict[str, Any], why: str) -> None:
    assert why_superseded(version(**one), version(**by)) == why


@pytest.mark.parametrize(
    ("report", "why"),
    [
        (make_report(), None),
        (make_report(status="failed"), "failed"),
        (make_report(form="legacy"), "no_form"),
        (make_report(None), "no_agency"),
        (make_report(year=None), "no_year"),
    ],
)
def test_why_left_out(report: Any, why: str | None) -> None:
    assert why_left_out(report) == why


def test_a_date_that_is_none_counts_as_no_date() -> None:
    assert version_of(make_report(published="2024年1月"), "a.json").published == ""
