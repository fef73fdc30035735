from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import scan_accuracy
from benchmarks.inputs import Inputs
from benchmarks.result import Result
from benchmarks.scan_accuracy import group, measure
from benchmarks.scans.mapping import MappingScore
from benchmarks.scans.plan import CaseSpec
from benchmarks.scans.rivals import CAMELOT, PADDLE
from benchmarks.scans.run_case import CaseResult, RivalScore, first_read
from benchmarks.scoring import Score
from models.finding import Message
from models.report import FieldValue, Repair, Report, SourceRecord
from pipeline.config import Settings

SPEC = CaseSpec("report", "pdf-plain", "ukai", latin_digits=False, damage="office", dpi=200, seed=9, container="pdf")
PERFECT = CaseResult(
    spec=SPEC,
    pages=3,
    cells=200,
    score=Score(fields=200, exact=200),
    read_exact=200,
    mapping=MappingScore(rows=30, rows_right=30, columns=10, columns_right=10),
    status="ok",
    failures=(),
    seconds=3.0,
    processor=5.0,
    peak_mib=500.0,
    rivals={PADDLE: RivalScore(190, 6.0, 10.0, 800.0), CAMELOT: RivalScore(0, 1.0, 1.0, 90.0)},
)


def measured(monkeypatch: pytest.MonkeyPatch, *results: CaseResult, quick: bool = False) -> Result:
    def run(specs: object, folder: Path, settings: Settings) -> Iterator[CaseResult]:
        yield from results

    monkeypatch.setattr(scan_accuracy, "run_cases", run)
    return measure(Inputs(Path(), quick=quick))


def met(result: Result) -> dict[str, bool]:
    return {target.text: target.met for target in result.targets}


def test_levels_are_damage_and_resolution_from_fine_to_coarse() -> None:
    specs = [
        replace(SPEC, damage=d, dpi=dpi) for d, dpi in (("photo", 110), ("clean", 130), ("clean", 110), ("clean", 300))
    ]
    levels = group([replace(PERFECT, spec=spec) for spec in specs])
    assert [(v.damage, v.resolution, len(v.results)) for v in levels] == [
        ("clean", "300", 1),
        ("clean", "110-130", 2),
        ("photo", "110-130", 1),
    ]


def test_a_perfect_scan_meets_all_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measured(monkeypatch, PERFECT)
    assert all(met(result).values())
    assert result.rows[0][:6] == ("office", "200", "1", "3", "200", "1.0000")
    assert result.rows[-1][0] == "all"
    assert all(len(row) == len(result.columns) for row in result.rows)


def test_one_wrong_number_of_two_hundred_misses_the_target_of_office_scans(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measured(monkeypatch, replace(PERFECT, score=Score(fields=200, exact=200), read_exact=199))
    assert [text for text, reached in met(result).items() if not reached] == [
        "clean and office, 200 to 300 dpi: exact at least 0.9995"
    ]


def test_a_row_that_is_not_found_misses_its_target(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measured(monkeypatch, replace(PERFECT, mapping=MappingScore(30, 29, 10, 10)))
    assert [text for text, reached in met(result).items() if not reached] == [
        "clean and office, 200 to 300 dpi: every row and column found"
    ]


def test_a_wrong_number_that_nobody_sees_misses_the_target_of_stamped_scans(monkeypatch: pytest.MonkeyPatch) -> None:
    stamped = replace(
        PERFECT, spec=replace(SPEC, damage="stamp"), score=Score(fields=200, exact=199, silent=1), read_exact=199
    )
    result = measured(monkeypatch, stamped)
    assert [text for text, reached in met(result).items() if not reached] == ["stamp 200 dpi: silent at most 0.0005"]


def test_another_reader_that_is_better_is_named_with_its_level(monkeypatch: pytest.MonkeyPatch) -> None:
    better = replace(
        PERFECT, score=Score(fields=200, exact=190), read_exact=190, rivals={PADDLE: RivalScore(195, 6.0, 10.0, 1.0)}
    )
    result = measured(monkeypatch, better)
    target = next(t for t in result.targets if PADDLE in t.text and "level" in t.text)
    assert (target.met, target.measured) == (False, "0 of 1 levels; not office 200")


def test_a_slower_reader_misses_the_target_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measured(monkeypatch, replace(PERFECT, seconds=9.0))
    assert [text for text, reached in met(result).items() if not reached] == ["at most 1 times as slow as PaddleOCR"]


def test_readers_that_are_not_installed_are_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_accuracy, "missing_rivals", lambda: ("img2table (needs img2table)",))
    result = measured(monkeypatch, replace(PERFECT, rivals={}))
    assert "left out: img2table (needs img2table)" in result.notes
    assert not [t for t in result.targets if "level" in t.text or "slow" in t.text]
    assert dict(zip(result.columns, result.rows[0], strict=True))[PADDLE] == "-"


def test_a_quick_run_reads_a_few_scans_of_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[CaseSpec] = []

    def run(specs: tuple[CaseSpec, ...], folder: Path, settings: Settings) -> Iterator[CaseResult]:
        asked.extend(specs)
        yield PERFECT

    monkeypatch.setattr(scan_accuracy, "run_cases", run)
    measure(Inputs(Path(), quick=True))
    assert 2 <= len(asked) <= 4
    assert {spec.container for spec in asked} <= {"png", "jpg"}


def test_the_data_name_each_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    data: Any = measured(monkeypatch, PERFECT).data
    (scan,) = data["scans"]
    assert scan["file"] == "pdf-plain-office-200-s9.pdf"
    assert scan["rivals"][PADDLE]["right"] == 190


def test_what_the_rules_mend_is_no_reading() -> None:
    def value(text: str, *reasons: str) -> FieldValue:
        return FieldValue(
            value=text, printed=text, kind="number", decision="review", confidence=1.0, reasons=list(reasons)
        )

    said = Message(zh="甲", en="a")
    report = Report(
        source=SourceRecord(name="a.pdf", sha256="", media_type="", page_count=1),
        fields={"a": value("5", "repaired"), "b": value("7"), "c": value("9", "implied_by_sums")},
        repairs=[Repair(field="a", before="6", after="5", accepted=True, message=said)],
    )
    assert {i: v.value for i, v in first_read(report).items()} == {"a": "6", "b": "7", "c": None}
