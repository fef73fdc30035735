"""Scans in a batch: one worker on one core, one worker with all cores, two workers."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.inputs import Inputs, evenly
from benchmarks.result import Result, Target
from benchmarks.run_command import expect_all, running
from benchmarks.scans.cases import draw_cases
from benchmarks.scans.plan import SINGLE, plan
from benchmarks.spread import spread
from pipeline.export.json_export import read_report_json

_SCANS, _ROUNDS = 12, 3
_QUICK_SCANS, _QUICK_ROUNDS = 2, 1
LEAST_GAIN = 1.7
# Nothing here is about the limit of time.
_MAX_SECONDS = 7200.0
# name -> (jobs, cores of the whole command; None: all there are, shared among the jobs).
_WAYS: dict[str, tuple[int, int | None]] = {
    "1 worker, 1 core": (1, 1),
    "1 worker, all cores": (1, None),
    "2 workers": (2, None),
}
_BASE, _TWO = "1 worker, 1 core", "2 workers"


def measure(inputs: Inputs) -> Result:
    """How many times as fast two workers are as one, over drawn scans of three pages each.

    Raises:
        NianbaoError: scans cannot be drawn, or results cannot be written.
    """
    count, rounds = (_QUICK_SCANS, _QUICK_ROUNDS) if inputs.quick else (inputs.scans or _SCANS, _ROUNDS)
    specs = [s for s in plan("report") if s.container not in SINGLE and s.damage in {"clean", "office", "copy"}]
    seconds: dict[str, list[float]] = {name: [] for name in _WAYS}
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        place = Path(folder)
        source = place / "in"
        source.mkdir()
        scans = [shutil.move(case.path, source) for case in draw_cases(evenly(specs, count), place / "drawn")]
        (place / "config.yaml").write_text(f"limits: {{max_seconds_per_file: {_MAX_SECONDS}}}\n", encoding="utf-8")
        pages = 0
        for number in range(rounds):
            for name in _WAYS if number % 2 == 0 else reversed(_WAYS):
                taken, pages = _batch_seconds(source, place, *_WAYS[name])
                seconds[name].append(taken)
    gains = {
        name: spread([one / own for one, own in zip(seconds[_BASE], taken, strict=True)])
        for name, taken in seconds.items()
    }
    gain = gains[_TWO].median
    return Result(
        name="scale_workers",
        title="scans: workers against cores",
        columns=("workers", "scans", "pages", "seconds a page", "times as fast as one worker on one core"),
        rows=tuple(
            (name, str(len(scans)), str(pages), f"{spread(taken).median / pages:.2f}", str(gains[name]))
            for name, taken in seconds.items()
        ),
        targets=(
            Target(f"two workers are at least {LEAST_GAIN} times as fast as one", f"{gain:.2f}", gain >= LEAST_GAIN),
        ),
        notes=(
            f"median [quartiles] of {rounds} interleaved rounds; start of the workers and loading of models included",
            f"{len(os.sched_getaffinity(0))} cores",
        ),
        data={"seconds": seconds, "pages": pages},
    )


def _batch_seconds(source: Path, folder: Path, jobs: int, cores: int | None) -> tuple[float, int]:
    """(seconds on the clock of a whole batch, pages read)."""
    out = folder / "out"
    start = time.perf_counter()
    with running(source, out, "--jobs", str(jobs), "--config", str(folder / "config.yaml"), cores=cores) as process:
        process.wait()
    taken = time.perf_counter() - start
    documents = list(out.glob("*.json"))
    expect_all(process.returncode, len(documents), sum(1 for _ in source.iterdir()))
    pages = sum(read_report_json(document).source.page_count for document in documents)
    shutil.rmtree(out)
    return taken, pages
