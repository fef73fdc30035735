"""``nianbao extract``: files and folders to JSON, CSV and XLSX."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import (
    ConfigOption,
    FormatOption,
    OutOption,
    PasswordFileOption,
    PasswordOption,
    WaiversOption,
)
from pipeline.cli.output import PipeConsole, print_error, print_note, stdout_console

if TYPE_CHECKING:
    from pipeline.batch import BatchResult, ReadFiles
    from pipeline.config import Settings
    from pipeline.export.summary import ReportSummary
    from pipeline.find_inputs import Inputs

# A table longer than this is no summary; the totals and what needs a person are.
_LONGEST_SUMMARY = 60
_STYLES = {"ok": "green", "needs_review": "yellow", "partial": "magenta", "failed": "red"}


def extract(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Report files, or folders that are walked.")],
    out: OutOption = None,
    formats: FormatOption = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", metavar="N", help="Files read at once.", show_default="one a core")
    ] = None,
    cross_check: Annotated[
        bool | None,
        typer.Option("--cross-check", help="Let camelot read every table as well; cells that differ go to review."),
    ] = None,
    debug: Annotated[
        Path | None,
        typer.Option("--debug", metavar="DIR", help="Draw what was read on each page of a scan, as PNG files in DIR."),
    ] = None,
    password: PasswordOption = None,
    password_file: PasswordFileOption = None,
    use_store: Annotated[
        bool,
        typer.Option(
            "--store",
            help="Keep files and results in the store; what is there already is not read again, so a batch "
            "that was interrupted goes on.",
        ),
    ] = False,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on with a batch that was stopped: files whose content and settings are as they were, and whose "
            "result lies in the output folder, are not read again.",
        ),
    ] = False,
    waivers: WaiversOption = None,
    config: ConfigOption = None,
) -> int:
    """Read reports: map every number to its field, check the sums, write the results."""
    from pipeline.batch import read_as_done, run_batch, worst_code
    from pipeline.cli.password import given_password
    from pipeline.config import load_settings
    from pipeline.find_inputs import find_inputs
    from pipeline.inbox.through_store import read_through_store
    from pipeline.store.open_store import open_store
    from pipeline.waiver_files import open_book, today

    overrides = {
        "output.dir": out,
        "output.formats": formats,
        "output.debug_dir": debug,
        "batch.jobs": jobs,
        "extract.cross_check": cross_check,
    }
    settings = load_settings(config, {k: v for k, v in overrides.items() if v is not None})
    results = (settings.output.dir, settings.output.debug_dir)
    secret = given_password(password, password_file)
    inputs = find_inputs(paths, leave_out=[folder for folder in results if folder is not None])
    for problem in inputs.problems:
        print_error(str(problem))
    for link in inputs.linked_folders:
        print_note(f"{link}: a link to a folder was not followed — name it to have it read")
    book = open_book(waivers, today())
    console = stdout_console(soft_wrap=True)
    with ExitStack() as stack:
        if use_store:
            store = stack.enter_context(open_store(settings))
            read: ReadFiles = partial(read_through_store, store)
        else:
            read = read_as_done
        run = partial(run_batch, inputs.paths, settings, waivers=book, password=secret, read=read, resume=resume)
        go_on = "" if use_store or "json" not in settings.output.formats else "the same command with --resume goes on"
        result = _with_progress(run, len(inputs.paths), console, go_on)
    _print_end(result, inputs, settings, console)
    for sentence in book.left_over():
        print_note(sentence)
    return int(worst_code((result.exit_code, *(p.exit_code for p in inputs.problems))))


def _with_progress(run: Callable[..., BatchResult], count: int, console: PipeConsole, go_on: str) -> BatchResult:
    from rich.text import Text

    from pipeline.cli.progress import Tally, shown_progress
    from pipeline.export.terminal import summary_line

    def on_report(summary: ReportSummary) -> None:
        console.print(Text(summary_line(summary), style=_STYLES[summary.status]))

    tally = Tally(count)
    try:
        with shown_progress(tally) as on_done:
            return run(on_report=on_report, on_done=on_done)
    except KeyboardInterrupt:
        if tally.done:
            print_note(f"stopped after {tally.line()}" + (f" — {go_on}" if go_on else ""))
        raise


def _print_end(result: BatchResult, inputs: Inputs, settings: Settings, console: PipeConsole) -> None:
    from pipeline.export.terminal import render_summary
    from pipeline.export.text import one_line

    console.print()
    shown = result.summaries
    if len(shown) > _LONGEST_SUMMARY:
        shown = [s for s in shown if s.status != "ok"][:_LONGEST_SUMMARY]
        console.print(f"{len(result.summaries)} reports; below the first {len(shown)} that are not ok")
    stdout_console().print(render_summary(shown))
    if inputs.passed_over:
        console.print(f"{_count(inputs.passed_over, 'file')} of other kinds passed over")
    console.print(
        f"{_count(len(result.written), 'file')} written to {one_line(str(settings.output.dir))}", markup=False
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
