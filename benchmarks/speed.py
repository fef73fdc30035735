"""Reading a born-digital PDF whole, against what pdfplumber and camelot alone need to find and take its tables."""

from __future__ import annotations

import gc
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pdfplumber

from benchmarks.inputs import PUBLISHED, Case, Inputs, evenly
from benchmarks.result import Result, Target
from benchmarks.spread import Spread, spread
from models.form import load_forms
from models.report import Report
from pipeline.config import Settings, load_settings
from pipeline.export.json_export import write_report_json
from pipeline.read_apart.child import quiet_libraries
from pipeline.stages import read_report

# Ours, against pdfplumber; camelot, against ours.
MOST_TO_PDFPLUMBER = 1.5
LEAST_OF_CAMELOT = 3.0
_FILES, _ROUNDS = 30, 3
_QUICK_FILES, _QUICK_ROUNDS = 4, 1
_SLOWEST_NAMED = 5
_OURS, _PDFPLUMBER, _CAMELOT = "nianbao", "pdfplumber", "camelot"


@dataclass(frozen=True, slots=True)
class Seconds:
    """Time of one run: on the clock, and of the processor. The second does not see what else the machine does."""

    clock: float
    processor: float


@dataclass(frozen=True, slots=True)
class Timed:
    """One file: its rounds by reader, oldest first, and where our own time goes (seconds by stage, last round)."""

    name: str
    group: str
    page_count: int
    rounds: tuple[dict[str, Seconds], ...]
    stages: dict[str, float]

    def ratio(self, above: str, below: str, clock: str = "clock") -> float:
        """Median over the rounds of one reader's time over the other's in the same round."""
        return spread([getattr(r[above], clock) / getattr(r[below], clock) for r in self.rounds]).median


def measure(inputs: Inputs) -> Result:
    """The ratios over drawn PDFs, and over published ones where there are some.

    Raises:
        NianbaoError: inputs cannot be drawn, or a file cannot be read.
    """
    settings = load_settings()
    quiet_libraries()
    load_forms()
    count, rounds = (_QUICK_FILES, _QUICK_ROUNDS) if inputs.quick else (_FILES, _ROUNDS)
    drawn = [c for c in inputs.drawn() if c.path.suffix == ".pdf" and c.group == "exact" and c.has_text_layer]
    published = [c for c in inputs.published() if c.path.suffix == ".pdf"]
    take_tables_by_camelot(drawn[0].path)  # the first call brings in more packages
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        target = Path(folder) / "report.json"
        found = [time_file(c, settings, target, rounds) for c in (*evenly(drawn, count), *published)]
    timed = [t for t in found if t is not None]
    groups = {
        "drawn": [t for t in timed if t.group != PUBLISHED],
        PUBLISHED: [t for t in timed if t.group == PUBLISHED],
    }
    rows = [_row(name, group) for name, group in groups.items() if group]
    return Result(
        name="speed",
        title="whole extract of a born-digital PDF against pdfplumber and camelot lattice alone",
        columns=(
            "reports",
            "files",
            "pages",
            "nianbao / pdfplumber",
            "most",
            "processor time",
            "camelot / nianbao",
            "least",
            "processor time ",
        ),
        rows=tuple(rows),
        targets=tuple(t for name, group in groups.items() if group for t in _targets(name, group)),
        notes=(
            f"median [quartiles] over files of the median of {rounds} interleaved rounds in one process",
            "the extract includes mapping, checks and writing the JSON document; start-up is excluded",
            *([f"{len(found) - len(timed)} files left out: not all pages have a text layer"] if None in found else []),
            *_slowest(timed),
        ),
        data={"files": [_to_json(t) for t in timed]},
    )


def time_file(case: Case, settings: Settings, target: Path, rounds: int) -> Timed | None:
    """The timed rounds of one file; None where a page of it has no text layer to read.

    Readers take turns within a round, and the first of them changes, so that a load from elsewhere hits all alike.

    Raises:
        InputError: the file cannot be read.
    """
    report = _extract(case.path, settings, target)  # also warms caches of the file system and of the forms
    if any(page.route in {"ocr", "mixed"} for page in report.pages):
        return None
    readers: list[tuple[str, Callable[[], object]]] = [
        (_OURS, partial(_extract, case.path, settings, target)),
        (_PDFPLUMBER, partial(take_tables_by_pdfplumber, case.path)),
        (_CAMELOT, partial(take_tables_by_camelot, case.path)),
    ]
    timings = []
    for number in range(rounds):
        shift = number % len(readers)
        timings.append({name: _seconds(run) for name, run in readers[shift:] + readers[:shift]})
    stages = _extract(case.path, settings, target).timings
    return Timed(case.path.name, case.group, report.source.page_count, tuple(timings), stages)


