"""Read many files: in worker processes with a time limit, results in the order of the inputs, memory bounded."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import ExitCode, InputError, OutputError, UsageError
from models.report import Report
from pipeline.config import Settings
from pipeline.export.json_export import read_report_json, write_report_json
from pipeline.export.summary import ReportSummary
from pipeline.export.table_files import table_files, table_paths
from pipeline.manifest import Entry, Manifest
from pipeline.read_apart.child import Job, plain
from pipeline.read_apart.cores import reader_count
from pipeline.read_apart.in_turn import InTurn
from pipeline.read_apart.order import Order, file_size
from pipeline.read_apart.readers import Readers
from pipeline.waiver_files import WaiverBook

# Reports that may be done and wait for one that was begun before them. Packed they take about 15 kB each.
_AHEAD = 2000
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


# (file, report document, exit code) of every file, in any order, from the files, the settings and a password.
ReadFiles = Callable[[Sequence[Path], Settings, str | None], Generator[tuple[Path, Report, ExitCode], None, None]]
# Told of each report as soon as its result is in place; True where it is one of before.
OnDone = Callable[[ReportSummary, bool], None]


@dataclass(slots=True)
class BatchResult:
    """Summaries in input order, the files written, and the exit code of the whole batch."""

    summaries: list[ReportSummary] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    exit_code: ExitCode = ExitCode.OK


def run_batch(  # noqa: PLR0913 - what a batch may be told, by keyword
    paths: Sequence[Path],
    settings: Settings,
    *,
    on_report: Callable[[ReportSummary], None],
    on_done: OnDone = lambda _summary, _is_kept: None,
    waivers: WaiverBook | None = None,
    password: str | None = None,
    read: ReadFiles | None = None,
    resume: bool = False,
) -> BatchResult:
    """Reads all files and writes the results in the wanted formats; one bad file never stops the rest.

    JSON documents are written as soon as they are there, and put on record in the manifest of the folder. Tables are
    in input order and appear at the end.

    Args:
        paths: Files to read.
        settings: Limits, thresholds, output folder, formats, number of jobs.
        on_report: Called for each file, in input order.
        on_done: Called for each file as soon as its result is in place.
        waivers: What was accepted before; None where nothing is looked for.
        password: Opens those that are encrypted.
        read: How files become reports; ``read_as_done`` where None.
        resume: Whether files that the manifest of the output folder has are taken from there.

    Raises:
        UsageError: a waiver file is not valid, or there is no way to resume; nothing is read then.
        OutputError: a result could not be written; the JSON documents that were done before it are written.
    """
    if waivers is not None:
        waivers.load(paths)
    out, formats = settings.output.dir, settings.output.formats
    if resume and "json" not in formats:
        raise UsageError("without JSON documents there is nothing to go on from", remedy="add json to --format")
    _make_folder(out, "--out")
    if settings.output.debug_dir is not None:
        _make_folder(settings.output.debug_dir, "--debug")
    result = BatchResult()
    with ExitStack() as stack:
        tables = stack.enter_context(table_files(out, formats))
        manifest = stack.enter_context(closing(Manifest(out, settings, resume=resume))) if "json" in formats else None
        batch = _Batch(paths, settings, waivers, password, read or read_as_done, manifest, on_done)
        for number, report, code in stack.enter_context(closing(batch.reports(resume=resume))):
            if manifest is not None:
                result.written.append(batch.place(number))
            for table in tables:
                table.add(report)
            summary = ReportSummary.from_report(report)
            result.summaries.append(summary)
            result.exit_code = worst_code((result.exit_code, code))
            on_report(summary)
    result.written += table_paths(out, formats)
    return result


@dataclass(slots=True)
class _Batch:
    """One batch while it is read; fields as the arguments of ``run_batch``."""

    paths: Sequence[Path]
    settings: Settings
    waivers: WaiverBook | None
    password: str | None
    read: ReadFiles
    manifest: Manifest | None
    on_done: OnDone
    _names: list[str] = field(default_factory=list)

    def place(self, number: int) -> Path:
        """Where the document of a file lies."""
        return self.settings.output.dir / self._names[number]

    def reports(self, *, resume: bool) -> Generator[tuple[int, Report, ExitCode], None, None]:
        """(number, report, exit code) of all files in input order; the document of each is in place by then."""
        kept: dict[int, Entry] = {}
        if self.manifest is not None:
            self._names = self.manifest.names(self.paths)
            if resume:
                kept = dict(self.manifest.kept(self.paths, try_failed=self.password is not None))
        wanted = [number for number in range(len(self.paths)) if number not in kept]
        numbers = defaultdict[Path, deque[int]](deque)
        for place, number in enumerate(wanted):
            numbers[self.paths[number]].append(place)
        turn, ends = InTurn(), [*wanted, len(self.paths)]
        with closing(self.read([self.paths[n] for n in wanted], self.settings, self.password)) as reading:
            yield from self._load_all(range(ends[0]), kept)
            for path, as_read, as_read_code in reading:
                place = numbers[path].popleft()
                report, code = self._finish(wanted[place], as_read, as_read_code)
                for done, its_report, its_code in turn.add(place, report, code):
                    yield wanted[done], its_report, its_code
                    yield from self._load_all(range(wanted[done] + 1, ends[done + 1]), kept)

    def _load_all(self, numbers: range, kept: dict[int, Entry]) -> Iterator[tuple[int, Report, ExitCode]]:
        for number in numbers:
            yield number, *self._load(number, kept[number])

    def _load(self, number: int, entry: Entry) -> tuple[Report, ExitCode]:
        """The report of before, under the waivers of now; read again where its document is damaged or another's."""
        path, place = self.paths[number], self.place(number)
        before: Report | None = None
        with suppress(InputError, UsageError):
            before = read_report_json(place)
        # A document says what it was read from, except one of a file that could not be opened.
        if before is None or before.source.sha256 not in {entry.sha256, ""}:
            with closing(self.read([path], self.settings, self.password)) as reading:
                [(_, as_read, as_read_code)] = reading
            return self._finish(number, as_read, as_read_code)
        report, code = with_waivers(self.waivers, before, entry.code, path)
        if report != before:
            write_report_json(report, place)
        self.on_done(ReportSummary.from_report(report), True)  # noqa: FBT003 - a callback has no names
        return report, code

    def _finish(self, number: int, as_read: Report, as_read_code: ExitCode) -> tuple[Report, ExitCode]:
        """The report with its waivers; its document is then in place and on record."""
        path = self.paths[number]
        report, code = with_waivers(self.waivers, as_read, as_read_code, path)
        if self.manifest is not None:
            write_report_json(report, self.place(number))
            self.manifest.add(path, self._names[number], report, code)
        self.on_done(ReportSummary.from_report(report), False)  # noqa: FBT003
        return report, code


