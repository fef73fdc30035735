"""Read many files: in worker processes with a time limit, results in the order of the inputs, memory bounded."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import ExitCode, OutputError
from models.report import Report
from pipeline.config import Settings
from pipeline.export.file_names import report_file_name
from pipeline.export.json_export import write_report_json
from pipeline.export.summary import ReportSummary
from pipeline.export.table_files import table_files, table_paths
from pipeline.read_apart.child import Job, plain
from pipeline.read_apart.readers import Readers
from pipeline.waiver_files import WaiverBook

# Files that each worker may be ahead of the slowest: enough to keep it busy, few enough to keep memory flat.
_AHEAD = 3
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


# (file, report document, exit code) of every file, in input order, from the files, the settings and a password.
ReadFiles = Callable[[Sequence[Path], Settings, str | None], Generator[tuple[Path, Report, ExitCode], None, None]]


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
    password: str | None = None,
    read: ReadFiles | None = None,
) -> BatchResult:
    """Reads all files and writes the results in the wanted formats; one bad file never stops the rest.

    Args:
        paths: Files to read.
        settings: Limits, thresholds, output folder, formats, number of jobs.
        on_report: Called after each file, in input order.
        waivers: What was accepted before; None where nothing is looked for.
        password: Opens those that are encrypted.
        read: How files become reports; ``read_all`` where None.

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
        tables = stack.enter_context(table_files(out, formats))
        reports = stack.enter_context(closing((read or read_all)(paths, settings, password)))
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
    result.written += table_paths(out, formats)
    return result


def read_all(
    paths: Sequence[Path], settings: Settings, password: str | None = None
) -> Generator[tuple[Path, Report, ExitCode], None, None]:
    """(file, report document, exit code) of every file, in input order; of one that cannot be read, a failed report.

    Files are read in processes of their own, a single one too: a crash or an endless loop in a native library can be
    survived in no other way.
    """
    jobs = min(settings.batch.jobs, len(paths))
    done: dict[int, tuple[Report, ExitCode]] = {}
    begun = 0
    readers = Readers(jobs, settings.limits)
    try:
        for number, path in enumerate(paths):
            while number not in done:
                while readers.free and begun < min(len(paths), number + jobs * _AHEAD):
                    readers.begin(begun, Job(paths[begun], plain(str(paths[begun])), settings, password))
                    begun += 1
                done.update({d.key: (d.report, d.code) for d in readers.wait()})
            yield path, *done.pop(number)
    finally:
        # All is read, or what is under way is not worth waiting for.
        readers.stop()


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
