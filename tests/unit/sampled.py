"""Invented reports drawn for one test, and what the whole flow reads in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.scoring import Score, score_report
from models.report import FieldValue, Report
from pipeline.config import Settings
from pipeline.stages import read_report
from samples.drawing import draw_report
from samples.generate import Sample, render_one, write_reports
from samples.style import Style

SEED = 4711
DEFAULTS = Settings()


def draw(style: str, folder: Path, seed: int = SEED) -> Sample:
    """A report in one of the named styles."""
    return render_one(style, seed, folder)


def draw_style(style: Style, folder: Path, seed: int = SEED) -> Sample:
    """A report in a style of the test's own."""
    return write_reports([(draw_report(style, seed), folder / f"{style.name}.{style.format}")], folder)[0]


def read(sample: Sample, settings: Settings = DEFAULTS) -> Report:
    """The report document of a sample."""
    return read_report(sample.path, settings)


def truth_of(sample: Sample) -> dict[str, Any]:
    """The truth file of a sample."""
    truth: dict[str, Any] = json.loads(sample.truth_path.read_text(encoding="utf-8"))
    return truth


def score(sample: Sample, report: Report) -> Score:
    """The report against the truth of its sample."""
    return score_report(truth_of(sample), report)


def reviewed(report: Report, prefix: str = "") -> dict[str, FieldValue]:
    """The fields sent to a person."""
    return {i: f for i, f in report.fields.items() if i.startswith(prefix) and f.decision == "review"}


def rules(report: Report) -> set[str]:
    """The codes of all findings."""
    return {f.rule for f in report.findings}
