"""``nianbao check``: the findings of reports, ordered by severity, those beside other years among them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import ExitCode
from pipeline.cli.options import AgainstOption, ConfigOption, WaiversOption
from pipeline.cli.output import print_note, stderr_console, stdout_console
from pipeline.cli.read_inputs import read_inputs, read_priors

if TYPE_CHECKING:
    from models.report import Report
    from pipeline.check.year_report import YearReport
    from pipeline.export.summary import ReportSummary
    from pipeline.waiver_files import WaiverBook


@dataclass(frozen=True, slots=True)
class _Checked:
    """What is kept of a report until all others are read: its findings, and what they are compared with.

    ``report`` has lost its pages, its text and all fields but those that its waivers name, so that a folder of many
    reports fits into memory.
    """

    report: Report
    summary: ReportSummary
    year: YearReport
    code: ExitCode
    places: tuple[Path, ...]


def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Reports, report documents (.json), or folders of reports.")
    ],
    against: AgainstOption = None,
    waivers: WaiversOption = None,
    config: ConfigOption = None,
) -> int:
    """Print the findings of reports: broken sums, blanks, wrong forms, breaks between years.

    Several years of one agency are compared with one another, and with the reports after --against.
    """
    from rich.text import Text

    from pipeline.batch import with_waivers, worst_code
    from pipeline.check.across_years import compare_report, with_year_findings
    from pipeline.check.year_pairs import YearPool
    from pipeline.config import load_settings
    from pipeline.export.terminal import render_findings, summary_line
    from pipeline.export.text import one_line
    from pipeline.waiver_files import open_book, today

    settings = load_settings(config)
    book = open_book(waivers, today())
    subjects = read_inputs(paths, settings, book)
    console = stdout_console()
    checked: list[_Checked] = []
    with stderr_console().status("reading") as status:
        named, codes = read_priors(against, settings) if against else ([], [])
        for read in subjects:
            if read.report is None:
                codes.append(read.code)
            else:
                checked.append(_keep(read.report, read.code, read.places, book))
                status.update(f"reading: {len(checked)} read")
    pool = YearPool(named=named, beside=[one.year for one in checked])
    for one in checked:
        comparison = compare_report(one.report, one.year, pool)
        # Waivers come last: breaks between years can be waived as well.
        report, code = with_waivers(
            book,
            with_year_findings(one.report, comparison),
            one.code,
            *one.places,
            years_compared=comparison.prior is not None,
        )
        codes.append(code)
        console.print(Text(summary_line(one.summary.with_findings_of(report)), style="bold"), soft_wrap=True)
        if comparison.prior is not None:
            said = f"比对 compared with: {comparison.prior.year} {comparison.prior.source}"
            console.print(Text(one_line(said), style="dim"), soft_wrap=True)
        console.print(render_findings(report))
        console.print()
    for sentence in book.left_over():
        print_note(sentence)
    return int(worst_code(codes))


def _keep(report: Report, code: ExitCode, places: tuple[Path, ...], book: WaiverBook) -> _Checked:
    from pipeline.check.year_report import year_report
    from pipeline.export.summary import ReportSummary

    waived = {field_id for waiver in book.concerning(report, *places) for field_id in waiver.values}
    fields = {field_id: value for field_id, value in report.fields.items() if field_id in waived}
    small = report.model_copy(update={"fields": fields, "pages": [], "sections": {}, "claims": [], "tables": []})
    return _Checked(small, ReportSummary.from_report(report), year_report(report), code, places)
