"""``nianbao check``: the findings of reports, ordered by severity."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from models.errors import ExitCode
from models.report import Report
from pipeline.batch import read_all
from pipeline.check.recheck_report import recheck_report
from pipeline.cli.options import ConfigOption
from pipeline.config import Settings, load_settings
from pipeline.export.json_export import read_report_json
from pipeline.export.terminal import render_findings, summary_line
from pipeline.find_inputs import find_inputs


def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Reports, report documents (.json), or folders of reports.")
    ],
    config: ConfigOption = None,
) -> int:
    """Print the findings of reports: broken sums, blanks, wrong forms, in Chinese and English."""
    settings = load_settings(config)
    console = Console(highlight=False)
    worst = ExitCode.OK
    for report in _reports(paths, settings):
        console.print(Text(summary_line(report), style="bold"))
        console.print(render_findings(report))
        console.print()
        if report.status == "failed":
            worst = ExitCode.INPUT
        elif report.status != "ok" and worst is ExitCode.OK:
            worst = ExitCode.REVIEW
    return int(worst)


def _reports(paths: list[Path], settings: Settings) -> Iterator[Report]:
    documents = [p for p in paths if p.suffix.lower() == ".json" and p.is_file()]
    others = [p for p in paths if p not in documents]
    for document in documents:
        report = read_report_json(document)
        result = recheck_report(report)
        yield report.model_copy(update={"findings": list(result.findings), "rules": result.outcome})
    if others:
        for _, report, _ in read_all(find_inputs(others).paths, settings):
            yield report
