"""``nianbao rollup``: the reports of units, added up, against the report of the agency above them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import ExitCode, UsageError
from pipeline.cli.output import print_error, stdout_console
from pipeline.cli.read_results import NO_RESULTS, ResultReader


def rollup(
    results: Annotated[
        list[Path], typer.Argument(metavar="RESULTS...", help="Report documents (.json), or folders of them.")
    ],
    units: Annotated[
        Path, typer.Option("--units", metavar="FILE", help="CSV with the columns parent, unit and, if wanted, year.")
    ],
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write a JSON document instead of a table.")
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", metavar="FILE", help="Write a workbook instead of a table.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the differences as CSV instead of a table.")
    ] = None,
) -> int:
    """Add up the reports of units and hold the sums against the report of the agency above them."""
    from pipeline.batch import worst_code
    from pipeline.export.text import one_line
    from pipeline.rollup.read_units import read_units
    from pipeline.rollup.roll_up import roll_up

    targets = [target for target in (json, xlsx, csv) if target is not None]
    _refuse_clashes([units, *results], targets)
    lines = read_units(units)
    reader = ResultReader(results)
    result = roll_up(lines, reader)
    if not reader.count:
        print_error(f"no reports to add up — {NO_RESULTS}")
        return int(worst_code(reader.codes))
    if json is not None:
        from pipeline.export.atomic import write_text
        from pipeline.export.json_export import INDENT

        write_text(json, result.model_dump_json(indent=INDENT, ensure_ascii=False) + "\n")
    if xlsx is not None:
        from pipeline.export.rollup_xlsx import write_rollup_xlsx

        write_rollup_xlsx(result, xlsx)
    if csv is not None:
        from pipeline.export.rollup_rows import write_rollup_csv

        write_rollup_csv(result, csv)
    console = stdout_console()
    for file in targets:
        console.print(f"written: {one_line(str(file))}", markup=False, soft_wrap=True)
    if not targets:
        from pipeline.export.rollup_terminal import render_rollup

        console.print(render_rollup(result))
    return int(worst_code([*reader.codes, ExitCode.OK if result.adds_up else ExitCode.REVIEW]))


def _refuse_clashes(inputs: list[Path], targets: list[Path]) -> None:
    taken = [path.resolve() for path in inputs]
    for target in targets:
        if target.resolve() in taken:
            raise UsageError("named twice", source=str(target), remedy="give each result a file of its own")
        taken.append(target.resolve())
