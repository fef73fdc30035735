"""Runs the benchmarks: ``python -m benchmarks.run [--only speed,memory] [--quick] [--corpus DIR] [--out DIR]``.

Each prints one table and writes one JSON file. A missed target is printed, not an error: figures depend on the machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from models.errors import NianbaoError

# In the order in which they run. Each is a module of this package with a function ``measure(inputs) -> Result``.
BENCHMARKS: tuple[str, ...] = (
    "speed",
    "throughput",
    "memory",
    "accuracy",
    "glued_accuracy",
    "scan_accuracy",
    "decide_accuracy",
    "scan_memory",
    "inbox_burst",
    "inbox_kills",
    "review_load",
    "review_pages",
    "learnt_aliases",
    "mutations",
    "scale_profile",
    "scale_workers",
    "scale_jobs",
    "scale_ray",
)
_OUT = Path("out") / "bench"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    only: tuple[str, ...] = BENCHMARKS
    quick: bool = False
    scans: int | None = None
    corpus: Path | None = None
    out: Path = _OUT


def parse_options(arguments: Sequence[str] | None = None) -> Options:
    """The options of the command line; ends the program with status 2 where they are wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measure speed, memory and accuracy.")
    parser.add_argument(
        "--only", type=_names, default=BENCHMARKS, metavar="LIST", help=f"some of {','.join(BENCHMARKS)}"
    )
    parser.add_argument("--quick", action="store_true", help="few inputs, one round: does it run at all?")
    parser.add_argument("--scans", type=int, metavar="N", help="only N of the damaged scans, evenly chosen")
    parser.add_argument("--corpus", type=_folder, metavar="DIR", help="published reports with truth files, as well")
    parser.add_argument("--out", type=Path, default=_OUT, metavar="DIR", help=f"folder of the JSON files ({_OUT})")
    found = parser.parse_args(arguments)
    return Options(found.only, found.quick, found.scans, found.corpus, found.out)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status of the command."""
    options = parse_options(arguments)
    try:
        run(options)
    except NianbaoError as exc:
        print(exc, file=sys.stderr)
        return int(exc.exit_code)
    return 0


def run(options: Options) -> None:
    """Runs the wanted benchmarks one after the other, each printed and written as soon as it is done.

    Raises:
        NianbaoError: inputs cannot be drawn or read, or a result cannot be written.
    """
    # Not at the top: worker processes import this module by its name and need none of it.
    from benchmarks.inputs import Inputs
    from benchmarks.machine import describe_machine
    from benchmarks.result import render_result, write_result

    machine = describe_machine()
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-inputs-") as folder:
        inputs = Inputs(Path(folder), quick=options.quick, corpus=options.corpus, scans=options.scans)
        for name in options.only:
            print(f"measuring {name} ...", file=sys.stderr, flush=True)
            result = import_module(f"benchmarks.{name}").measure(inputs)
            measured_at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC") + (" (quick)" if options.quick else "")
            print(render_result(result, machine, measured_at))
            print(f"- data: {write_result(result, machine, measured_at, options.out)}\n", flush=True)


def _names(text: str) -> tuple[str, ...]:
    wanted = {name.strip() for name in text.split(",") if name.strip()}
    unknown = sorted(wanted - set(BENCHMARKS))
    if unknown or not wanted:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown) or 'nothing'}; known: {', '.join(BENCHMARKS)}")
    return tuple(name for name in BENCHMARKS if name in wanted)


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"no such folder: {path}")
    return path


if __name__ == "__main__":
    sys.exit(main())
