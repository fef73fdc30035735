"""Reports for a command, read from files or taken from report documents, as they are before any waiver."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import ExitCode, NianbaoError
from pipeline.cli.output import print_error, print_note

if TYPE_CHECKING:
    from models.report import Report
    from pipeline.check.year_report import YearReport
    from pipeline.config import Settings
    from pipeline.waiver_files import WaiverBook


@dataclass(frozen=True, slots=True)
class ReadInput:
    """One input of a command.

    Attributes:
        report: Nothing in it is waived; None for what cannot be opened, which is then told.
        code: The exit code that it means.
        places: Its file, or its document and the source of that; waiver files beside them count.
    """

    report: Report | None
    code: ExitCode
    places: tuple[Path, ...] = ()


def read_inputs(
    paths: Sequence[Path], settings: Settings, book: WaiverBook | None = None, *, all_documents: bool = False
) -> Iterator[ReadInput]:
    """The reports of documents as named, then of files.

    Documents are checked again. Of a folder the reports are read; where it holds none, or with ``all_documents``, its
    report documents are taken as well.

    Args:
        paths: Files and folders as named.
        settings: Limits and thresholds.
        book: Reads the waiver files beside all of them, before any report is read; None where no waivers matter.
        all_documents: Whether folders with reports may hold documents too.

    Raises:
        UsageError: a waiver file is not valid.
    """
    from pipeline.find_inputs import find_inputs

    documents, others = _sort(paths, all_documents=all_documents)
    files: tuple[Path, ...] = ()
    problems: tuple[NianbaoError, ...] = ()
    if others:
        try:
            inputs = find_inputs(others)
        except NianbaoError as exc:
            # There are no files to read, but there may be documents.
            problems = (exc,)
        else:
            files, problems = inputs.paths, inputs.problems
    if book is not None:
        book.load([*documents, *files])
    return _read(documents, problems, files, settings, book)


def read_priors(paths: Sequence[Path], settings: Settings) -> tuple[list[YearReport], list[ExitCode]]:
    """(reports to compare with, exit codes of those that cannot be read).

    What these reports leave to a person does not concern the one that is compared with them.
    """
    from pipeline.check.year_report import year_report

    priors: list[YearReport] = []
    codes: list[ExitCode] = []
    for read in read_inputs(paths, settings, all_documents=True):
        report = read.report
        if read.code not in {ExitCode.OK, ExitCode.REVIEW}:
            codes.append(read.code)
        if report is None:
            continue
        if report.status == "failed":
            print_error(f"{report.source.name}: not compared: " + "; ".join(f.message for f in report.failures))
        else:
            priors.append(year_report(report))
    return priors, codes


def recheck_document(document: Path, book: WaiverBook | None = None) -> Report:
    """A report document checked again; with ``book`` it is told when waivers that it was written with are gone.

    Raises:
        NianbaoError: it is no report document, or a waiver file is not valid.
    """
    from pipeline.check.recheck_report import recheck_report
    from pipeline.export.json_export import read_report_json

    report = read_report_json(document)
    if book is not None:
        waivers = book.concerning(report, *_places(document, report))
        gone = sum(f.waiver is not None for f in report.findings)
        if gone and not waivers:
            print_note(
                f"{document}: {gone} waived when it was written, and no waiver file lies beside it or its source — "
                "name the file with --waivers"
            )
    result = recheck_report(report)
    checked = {"findings": list(result.findings), "rules": result.outcome, "claims": list(result.claims)}
    return report.model_copy(update=checked)


def _places(document: Path, report: Report) -> tuple[Path, ...]:
    return document, Path(report.source.name)


def _sort(paths: Sequence[Path], *, all_documents: bool) -> tuple[list[Path], list[Path]]:
    """(report documents, files and folders to read)."""
    from pipeline.find_inputs import find_documents, find_inputs

    documents: list[Path] = []
    others: list[Path] = []
    for path in paths:
        if path.suffix.lower() == ".json" and path.is_file():
            documents.append(path)
            continue
        inside = find_documents(path) if path.is_dir() else ()
        holds_reports = True
        if inside:
            try:
                find_inputs([path])
            except NianbaoError:
                holds_reports = False
        if inside and (all_documents or not holds_reports):
            documents += inside
        if holds_reports:
            others.append(path)
    return documents, others


def _read(
    documents: Sequence[Path],
    problems: Sequence[NianbaoError],
    files: Sequence[Path],
    settings: Settings,
    book: WaiverBook | None,
) -> Iterator[ReadInput]:
    from pipeline.batch import read_all

    for document in documents:
        try:
            report = recheck_document(document, book)
        except NianbaoError as exc:
            print_error(str(exc))
            yield ReadInput(None, exc.exit_code)
        else:
            code = {"ok": ExitCode.OK, "failed": ExitCode.INPUT}.get(report.status, ExitCode.REVIEW)
            yield ReadInput(report, code, _places(document, report))
    for problem in problems:
        print_error(str(problem))
        yield ReadInput(None, problem.exit_code)
    for path, report, code in read_all(files, settings):
        yield ReadInput(report, code, (path,))
