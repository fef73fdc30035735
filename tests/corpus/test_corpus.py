"""Published reports, read by the whole flow and held against their truth files."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.scoring import score_fields, score_report
from models.report import Report
from pipeline.config import Settings
from pipeline.stages import read_report

pytestmark = pytest.mark.slow

COMPLETE = (
    "pdf/hongze-2023.pdf",
    "pdf/hongze-2024.pdf",
    "html/shuyang-fgj-2023.html",
    "html/shfb-2019.html",
    "text/wuzhishan-2021.txt",
)
# Cells glued together: the sums split those of the requests, and the rest goes to a person.
GLUED = (
    "text/czj-2019.glued.txt",
    "text/czj-2020.glued.txt",
    "text/czj-2021.glued.txt",
    "text/czj-2022.glued.txt",
    "text/gaj-2021.glued.txt",
    "text/gwh-2021.glued.txt",
    "text/jjf-2020.glued.txt",
    "text/jjf-2023.glued.txt",
    "text/pingtan-2019.glued.txt",
    "text/pingtan-2020.glued.txt",
    "text/pingtan-2021.glued.txt",
    "text/pingtan-2022.glued.txt",
)
# Labels parted from their rows: as much as can be read for certain, and the rest to a person.
EXCERPTS = ("text/shkw-2024.md",)
LEGACY = ("text/czj-2018.txt", "text/pingtan-2018.txt")
BLANK = "docx/blank-form.docx"


@lru_cache
def read(path: Path) -> Report:
    return read_report(path, Settings())


def truth(corpus: Path, name: str) -> dict[str, Any]:
    stem = Path(name).name.split(".")[0]
    found: dict[str, Any] = json.loads((corpus / "truth" / f"{stem}.json").read_text(encoding="utf-8"))
    return found


def test_every_file_of_the_corpus_is_read_here(corpus: Path) -> None:
    files = {str(p.relative_to(corpus)) for p in corpus.glob("*/*.*") if p.parent.name != "truth"}
    assert files == {*COMPLETE, *GLUED, *EXCERPTS, *LEGACY, BLANK}


@pytest.mark.parametrize("name", COMPLETE)
def test_a_complete_file_is_read_exactly_and_nobody_is_asked(name: str, corpus: Path) -> None:
    report = read(corpus / name)
    score = score_fields(truth(corpus, name), report.fields)
    assert score.wrong == ()
    assert (score.silent, score.review) == (0, 0)
    assert score.exact == score.fields >= 186
    assert report.failures == []
    assert report.unmapped_rows == []


@pytest.mark.parametrize("name", COMPLETE)
def test_exactly_the_broken_sums_of_a_complete_file_are_errors(name: str, corpus: Path) -> None:
    score = score_report(truth(corpus, name), read(corpus / name))
    assert score.missed_rules == ()
    assert score.false_rules == ()


@pytest.mark.parametrize("name", EXCERPTS)
def test_an_excerpt_has_no_silent_error(name: str, corpus: Path) -> None:
    report = read(corpus / name)
    score = score_report(truth(corpus, name), report)
    assert score.silent == 0
    assert score.false_rules == ()
    assert report.status == "needs_review"
    assert report.status_reasons


@pytest.mark.parametrize("name", GLUED)
def test_glued_requests_are_read_exactly_and_nothing_wrong_is_accepted(name: str, corpus: Path) -> None:
    report, expected = read(corpus / name), truth(corpus, name)
    assert score_report(expected, report).silent == 0
    requests = {i: text for i, text in expected["fields"].items() if i.startswith("requests.")}
    found = score_fields({**expected, "fields": requests}, report.fields)
    assert found.exact == found.fields >= 161
    assert found.review <= 7
    assert (report.status == "ok") == (
        not report.findings and all(f.decision == "accept" for f in report.fields.values())
    )


@pytest.mark.parametrize("name", GLUED)
def test_exactly_the_broken_sums_of_a_glued_file_are_told(name: str, corpus: Path) -> None:
    found = score_report(truth(corpus, name), read(corpus / name))
    assert (found.missed_rules, found.false_rules) == ((), ())


@pytest.mark.parametrize("name", [*COMPLETE, *GLUED, *EXCERPTS])
def test_form_year_and_agency_are_those_of_the_truth(name: str, corpus: Path) -> None:
    report, expected = read(corpus / name), truth(corpus, name)
    assert (report.form, report.year) == (expected["form"], expected["year"])


@pytest.mark.parametrize("name", COMPLETE)
def test_nothing_of_a_complete_file_is_lost(name: str, corpus: Path) -> None:
    report = read(corpus / name)
    assert len(report.pages) == report.source.page_count
    assert {p.status for p in report.pages} <= {"extracted", "skipped"}
    assert all(p.reason == "blank_page" for p in report.pages if p.status == "skipped")
    assert any(report.sections.values())


@pytest.mark.parametrize("name", LEGACY)
def test_a_report_from_before_the_national_form_is_kept_and_not_mapped(name: str, corpus: Path) -> None:
    report = read(corpus / name)
    assert (report.form, report.year, report.fields) == ("legacy", truth(corpus, name)["year"], {})
    assert report.status == "needs_review"
    assert not [f for f in report.findings if f.severity == "error"]


def test_the_blank_form_has_no_number(corpus: Path) -> None:
    report = read(corpus / BLANK)
    assert report.form == "gk2021"
    assert {(f.kind, f.value) for f in report.fields.values()} == {("blank", None)}
    assert "form_blank" in report.status_reasons
    assert not [f for f in report.findings if f.severity == "error"]


def test_a_cross_check_changes_no_number_of_a_published_pdf(corpus: Path) -> None:
    settings = Settings()
    checked = settings.model_copy(update={"extract": settings.extract.model_copy(update={"cross_check": True})})
    name = "pdf/hongze-2023.pdf"
    score = score_fields(truth(corpus, name), read_report(corpus / name, checked).fields)
    assert score.wrong == ()
    assert score.silent == 0


# File: rule, severity, number in prose, number in the tables. Known contradictions, and differences of scope.
PROSE = {
    "text/wuzhishan-2021.txt": [
        ("prose.differs", "error", "15", "16"),
        ("prose.differs", "warning", "16", "12"),
        ("prose.differs", "warning", "1", "0"),
        ("prose.differs", "warning", "210", "166"),
    ],
    "html/shfb-2019.html": [
        ("prose.differs", "error", "258", "275"),
        ("prose.part_only", "warning", "265", "337"),
    ],
    "pdf/hongze-2024.pdf": [("prose.other_scope", "info", "17", "95")],
    "text/shkw-2024.md": [("prose.all_finished", "warning", "0", "1")],
}


@pytest.mark.parametrize("name", [*COMPLETE, *EXCERPTS, *LEGACY, BLANK])
def test_exactly_the_contradictions_of_prose_and_tables_are_told(name: str, corpus: Path) -> None:
    report = read(corpus / name)
    told = [(f.rule, f.severity, f.left, f.right) for f in report.findings if f.rule.startswith("prose.")]
    assert sorted(told) == sorted(PROSE.get(name, []))


@pytest.mark.parametrize("name", [*COMPLETE, *EXCERPTS, *LEGACY])
def test_claims_are_pieces_of_the_prose(name: str, corpus: Path) -> None:
    report = read(corpus / name)
    for claim in report.claims:
        assert report.sections[claim.section][claim.start : claim.stop] == claim.text


@pytest.mark.parametrize(
    ("name", "agreeing"),
    [("html/shfb-2019.html", 10), ("html/shuyang-fgj-2023.html", 1), ("pdf/hongze-2023.pdf", 1)],
)
def test_the_other_numbers_of_the_prose_agree(name: str, agreeing: int, corpus: Path) -> None:
    assert sum(c.outcome == "agrees" for c in read(corpus / name).claims) == agreeing
