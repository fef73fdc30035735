"""``nianbao diff``: what differs between two reports, in the terminal or as HTML, XLSX, JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import ExitCode, InputError, UsageError
from pipeline.cli.options import ConfigOption
from pipeline.cli.output import print_error, stdout_console
from pipeline.cli.read_inputs import read_inputs

if TYPE_CHECKING:
    from models.report import Report
    from pipeline.config import Settings


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="A report, or its document (.json).")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Another version of it, or another year.")],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a web page instead of a table.")
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write a workbook instead of a table.")
    ] = None,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write a JSON document instead of a table.")
    ] = None,
    config: ConfigOption = None,
) -> int:
    """Show what differs between two reports: numbers, decisions, prose; from A to B. A difference is no error."""
    from pipeline.check.compare_reports import compare_reports
    from pipeline.config import load_settings
    from pipeline.export.text import one_line

    targets = [target for target in (html, xlsx, json) if target is not None]
    _refuse_clashes((before, after), targets)
    settings = load_settings(config)
    console = stdout_console()
    found: list[Report] = []
    for path in (before, after):
        report, code = _read_one(path, settings)
        if report is None:
            return int(code)
        found.append(report)
    result = compare_reports(*found)
    if html is not None:
        from pipeline.export.diff_html import write_diff_html

        write_diff_html(result, html)
    if xlsx is not None:
        from pipeline.export.diff_xlsx import write_diff_xlsx

        write_diff_xlsx(result, xlsx)
    if json is not None:
        from pipeline.export.atomic import write_text
        from pipeline.export.json_export import INDENT

        write_text(json, result.model_dump_json(indent=INDENT, ensure_ascii=False) + "\n")
    for file in targets:
        console.print(f"written: {one_line(str(file))}", markup=False, soft_wrap=True)
    if not targets:
        from pipeline.export.diff_terminal import render_diff

        console.print(render_diff(result))
    return int(ExitCode.OK)


def _refuse_clashes(inputs: Sequence[Path], targets: Sequence[Path]) -> None:
    taken = [path.resolve() for path in inputs]
    for target in targets:
        if target.resolve() in taken:
            raise UsageError("named twice", source=str(target), remedy="give each result a file of its own")
        taken.append(target.resolve())


def _read_one(path: Path, settings: Settings) -> tuple[Report | None, ExitCode]:
    """(report, exit code); None where it cannot be read, which is then told."""
    if path.is_dir():
        raise InputError("this is a folder", source=str(path), remedy="name one report or report document")
    read = next(read_inputs([path], settings))
    report, code = read.report, read.code
    if report is not None and report.status == "failed":
        for failure in report.failures:
            print_error(f"{report.source.name}: {failure.message} — {failure.remedy}".removesuffix(" — "))
        return None, code
    return report, code
