from __future__ import annotations

from dataclasses import replace

from benchmarks.decide.outcomes import Outcome
from benchmarks.decide.score_planted import PlantedScore, RepairScore
from benchmarks.decide_accuracy import to_result
from benchmarks.result import Result
from benchmarks.scans.plan import CaseSpec
from benchmarks.scoring import Score

FOUND = PlantedScore("digit", found=True, to_report=True, first=True, restored=True, listed=True)
BORN = Outcome("a", Score(fields=200, exact=200), (FOUND,), RepairScore(), 0.004, 0.02)
SPEC = CaseSpec("decide", "pdf-plain", "ukai", False, "office", 200, 9, "pdf", planted=True)
SCAN = replace(BORN, spec=SPEC, doubted=True, decisions=((1.0, True),) * 20)


def met(result: Result) -> dict[str, bool]:
    return {target.text: target.met for target in result.targets}


def row(result: Result, name: str) -> dict[str, str]:
    return next(dict(zip(result.columns, r, strict=True)) for r in result.rows if r[0] == name)


def test_perfect_reports_meet_all_targets() -> None:
    result = to_result([BORN], [BORN], [SCAN])
    assert all(met(result).values())
    assert [r[0] for r in result.rows] == [
        "cells: digit",
        "cells: all",
        "drawn PDFs",
        "office, planted",
        "scans: 200 dpi",
        "scans: all",
    ]
    assert row(result, "cells: all")["ms sure"] == "4.0"
    assert row(result, "scans: all")["ms sure"] == "-"
    assert row(result, "scans: all")["ms doubted"] == "4.0"


def test_a_planted_number_that_is_mended_misses_its_target() -> None:
    result = to_result([], [], [replace(SCAN, repairs=RepairScore(wrong=1, wrong_accepted=1, false=1))])
    assert not met(result)["scans: no planted number is mended"]
    assert row(result, "office, planted")["false"] == "1"
    assert any("false 1" in note for note in result.notes)


def test_confidences_that_do_not_hold_miss_their_target() -> None:
    wrong = tuple((0.99, n % 2 == 0) for n in range(20))
    result = to_result([], [], [replace(SCAN, decisions=wrong)])
    assert not met(result)["scans: calibration error at most 0.01"]
    assert row(result, "scans: all")["ECE"] == "0.49000"
    assert list(result.files) == ["decide_accuracy.reliability.svg"]


def test_shares_are_of_all_planted_errors() -> None:
    missed = PlantedScore("digit", found=False, to_report=False, first=False, restored=False, listed=False)
    result = to_result([replace(BORN, planted=(FOUND, missed))], [], [])
    assert row(result, "cells: 2 errors, single numbers")["found"] == "0.5000"
    assert result.files == {}


def missed_by(*scans: Outcome, born: Outcome = BORN) -> list[str]:
    return [text for text, is_met in met(to_result([born], [], scans)).items() if not is_met]


def test_what_is_asked_of_scans_is_held_against_their_sums() -> None:
    worse = replace(SCAN, score=Score(fields=200, exact=199, review=7))
    assert missed_by(worse) == [
        "scans: exact at least 0.999",
        "scans: sent to a person at most 0.03",
        "office scans at 200 dpi: exact at least 1",
        "office scans at 200 dpi: sent to a person at most 0.005",
    ]
    assert missed_by(replace(SCAN, decide_seconds=0.2)) == ["deciding a scan with doubts: at most 150 ms"]
    sure = replace(SCAN, doubted=False, decide_seconds=0.02, fastest_seconds=0.008)
    assert missed_by(sure) == ["deciding a scan without doubts: at most 10 ms"], "its fastest call is fast enough"
    assert row(to_result([], [], [sure]), "scans: all")["fastest"] == "8.0"


def test_a_slip_that_is_found_but_not_called_the_reports_is_missed_on_fine_scans_only() -> None:
    ours = (replace(FOUND, to_report=False),)
    coarse = replace(SCAN, spec=replace(SPEC, dpi=130), planted=ours)
    asked = "scans of 200 dpi and more: found slips called the report's at least 0.95"
    assert missed_by(replace(SCAN, planted=ours)) == [asked]
    assert missed_by(SCAN, coarse) == []


def test_explanations_of_single_slips_are_held_against_their_shares() -> None:
    assert missed_by(born=replace(BORN, planted=(replace(FOUND, first=False),))) == [
        "single slips in cells: in the first explanations at least 0.95"
    ]
