"""Thousands of reports in one run: is memory flat, does time grow with their number alone, what does a kill cost?"""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fit import Fit, fit_line
from benchmarks.inputs import Case, Inputs
from benchmarks.memory import FLAT_SHARE, Look, copy_reports, look_at, quarters
from benchmarks.result import Result, Target
from benchmarks.run_command import expect_all, running
from pipeline.manifest import MANIFEST_NAME

_REPORTS, _QUICK_REPORTS = 2000, 60
_JOBS = 2
_FORMATS = "json,csv"
_ARGUMENTS = ("--format", _FORMATS, "--jobs", str(_JOBS))
_LOOK_SECONDS = 0.5
# Reports before memory and time count: workers start, libraries are loaded, each format is met for the first time.
_SETTLED_SHARE = 0.05
# Least share of the variance of time that the number of reports explains, where time is linear.
_LEAST_R2 = 0.99


@dataclass(frozen=True, slots=True)
class Moment:
    """Memory and seconds since the start when so many reports were on record."""

    seconds: float
    look: Look


def measure(inputs: Inputs) -> Result:
    """Memory, time and resumption of a batch of drawn reports without scans.

    Raises:
        NianbaoError: inputs cannot be drawn; the command is not installed or fails.
    """
    total = _QUICK_REPORTS if inputs.quick else _REPORTS
    sources = [case.path for case in inputs.drawn() if not _has_pixels(case)]
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        folder = Path(name)
        copy_reports(sources, folder / "in", total)
        moments = _run_through(folder, total)
        resumed = _kill_and_resume(folder, total)
        same = _csv(folder / "whole") == _csv(folder / "killed")
    settled = [m for m in moments if m.look.reports >= total * _SETTLED_SHARE]
    fit = fit_line([m.look.reports for m in settled], [m.seconds for m in settled])
    parts: tuple[tuple[str, Callable[[Look], float]], ...] = (
        ("command", lambda look: look.parent),
        ("all below it", lambda look: look.workers),
    )
    growth = {name: _growth([of(m.look) for m in settled]) for name, of in parts}
    return Result(
        name="scale_jobs",
        title=f"{total} reports in one run, {_JOBS} jobs",
        columns=("process", "first quarter MiB", "last quarter MiB", "growth", "most MiB"),
        rows=tuple(_row(name, [of(m.look) for m in settled]) for name, of in parts),
        targets=(
            Target(
                f"memory is flat (within {FLAT_SHARE:.0%})",
                ", ".join(f"{name} {share:+.1%}" for name, share in growth.items()),
                max(growth.values()) <= FLAT_SHARE,
            ),
            Target(f"time is linear (R² at least {_LEAST_R2})", f"R² {fit.r2:.4f}", fit.r2 >= _LEAST_R2),
            Target(
                f"after a kill at most the {_JOBS} documents in hand are read again",
                f"{resumed.read_twice} of {resumed.on_record} on record read again",
                resumed.read_twice == 0 and resumed.not_on_record <= _JOBS,
            ),
            Target("the table of the resumed batch is that of the whole one", "yes" if same else "no", same),
        ),
        notes=(
            f"{len(sources)} different reports (PDF, HTML, DOCX, text; no scans) copied to {total} names; {_FORMATS}",
            f"{_line(fit)}; {moments[-1].seconds:.0f} s in all, {60 * total / moments[-1].seconds:.0f} a minute",
            f"seconds a report: first quarter {_pace(settled)[0]:.3f}, last quarter {_pace(settled)[1]:.3f}",
            f"killed with {resumed.on_record} on record, {resumed.not_on_record} beside; {resumed.seconds:.0f} s more",
        ),
        data={
            "moments": [[m.seconds, m.look.reports, m.look.parent, m.look.workers] for m in moments],
            "fit": [fit.slope, fit.intercept, fit.r2],
        },
    )


@dataclass(frozen=True, slots=True)
class Resumed:
    """A run that was killed and resumed; ``read_twice`` had a result on record and were read again all the same."""

    on_record: int
    not_on_record: int
    read_twice: int
    seconds: float


def _has_pixels(case: Case) -> bool:
    return not case.has_text_layer or "picture" in case.path.name or "hidden-layer" in case.path.name


def _run_through(folder: Path, total: int) -> list[Moment]:
    moments: list[Moment] = []
    start = time.perf_counter()
    with running(folder / "in", folder / "whole", *_ARGUMENTS) as process:
        while process.poll() is None:
            count = len(_entries(folder / "whole"))
            if count and (not moments or count > moments[-1].look.reports):
                moments.append(Moment(round(time.perf_counter() - start, 3), look_at(process.pid, count)))
            time.sleep(_LOOK_SECONDS)
        expect_all(process.returncode, len(_entries(folder / "whole")), total)
    return moments


def _kill_and_resume(folder: Path, total: int) -> Resumed:
    out = folder / "killed"
    with running(folder / "in", out, *_ARGUMENTS) as process:
        while len(_entries(out)) < total // 2 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    on_record = _entries(out)
    before = {file.name: file.stat().st_mtime_ns for file in out.glob("*.json")}
    start = time.perf_counter()
    with running(folder / "in", out, *_ARGUMENTS, "--resume") as process:
        process.wait()
        expect_all(process.returncode, len(_entries(out)), total)
    seconds = time.perf_counter() - start
    changed = sum((out / name).stat().st_mtime_ns != written for name, written in before.items())
    not_on_record = len(before) - len(on_record)
    return Resumed(len(on_record), not_on_record, changed - not_on_record, seconds)


def _entries(out: Path) -> list[bytes]:
    try:
        return (out / MANIFEST_NAME).read_bytes().splitlines()
    except FileNotFoundError:
        return []


def _csv(out: Path) -> bytes:
    return (out / "nianbao.csv").read_bytes()


def _growth(figures: Sequence[float]) -> float:
    first, last = quarters(figures)
    return last / first - 1


def _row(name: str, figures: Sequence[float]) -> tuple[str, ...]:
    first, last = quarters(figures)
    return (name, f"{first:.0f}", f"{last:.0f}", f"{_growth(figures):+.1%}", f"{max(figures):.0f}")


def _pace(moments: Sequence[Moment]) -> tuple[float, float]:
    """Seconds a report in the first and in the last quarter."""
    size = max(2, len(moments) // 4)
    paces = []
    for part in (moments[:size], moments[-size:]):
        reports = part[-1].look.reports - part[0].look.reports
        paces.append((part[-1].seconds - part[0].seconds) / max(1, reports))
    return paces[0], paces[1]


def _line(fit: Fit) -> str:
    return f"seconds = {fit.intercept:.1f} + {fit.slope:.4f} x reports, R² {fit.r2:.4f}"
