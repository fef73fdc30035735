"""A report against the one of the year before: all findings whose rule begins with ``years.``.

They rest on another document, so a report checked again on its own keeps those it has; whoever has other years at hand
replaces them by ``with_year_findings``.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.finding import YEARS_PREFIX, Finding
from models.form import FORM_IDS, load_form
from models.report import Report
from pipeline.check.check_report import order_findings
from pipeline.check.report_findings import UNDETERMINED_SEVERITY
from pipeline.check.report_status import with_status
from pipeline.check.same_text import same_text_findings
from pipeline.check.year_changes import change_findings
from pipeline.check.year_pairs import YearPool, find_prior, info
from pipeline.check.year_report import YearReport
from pipeline.check.year_rules import number_findings


@dataclass(frozen=True, slots=True)
class YearComparison:
    """What other years say about a report; ``prior`` is the one it was compared with, None where it was not."""

    prior: YearReport | None = None
    findings: tuple[Finding, ...] = ()


def compare_with_others(subject: YearReport, pool: YearPool) -> YearComparison:
    """A report beside that of the year before, chosen from reports of any years and agencies."""
    chosen = find_prior(subject, pool)
    found = [] if chosen.report is None else compare_years(subject, chosen.report)
    return YearComparison(chosen.report, (*chosen.remarks, *found))


def compare_report(report: Report, subject: YearReport, pool: YearPool) -> YearComparison:
    """As ``compare_with_others`` for the report that ``subject`` is a part of; nothing where it could not be read."""
    return YearComparison() if report.status == "failed" else compare_with_others(subject, pool)


def compare_years(subject: YearReport, prior: YearReport) -> list[Finding]:
    """Findings on a report beside the one of the year before, of the same agency."""
    unknown = [r for r in (subject, prior) if r.form not in FORM_IDS]
    if unknown:
        zh = "、".join(f"{r.year} 年（{r.file_name}）" for r in unknown)
        en = ", ".join(f"{r.year} ({r.file_name})" for r in unknown)
        numbers = [
            info(
                "years.not_compared",
                f"{zh} 的报告不是已知的格式，数字未跨年比对。",
                f"Numbers were not compared across years: the report of {en} is on no known form.",
            )
        ]
    else:
        numbers = [*number_findings(load_form(subject.form), subject, prior), *change_findings(subject, prior)]
    if subject.year_is_doubtful or prior.year_is_doubtful:
        # One of the two may be a report of another year, and then nothing is wrong with its numbers.
        numbers = [_doubtful(f) for f in numbers]
    return numbers + same_text_findings(subject, prior)


def _doubtful(finding: Finding) -> Finding:
    severity = UNDETERMINED_SEVERITY if finding.severity == "error" else finding.severity
    return finding.model_copy(update={"severity": severity, "origin": "undetermined"})


def with_year_findings(report: Report, comparison: YearComparison) -> Report:
    """The report with these findings in place of earlier ones across years, and the status that follows from them.

    Where nothing was compared, what an earlier comparison found stays.
    """
    form = load_form(report.form) if report.form in FORM_IDS else None
    kept = [f for f in report.findings if not _is_replaced(f, comparison)]
    findings = order_findings(form, [*kept, *comparison.findings])
    return with_status(report.model_copy(update={"findings": findings}))


def _is_replaced(finding: Finding, comparison: YearComparison) -> bool:
    across = finding.rule.startswith(YEARS_PREFIX)
    return across and (comparison.prior is not None or finding.severity == "info")
