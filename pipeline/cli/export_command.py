"""``nianbao export``: results of the store as JSON, CSV, XLSX and Parquet."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from models.errors import ExitCode, UsageError
from pipeline.cli.options import ConfigOption, FormatOption, OutOption
from pipeline.cli.output import print_note, stdout_console


def export(
    out: OutOption = None,
    formats: FormatOption = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE",
            help="Only results from then on: 2026-01-31 or 2026-01-31T08:00.",
            show_default="all",
        ),
    ] = None,
    all_versions: Annotated[
        bool, typer.Option("--all-versions", help="Also reports that a newer one of their agency and year replaces.")
    ] = False,
    config: ConfigOption = None,
) -> int:
    """Write the results of the store to files: those of `nianbao watch` and of `nianbao extract --store`."""
    from pipeline.config import load_settings
    from pipeline.export.summary import ReportSummary
    from pipeline.export.text import one_line
    from pipeline.inbox.export_store import export_reports
    from pipeline.store.open_store import open_store

    overrides = {"output.dir": out, "output.formats": formats}
    settings = load_settings(config, {key: value for key, value in overrides.items() if value is not None})
    summaries: list[ReportSummary] = []
    moment = None if since is None else _moment(since)
    with open_store(settings) as store:
        written = export_reports(
            store, settings, since=moment, latest_only=not all_versions, on_report=summaries.append
        )
    if not summaries:
        print_note("the store has no results" + (f" since {since}" if since else ""))
    folder = one_line(str(settings.output.dir))
    stdout_console().print(f"{len(summaries)} reports, {len(written)} files written to {folder}", markup=False)
    return int(ExitCode.OK)


def _moment(text: str) -> dt.datetime:
    """The moment; without a zone that of this machine.

    Raises:
        UsageError: the text is no date.
    """
    try:
        return dt.datetime.fromisoformat(text).astimezone()
    except ValueError as exc:
        raise UsageError(f"--since {text!r} is no date", remedy="give one like 2026-01-31 or 2026-01-31T08:00") from exc
