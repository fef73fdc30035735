"""One report after the other decided and checked, from its cells alone, as a drawn PDF or as a scan, and scored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.decide.decisions import to_decisions
from benchmarks.decide.from_cells import decide_cells
from benchmarks.decide.plant_document import draw_planted, of_truth, to_json
from benchmarks.decide.score_planted import PlantedScore, RepairScore, score_planted, score_repairs
from benchmarks.decide.timed import Timed, read_timed
from benchmarks.scans.cases import draw_cases
from benchmarks.scans.plan import CaseSpec
from benchmarks.scans.worker import Worker
from benchmarks.scoring import Score, score_fields, score_report, score_sums
from models.errors import NianbaoError
from models.form import load_form
from models.report import Report
from pipeline.config import Settings
from pipeline.stages import failed_report, read_report
from samples.catalogue import CATALOGUE
from samples.generate import write_reports
from samples.truth import to_truth

_CELL_STYLES = (
    "pdf-plain",
    "pdf-2019-plain",
    "pdf-some-blank",
    "pdf-stray-ruling",
    "pdf-missing-rows",
    "pdf-narrow-columns",
    "pdf-cut-row-below",
    "pdf-three-pages",
)
# Drawn directly, so that neither browser nor office suite is needed.
_DRAWN_STYLES = (*_CELL_STYLES, "pdf-landscape", "pdf-double-rulings", "pdf-cut-row-above", "pdf-vertical-font")
# Seeds of their own; no scan has one of them.
_CELL_SEED, _DRAWN_SEED = 500_000, 600_000
_MOST_SLIPS = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was measured on one report.

    ``slips``: how many errors were planted; ``kinds``: which. ``decide_seconds`` are without reading again; ``doubted``
    where cells were read again. ``fastest_seconds``: of some more calls, where none was. ``decisions``: (confidence,
    right) of scanned numbers. ``spec`` is that of a scan.
    """

    name: str
    score: Score
    planted: tuple[PlantedScore, ...]
    repairs: RepairScore
    decide_seconds: float
    check_seconds: float
    doubted: bool = False
    fastest_seconds: float | None = None
    decisions: tuple[tuple[float, bool], ...] = ()
    spec: CaseSpec | None = None
    status: str = ""

    @property
    def slips(self) -> int:
        """How many errors were planted."""
        return len(self.planted)


def from_cells(count: int, settings: Settings) -> Iterator[Outcome]:
    """Born-digital reports decided from their cells; 1, 2, ... 5 slips in turn, every form and style in turn."""
    for n in range(count):
        style = CATALOGUE[_CELL_STYLES[n // _MOST_SLIPS % len(_CELL_STYLES)]]
        document, slips = draw_planted(style, _CELL_SEED + n, n % _MOST_SLIPS + 1)
        done = decide_cells(load_form(document.style.form), document.truth, document.year, settings)
        truth = to_truth(document)
        yield Outcome(
            name=f"{style.name} seed {document.seed}",
            score=score_fields(truth, done.fields) + score_sums(truth["violations"], done.findings),
            planted=score_planted(slips, done.findings),
            repairs=RepairScore(),
            decide_seconds=done.decide_seconds,
            check_seconds=done.check_seconds,
        )


def from_drawn(count: int, folder: Path, settings: Settings) -> Iterator[Outcome]:
    """Born-digital PDFs drawn with slips and read.

    Raises:
        NianbaoError: a report cannot be drawn or read.
    """
    for n in range(count):
        style = CATALOGUE[_DRAWN_STYLES[n % len(_DRAWN_STYLES)]]
        document, slips = draw_planted(style, _DRAWN_SEED + n)
        sample = write_reports([(document, folder / f"drawn-{n:03d}.pdf")], folder)[0]
        report = read_report(sample.path, settings)
        yield _to_outcome(sample.path.name, {**to_truth(document), "planted": to_json(slips)}, report)


def from_scans(specs: Sequence[CaseSpec], folder: Path, settings: Settings) -> Iterator[Outcome]:
    """Scans, some with slips, drawn, read and deleted one by one, in a process of their own.

    Raises:
        NianbaoError: a scan cannot be drawn.
    """
    with Worker() as worker:
        for case in draw_cases(specs, folder):
            try:
                timed = worker.call(read_timed, case.path, settings).value
            except NianbaoError as exc:
                timed = Timed(failed_report(str(case.path), exc), None)
            yield replace(
                _to_outcome(case.spec.file_name, case.truth, timed.report),
                spec=case.spec,
                decisions=to_decisions(case.truth["fields"], timed.report.fields),
                fastest_seconds=timed.fastest,
            )
            case.path.unlink()


def _to_outcome(name: str, truth: dict[str, Any], report: Report) -> Outcome:
    slips = of_truth(truth)
    return Outcome(
        name=name,
        score=score_report(truth, report),
        planted=score_planted(slips, report.findings),
        repairs=score_repairs(truth["fields"], slips, report.fields, report.repairs),
        decide_seconds=report.timings.get("decide", 0.0),
        check_seconds=report.timings.get("check", 0.0),
        doubted="reread" in report.timings,
        status=report.status,
    )
