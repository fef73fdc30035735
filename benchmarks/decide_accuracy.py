"""Deciding and localising: planted source errors found and explained, repairs that are right, confidences that hold."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks.decide.outcomes import Outcome, from_cells, from_drawn, from_scans
from benchmarks.decide.planted import KINDS as SLIPS
from benchmarks.decide.planted import MOST, ROW_KINDS
from benchmarks.decide.reliability import Bin, calibration_error, draw_diagram, equal_bins
from benchmarks.decide.score_planted import PlantedScore, RepairScore
from benchmarks.decide.timed import CALLS
from benchmarks.inputs import Inputs, evenly
from benchmarks.result import Result, Target
from benchmarks.scans.damage import KINDS as DAMAGES
from benchmarks.scans.plan import SINGLE, plan
from benchmarks.scoring import Score
from pipeline.config import load_settings

# Reports decided from their cells, drawn PDFs, scans; of a quick run.
_CELLS, _DRAWN = 3000, 24
_QUICK_CELLS, _QUICK_DRAWN, _QUICK_SCANS = 100, 2, 2
_NAMED = 12  # reports named in the notes; the JSON names all
_MOST_ERROR = 0.01  # expected calibration error
_LEAST_EXACT = 0.999  # share of all scanned numbers
_MOST_REVIEW, _MOST_REVIEW_OFFICE = 0.03, 0.005  # share sent to a person: of all scans, of office scans at _OFFICE_DPI
_OFFICE_DPI = 200  # dots an inch
_OFFICE = ("office", _OFFICE_DPI)
_LEAST_TO_REPORT = 0.95  # share of the slips found on scans of _OFFICE_DPI and more
_LEAST_FIRST = 0.95  # share of single slips in cells whose cells the first explanations name
_MOST_DOUBTED_MS, _MOST_SURE_MS = 150.0, 10.0  # median of deciding, a report
_DIAGRAM = "decide_accuracy.reliability.svg"
_COLUMNS = (
    "group",
    "reports",
    "numbers",
    "exact",
    "silent",
    "review",
    "repairs right",
    "wrong",
    "wrong accepted",
    "false",
    "planted",
    "found",
    "as report's",
    "first",
    "restored",
    "listed",
    "ms sure",
    "fastest",
    "ms doubted",
    "check ms",
    "ECE",
)
_MEANINGS = (
    "exact: share of the numbers, after deciding; review: share sent to a person; silent: wrong, and nobody is asked",
    "repairs: values changed after the first reading; right: now as printed; wrong: not, accepted or not",
    "false: repairs of a planted number that were accepted, although it is printed",
    "planted: source errors, each of which breaks a sum that held; in one report they may hide each other",
    "found: share with a failed rule over them; as report's: share with such a finding of origin report",
    "first: share whose cells the first explanations name; restored: with the numbers meant; listed: any explanation",
    "ms: median a report of deciding, reading again left out; doubted: of reports with cells that were read again",
    f"fastest: of {CALLS} more calls of the same for scans without doubts: what else a machine does slows single ones",
    "ECE: expected calibration error over 10 bins of equal mass, of scanned numbers without doubts about their place",
    "cells: deciding and checking are given the printed characters of each field; no file is drawn",
)


@dataclass(frozen=True, slots=True)
class Group:
    """Reports of one kind, added up."""

    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def score(self) -> Score:
        """All reports together."""
        return sum((o.score for o in self.outcomes), Score())

    @property
    def repairs(self) -> RepairScore:
        """All reports together."""
        return sum((o.repairs for o in self.outcomes), RepairScore())

    @property
    def planted(self) -> list[PlantedScore]:
        """All slips."""
        return [p for o in self.outcomes for p in o.planted]

    @property
    def bins(self) -> tuple[Bin, ...]:
        """Confidences of all scanned numbers."""
        return equal_bins(d for o in self.outcomes for d in o.decisions)


def measure(inputs: Inputs) -> Result:
    """The shares by group of reports.

    Raises:
        NianbaoError: inputs cannot be drawn or read.
    """
    settings = load_settings()
    specs = plan("decide")
    if inputs.scans is not None:
        specs = evenly(specs, inputs.scans)
    elif inputs.quick:
        specs = tuple(spec for spec in specs if spec.container in SINGLE)[:_QUICK_SCANS]
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        cells = list(from_cells(_QUICK_CELLS if inputs.quick else _CELLS, settings))
        drawn = list(from_drawn(_QUICK_DRAWN if inputs.quick else _DRAWN, Path(folder), settings))
        scans = list(from_scans(specs, Path(folder), settings))
    return to_result(cells, drawn, scans)


def to_result(cells: Sequence[Outcome], drawn: Sequence[Outcome], scans: Sequence[Outcome]) -> Result:
    """The table of what was measured on reports decided from cells, on drawn PDFs and on scans."""
    everything = Group("scans: all", tuple(scans))
    groups = [g for g in (*_born_digital(cells, drawn), *_scanned(scans), everything) if g.outcomes]
    bins = everything.bins
    return Result(
        name="decide_accuracy",
        title="numbers decided under the edit rules, and planted source errors",
        columns=_COLUMNS,
        rows=tuple(_row(g) for g in groups),
        targets=_targets(Group("", (*cells, *drawn)), everything),
        notes=(
            f"{len(cells)} reports from cells, {len(drawn)} drawn PDFs, {len(scans)} scans; none serves calibration",
            *_MEANINGS,
            *_reliability(bins),
            *_remarks(scans),
        ),
        data={
            "reliability": [asdict(b) for b in bins],
            "reports": [_to_json(o) for o in (*cells, *drawn, *scans)],
        },
        files={_DIAGRAM: draw_diagram(bins)} if bins else {},
    )


def _born_digital(cells: Sequence[Outcome], drawn: Sequence[Outcome]) -> list[Group]:
    single = [o for o in cells if o.slips == 1]
    in_rows = [o for o in cells if any(p.kind in ROW_KINDS for p in o.planted)]
    in_cells = [o for o in cells if all(p.kind not in ROW_KINDS for p in o.planted)]
    groups = [
        *(Group(f"cells: {kind}", tuple(o for o in single if o.planted[0].kind == kind)) for kind in SLIPS),
        *(
            Group(f"cells: {n} errors, {what}", tuple(o for o in those if o.slips == n))
            for what, those in (("single numbers", in_cells), ("whole rows too", in_rows))
            for n in range(2, MOST + 1)
        ),
        Group("cells: all", tuple(cells)),
        Group("drawn PDFs", tuple(drawn)),
    ]
    return [g for g in groups if g.outcomes]


def _scanned(scans: Sequence[Outcome]) -> list[Group]:
    def of(name: str, holds: Callable[[Outcome], bool]) -> Group:
        return Group(name, tuple(o for o in scans if holds(o)))

    dpis = sorted({o.spec.dpi for o in scans if o.spec is not None}, reverse=True)
    return [
        *(
            of(
                f"{damage}, {'planted' if planted else 'as printed'}",
                lambda o, d=damage, p=planted: o.spec is not None and (o.spec.damage, o.spec.planted) == (d, p),  # type: ignore[misc]
            )
            for damage in DAMAGES
            for planted in (False, True)
        ),
        *(of(f"scans: {dpi} dpi", lambda o, d=dpi: o.spec is not None and o.spec.dpi == d) for dpi in dpis),  # type: ignore[misc]
    ]


def _row(group: Group) -> tuple[str, ...]:
    score, repairs, planted = group.score, group.repairs, group.planted
    numbers = max(score.fields, 1)
    return (
        group.name,
        str(len(group.outcomes)),
        str(score.fields),
        f"{score.exact / numbers:.5f}",
        str(score.silent),
        f"{score.review / numbers:.4f}",
        str(repairs.right),
        str(repairs.wrong),
        str(repairs.wrong_accepted),
        str(repairs.false),
        str(len(planted)),
        *(_share(planted, key) for key in ("found", "to_report", "first", "restored", "listed")),
        _milliseconds(o.decide_seconds for o in group.outcomes if not o.doubted),
        _milliseconds(o.fastest_seconds for o in group.outcomes if o.fastest_seconds is not None),
        _milliseconds(o.decide_seconds for o in group.outcomes if o.doubted),
        _milliseconds(o.check_seconds for o in group.outcomes),
        f"{calibration_error(group.bins):.5f}" if group.bins else "-",
    )


def _share(planted: Sequence[PlantedScore], key: str) -> str:
    return f"{sum(getattr(p, key) for p in planted) / len(planted):.4f}" if planted else "-"


def _milliseconds(seconds: Iterable[float]) -> str:
    found = list(seconds)
    return f"{median(found) * 1000:.1f}" if found else "-"


def _targets(born_digital: Group, scans: Group) -> tuple[Target, ...]:
    targets = [
        Target(
            "born-digital: every number right, none asked for in vain",
            f"{born_digital.score.exact} of {born_digital.score.fields}, {born_digital.score.needless} in vain",
            born_digital.score.exact == born_digital.score.fields and not born_digital.score.needless,
        ),
        _counted("born-digital: every failed sum over a planted error is the report's", born_digital.planted),
    ]
    single = [p for o in born_digital.outcomes if o.slips == 1 for p in o.planted if p.kind not in ROW_KINDS]
    if single:
        targets += [
            _at_least("single slips in cells: in the first explanations", single, "first", _LEAST_FIRST),
            _at_least("single slips in cells: in any explanation", single, "listed", 1.0),
        ]
    if scans.outcomes:
        targets += _scan_targets(scans)
    return tuple(targets)


def _scan_targets(scans: Group) -> list[Target]:
    """What is asked of scans: nothing wrong unseen, little for a person, sums told apart, in little time."""
    error, score, all_planted = calibration_error(scans.bins), scans.score, scans.planted
    fine = [o for o in scans.outcomes if o.spec is not None and o.spec.dpi >= _OFFICE_DPI]
    office = Group("", tuple(o for o in fine if o.spec is not None and (o.spec.damage, o.spec.dpi) == _OFFICE))
    found = [p for o in fine for p in o.planted if p.found]
    targets = [
        Target("scans: no planted number is mended", str(scans.repairs.false), scans.repairs.false == 0),
        Target("scans: no wrong number passes unseen", str(score.silent), score.silent == 0),
        Target(f"scans: calibration error at most {_MOST_ERROR}", f"{error:.5f}", error <= _MOST_ERROR),
        _share_target("scans: exact", score.exact, score.fields, least=_LEAST_EXACT),
        _share_target("scans: sent to a person", score.review, score.fields, most=_MOST_REVIEW),
        _at_least("scans: slips found", all_planted, "found", 1.0),
        _at_least(
            f"scans of {_OFFICE_DPI} dpi and more: found slips called the report's",
            found,
            "to_report",
            _LEAST_TO_REPORT,
        ),
    ]
    if office.outcomes:
        own = office.score
        name = f"office scans at {_OFFICE_DPI} dpi"
        targets += [
            _share_target(f"{name}: exact", own.exact, own.fields, least=1.0),
            _share_target(f"{name}: sent to a person", own.review, own.fields, most=_MOST_REVIEW_OFFICE),
        ]
    doubted = [o.decide_seconds * 1000 for o in scans.outcomes if o.doubted]
    sure = [o.decide_seconds * 1000 for o in scans.outcomes if not o.doubted]
    fastest = [o.fastest_seconds * 1000 for o in scans.outcomes if o.fastest_seconds is not None]
    for text, times, most in (
        ("with doubts", doubted, _MOST_DOUBTED_MS),
        ("without doubts", sure, _MOST_SURE_MS),
        (f"without doubts, fastest of {CALLS} calls", fastest, _MOST_SURE_MS),
    ):
        if times:
            middle = median(times)
            targets.append(Target(f"deciding a scan {text}: at most {most:g} ms", f"{middle:.1f} ms", middle <= most))
    return targets


def _share_target(text: str, part: int, whole: int, *, least: float = 0.0, most: float = 1.0) -> Target:
    """A share held against its limits."""
    share = part / max(whole, 1)
    limit = f"at least {least:g}" if least else f"at most {most:g}"
    return Target(f"{text} {limit}", f"{share:.5f} ({part} of {whole})", least <= share <= most)


def _at_least(text: str, planted: Sequence[PlantedScore], key: str, least: float) -> Target:
    """The share of slips for which a fact holds."""
    return _share_target(text, sum(getattr(p, key) for p in planted), len(planted), least=least)


def _counted(text: str, planted: Sequence[PlantedScore]) -> Target:
    found, told = sum(p.found for p in planted), sum(p.to_report for p in planted)
    return Target(text, f"{told} of {found} found among {len(planted)}", told == found)


def _reliability(bins: Sequence[Bin]) -> list[str]:
    """The bins, the least sure first."""
    if not bins:
        return []
    told = ", ".join(f"{b.confidence:.5f}: {b.right:.5f} ({b.count})" for b in bins)
    return [f"reliability, confidence: share right (numbers), by bin: {told}"]


def _remarks(scans: Sequence[Outcome]) -> list[str]:
    """Remarks on the scans with silent errors and wrong repairs."""
    odd = [o for o in scans if o.score.silent or o.repairs.wrong_accepted or o.status in {"partial", "failed"}]
    odd.sort(key=lambda o: (-o.repairs.false, -o.score.silent, -o.repairs.wrong_accepted))
    remarks = [
        f"{o.name}: exact {o.score.exact}/{o.score.fields}, silent {o.score.silent}, wrong repairs accepted "
        f"{o.repairs.wrong_accepted}, false {o.repairs.false}, status {o.status}"
        for o in odd[:_NAMED]
    ]
    rest = len(odd) - len(remarks)
    return remarks + ([f"and {rest} more; see the JSON file"] if rest else [])


def _to_json(outcome: Outcome) -> dict[str, object]:
    return {
        **asdict(replace(outcome, decisions=(), spec=None)),
        "decisions": [[confidence, right] for confidence, right in outcome.decisions],
        "spec": asdict(outcome.spec) if outcome.spec is not None else None,
    }
