"""Where the time goes, by stage, kind of report and library; seconds and bytes a page; what a national year takes."""

from __future__ import annotations

import cProfile
import gzip
import pstats
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from benchmarks.fit import Fit, fit_line
from benchmarks.inputs import Inputs, evenly
from benchmarks.result import Result, Target, markdown_table
from benchmarks.scans.cases import draw_cases
from benchmarks.scans.plan import SINGLE, plan
from models.report import Report
from pipeline.config import LimitSettings, Settings
from pipeline.export.csv_export import CsvWriter
from pipeline.export.json_export import report_json, write_report_json
from pipeline.read_apart.child import quiet_libraries
from pipeline.stages import read_report

_FILES, _QUICK_FILES = 12, 2
_SCANS, _QUICK_SCANS = 4, 1
_MORE_PAGES, _MORE_SCANNED = (0, 4, 8, 16), (0, 2, 4)
# A national year as it is known from the registers: reports, pages of each.
_REPORTS, _PAGES = 200_000, 10
_HOUR = 3600  # seconds
_KIB, _GIB = 1024, 1024**3  # bytes
_MOST_SHARE = 0.10  # of the time, of one cost of ours
_KINDS = {".pdf": "PDF with text", ".html": "HTML", ".docx": "DOCX", ".txt": "text", "scan": "scan"}
_OURS = ("models", "pipeline")
_SETTINGS = Settings(limits=LimitSettings(max_seconds_per_file=7200.0))


@dataclass(frozen=True, slots=True)
class Cost:
    """One report: pages, seconds of a core by stage (writing its documents among them), bytes of its results."""

    pages: int
    stages: dict[str, float]
    core_seconds: float
    json_bytes: int
    packed_bytes: int
    csv_bytes: int


def measure(inputs: Inputs) -> Result:
    """The costs of all kinds, read one by one in this process; start-up and loading of models excluded.

    Raises:
        NianbaoError: inputs cannot be drawn or read, or a result cannot be written.
    """
    quiet_libraries()
    files, scans = (_QUICK_FILES, _QUICK_SCANS) if inputs.quick else (_FILES, inputs.scans or _SCANS)
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        folder = Path(name)
        paths = _by_kind(inputs, files, scans, folder)
        for kind in paths:
            read_report(paths[kind][0], _SETTINGS)  # loads what is loaded once
        costs = {kind: [_cost(path, folder) for path in some] for kind, some in paths.items()}
        growth = {
            "PDF with text": _growth(paths[".pdf"][0], _MORE_PAGES[:2] if inputs.quick else _MORE_PAGES, folder),
            "scan": _growth(paths["scan"][0], _MORE_SCANNED[:2] if inputs.quick else _MORE_SCANNED, folder),
        }
        packages, functions = _profile(paths[".pdf"], folder)
    stages = list(dict.fromkeys(stage for some in costs.values() for one in some for stage in one.stages))
    worst, worst_share = max(functions.items(), key=lambda item: item[1])
    return Result(
        name="scale_profile",
        title="where the time goes, and what a year takes",
        columns=("kind", "reports", "pages", "core-seconds / report", "/ page", *stages),
        rows=tuple(_stage_row(_KINDS[kind], some, stages) for kind, some in costs.items()),
        targets=(
            Target(
                f"no function of ours takes more than {_MOST_SHARE:.0%} of a PDF with text",
                f"{worst} {worst_share:.1%}",
                worst_share <= _MOST_SHARE,
            ),
        ),
        notes=(
            "processor time of one process; shares of the stages in time on the clock",
            *(f"{kind}: {_line(fit)}" for kind, fit in growth.items()),
            "\n\n" + _year_table(costs),
            "\n\n" + markdown_table(("PDF with text: time in", "share"), [(k, f"{v:.1%}") for k, v in packages]),
        ),
        data={
            "costs": {
                _KINDS[kind]: [
                    [c.pages, c.core_seconds, c.stages, c.json_bytes, c.packed_bytes, c.csv_bytes] for c in some
                ]
                for kind, some in costs.items()
            },
            "growth": {kind: [fit.slope, fit.intercept, fit.r2] for kind, fit in growth.items()},
            "packages": dict(packages),
            "functions": functions,
        },
    )


