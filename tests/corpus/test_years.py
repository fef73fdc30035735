"""Published reports of consecutive years: what is found between them is in the reports, and nothing else is."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import pytest

from models.finding import Finding
from models.report import FieldValue, Report
from pipeline.check.across_years import compare_with_others
from pipeline.check.compare_reports import compare_reports
from pipeline.check.year_pairs import YearPool
from pipeline.check.year_report import YearReport, year_report
from pipeline.config import Settings
from pipeline.stages import read_report

pytestmark = pytest.mark.slow

PAIR = ("pdf/hongze-2023.pdf", "pdf/hongze-2024.pdf")
# Truth files of one agency over several years -> what does not go on from one year to the next, checked by hand.
SERIES: dict[str, dict[int, list[str]]] = {
    "pingtan": {2020: [], 2021: [], 2022: []},
    "czj": {
        2020: ["years.item_chain[licensing]", "years.item_chain[penalties]"],
        2021: [],
        2022: ["years.in_force[normative_documents]"],
    },
}


@lru_cache
def read(path: Path) -> Report:
    return read_report(path, Settings())


def true_report(corpus: Path, agency: str, year: int) -> YearReport:
    """The report as its truth file has it, all accepted."""
    name = f"{agency}-{year}"
    truth = json.loads((corpus / "truth" / f"{name}.json").read_text(encoding="utf-8"))
    return YearReport(
        source=name,
        sha256=name,
        agency=agency,
        year=truth["year"],
        form=truth["form"],
        fields={i: cell(printed) for i, printed in truth["fields"].items()},
    )


def cell(printed: str | None) -> FieldValue:
    number = bool(printed) and str(printed).removeprefix("-").replace(".", "", 1).isdigit()
    kind = "absent" if printed is None else "blank" if not printed else "number" if number else "text"
    return FieldValue.model_validate(
        {
            "value": printed if number else None,
            "printed": printed or "",
            "kind": kind,
            "decision": "accept",
            "confidence": 1.0,
        }
    )


def found(subject: YearReport, pool: list[YearReport]) -> list[Finding]:
    comparison = compare_with_others(subject, YearPool(beside=pool))
    assert comparison.prior is not None
    assert comparison.prior.year == (subject.year or 0) - 1
    return list(comparison.findings)


def test_two_published_years_go_on_from_one_another(corpus: Path) -> None:
    before, after = (year_report(read(corpus / name)) for name in PAIR)
    assert found(after, [before, after]) == []
    assert compare_with_others(before, YearPool(beside=[before, after])).findings == ()


@pytest.mark.parametrize(("agency", "year"), [(a, y) for a, years in SERIES.items() for y in years])
def test_breaks_between_published_years(corpus: Path, agency: str, year: int) -> None:
    pool = [true_report(corpus, agency, y) for y in (2019, *SERIES[agency])]
    subject = next(r for r in pool if r.year == year)
    findings = found(subject, pool)
    assert [f.rule for f in findings] == SERIES[agency][year]
    assert not [f for f in findings if f.severity == "error"]


def test_glued_years_make_no_finding_on_numbers_that_nobody_read(corpus: Path) -> None:
    before, after = (year_report(read(corpus / f"text/pingtan-{y}.glued.txt")) for y in (2021, 2022))
    assert {f.severity for f in found(after, [before])} <= {"info"}


def test_the_difference_of_two_published_years_is_that_of_their_truth(corpus: Path) -> None:
    before, after = (read(corpus / name) for name in PAIR)
    truths = [
        json.loads((corpus / "truth" / f"{Path(name).stem}.json").read_text(encoding="utf-8"))["fields"]
        for name in PAIR
    ]
    diff = compare_reports(before, after)
    assert {f.field for f in diff.fields} == {i for i in truths[0] if truths[0][i] != truths[1].get(i)}
    assert all(f.difference is not None for f in diff.fields)
