"""The service killed again and again while it works: what is lost, doubled or different afterwards."""

from __future__ import annotations

import contextlib
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.inbox_office import Office, Verdict, different_copies, read_undisturbed
from benchmarks.inputs import Inputs, evenly
from benchmarks.result import Result, Target
from models.errors import StageError

_KILLS, _QUICK_KILLS = 500, 15
_FILES, _QUICK_FILES = 300, 12
_KINDS = 12  # different reports, which the files are made of
_JOBS = 2
_SEED = 20
# Between two kills: short enough to meet every step, long enough for the service to come to its work.
_SHORTEST, _LONGEST = 0.02, 2.0  # seconds
_VICTIMS, _WEIGHTS = ("service", "reader", "fork server", "resource tracker"), (40, 45, 10, 5)
# Most starts may come to their work; the others are killed on their way there.
_READY_SHARE, _READY_SECONDS = 0.8, 60.0
_SEEK_SECONDS, _SEEK_PAUSE_SECONDS = 10.0, 0.02  # for a process of the wanted kind; then the service is hit
_ORPHAN_SECONDS = 30.0  # after which a process that outlives the service counts as one that stays
_FINISH_SECONDS = 1800.0
_STOP_SECONDS = 60.0
# A document that many kills hit is no poison here, and need not wait long.
_OPTIONS: dict[str, dict[str, object]] = {
    "store": {"max_attempts": 100_000, "max_lapses": 100_000, "retry_seconds": 0.05, "max_retry_seconds": 0.2},
    "inbox": {"settle_seconds": 0.2, "scan_seconds": 1.0},
    "batch": {"jobs": _JOBS},
}


@dataclass(frozen=True, slots=True)
class KillRun:
    """What a run of kills came to: kills by what was hit, starts of the service, its verdict, seconds it took."""

    hit: dict[str, int]
    starts: int
    verdict: Verdict
    seconds: float


def measure(inputs: Inputs) -> Result:
    """What 500 kills leave behind, over copies of drawn reports.

    Raises:
        NianbaoError: inputs cannot be drawn; the service does not come to an end after the kills.
    """
    kills, count = (_QUICK_KILLS, _QUICK_FILES) if inputs.quick else (_KILLS, _FILES)
    sources = [c.path for c in inputs.drawn() if c.path.suffix in {".html", ".pdf"} and "scan" not in c.path.stem]
    files = different_copies(list(evenly(sources, _KINDS)), count)
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        run = kill_run(Path(name), files, kills, _SEED)
    verdict = run.verdict
    counts = {
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "other result": len(verdict.different),
        "unfinished": len(verdict.unfinished),
    }
    return Result(
        name="inbox_kills",
        title=f"{sum(run.hit.values())} times kill -9 while {count} reports are read",
        columns=("hit", "times"),
        rows=tuple((name, str(times)) for name, times in sorted(run.hit.items())),
        targets=tuple(Target(f"no file {what}", str(number), number == 0) for what, number in counts.items()),
        notes=(
            f"{run.starts} starts of the service, {_JOBS} jobs, {run.seconds:.0f} s in all, seed {_SEED}",
            "what is hit, and when, is chosen by chance",
            "a result is compared with that of an undisturbed reading, whole but for timings and the name of the file",
        ),
        data={"hit": run.hit, "starts": run.starts, "seconds": round(run.seconds, 1), **counts},
    )


def kill_run(folder: Path, files: Mapping[str, bytes], kills: int, seed: int) -> KillRun:
    """What the kills left behind: the files come in while the service is killed, then it may finish.

    Raises:
        StageError: the service ended by itself, or did not finish.
    """
    chance = random.Random(seed)
    expected = read_undisturbed(files, folder / "undisturbed", _JOBS)
    office = Office(folder / "office", _OPTIONS)
    began = time.monotonic()
    try:
        hit, starts = _kill_again_and_again(office, files, kills, chance)
        office.wait_until_placed(len(files), _FINISH_SECONDS)
        code = office.stop(_STOP_SECONDS)
    except BaseException:
        office.kill()
        raise
    if code != 0:
        raise StageError(f"the service ended with exit code {code}", remedy=f"see {office.log}")
    return KillRun(dict(hit), starts, office.judge(files, expected), time.monotonic() - began)


def _kill_again_and_again(
    office: Office, files: Mapping[str, bytes], kills: int, chance: random.Random
) -> tuple[Counter[str], int]:
    """(kills by what was hit, starts of the service); at the end it runs, and all files are dropped."""
    hit: Counter[str] = Counter()
    starts = 0
    waiting = list(files.items())
    for number in range(kills + 1):
        # The files come in bit by bit, so that there is work up to the last kill.
        while waiting and len(files) - len(waiting) <= number * len(files) / kills:
            office.drop(*waiting.pop(0))
        if not office.is_running():
            _start(office, wait=chance.random() < _READY_SHARE)
            starts += 1
        if number < kills:
            time.sleep(chance.uniform(_SHORTEST, _LONGEST))
            if not office.is_running():
                raise StageError("the service ended by itself", remedy=f"see {office.log}")
            hit[_kill_one(office, chance)] += 1
    return hit, starts


def _start(office: Office, *, wait: bool) -> None:
    before = len(office.events("ready"))
    office.start()
    until = time.monotonic() + _READY_SECONDS
    while wait and office.is_running() and len(office.events("ready")) == before and time.monotonic() < until:
        time.sleep(_SEEK_PAUSE_SECONDS)


def _kill_one(office: Office, chance: random.Random) -> str:
    """What was killed. Readers are rare right after a start, so one is waited for."""
    wanted = chance.choices(_VICTIMS, _WEIGHTS)[0]
    until = time.monotonic() + _SEEK_SECONDS
    while wanted != "service" and time.monotonic() < until:
        found = [process for process in office.below() if _kind(process, office.pid) == wanted]
        if found:
            with contextlib.suppress(psutil.NoSuchProcess):
                chance.choice(found).send_signal(signal.SIGKILL)
            return wanted
        time.sleep(_SEEK_PAUSE_SECONDS)
    below = office.below()
    office.kill()
    _, orphans = psutil.wait_procs(below, timeout=_ORPHAN_SECONDS)
    if orphans:
        told = ", ".join(f"{process.pid} of {process.ppid()}: {process.status()}" for process in orphans)
        raise StageError(f"{len(orphans)} processes outlived the service ({told})", remedy=f"see {office.log}")
    return "service"


def _kind(process: psutil.Process, service: int) -> str:
    try:
        if process.ppid() != service:
            return "reader"
        return "resource tracker" if "resource_tracker" in " ".join(process.cmdline()) else "fork server"
    except psutil.NoSuchProcess:
        return "gone"
