"""``nianbao extract --engine ray``: documents to a Parquet data set, on Ray."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import UsageError
from pipeline.cli.output import print_error, stdout_console

if TYPE_CHECKING:
    from pipeline.config import Settings


@dataclass(frozen=True, slots=True)
class RayCommand:
    """What the command line asks of Ray.

    Attributes:
        named: Paths and URLs.
        out: Path or URL of the folder of results.
        settings: Limits and thresholds.
        address: Of the cluster; None for Ray on this machine.
        jobs: Documents read at once on this machine; None for one on each core.
    """

    named: tuple[str, ...]
    out: str
    settings: Settings
    address: str | None
    jobs: int | None


def refuse_options(options: Iterable[str]) -> None:
    """Nothing where there is none.

    Raises:
        UsageError: there are options that do not go with Ray.
    """
    given = list(options)
    if given:
        raise UsageError(
            f"--engine ray writes a Parquet data set and does not go with {', '.join(given)}",
            remedy="leave it out, or read without --engine ray",
        )


def extract_on_ray(command: RayCommand, waivers: Path | None, password: str | None) -> int:
    """The exit code of the batch.

    Raises:
        NianbaoError: there is nothing to read, no Ray, or results cannot be written.
    """
    from pipeline.batch import worst_code
    from pipeline.cli.batch_output import print_end, with_progress
    from pipeline.distributed.places import open_place
    from pipeline.distributed.run import Cluster, run_on_ray
    from pipeline.distributed.sources import find_sources
    from pipeline.waiver_files import open_book, today

    sources = find_sources(command.named, leave_out=command.out)
    for problem in sources.problems:
        print_error(str(problem))
    book = open_book(waivers, today())
    book.load([place.local_path for place in sources.places])
    console = stdout_console(soft_wrap=True)
    out, cluster = open_place(command.out), Cluster(command.address, command.jobs)
    run = partial(run_on_ray, sources.places, out, command.settings, cluster, waivers=book, password=password)
    result = with_progress(run, len(sources.places), console, "the same command goes on")
    print_end(result.summaries, result.written, sources.passed_over, command.out, console)
    if result.kept:
        console.print(f"{result.kept} of {len(result.summaries)} had been read before")
    return int(worst_code((result.exit_code, *(p.exit_code for p in sources.problems))))
