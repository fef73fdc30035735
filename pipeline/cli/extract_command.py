"""``nianbao extract``: files and folders to JSON, CSV and XLSX."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import UsageError
from pipeline.cli.batch_output import print_end, with_progress
from pipeline.cli.options import (
    AddressOption,
    ConfigOption,
    Engine,
    EngineOption,
    FilesFromOption,
    FormatOption,
    PasswordFileOption,
    PasswordOption,
    WaiversOption,
)
from pipeline.cli.output import print_error, print_note, stdout_console

if TYPE_CHECKING:
    from pipeline.batch import ReadFiles


def extract(
    named: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...", help="Report files, or folders that are walked; with --engine ray also URLs (s3://…)."
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder for the results; a URL with --engine ray.", show_default="out"
        ),
    ] = None,
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
    engine: EngineOption = Engine.LOCAL,
    address: AddressOption = None,
    files_from: FilesFromOption = None,
    config: ConfigOption = None,
) -> int:
    """Read reports: map every number to its field, check the sums, write the results."""
    from pipeline.batch import read_as_done, run_batch, worst_code
    from pipeline.cli.extract_on_ray import RayCommand, extract_on_ray, refuse_options
    from pipeline.cli.password import given_password
    from pipeline.config import load_settings
    from pipeline.find_inputs import find_inputs, is_url, read_list
    from pipeline.inbox.through_store import read_through_store
    from pipeline.store.open_store import open_store
    from pipeline.waiver_files import open_book, today

    if files_from is not None:
        named = [*(named or ()), *read_list(files_from)]
    if not named:
        raise _nothing_named(files_from)
    if engine is Engine.RAY:
        barred = {
            "--store": use_store,
            "--resume": resume,
            "--debug": debug is not None,
            "--format": formats not in {None, "parquet"},
        }
        refuse_options(option for option, is_given in barred.items() if is_given)
    elif address is not None or is_url(out or "") or any(is_url(name) for name in named):
        raise UsageError("addresses and URLs need another engine", remedy="add --engine ray")
    overrides = {
        "output.dir": None if is_url(out or "") else out,
        "output.formats": formats,
        "output.debug_dir": debug,
        "batch.jobs": jobs,
        "extract.cross_check": cross_check,
    }
    settings = load_settings(config, {k: v for k, v in overrides.items() if v is not None})
    results = (settings.output.dir, settings.output.debug_dir)
    secret = given_password(password, password_file)
    if engine is Engine.RAY:
        there = RayCommand(tuple(named), out or str(settings.output.dir), settings, address, jobs)
        return extract_on_ray(there, waivers, secret)
    inputs = find_inputs([Path(name) for name in named], leave_out=[folder for folder in results if folder is not None])
    for problem in inputs.problems:
        print_error(str(problem))
    for link in inputs.linked_folders:
        print_note(f"{link}: a link to a folder was not followed — name it to have it read")
    book = open_book(waivers, today())
    console = stdout_console(soft_wrap=True)
    with ExitStack() as stack:
        stack.enter_context(_termination_interrupts())
        if use_store:
            store = stack.enter_context(open_store(settings))
            read: ReadFiles = partial(read_through_store, store)
        else:
            read = read_as_done
        run = partial(run_batch, inputs.paths, settings, waivers=book, password=secret, read=read, resume=resume)
        go_on = "" if use_store or "json" not in settings.output.formats else "the same command with --resume goes on"
        result = with_progress(run, len(inputs.paths), console, go_on)
    print_end(result.summaries, len(result.written), inputs.passed_over, str(settings.output.dir), console)
    for sentence in book.left_over():
        print_note(sentence)
    return int(worst_code((result.exit_code, *(p.exit_code for p in inputs.problems))))


@contextmanager
def _termination_interrupts() -> Iterator[None]:
    """Within the block SIGTERM stops the batch as Ctrl-C does, so that no half of a long table stays in the folder."""
    if current_thread() is not main_thread():  # only the main thread may
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _nothing_named(files_from: str | None) -> UsageError:
    if files_from is not None:
        return UsageError("the list names no file", source=files_from, remedy="give one path a line")
    return UsageError("Missing argument 'PATH...'", remedy="name files or folders, or a list with --files-from")
