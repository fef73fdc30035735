from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from benchmarks.calibrate import Decision, curve_text, fit, load_decisions, main
from benchmarks.decide.isotonic import Block
from models.errors import ExitCode, UsageError
from pipeline.decide.confidence import calibration_of

SURE = Decision("a.pdf", "requests.new.total", 9.0, right=True, reasons=(), kind="number")
UNSURE = Decision("a.pdf", "requests.new.other", 0.5, right=False, reasons=("low_score",), kind="number")


def write(path: Path, *decisions: Decision) -> Path:
    path.write_text("".join(json.dumps(asdict(d)) + "\n" for d in decisions), encoding="utf-8")
    return path


def test_decisions_are_the_same_after_the_file(tmp_path: Path) -> None:
    assert load_decisions(write(tmp_path / "d.jsonl", SURE, UNSURE)) == [SURE, UNSURE]


def test_doubts_about_the_place_and_unread_cells_do_not_count() -> None:
    other = Decision("a.pdf", "x", 9.0, right=False, reasons=("row_may_be_cut",), kind="number")
    unread = Decision("a.pdf", "y", 0.0, right=False, reasons=("low_score",), kind="blank", unread=True)
    assert fit([SURE, UNSURE, other, unread]) == (Block(0.5, 0.5, 1, 1), Block(9.0, 9.0, 1, 0))


def test_nothing_to_fit_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="calibrate read"):
        fit([])


def test_the_curve_can_be_loaded_and_claims_no_more_than_allowed() -> None:
    blocks = (Block(0.5, 0.5, 1, 1), Block(2.0, 15.0, 29_998, 1))
    points = yaml.safe_load(curve_text(blocks))["points"]
    curve = calibration_of([tuple(p) for p in points])
    assert curve.confidence(15.0) == 0.999933
    assert curve.confidence(15.0) <= blocks[1].confidence
    assert curve.confidence(0.0) == 0.333333


def test_fit_writes_the_curve_and_prints_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decisions = write(tmp_path / "d.jsonl", UNSURE, *[SURE] * 50)
    out = tmp_path / "calibration.yaml"
    assert main(["fit", "--decisions", str(decisions), "--out", str(out)]) == ExitCode.OK
    points = yaml.safe_load(out.read_text(encoding="utf-8"))["points"]
    assert (points[0], points[-1]) == ([0.5, 0.333333], [9.0, 0.980769])
    assert "1 scans, 51 numbers, 51 decisions" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["no json\n", '{"file": "a"}\n', None])
def test_a_file_that_holds_no_decisions_ends_with_usage(
    text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "d.jsonl"
    if text is not None:
        source.write_text(text, encoding="utf-8")
    assert main(["fit", "--decisions", str(source)]) == ExitCode.USAGE
    assert "d.jsonl" in capsys.readouterr().err