def _by_kind(inputs: Inputs, files: int, scans: int, folder: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = defaultdict(list)
    for case in inputs.drawn():
        if case.group == "exact" and case.has_text_layer and "picture" not in case.path.name:
            found[case.path.suffix].append(case.path)
    specs = [s for s in plan("report") if s.container not in SINGLE and s.damage in {"clean", "office", "copy"}]
    found["scan"] = [case.path for case in draw_cases(evenly(specs, scans), folder)]
    return {kind: list(evenly(found[kind], files)) for kind in _KINDS if found[kind]}


def _cost(path: Path, folder: Path) -> Cost:
    clock, start = time.perf_counter(), time.process_time()
    report = read_report(path, _SETTINGS)
    read = time.perf_counter() - clock
    write_report_json(report, folder / "report.json")
    with CsvWriter(folder / "report.csv") as table:
        table.add(report)
    core_seconds = time.process_time() - start
    stages = {**report.timings, "write": time.perf_counter() - clock - read}
    text = report_json(report).encode("utf-8")
    return Cost(
        report.source.page_count,
        stages,
        core_seconds,
        len(text),
        len(gzip.compress(text)),
        (folder / "report.csv").stat().st_size,
    )


def _growth(path: Path, more: Sequence[int], folder: Path) -> Fit:
    """Core-seconds over pages, where the last page of a report is there so many times more."""
    points = []
    for count in more:
        longer = _longer(path, count, folder)
        start = time.process_time()
        report = read_report(longer, _SETTINGS)
        points.append((report.source.page_count, time.process_time() - start))
    return fit_line([p for p, _ in points], [s for _, s in points])


def _longer(path: Path, count: int, folder: Path) -> Path:
    """The report with its last page so many times more."""
    longer = folder / f"longer-{count}.pdf"
    with pypdfium2.PdfDocument(path) as source, pypdfium2.PdfDocument.new() as target:
        target.import_pages(source)
        for _ in range(count):
            target.import_pages(source, [len(source) - 1])
        target.save(longer)
    return longer


def _profile(paths: Sequence[Path], folder: Path) -> tuple[list[tuple[str, float]], dict[str, float]]:
    """(share of own time by package, the largest first; share of own time of each function of ours)."""
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    reports: list[Report] = [read_report(path, _SETTINGS) for path in paths]
    for report in reports:
        write_report_json(report, folder / "report.json")
    profile.disable()
    own: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    # What is written in C counts for whoever calls it.
    for (file, _, function), (_, _, seconds, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        places = {caller[0]: values[2] for caller, values in callers.items()} if file == "~" else {file: seconds}
        for place, spent in places.items():
            own[_package(place)] += spent
        if file != "~" and _package(file).startswith(_OURS):
            functions[f"{Path(file).stem}.{function}"] += seconds
    total = sum(own.values())
    return (
        [(name, spent / total) for name, spent in own.most_common(12)],
        {name: spent / total for name, spent in functions.most_common(20)},
    )


def _package(file: str) -> str:
    parts = Path(file).parts
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1]
    for root in sys.path:
        if root and file.startswith(root) and parts[len(Path(root).parts)] in _OURS:
            inside = Path(file).relative_to(root).parts
            return ".".join(inside[:2]).removesuffix(".py")
    return "Python"


def _stage_row(kind: str, costs: Sequence[Cost], stages: Sequence[str]) -> tuple[str, ...]:
    pages, seconds = sum(c.pages for c in costs), sum(c.core_seconds for c in costs)
    clock = sum(sum(c.stages.values()) for c in costs)
    shares = [sum(c.stages.get(stage, 0.0) for c in costs) / clock for stage in stages]
    return (
        kind,
        str(len(costs)),
        str(pages),
        f"{seconds / len(costs):.3f}",
        f"{seconds / pages:.3f}",
        *(f"{share:.1%}" for share in shares),
    )


def _year_table(costs: dict[str, list[Cost]]) -> str:
    """What a year takes where all its reports are of one kind; pages without tables cost less than those measured."""
    rows = []
    for kind, some in costs.items():
        seconds, pages = sum(c.core_seconds for c in some), sum(c.pages for c in some)
        at_least = seconds / len(some) * _REPORTS / _HOUR
        # A page of the web has no pages; what is stated of one page is stated of the report.
        at_most = seconds / pages * _PAGES * _REPORTS / _HOUR if kind in {".pdf", "scan"} else at_least
        sizes = [
            sum(getattr(c, name) for c in some) / len(some) for name in ("json_bytes", "packed_bytes", "csv_bytes")
        ]
        rows.append(
            (
                _KINDS[kind],
                f"{at_least:,.0f}",
                f"{at_most:,.0f}",
                *(f"{size / _KIB:.0f}" for size in sizes),
                *(f"{size * _REPORTS / _GIB:.1f}" for size in sizes),
            )
        )
    columns = (
        f"{_REPORTS:,} reports, all of kind",
        "core-hours, reports as drawn",
        f"core-hours, {_PAGES} pages with tables each",
        "JSON KiB",
        "packed KiB",
        "CSV KiB",
        "JSON GiB a year",
        "packed GiB a year",
        "CSV GiB a year",
    )
    return markdown_table(columns, rows)


def _line(fit: Fit) -> str:
    return f"core-seconds = {fit.intercept:.2f} + {fit.slope:.3f} x pages (last page repeated), R² {fit.r2:.3f}"
