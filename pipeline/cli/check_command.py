"""``nianbao check``: the findings of reports, ordered by severity."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import ExitCode, NianbaoError
from pipeline.cli.options import ConfigOption, WaiversOption
from pipeline.cli.output import print_error, print_note, stdout_console

if TYPE_CHECKING:
    from models.report import Report
    from pipeline.config import Settings
    from pipeline.waiver_files import WaiverBook


def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Reports, report documents (.json), or folders of reports.")
    ],
    waivers: WaiversOption = None,
    config: ConfigOption = None,
) -> int:
    """Print the findings of reports: broken sums, blanks, wrong forms, in Chinese and English."""
    from rich.text import Text

    from pipeline.batch import worst_code
    from pipeline.config import load_settings
    from pipeline.export.terminal import render_findings, summary_line
    from pipeline.waiver_files import open_book, today

    settings = load_settings(config)
    book = open_book(waivers, today())
    book.load(paths)
    console = stdout_console()
    codes: list[ExitCode] = []
    for report, code in _reports(paths, settings, book):
        codes.append(code)
        if report is None:
            continue
        console.print(Text(summary_line(report), style="bold"), soft_wrap=True)
        console.print(render_findings(report))
        console.print()
    for sentence in book.left_over():
        print_note(sentence)
    return int(worst_code(codes))


def _reports(paths: list[Path], settings: Settings, book: WaiverBook) -> Iterator[tuple[Report | None, ExitCode]]:
    """(report, exit code) of documents as named, then of files; None for what cannot be opened, which is then told."""
    documents = [p for p in paths if p.suffix.lower() == ".json" and p.is_file()]
    for document in documents:
        try:
            yield recheck_document(document, book)
        except NianbaoError as exc:
            print_error(str(exc))
            yield None, exc.exit_code
    others = [p for p in paths if p not in documents]
    if others:
        yield from _read(others, settings, book)


def recheck_document(document: Path, book: WaiverBook) -> tuple[Report, ExitCode]:
    """A report document checked again, with the waivers beside it and beside its source; and the exit code it means.

    Raises:
        NianbaoError: it is no report document, or a waiver file is not valid.
    """
    from pipeline.check.recheck_report import recheck_report
    from pipeline.export.json_export import read_report_json

    report = read_report_json(document)
    result = recheck_report(report)
    checked = {"findings": list(result.findings), "rules": result.outcome, "claims": list(result.claims)}
    rechecked = report.model_copy(update=checked)
    rechecked = book.apply(rechecked, document, Path(report.source.name))
    gone = sum(f.waiver is not None for f in report.findings)
    if gone and not book.concerning(report, document, Path(report.source.name)):
        print_note(
            f"{document}: {gone} waived when it was written, and no waiver file lies beside it or its source — "
            "name the file with --waivers"
        )
    code = {"ok": ExitCode.OK, "failed": ExitCode.INPUT}.get(rechecked.status, ExitCode.REVIEW)
    return rechecked, code


def _read(files: list[Path], settings: Settings, book: WaiverBook) -> Iterator[tuple[Report | None, ExitCode]]:
    from pipeline.batch import read_all, with_waivers
    from pipeline.find_inputs import find_inputs

    inputs = find_inputs(files)
    for problem in inputs.problems:
        print_error(str(problem))
        yield None, problem.exit_code
    book.load(inputs.paths)
    for path, report, code in read_all(inputs.paths, settings):
        yield with_waivers(book, report, code, path)
