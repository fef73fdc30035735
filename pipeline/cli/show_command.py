"""``nianbao show``: one report document as the form, in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import stdout_console


def show(
    document: Annotated[Path, typer.Argument(metavar="REPORT.json", help="A report document written by extract.")],
) -> None:
    """Show a report as the official form; doubtful cells are coloured and marked."""
    from pipeline.export.json_export import read_report_json
    from pipeline.export.terminal import render_report

    console = stdout_console()
    console.print(render_report(read_report_json(document), width=console.width))
