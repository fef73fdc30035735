"""``nianbao check``: the findings of reports, ordered by severity."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import ExitCode, NianbaoError
from pipeline.cli.options import ConfigOption
from pipeline.cli.output import print_error, stdout_console

if TYPE_CHECKING:
    from models.report import Report
    from pipeline.config import Settings


def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Reports, report documents (.json), or folders of reports.")
    ],
    config: ConfigOption = None,
) -> int:
    """Print the findings of reports: broken sums, blanks, wrong forms, in Chinese and English."""
    from rich.text import Text

    from pipeline.batch import worst_code
    from pipeline.config import load_settings
    from pipeline.export.terminal import render_findings, summary_line

    settings = load_settings(config)
    console = stdout_console()
    codes: list[ExitCode] = []
    for report, code in _reports(paths, settings):
        codes.append(code)
        if report is None:
            continue
        console.print(Text(summary_line(report), style="bold"), soft_wrap=True)
        console.print(render_findings(report))
        console.print()
    return int(worst_code(codes))


def _reports(paths: list[Path], settings: Settings) -> Iterator[tuple[Report | None, ExitCode]]:
    """(report, exit code) of documents as named, then of files; None for what cannot be opened, which is then told."""
    documents = [p for p in paths if p.suffix.lower() == ".json" and p.is_file()]
    for document in documents:
        try:
            yield _recheck(document)
        except NianbaoError as exc:
            print_error(str(exc))
            yield None, exc.exit_code
    others = [p for p in paths if p not in documents]
    if others:
        yield from _read(others, settings)


def _recheck(document: Path) -> tuple[Report, ExitCode]:
    from pipeline.check.recheck_report import recheck_report
    from pipeline.export.json_export import read_report_json

    report = read_report_json(document)
    result = recheck_report(report)
    code = {"ok": ExitCode.OK, "failed": ExitCode.INPUT}.get(report.status, ExitCode.REVIEW)
    return report.model_copy(update={"findings": list(result.findings), "rules": result.outcome}), code


def _read(files: list[Path], settings: Settings) -> Iterator[tuple[Report | None, ExitCode]]:
    from pipeline.batch import read_all
    from pipeline.find_inputs import find_inputs

    inputs = find_inputs(files)
    for problem in inputs.problems:
        print_error(str(problem))
        yield None, problem.exit_code
    for _, report, code in read_all(inputs.paths, settings):
        yield report, code
