"""Read many files: in worker processes with a time limit, results in the order of the inputs, memory bounded."""

from __future__ import annotations

import logging
import multiprocessing
import re
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from models.errors import ExitCode, NianbaoError, OutputError, StageError, StageMemoryError, StageTimeoutError
from models.report import Report
from pipeline.config import Settings
from pipeline.export.file_names import report_file_name
from pipeline.export.json_export import write_report_json
from pipeline.export.summary import ReportSummary
from pipeline.waiver_files import WaiverBook

if TYPE_CHECKING:
    from pipeline.export.csv_export import CsvWriter
    from pipeline.export.xlsx_export import XlsxWriter

# Files handed to each worker ahead of time: enough to keep it busy, few enough to keep memory flat.
_AHEAD = 3
# A worker is replaced after this many files, so that leaks of native libraries stay bounded.
_FILES_PER_WORKER = 100
# The readers are loaded once, by the process that all workers are forked from, and not by this one.
_PRELOADED = "pipeline.stages"
_LOOK_AFTER_POOL_SECONDS = 1.0
CSV_NAME, XLSX_NAME = "nianbao.csv", "nianbao.xlsx"
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# What the exit code of a batch says, the gravest first.
_GRAVITY = (
    ExitCode.INTERRUPTED,
    ExitCode.BUG,
    ExitCode.OUTPUT,
    ExitCode.USAGE,
    ExitCode.INPUT,
    ExitCode.DEPENDENCY,
    ExitCode.REVIEW,
    ExitCode.OK,
)


@dataclass(slots=True)
class BatchResult:
    """Summaries in input order, the files written, and the exit code of the whole batch."""

    summaries: list[ReportSummary] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    exit_code: ExitCode = ExitCode.OK


def run_batch(
    paths: Sequence[Path],
    settings: Settings,
    *,
    on_report: Callable[[ReportSummary], None],
    waivers: WaiverBook | None = None,
) -> BatchResult:
    """Reads all files and writes the results in the wanted formats; one bad file never stops the rest.

    Args:
        paths: Files to read.
        settings: Limits, thresholds, output folder, formats, number of jobs.
        on_report: Called after each file, in input order.
        waivers: What was accepted before; None where nothing is looked for.

    Raises:
        UsageError: a waiver file is not valid; nothing is read then.
        OutputError: a result could not be written; the JSON documents before it are written.
    """
    result = BatchResult()
    if waivers is not None:
        waivers.load(paths)
    out = settings.output.dir
    formats = settings.output.formats
    _make_folder(out, "--out")
    if settings.output.debug_dir is not None:
        _make_folder(settings.output.debug_dir, "--debug")
    taken: set[str] = set()
    with ExitStack() as stack:
        tables: list[CsvWriter | XlsxWriter] = []
        for writer in _table_writers(settings):
            stack.enter_context(writer)
            tables.append(writer)
        reports = stack.enter_context(closing(read_all(paths, settings)))
        for path, as_read, as_read_code in reports:
            report, code = with_waivers(waivers, as_read, as_read_code, path)
            if "json" in formats:
                target = out / report_file_name(path.name, taken)
                write_report_json(report, target)
                result.written.append(target)
            for table in tables:
                table.add(report)
            summary = ReportSummary.from_report(report)
            result.summaries.append(summary)
            result.exit_code = worst_code((result.exit_code, code))
            on_report(summary)
    result.written += [out / n for kind, n in (("csv", CSV_NAME), ("xlsx", XLSX_NAME)) if kind in formats]
    return result


def _table_writers(settings: Settings) -> Iterator[CsvWriter | XlsxWriter]:
    if "csv" in settings.output.formats:
        from pipeline.export.csv_export import CsvWriter

        yield CsvWriter(settings.output.dir / CSV_NAME)
    if "xlsx" in settings.output.formats:
        from pipeline.export.xlsx_export import XlsxWriter

        yield XlsxWriter(settings.output.dir / XLSX_NAME)


def read_all(paths: Sequence[Path], settings: Settings) -> Generator[tuple[Path, Report, ExitCode], None, None]:
    """(file, report document, exit code) of every file, in input order; of one that cannot be read, a failed report.

    Files are read in processes of their own, a single one too: a crash or an endless loop in a native library can be
    survived in no other way.
    """
    left = deque(paths)
    alone = False
    while left:
        try:
            with closing(_read_in_pool((left[0],) if alone else tuple(left), settings)) as results:
                for path, report, code in results:
                    left.popleft()
                    yield path, report, code
            alone = False
        except BrokenProcessPool:
            # The workers as a whole are gone, so it is not known at which file. New ones read the next file alone: if
            # they break down again, it was that one.
            if alone:
                path = left.popleft()
                yield path, *_failed(path, _died(path, "before it could say why"))
            alone = not alone


