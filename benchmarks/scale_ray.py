"""A batch on Ray against the same batch with processes of this machine: seconds on the clock, starts included."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.inputs import Inputs
from benchmarks.result import Result, Target
from benchmarks.spread import spread
from models.errors import ExitCode, MissingDependencyError, StageError

_FILES, _ROUNDS = 400, 3
_QUICK_FILES, _QUICK_ROUNDS = 24, 1
_FEW = 2  # files of the batch that measures starting and stopping
_JOBS = 2
_MOST_SLOWER = 1.25  # times the seconds of one machine without Ray
_ENGINES = ("local", "ray")
_COMMAND = (sys.executable, "-c", "from pipeline.cli import main; main()", "extract", "--jobs", str(_JOBS))


def measure(inputs: Inputs) -> Result:
    """How much longer Ray takes for the same born-digital files on this machine, and what of it is its start.

    Raises:
        NianbaoError: inputs cannot be drawn, Ray is not installed, or a batch does not end as it should.
    """
    if importlib.util.find_spec("ray") is None:
        raise MissingDependencyError("Ray is not installed", remedy="pip install -e '.[ray]'")
    count, rounds = (_QUICK_FILES, _QUICK_ROUNDS) if inputs.quick else (_FILES, _ROUNDS)
    cases = [case.path for case in inputs.drawn() if case.has_text_layer]
    many: dict[str, list[float]] = {engine: [] for engine in _ENGINES}
    few: dict[str, list[float]] = {engine: [] for engine in _ENGINES}
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        folder = Path(name)
        files, some = copies(cases, count, folder / "many"), copies(cases, _FEW, folder / "few")
        for number in range(rounds):
            for engine in _ENGINES if number % 2 == 0 else reversed(_ENGINES):
                many[engine].append(batch_seconds(files, engine, folder / "out"))
                few[engine].append(batch_seconds(some, engine, folder / "out"))
    ratio = spread([ray / local for ray, local in zip(many["ray"], many["local"], strict=True)])
    each = {engine: _seconds_each(many[engine], few[engine], count) for engine in _ENGINES}
    return Result(
        name="scale_ray",
        title=f"{count} born-digital files, {_JOBS} cores: Ray against processes",
        columns=("engine", "seconds", f"seconds for {_FEW} files", "seconds a file more", "times the seconds of local"),
        rows=tuple(
            (
                engine,
                str(spread(many[engine])),
                str(spread(few[engine])),
                f"{each[engine]:.3f}",
                str(ratio) if engine == "ray" else "1",
            )
            for engine in _ENGINES
        ),
        targets=(
            Target(
                f"Ray takes at most {_MOST_SLOWER} times as long",
                f"{ratio.median:.2f} times",
                ratio.median <= _MOST_SLOWER,
            ),
        ),
        notes=(
            f"median [quartiles] of {rounds} interleaved rounds; whole commands, start and end included",
            "results: JSON documents with processes, checkpoint and Parquet data set with Ray",
        ),
        data={"files": count, "many": many, "few": few},
    )


def _seconds_each(many: Sequence[float], few: Sequence[float], count: int) -> float:
    """Seconds that one file more takes, without the start."""
    return (spread(many).median - spread(few).median) / (count - _FEW)


def copies(cases: Sequence[Path], count: int, folder: Path) -> Path:
    """The folder, with this many files, each a copy of one of the cases in turn."""
    folder.mkdir(parents=True)
    for number in range(count):
        case = cases[number % len(cases)]
        shutil.copyfile(case, folder / f"{number:06d}{case.suffix}")
    return folder


def batch_seconds(reports: Path, engine: str, out: Path) -> float:
    """Seconds on the clock of one command; its results are gone afterwards.

    Raises:
        StageError: it did not end as a batch does.
    """
    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    done = subprocess.run(
        [*_COMMAND, "--engine", engine, "--out", str(out), str(reports)], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode not in {ExitCode.OK, ExitCode.REVIEW}:
        raise StageError(f"the batch ended with {done.returncode}: {done.stderr.strip()}", source=str(reports))
    return seconds
