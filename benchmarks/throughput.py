"""Reports an hour in a batch, with one job and with two."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.inputs import Inputs, evenly
from benchmarks.result import Result, Target
from benchmarks.spread import spread
from pipeline.batch import run_batch
from pipeline.config import load_settings

_FILES, _ROUNDS = 40, 3
_QUICK_FILES, _QUICK_ROUNDS = 8, 1
_JOBS = (1, 2)


def measure(inputs: Inputs) -> Result:
    """How many times as fast two jobs are as one, over a batch of drawn reports of all formats.

    Raises:
        NianbaoError: inputs cannot be drawn, or results cannot be written.
    """
    count, rounds = (_QUICK_FILES, _QUICK_ROUNDS) if inputs.quick else (_FILES, _ROUNDS)
    paths = [case.path for case in evenly(inputs.drawn(), count)]
    seconds: dict[int, list[float]] = {jobs: [] for jobs in _JOBS}
    for number in range(rounds):
        for jobs in _JOBS if number % 2 == 0 else reversed(_JOBS):
            seconds[jobs].append(batch_seconds(paths, jobs))
    gains = {jobs: spread([one / own for one, own in zip(seconds[1], seconds[jobs], strict=True)]) for jobs in _JOBS}
    return Result(
        name="throughput",
        title="a batch with one job and with two, start of the workers included",
        columns=("jobs", "reports", "reports a minute", "times as fast as one job"),
        rows=tuple(
            (
                str(jobs),
                str(len(paths)),
                f"{60 * len(paths) / spread(seconds[jobs]).median:.0f}",
                str(gains[jobs]),
            )
            for jobs in _JOBS
        ),
        targets=(Target("two jobs are faster than one", f"{gains[2].median:.2f} times", gains[2].median > 1),),
        notes=(f"median [quartiles] of {rounds} interleaved rounds",),
        data={"reports": len(paths), "seconds": {str(jobs): [round(s, 3) for s in seconds[jobs]] for jobs in _JOBS}},
    )


def batch_seconds(paths: Sequence[Path], jobs: int) -> float:
    """Seconds on the clock that a whole batch takes, JSON documents written.

    Raises:
        OutputError: results cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        settings = load_settings(overrides={"output.dir": Path(folder), "batch.jobs": jobs, "output.formats": "json"})
        start = time.perf_counter()
        run_batch(paths, settings, on_report=lambda _summary: None)
        return time.perf_counter() - start