def _read_in_pool(paths: tuple[Path, ...], settings: Settings) -> Generator[tuple[Path, Report, ExitCode], None, None]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_PRELOADED])
    workers = min(settings.batch.jobs, len(paths))
    pool = ProcessPool(max_workers=workers, max_tasks=_FILES_PER_WORKER, context=context, initializer=_start_worker)
    waiting = deque(paths)
    running: deque[tuple[Path, ProcessFuture[tuple[Report, ExitCode]]]] = deque()
    try:
        while waiting or running:
            while waiting and len(running) < workers * _AHEAD:
                path = waiting.popleft()
                running.append((path, _schedule(pool, path, settings)))
            path, future = running.popleft()
            _await(future, pool)
            yield path, *_outcome(path, future, settings)
    finally:
        # All is read, or what is under way is not worth waiting for.
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _schedule(pool: ProcessPool, path: Path, settings: Settings) -> ProcessFuture[tuple[Report, ExitCode]]:
    try:
        return pool.schedule(_read_in_worker, args=(path, settings), timeout=settings.limits.max_seconds_per_file)
    except RuntimeError as exc:  # the pool found out that its workers are gone
        raise BrokenProcessPool(str(exc)) from exc


def _await(future: ProcessFuture[tuple[Report, ExitCode]], pool: ProcessPool) -> None:
    # What is handed out while the pool breaks down is never answered, so waiting alone could last for ever.
    while not wait((future,), timeout=_LOOK_AFTER_POOL_SECONDS).done:
        if not pool.active:
            raise BrokenProcessPool("the pool of workers broke down")


def _outcome(path: Path, future: ProcessFuture[tuple[Report, ExitCode]], settings: Settings) -> tuple[Report, ExitCode]:
    try:
        return future.result()
    except BrokenProcessPool:
        raise
    except FutureTimeoutError:
        error: NianbaoError = StageTimeoutError(
            f"reading took longer than {settings.limits.max_seconds_per_file:g} seconds",
            source=str(path),
            remedy="raise limits.max_seconds_per_file in config.yaml, or split the file",
        )
    except ProcessExpired as exc:
        error = _died(path, f"exit code {exc.exitcode}")
    except Exception as exc:  # noqa: BLE001 - what came back could not be taken over; it costs one file and not the batch
        error = _bug(path, exc)
    return _failed(path, error)


def _died(path: Path, how: str) -> StageError:
    return StageError(
        f"the process that read the file died ({how})",
        source=str(path),
        remedy="the file is likely damaged: print it to a new PDF and read that",
    )


def _bug(path: Path, exc: Exception) -> NianbaoError:
    return NianbaoError(
        _plain(f"internal error: {type(exc).__name__}: {exc}"),
        source=str(path),
        remedy="please report this, with the file",
    )


def _failed(path: Path, error: NianbaoError) -> tuple[Report, ExitCode]:
    from pipeline.stages import failed_report

    return failed_report(_plain(str(path)), error), error.exit_code


def _plain(text: str) -> str:
    """The text without halves of characters: file names that are no UTF-8 have them, JSON may not."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _start_worker() -> None:
    """Ctrl-C goes to the parent, which stops the workers; the libraries' remarks on fonts are no news to anyone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    quiet_libraries()


def quiet_libraries() -> None:
    """Silences the remarks of PDF libraries on every odd font and colour, and Python's on their code."""
    for name in ("pdfminer", "pdfplumber", "camelot", "playa", "pypdfium2", "docx", "charset_normalizer"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def _read_in_worker(path: Path, settings: Settings) -> tuple[Report, ExitCode]:
    return _read(path, settings)


def _read(path: Path, settings: Settings) -> tuple[Report, ExitCode]:
    from pipeline.stages import read_report

    try:
        report = read_report(path, settings, name=_plain(str(path)))
    except NianbaoError as exc:
        return _failed(path, exc)
    except MemoryError:
        remedy = "split the file, close other programs, or lower batch.jobs"
        return _failed(
            path, StageMemoryError("reading needs more memory than there is", source=str(path), remedy=remedy)
        )
    except Exception as exc:  # noqa: BLE001 - a bug must cost one file and not the batch; the code says that it is one
        return _failed(path, _bug(path, exc))
    return report, ExitCode.OK if report.status == "ok" else ExitCode.REVIEW


def with_waivers(
    waivers: WaiverBook | None, report: Report, code: ExitCode, *places: Path, years_compared: bool = False
) -> tuple[Report, ExitCode]:
    """The report with what was waived, and its code: a report that only waived findings kept from being ok is ok.

    Args:
        waivers: None where there are none.
        report: As read.
        code: As read; of a report that could not be read it stays.
        places: The files of the report; waiver files beside them count.
        years_compared: True where the findings are also those beside the report of the year before.

    Raises:
        UsageError: a waiver file is not valid.
    """
    if waivers is None:
        return report, code
    report = waivers.apply(report, *places, years_compared=years_compared)
    if code in {ExitCode.OK, ExitCode.REVIEW}:
        code = ExitCode.OK if report.status == "ok" else ExitCode.REVIEW
    return report, code


def worst_code(codes: Sequence[ExitCode]) -> ExitCode:
    """The code that tells most: bugs, results not written, wrong paths, rejected inputs, review, ok."""
    return min(codes, key=_GRAVITY.index, default=ExitCode.OK)


def _make_folder(folder: Path, flag: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise OutputError(
            f"the folder cannot be created: {exc.strerror}",
            source=str(folder),
            remedy=f"name another folder with {flag}",
        ) from exc
