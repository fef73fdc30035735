"""Broken files read as a batch reads them: how each ends, and whether any of them brings the reader down.

``python -m benchmarks.mutants NUMBER FILE`` writes one of them for a closer look.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.inputs import Inputs
from benchmarks.mutants import Mutant, mutant
from benchmarks.result import Result, Target
from models.report import Report
from pipeline.batch import read_all
from pipeline.config import Settings, load_settings

_MUTANTS, _QUICK_MUTANTS = 10_000, 300
# Files that lie on the disk at the same time.
_AT_ONCE = 250
# Far more than any of them needs; what takes longer hangs.
SECONDS = 60.0
_NAMED = 20
# Failure codes of a file as a whole -> what that says about the reader.
_FAULTS = {
    "internal": "internal error",
    "stage_timeout": "hang",
    "stage_memory": "out of memory",
    "stage": "process died",
}
# The last three are faults of the reader.
_ENDS = ("ok", "needs_review", "partial", "refused", "internal error", "hang", "out of memory", "process died")
_FAULTY = _ENDS[4:]


@dataclass(frozen=True, slots=True)
class End:
    """How the reading of one mutant ended; ``said`` is the code of the failure, or what was said about a fault."""

    number: int
    kind: str
    change: str
    end: str
    said: str

    @property
    def is_fault(self) -> bool:
        """Whether the reader is to blame."""
        return self.end in _FAULTY


def measure(inputs: Inputs) -> Result:
    """The ends of all mutants, by kind of file.

    Raises:
        NianbaoError: the mutants cannot be written.
    """
    count = _QUICK_MUTANTS if inputs.quick else _MUTANTS
    begun = time.monotonic()
    ends = list(read_mutants(range(count), inputs.folder))
    seconds = time.monotonic() - begun
    return to_result(ends, seconds)


def to_result(ends: Sequence[End], seconds: float) -> Result:
    """The table, the targets and what was said about each fault."""
    kinds = sorted({e.kind for e in ends})
    rows = [_row(kind, [e for e in ends if e.kind == kind]) for kind in (*kinds,)]
    faults = [e for e in ends if e.is_fault]
    by_end = Counter(e.end for e in ends)
    unexplained = sum(not e.said for e in ends if e.end in {"refused", "partial"})
    return Result(
        name="mutations",
        title=f"{len(ends)} broken files: how each of them ends",
        columns=("kind", "files", *_ENDS),
        rows=(*rows, _row("all", ends)),
        targets=(
            *(Target(f"no {end}", str(by_end[end]), by_end[end] == 0) for end in _FAULTY),
            Target("every refusal has a reason", str(unexplained), unexplained == 0),
        ),
        notes=(
            f"{seconds:.0f} s in all; a reading that takes more than {SECONDS:g} s counts as a hang",
            "refusals by code: "
            + ", ".join(f"{said} {n}" for said, n in Counter(e.said for e in ends if e.end == "refused").most_common()),
            *(f"mutant {e.number} ({e.kind}, {e.change}): {e.end}: {e.said}" for e in faults[:_NAMED]),
        ),
        data={
            "seconds": round(seconds, 1),
            "by_change": {
                change: dict(Counter(e.end for e in ends if e.change == change))
                for change in sorted({e.change for e in ends})
            },
            "faults": [[e.number, e.kind, e.change, e.end, e.said] for e in faults],
        },
    )


def read_mutants(numbers: Iterable[int], folder: Path, jobs: int = 1) -> Iterator[End]:
    """How each mutant ends, in no particular order; they are read in processes of their own, pictures by OCR."""
    waiting = list(numbers)
    for first in range(0, len(waiting), _AT_ONCE):
        mutants = [mutant(number) for number in waiting[first : first + _AT_ONCE]]
        for is_picture in (False, True):
            chosen = [m for m in mutants if m.is_picture == is_picture]
            with tempfile.TemporaryDirectory(prefix="mutants-", dir=folder) as place:
                yield from _read(chosen, Path(place), _settings(jobs, ocr=is_picture))


def _settings(jobs: int, *, ocr: bool) -> Settings:
    return load_settings(
        overrides={"limits.max_seconds_per_file": SECONDS, "ocr.enabled": ocr, "ocr.threads": 1, "batch.jobs": jobs}
    )


def _read(mutants: Sequence[Mutant], place: Path, settings: Settings) -> Iterator[End]:
    paths = []
    for one in mutants:
        path = place / one.name
        path.write_bytes(one.data)
        paths.append(path)
    for one, (_, report, _) in zip(mutants, read_all(paths, settings), strict=True):
        yield End(one.number, one.kind, one.change, *_end(report))


def _end(report: Report) -> tuple[str, str]:
    if report.status != "failed":
        return report.status, ", ".join(dict.fromkeys(f.code for f in report.failures))
    [failure] = report.failures
    fault = _FAULTS.get(failure.code)
    return ("refused", failure.code) if fault is None else (fault, failure.message)


def _row(name: str, ends: Sequence[End]) -> tuple[str, ...]:
    counted = Counter(e.end for e in ends)
    return (name, str(len(ends)), *(str(counted[end]) for end in _ENDS))
