"""A whole job on Ray: documents to reports, reports to the data set."""

from __future__ import annotations

import datetime as dt
import math
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.errors import ExitCode, NianbaoError
from pipeline.batch import OnDone, worst_code
from pipeline.config import Settings
from pipeline.distributed.checkpoint import Checkpoint
from pipeline.distributed.dataset import (
    REPORTS_PER_PART,
    Part,
    begin,
    complete,
    part_to_json,
    to_parts,
    write_part,
    write_parts,
)
from pipeline.distributed.places import Place
from pipeline.distributed.read_batch import Outcome, Task, read_batch
from pipeline.distributed.session import ray_session
from pipeline.export.summary import ReportSummary
from pipeline.manifest import settings_digest
from pipeline.waiver_files import WaiverBook

if TYPE_CHECKING:
    from types import ModuleType

# Documents of a task: many make the handing out cheap, few keep all cores busy to the end.
_MOST_A_TASK = 16
_TASKS_A_CORE = 8
_RUN_BYTES = 3  # random bytes of a run's id, behind its second


@dataclass(slots=True)
class JobResult:
    """Summaries in input order, number of files of the data set, of documents not read again, and the exit code."""

    summaries: list[ReportSummary] = field(default_factory=list)
    written: int = 0
    kept: int = 0
    exit_code: ExitCode = ExitCode.OK


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the work is done, see ``ray_session``."""

    address: str | None = None
    jobs: int | None = None


def run_on_ray(  # noqa: PLR0913 - what a batch may be told, by keyword
    places: Sequence[Place],
    out: Place,
    settings: Settings,
    cluster: Cluster,
    *,
    on_report: Callable[[ReportSummary], None],
    on_done: OnDone = lambda _summary, _is_kept: None,
    waivers: WaiverBook,
    password: str | None = None,
) -> JobResult:
    """Reads all documents and writes the data set of exactly these; one bad document never stops the rest.

    What an earlier job with these settings read into the same folder is not read again.

    Args:
        places: Documents to read.
        out: The folder of the data set.
        settings: Limits and thresholds.
        cluster: Where the work is done.
        on_report: Called after each document, in the order in which they are done.
        on_done: The same, and whether it was read before.
        waivers: What was accepted before.
        password: Opens those that are encrypted.

    Raises:
        UsageError: the address is none.
        MissingDependencyError: there is no Ray, or no cluster.
        OutputError: a result could not be written; what was read before is kept.
    """
    run = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(_RUN_BYTES)}"
    task = Task(settings, Checkpoint.of(out, settings), run, waivers, password)
    task.checkpoint.begin(settings)  # what cannot be written to is told before Ray is started
    outcomes: dict[int, Outcome] = {}
    with ray_session(cluster.address, cluster.jobs) as ray, _own_errors():
        for row in _read(ray, places, task):
            outcome = Outcome.from_row(row)
            # A task whose results were lost with its machine is done once more.
            if outcome.number not in outcomes:
                outcomes[outcome.number] = outcome
                on_report(outcome.summary)
                on_done(outcome.summary, outcome.is_kept)
        parts = to_parts(outcomes.values(), [str(place.local_path) for place in places])
        _write(ray, begin(out, parts), out, task)
        written = complete(out, parts, run, settings_digest(settings), len(outcomes))
    done = [outcomes[number] for number in sorted(outcomes)]
    return JobResult(
        [outcome.summary for outcome in done],
        written,
        sum(outcome.is_kept for outcome in done),
        worst_code([outcome.code for outcome in done]),
    )


@contextmanager
def _own_errors() -> Iterator[None]:
    """Raises the error of ours that ended a task, and not what Ray made of it."""
    try:
        yield
    except Exception as exc:
        error: BaseException | None = exc
        while error is not None:
            # What Ray raises for a task passes for the error of the task, which is its cause.
            inner = getattr(error, "cause", None) or error.__cause__
            if isinstance(error, NianbaoError) and not isinstance(inner, NianbaoError):
                raise error from None
            error = inner
        raise


def _read(ray: ModuleType, places: Sequence[Place], task: Task) -> Iterator[dict[str, Any]]:
    items = [{"number": n, "root": p.root, "path": p.path, "name": p.name} for n, p in enumerate(places)]
    cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
    a_task = min(_MOST_A_TASK, max(1, len(items) // (cores * _TASKS_A_CORE)))
    return _map(ray, items, a_task, read_batch, {"task": task})


def _write(ray: ModuleType, parts: Sequence[Part], out: Place, task: Task) -> None:
    if sum(len(part.reports) for part in parts) <= REPORTS_PER_PART:
        # No more than one task would do; handing it out takes longer.
        for part in parts:
            write_part(part, out, task)
        return
    items = [{"part": part_to_json(part)} for part in parts]
    for _ in _map(ray, items, 1, write_parts, {"out": out, "task": task}):
        pass


def _map(
    ray: ModuleType,
    items: Sequence[dict[str, Any]],
    a_task: int,
    function: Callable[..., Any],
    arguments: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    """The rows that the function makes of all items, as tasks are done; Ray does those of a lost machine elsewhere."""
    blocks = math.ceil(len(items) / a_task)
    dataset = ray.data.from_items(list(items), override_num_blocks=blocks)
    mapped = dataset.map_batches(function, batch_size=None, fn_kwargs=arguments, num_cpus=1)
    rows: Iterator[dict[str, Any]] = mapped.iter_rows()
    return rows
