"""Memory of the command and its workers over a long batch, watched from outside."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.inputs import Inputs, evenly
from benchmarks.result import Result, Target
from benchmarks.run_command import installed_command
from benchmarks.spread import slope, spread
from models.errors import StageError
from pipeline.export.xlsx_export import MAX_REPORT_SHEETS

_REPORTS, _QUICK_REPORTS = 500, 50
_KINDS = 25  # different reports, which the batch is made of by copying
_EVERY, _QUICK_EVERY = 25, 5  # reports between two looks
_JOBS = 2
_MIB = 1024**2  # bytes
# Growth from the first quarter of the batch to the last that still counts as flat: allocators breathe.
FLAT_SHARE = 0.10
_FEWEST_LOOKS = 4  # one in each quarter
_FORMATS = ("json", "json,csv,xlsx")
# Program endings that are no failure of the batch: all well, an input rejected, a person is needed.
_EXPECTED_EXITS = frozenset({0, 3, 6})


@dataclass(frozen=True, slots=True)
class Look:
    """Resident memory in MiB after so many reports: of the command itself, and of each process below it by its id."""

    reports: int
    parent: float
    children: dict[int, float]

    @property
    def workers(self) -> float:
        """All processes below the command; what they share is counted in each."""
        return sum(self.children.values())

    @property
    def largest(self) -> float:
        """The largest process below the command."""
        return max(self.children.values(), default=0.0)


def measure(inputs: Inputs) -> Result:
    """Memory over a batch of copies of drawn reports of all formats: first quarter against last, and slope.

    Raises:
        NianbaoError: inputs cannot be drawn; the command is not installed or fails.
    """
    total, every = (_QUICK_REPORTS, _QUICK_EVERY) if inputs.quick else (_REPORTS, _EVERY)
    sources = [case.path for case in evenly(inputs.drawn(), _KINDS)]
    rows: list[tuple[str, ...]] = []
    targets: list[Target] = []
    data: dict[str, object] = {}
    for formats in _FORMATS:
        with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
            copy_reports(sources, Path(folder) / "in", total)
            looks = watch_batch(Path(folder), formats, total, every)
        rows += [_row(formats, name, looks, of) for name, of in _PARTS]
        targets += _targets(formats, looks)
        data[formats] = [{"reports": v.reports, "parent": v.parent, "children": v.children} for v in looks]
    return Result(
        name="memory",
        title=f"resident memory over a batch of {total} reports, {_JOBS} jobs",
        columns=(
            "formats",
            "process",
            "first quarter MiB",
            "last quarter MiB",
            "growth",
            "most MiB",
            "MiB / 100 reports",
        ),
        rows=tuple(rows),
        targets=tuple(targets),
        notes=(
            f"{len(sources)} different reports copied to {total} names; a look every {every} reports",
            "medians of the first and the last quarter of the looks; slope of the least-squares line",
            "the target asks for the worst of the three processes",
        ),
        data=data,
    )


def copy_reports(sources: Sequence[Path], folder: Path, count: int) -> None:
    """Copies the reports in turn to ``count`` names in ``folder``, so that formats alternate in the order of names."""
    folder.mkdir(parents=True)
    for number in range(count):
        source = sources[number % len(sources)]
        shutil.copyfile(source, folder / f"{number:05d}-{source.name}")


def watch_batch(folder: Path, formats: str, total: int, every: int) -> list[Look]:
    """Looks at ``nianbao extract`` while it reads the ``total`` reports in ``folder``/in.

    Raises:
        MissingDependencyError: the command is not installed beside this Python.
        StageError: it ended otherwise than a batch should, or before all reports were told.
    """
    command = installed_command()
    arguments = ["extract", str(folder / "in"), "--out", str(folder / "out"), "--format", formats, "--jobs", str(_JOBS)]
    looks: list[Look] = []
    with (
        (folder / "stderr").open("w+", encoding="utf-8") as errors,
        subprocess.Popen(
            [str(command), *arguments],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        ) as process,
    ):
        lines = iter(process.stdout or ())
        told = 0
        for told in _count_reports(lines, total):
            if told % every == 0:
                looks.append(look_at(process.pid, told))
        for _ in lines:  # the summary: read, so that the command can end
            pass
        code = process.wait()
        errors.seek(0)
        said = errors.read().strip()
    if code not in _EXPECTED_EXITS or told < total:
        raise StageError(
            f"nianbao extract ended with exit code {code} after {told} of {total} reports",
            remedy=said.splitlines()[-1] if said else "run it by hand on a folder of reports",
        )
    return looks


def look_at(pid: int, reports: int) -> Look:
    """The memory of a process and of all below it now; those that end meanwhile are left out."""
    process = psutil.Process(pid)
    children: dict[int, float] = {}
    for child in process.children(recursive=True):
        try:
            children[child.pid] = round(child.memory_info().rss / _MIB, 2)
        except psutil.NoSuchProcess:
            continue
    return Look(reports, round(process.memory_info().rss / _MIB, 2), children)


def quarters(figures: Sequence[float]) -> tuple[float, float]:
    """(median of the first quarter, median of the last) of figures in order; each quarter has at least one."""
    size = max(1, len(figures) // 4)
    return spread(figures[:size]).median, spread(figures[-size:]).median


_PARTS: tuple[tuple[str, Callable[[Look], float]], ...] = (
    ("command", lambda look: look.parent),
    ("all below it", lambda look: look.workers),
    ("largest worker", lambda look: look.largest),
)


def _count_reports(lines: Iterator[str], total: int) -> Iterator[int]:
    """1, 2, 3 ... at the line of each report. The command prints one line a report, then an empty one."""
    for number in range(1, total + 1):
        if not next(lines, "").strip():
            return
        yield number


def _growth(looks: Sequence[Look], of: Callable[[Look], float]) -> float:
    first, last = quarters([of(look) for look in looks])
    return last / first - 1


def _targets(formats: str, looks: Sequence[Look]) -> list[Target]:
    """The target of a run; none where the batch is too short for it.

    A workbook holds the sheets of its first reports until it is written, a bounded number: what counts is what follows.
    """
    start = MAX_REPORT_SHEETS if "xlsx" in formats else 0
    settled = [look for look in looks if look.reports > start]
    if len(settled) < _FEWEST_LOOKS:
        return []
    growth = max(_growth(settled, of) for _, of in _PARTS)
    after = f" after the {start} report sheets of the workbook" if start else ""
    text = f"{formats}: flat{after} up to {settled[-1].reports} reports (within {FLAT_SHARE:.0%})"
    return [Target(text, f"{growth:+.1%}", growth <= FLAT_SHARE)]


def _row(formats: str, name: str, looks: Sequence[Look], of: Callable[[Look], float]) -> tuple[str, ...]:
    figures = [of(look) for look in looks]
    first, last = quarters(figures)
    rise = 100 * slope([look.reports for look in looks], figures)
    return (
        formats,
        name,
        f"{first:.0f}",
        f"{last:.0f}",
        f"{_growth(looks, of):+.1%}",
        f"{max(figures):.0f}",
        f"{rise:+.1f}",
    )
