"""``nianbao extract``: files and folders to JSON, CSV and XLSX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from pipeline.batch import BatchResult, run_batch
from pipeline.cli.options import ConfigOption
from pipeline.config import Settings, load_settings
from pipeline.export.summary import ReportSummary
from pipeline.export.terminal import render_summary, summary_line
from pipeline.find_inputs import find_inputs

# A table longer than this is no summary; the totals and what needs a person are.
_LONGEST_SUMMARY = 60
_STYLES = {"ok": "green", "needs_review": "yellow", "partial": "magenta", "failed": "red"}


def extract(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Report files, or folders that are walked.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results.", show_default="out")
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option("--format", metavar="LIST", help="json, csv, xlsx; several by comma.", show_default="json"),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", help="Files read at once.", show_default="1")
    ] = None,
    cross_check: Annotated[
        bool | None,
        typer.Option("--cross-check", help="Let camelot read every table as well; cells that differ go to review."),
    ] = None,
    config: ConfigOption = None,
) -> int:
    """Read reports: map every number to its field, check the sums, write the results."""
    overrides = {"output.dir": out, "output.formats": formats, "batch.jobs": jobs, "extract.cross_check": cross_check}
    settings = load_settings(config, {k: v for k, v in overrides.items() if v is not None})
    inputs = find_inputs(paths, leave_out=settings.output.dir)
    console = Console(highlight=False, soft_wrap=True)
    result = _with_progress(inputs.paths, settings, console)
    _print_end(result, inputs.passed_over, settings, console)
    return int(result.exit_code)


def _with_progress(paths: tuple[Path, ...], settings: Settings, console: Console) -> BatchResult:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # The bar goes to stderr, so that the lines on stdout can be piped.
    progress = Progress(*columns, console=Console(stderr=True), transient=True, disable=len(paths) == 1)
    with progress:
        task = progress.add_task("reading", total=len(paths))

        def on_report(summary: ReportSummary) -> None:
            console.print(Text(summary_line(summary), style=_STYLES[summary.status]))
            progress.advance(task)

        return run_batch(paths, settings, on_report=on_report)


def _print_end(result: BatchResult, passed_over: int, settings: Settings, console: Console) -> None:
    console.print()
    shown = result.summaries
    if len(shown) > _LONGEST_SUMMARY:
        shown = [s for s in shown if s.status != "ok"][:_LONGEST_SUMMARY]
        console.print(f"{len(result.summaries)} reports; below the first {len(shown)} that are not ok")
    Console(highlight=False).print(render_summary(shown))
    if passed_over:
        console.print(f"{passed_over} files of other kinds were passed over")
    console.print(f"{len(result.written)} files written to {settings.output.dir}", markup=False)
