"""A flood of files within a second: all taken, none twice, memory of the service, time to the first result."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.inbox_office import Office, different_copies
from benchmarks.inputs import Inputs, evenly
from benchmarks.memory import FLAT_SHARE, quarters
from benchmarks.result import Result, Target
from benchmarks.spread import spread
from models.errors import StageError
from pipeline.store.documents import documents
from pipeline.store.open_store import open_store

_FILES, _QUICK_FILES = 1000, 40
_ROUNDS, _QUICK_ROUNDS = 5, 1
_KINDS = 6  # different reports, which the files are made of; the quick ones, for it is not reading that is measured
_JOBS = 2
_MIB = 1024**2  # bytes
_LOOK_SECONDS = 0.5
_PAUSE_SECONDS = 0.01
_TAKES_SECONDS = 7200.0
_START_SECONDS = 120.0
_FIRST_RESULT_SECONDS = 3.0
_STOP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Flood:
    """What came of a flood.

    Attributes:
        dropping: Seconds in which the files were dropped.
        taken: Seconds from the first drop until all were on record.
        finished: Seconds from the first drop until all were placed.
        memory: MiB of the service itself, look by look.
        wrong: Contents that are on record, or placed, other than once.
    """

    dropping: float
    taken: float
    finished: float
    memory: tuple[float, ...]
    wrong: int


def measure(inputs: Inputs) -> Result:
    """A thousand files at once, and one born-digital file into an idle inbox.

    Raises:
        NianbaoError: inputs cannot be drawn; the service ends or does not finish.
    """
    count, rounds = (_QUICK_FILES, _QUICK_ROUNDS) if inputs.quick else (_FILES, _ROUNDS)
    cases = [case.path for case in inputs.drawn()]
    pages = [path for path in cases if path.suffix == ".html"]
    born_digital = [path for path in cases if path.suffix == ".pdf" and "scan" not in path.stem]
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        first = spread([first_result(Path(name) / f"first-{n}", born_digital[0]) for n in range(rounds)])
        flood = flood_run(Path(name) / "flood", different_copies(list(evenly(pages, _KINDS)), count))
    early, late = quarters(flood.memory)
    growth = late / early - 1
    return Result(
        name="inbox_burst",
        title=f"{count} files dropped at once, {_JOBS} jobs",
        columns=("what", "figure"),
        rows=(
            ("seconds in which they were dropped", f"{flood.dropping:.2f}"),
            ("seconds until all were on record", f"{flood.taken:.1f}"),
            ("seconds until all were placed", f"{flood.finished:.0f}"),
            ("MiB of the service, first quarter", f"{early:.0f}"),
            ("MiB of the service, last quarter", f"{late:.0f}"),
            ("seconds to the first result, idle service", str(first)),
        ),
        targets=(
            Target("dropped within a second", f"{flood.dropping:.2f} s", flood.dropping <= 1),
            Target("each taken and placed once", f"{flood.wrong} other than once", flood.wrong == 0),
            Target(f"memory of the service flat (within {FLAT_SHARE:.0%})", f"{growth:+.1%}", growth <= FLAT_SHARE),
            Target(
                f"first result of a born-digital file within {_FIRST_RESULT_SECONDS:g} s",
                f"{first.median:.2f} s",
                first.median <= _FIRST_RESULT_SECONDS,
            ),
        ),
        notes=(
            f"first result: {born_digital[0].name}, until it lies in its folder; median [quartiles] of {rounds}",
            "settings as shipped; memory of the service without the processes that read",
        ),
        data={"memory": list(flood.memory), "taken": flood.taken, "finished": flood.finished, "wrong": flood.wrong},
    )


def first_result(folder: Path, report: Path) -> float:
    """Seconds from the end of the drop of one file until it lies in its folder, with a service that waits for it.

    Raises:
        StageError: the service ends or does not finish.
    """
    office = Office(folder)
    office.start()
    try:
        _wait_until_idle(office)
        office.drop(report.name, report.read_bytes())
        began = time.perf_counter()
        while not office.placed():
            if not office.is_running():
                raise StageError("the service ended", remedy=f"see {office.log}")
            time.sleep(_PAUSE_SECONDS)
        return time.perf_counter() - began
    finally:
        office.stop(_STOP_SECONDS)


def flood_run(folder: Path, files: dict[str, bytes]) -> Flood:
    """What came of dropping all files at once into an idle inbox.

    Raises:
        StageError: the service ends or does not finish.
    """
    office = Office(folder, {"batch": {"jobs": _JOBS}})
    office.start()
    try:
        _wait_until_idle(office)
        began = time.perf_counter()
        for name, data in files.items():
            office.drop(name, data)
        dropping = time.perf_counter() - began
        memory: list[float] = []
        taken = 0.0
        service = psutil.Process(office.pid)
        while office.left():
            if not office.is_running() or time.perf_counter() - began > _TAKES_SECONDS:
                raise StageError("the service ended, or takes too long", remedy=f"see {office.log}")
            if not taken and len(office.events("taken")) >= len(files):
                taken = time.perf_counter() - began
            memory.append(round(service.memory_info().rss / _MIB, 1))
            time.sleep(_LOOK_SECONDS)
        finished = time.perf_counter() - began
    finally:
        office.stop(_STOP_SECONDS)
    return Flood(dropping, taken or finished, finished, _settled(memory), _wrong(office, len(files)))


def _settled(memory: Sequence[float]) -> tuple[float, ...]:
    """The looks without those at the beginning, when modules are loaded that were not needed before."""
    return tuple(memory[len(memory) // 20 :])


def _wrong(office: Office, count: int) -> int:
    with open_store(office.settings) as store:
        on_record = [document.sha256 for document in documents(store) if document.is_final]
    placed = office.placed()
    return abs(count - len(placed)) + abs(count - len(set(on_record))) + len(office.left())


def _wait_until_idle(office: Office) -> None:
    """Nothing; the service then has its readers and waits.

    Raises:
        StageError: it does not come so far.
    """
    until = time.monotonic() + _START_SECONDS
    while not office.events("ready"):
        if not office.is_running() or time.monotonic() > until:
            raise StageError("the service does not start", remedy=f"see {office.log}")
        time.sleep(_PAUSE_SECONDS)
