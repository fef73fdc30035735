"""Results of the store as files, in all formats of the batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from pipeline.config import Settings
from pipeline.export.atomic import output_errors
from pipeline.export.file_names import report_file_name
from pipeline.export.json_export import write_report_json
from pipeline.export.summary import ReportSummary
from pipeline.export.table_files import table_files, table_paths
from pipeline.store.documents import reports_since
from pipeline.store.open_store import Store


def export_reports(
    store: Store,
    settings: Settings,
    *,
    since: dt.datetime | None,
    latest_only: bool,
    on_report: Callable[[ReportSummary], None],
) -> list[Path]:
    """The files written to ``settings.output.dir``, in the formats of ``settings.output.formats``.

    Args:
        store: Where the results are.
        settings: Folder and formats.
        since: Only results written then or later; None for all.
        latest_only: True leaves out reports that a newer one of the same agency and year replaces.
        on_report: Called with each report that is exported.

    Raises:
        StoreError: the store cannot be read.
        OutputError: a file could not be written.
    """
    folder, formats = settings.output.dir, settings.output.formats
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    taken: set[str] = set()
    with table_files(folder, formats) as tables:
        for stored in reports_since(store, since, latest_only=latest_only):
            report = stored.report
            if "json" in formats:
                target = folder / report_file_name(report.source.name, taken)
                write_report_json(report, target)
                written.append(target)
            for table in tables:
                table.add(report)
            on_report(ReportSummary.from_report(report))
    return written + table_paths(folder, formats)
