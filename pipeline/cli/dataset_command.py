"""``nianbao dataset``: report documents as a tidy panel for statistics."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.output import print_error, stdout_console
from pipeline.cli.read_results import NO_RESULTS, ResultReader


def dataset(
    results: Annotated[
        list[Path], typer.Argument(metavar="RESULTS...", help="Report documents (.json), or folders of them.")
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the tables.", show_default="dataset")
    ] = Path("dataset"),
) -> int:
    """Turn results into tables for statistics: Parquet and CSV, described as a data package, with division codes."""
    from pipeline.batch import worst_code
    from pipeline.dataset.build import build_panel
    from pipeline.export.text import one_line

    reader = ResultReader(results)
    panel = build_panel(reader, out)
    if panel is None:
        print_error(f"no report to make tables of — {NO_RESULTS}")
        return int(worst_code(reader.codes))
    console = stdout_console(soft_wrap=True)
    inside = panel.rows["reports"] - sum(panel.left_out.values())
    console.print(
        f"{inside} 份报告入面板 reports in the panel, 区划未定 division open: {panel.regions_open}", markup=False
    )
    for reason, count in panel.left_out.items():
        console.print(f"  未入 left out, {reason}: {count}", markup=False)
    for name, count in panel.rows.items():
        console.print(f"  {name}: {count}", markup=False)
    console.print(f"written: {one_line(str(out))}", markup=False)
    return int(worst_code(reader.codes))
