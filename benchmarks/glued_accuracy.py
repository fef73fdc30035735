"""Glued texts split by their sums: right, wrong unseen or sent to a person in drawn reports with and without slips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from benchmarks.glued_reports import KINDS, GluedReport, draw_glued
from benchmarks.inputs import Inputs
from benchmarks.result import Result, Target
from benchmarks.scoring import Score, score_report
from pipeline.batch import read_all
from pipeline.config import load_settings

_SEEDS, _QUICK_SEEDS = 30, 2
_JOBS = 2
_NAMED = 12


def measure(inputs: Inputs) -> Result:
    """The scores by kind of report.

    Raises:
        NianbaoError: reports cannot be written or read.
    """
    seeds = _QUICK_SEEDS if inputs.quick else _SEEDS
    reports = {kind.name: [draw_glued(kind, seed) for seed in range(seeds)] for kind in KINDS}
    scores = dict(zip(reports, score_kinds(reports.values(), inputs.folder / "glued"), strict=True))
    totals = {name: sum(found, Score()) for name, found in scores.items()}
    everything = sum(totals.values(), Score())
    silent = [
        f"{r.name}: {w.field} {w.printed} read {w.read}"
        for name in reports
        for r, s in zip(reports[name], scores[name], strict=True)
        for w in s.wrong
        if w.decision == "accept"
    ]
    return Result(
        name="glued_accuracy",
        title="texts whose cells run together, split by their sums",
        columns=("reports", "files", "fields", "exact", "silent", "review"),
        rows=(
            *(_row(name, len(reports[name]), total) for name, total in totals.items()),
            _row("all", sum(map(len, reports.values())), everything),
        ),
        targets=(Target("no wrong number passes unseen", str(everything.silent), everything.silent == 0),),
        notes=(f"each kind with seeds 0 to {seeds - 1}", *silent[:_NAMED]),
        data={"reports": {name: [asdict(s) for s in found] for name, found in scores.items()}},
    )


def score_kinds(kinds: Iterable[list[GluedReport]], folder: Path) -> list[list[Score]]:
    """The score of each report of each kind; the texts are written to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = load_settings(overrides={"batch.jobs": _JOBS})
    found: list[list[Score]] = []
    for reports in kinds:
        paths = [folder / f"{report.name}.txt" for report in reports]
        for path, report in zip(paths, reports, strict=True):
            path.write_text(report.text, encoding="utf-8")
        read = read_all(paths, settings)
        found.append([score_report(report.truth, r) for report, (_, r, _) in zip(reports, read, strict=True)])
    return found


def _row(name: str, files: int, score: Score) -> tuple[str, ...]:
    fields = max(score.fields, 1)
    return (
        name,
        str(files),
        str(score.fields),
        f"{score.exact / fields:.2%}",
        str(score.silent),
        f"{score.review / fields:.2%}",
    )