def read_all(
    paths: Sequence[Path], settings: Settings, password: str | None = None
) -> Generator[tuple[Path, Report, ExitCode], None, None]:
    """(file, report document, exit code) of every file, in input order; of one that cannot be read, a failed report."""
    turn = InTurn()
    with closing(_read_numbered(paths, settings, password)) as reading:
        for done in reading:
            for number, report, code in turn.add(*done):
                yield paths[number], report, code


def read_as_done(
    paths: Sequence[Path], settings: Settings, password: str | None = None
) -> Generator[tuple[Path, Report, ExitCode], None, None]:
    """(file, report document, exit code) of every file as soon as it is done; otherwise as ``read_all``."""
    with closing(_read_numbered(paths, settings, password)) as reading:
        for number, report, code in reading:
            yield paths[number], report, code


def _read_numbered(
    paths: Sequence[Path], settings: Settings, password: str | None
) -> Generator[tuple[int, Report, ExitCode], None, None]:
    """(number, report document, exit code) of every file as soon as it is done, few of them long before their turn.

    Files are read in processes of their own, a single one too: a crash or an endless loop in a native library can be
    survived in no other way.
    """
    jobs = min(reader_count(settings.batch.jobs), len(paths))
    order = Order([file_size(path) for path in paths], jobs)
    done: set[int] = set()  # of those that are done only the ones before which one is not
    turn = 0
    readers = Readers(jobs, settings.limits)
    try:
        while turn < len(paths):
            while readers.free and not order.is_done and (len(done) < _AHEAD or turn == order.first):
                number = order.take(in_turn=len(done) >= _AHEAD)
                readers.begin(number, Job(paths[number], plain(str(paths[number])), settings, password))
            for found in readers.wait():
                done.add(found.key)
                while turn in done:
                    done.remove(turn)
                    turn += 1
                yield found.key, found.report, found.code
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