def take_tables_by_pdfplumber(path: Path) -> list[list[list[str | None]]]:
    """All tables of all pages, with pdfplumber's default settings."""
    with pdfplumber.open(path) as pdf:
        return [table.extract() for page in pdf.pages for table in page.find_tables()]


def take_tables_by_camelot(path: Path) -> list[object]:
    """All tables of all pages, by camelot's lattice reader with default settings."""
    import camelot.io

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of pages without tables
        return [
            table.df for table in camelot.io.read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True)
        ]


def _extract(path: Path, settings: Settings, target: Path) -> Report:
    report = read_report(path, settings)
    write_report_json(report, target)
    return report


def _seconds(run: Callable[[], object]) -> Seconds:
    gc.collect()  # nobody pays for the rubbish of the one before
    clock, processor = time.perf_counter(), time.process_time()
    run()
    return Seconds(time.perf_counter() - clock, time.process_time() - processor)


def _over(timed: Sequence[Timed], above: str, below: str, clock: str = "clock") -> Spread:
    return spread([t.ratio(above, below, clock) for t in timed])


def _row(name: str, timed: Sequence[Timed]) -> tuple[str, ...]:
    to_pdfplumber, of_camelot = _over(timed, _OURS, _PDFPLUMBER), _over(timed, _CAMELOT, _OURS)
    return (
        name,
        str(len(timed)),
        str(sum(t.page_count for t in timed)),
        str(to_pdfplumber),
        f"{to_pdfplumber.most:.2f}",
        str(_over(timed, _OURS, _PDFPLUMBER, "processor")),
        str(of_camelot),
        f"{of_camelot.least:.2f}",
        str(_over(timed, _CAMELOT, _OURS, "processor")),
    )


def _targets(name: str, timed: Sequence[Timed]) -> tuple[Target, ...]:
    to_pdfplumber, of_camelot = _over(timed, _OURS, _PDFPLUMBER), _over(timed, _CAMELOT, _OURS)
    within = sum(t.ratio(_OURS, _PDFPLUMBER) <= MOST_TO_PDFPLUMBER for t in timed)
    ahead = sum(t.ratio(_CAMELOT, _OURS) >= LEAST_OF_CAMELOT for t in timed)
    return (
        Target(
            f"{name}: at most {MOST_TO_PDFPLUMBER} times what pdfplumber alone needs",
            f"{to_pdfplumber.median:.2f} (median; {within} of {len(timed)} files within)",
            to_pdfplumber.median <= MOST_TO_PDFPLUMBER,
        ),
        Target(
            f"{name}: at least {LEAST_OF_CAMELOT:g} times faster than camelot lattice over all pages",
            f"{of_camelot.median:.2f} (median; {ahead} of {len(timed)} files within)",
            of_camelot.median >= LEAST_OF_CAMELOT,
        ),
    )


def _slowest(timed: Sequence[Timed]) -> list[str]:
    """Remarks on the files that pdfplumber leaves furthest behind, with the stage that takes most of our time."""
    ranked = sorted(timed, key=lambda t: -t.ratio(_OURS, _PDFPLUMBER))
    remarks = []
    for t in [t for t in ranked if t.ratio(_OURS, _PDFPLUMBER) > MOST_TO_PDFPLUMBER][:_SLOWEST_NAMED]:
        stage, seconds = max(t.stages.items(), key=lambda item: item[1])
        share = seconds / max(sum(t.stages.values()), 1e-9)
        remarks.append(f"{t.name}: {t.ratio(_OURS, _PDFPLUMBER):.2f} times pdfplumber, {share:.0%} in stage {stage}")
    return remarks


def _to_json(timed: Timed) -> dict[str, object]:
    return {
        "file": timed.name,
        "group": timed.group,
        "pages": timed.page_count,
        "to_pdfplumber": round(timed.ratio(_OURS, _PDFPLUMBER), 4),
        "camelot_to_ours": round(timed.ratio(_CAMELOT, _OURS), 4),
        "rounds": [
            {name: {"clock": round(s.clock, 5), "processor": round(s.processor, 5)} for name, s in r.items()}
            for r in timed.rounds
        ],
        "stages": timed.stages,
    }
