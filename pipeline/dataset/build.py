"""Report documents in, the panel out: read once, kept on disk, written in the order of the panel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from models.form import load_forms
from models.report import Report
from pipeline.dataset.describe import FILE_NAME, write_description
from pipeline.dataset.rows import field_rows, finding_rows, number_rows, report_row, wide_row
from pipeline.dataset.spool import Placed, open_spool
from pipeline.dataset.tables import FIELDS, FINDINGS, NUMBERS, REPORTS, all_tables, wide_tables
from pipeline.dataset.write_table import TableWriter
from pipeline.export.atomic import output_errors


@dataclass(frozen=True, slots=True)
class Panel:
    """What was written: rows by table, and how many reports are left out for which reason."""

    rows: dict[str, int]
    left_out: dict[str, int]
    regions_open: int
    """Reports in the panel whose division is open."""


def build_panel(reports: Iterable[tuple[str, Report]], folder: Path) -> Panel | None:
    """The panel, written to ``folder``; None, and nothing written, where there are no reports.

    Args:
        reports: (name of the document, report), in any order.
        folder: Made where there is none; files of a panel in it are replaced.

    Raises:
        OutputError: a file could not be written. Those that were there are as they were, or whole new ones.
    """
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    left_out: Counter[str] = Counter()
    regions_open = 0
    with ExitStack() as stack:
        spool = stack.enter_context(open_spool(folder))
        for name, report in reports:
            spool.add(report, name)
        if not spool.count:
            return None
        with output_errors(folder):
            # It must not describe files that another run is replacing.
            (folder / FILE_NAME).unlink(missing_ok=True)
        writers = {t.name: stack.enter_context(TableWriter(t, folder)) for t in all_tables()}
        for row in field_rows():
            writers[FIELDS.name].add(row)
        for placed in spool.placed():
            row = report_row(placed)
            writers[REPORTS.name].add(row)
            if placed.left_out is None:
                _add_numbers(writers, placed)
                regions_open += row["region_code"] is None
            else:
                left_out[placed.left_out] += 1
            if placed.superseded_by is None:
                for finding in finding_rows(placed):
                    writers[FINDINGS.name].add(finding)
    counts = {name: writer.count for name, writer in writers.items()}
    write_description(folder, all_tables(), counts)
    return Panel(counts, dict(sorted(left_out.items())), regions_open)


def _add_numbers(writers: dict[str, TableWriter], placed: Placed) -> None:
    form = load_forms()[placed.report.form]
    for row in number_rows(placed):
        writers[NUMBERS.name].add(row)
    for table in form.tables:
        writers[wide_tables()[form.id, table.id].name].add(wide_row(placed, form, table))
