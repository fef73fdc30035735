"""Read many files: in worker processes with a time limit, results in the order of the inputs, memory bounded."""

from __future__ import annotations

import logging
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from models.errors import ExitCode, InputError, NianbaoError, OutputError, StageError, StageTimeoutError
from models.report import Report
from pipeline.config import Settings
from pipeline.export.csv_export import CsvWriter
from pipeline.export.file_names import report_file_name
from pipeline.export.json_export import write_report_json
from pipeline.export.summary import ReportSummary
from pipeline.export.xlsx_export import XlsxWriter
from pipeline.stages import failed_report, read_report

# Files handed to each worker ahead of time: enough to keep it busy, few enough to keep memory flat.
_AHEAD = 3
# A worker is replaced after this many files, so that leaks of native libraries stay bounded.
_FILES_PER_WORKER = 100
CSV_NAME, XLSX_NAME = "nianbao.csv", "nianbao.xlsx"


@dataclass(slots=True)
class BatchResult:
    """Summaries in input order, the files written, and the exit code of the whole batch."""

    summaries: list[ReportSummary] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    exit_code: ExitCode = ExitCode.OK


def run_batch(paths: Sequence[Path], settings: Settings, *, on_report: Callable[[ReportSummary], None]) -> BatchResult:
    """Reads all files and writes the results in the wanted formats; one bad file never stops the rest.

    Args:
        paths: Files to read.
        settings: Limits, thresholds, output folder, formats, number of jobs.
        on_report: Called after each file, in input order.

    Raises:
        OutputError: a result could not be written; the files before it are written.
    """
    result = BatchResult()
    out = settings.output.dir
    formats = settings.output.formats
    _make_folder(out)
    taken: set[str] = set()
    with ExitStack() as stack:
        tables: list[CsvWriter | XlsxWriter] = []
        if "csv" in formats:
            tables.append(stack.enter_context(CsvWriter(out / CSV_NAME)))
        if "xlsx" in formats:
            tables.append(stack.enter_context(XlsxWriter(out / XLSX_NAME)))
        for path, report, code in read_all(paths, settings):
            if "json" in formats:
                target = out / report_file_name(path.name, taken)
                write_report_json(report, target)
                result.written.append(target)
            for table in tables:
                table.add(report)
            summary = ReportSummary.from_report(report)
            result.summaries.append(summary)
            result.exit_code = _worse(result.exit_code, code)
            on_report(summary)
    result.written += [out / n for kind, n in (("csv", CSV_NAME), ("xlsx", XLSX_NAME)) if kind in formats]
    return result


def read_all(paths: Sequence[Path], settings: Settings) -> Iterator[tuple[Path, Report, ExitCode]]:
    """(file, report document, exit code) of every file, in input order; of one that cannot be read, a failed report."""
    if len(paths) == 1:
        # One file needs no process of its own: nothing else can suffer, and the start of a worker costs more than the
        # file.
        yield (paths[0], *_read_guarded(paths[0], settings))
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipeline.stages"])
    workers = min(settings.batch.jobs, len(paths))
    with ProcessPool(max_workers=workers, max_tasks=_FILES_PER_WORKER, context=context, initializer=_quiet) as pool:
        waiting = deque(paths)
        running: deque[tuple[Path, ProcessFuture[tuple[Report, ExitCode]]]] = deque()
        try:
            while waiting or running:
                while waiting and len(running) < workers * _AHEAD:
                    path = waiting.popleft()
                    future = pool.schedule(
                        _read_in_worker, args=(path, settings), timeout=settings.limits.max_seconds_per_file
                    )
                    running.append((path, future))
                path, future = running.popleft()
                yield (path, *_outcome(path, future, settings))
        except BaseException:
            # Interrupted: what is under way is not worth waiting for.
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _outcome(path: Path, future: ProcessFuture[tuple[Report, ExitCode]], settings: Settings) -> tuple[Report, ExitCode]:
    error: NianbaoError
    try:
        report, code = future.result()
    except FutureTimeoutError:
        error = _too_slow(path, settings)
    except ProcessExpired as exc:
        error = StageError(
            f"the process that read the file died (exit code {exc.exitcode})",
            source=str(path),
            remedy="the file is likely damaged: print it to a new PDF and read that",
        )
    else:
        return report, code
    return failed_report(str(path), error), error.exit_code


def _too_slow(path: Path, settings: Settings) -> StageTimeoutError:
    return StageTimeoutError(
        f"reading took longer than {settings.limits.max_seconds_per_file:g} seconds",
        source=str(path),
        remedy="raise limits.max_seconds_per_file in config.yaml, or split the file",
    )


def _quiet() -> None:
    """Ctrl-C goes to the parent, which stops the workers; the libraries' remarks on fonts are no news to anyone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    quiet_libraries()


def quiet_libraries() -> None:
    """Silences the remarks of PDF libraries on every odd font and colour."""
    for name in ("pdfminer", "pdfplumber", "camelot", "playa", "pypdfium2"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _read_in_worker(path: Path, settings: Settings) -> tuple[Report, ExitCode]:
    return _read(path, settings)


def _read_guarded(path: Path, settings: Settings) -> tuple[Report, ExitCode]:
    quiet_libraries()
    try:
        with _time_limit(settings.limits.max_seconds_per_file):
            return _read(path, settings)
    except _TimeUpError:
        error = _too_slow(path, settings)
        return failed_report(str(path), error), error.exit_code


def _read(path: Path, settings: Settings) -> tuple[Report, ExitCode]:
    try:
        report = read_report(path, settings)
    except NianbaoError as exc:
        return failed_report(str(path), exc), exc.exit_code
    except MemoryError:
        error = InputError(
            "reading the file needs more memory than there is", source=str(path), remedy="split the file"
        )
        return failed_report(str(path), error), error.exit_code
    except Exception as exc:  # noqa: BLE001 - a bug must cost one file and not the batch; the code says that it is one
        bug = NianbaoError(
            f"internal error: {type(exc).__name__}: {exc}", source=str(path), remedy="please report this, with the file"
        )
        return failed_report(str(path), bug), bug.exit_code
    return report, ExitCode.OK if report.status == "ok" else ExitCode.REVIEW


class _TimeUpError(BaseException):
    """Raised by the timer. No Exception, so that no handler of a stage takes it for a failure of its own."""


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raises _TimeUpError in the main thread after so many seconds; without effect where signals cannot be used."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise _TimeUpError

    try:
        before = signal.signal(signal.SIGALRM, ring)
    except ValueError:
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _worse(a: ExitCode, b: ExitCode) -> ExitCode:
    """The code that tells more: bugs, then rejected inputs, then other failures, then review, then ok."""
    order = [ExitCode.BUG, ExitCode.INPUT, ExitCode.DEPENDENCY, ExitCode.OUTPUT, ExitCode.REVIEW, ExitCode.OK]
    return min(a, b, key=order.index)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise OutputError(
            f"the folder cannot be created: {exc.strerror}", source=str(folder), remedy="name another folder with --out"
        ) from exc
