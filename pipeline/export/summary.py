"""One report in a few figures, so that a batch need not keep whole reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from models.report import FormName, Report, ReportStatus


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """The figures of one report.

    ``accepted`` and ``review`` count the decisions and add up to ``fields``. ``blank`` and ``absent`` count the kinds,
    whatever was decided about them, so they overlap with the first two. ``errors``, ``warnings`` and ``infos`` are open
    findings; those that were waived are counted in ``waived`` alone.
    """

    source: str
    agency: str | None
    year: int | None
    form: FormName
    status: ReportStatus
    fields: int
    accepted: int
    review: int
    blank: int
    absent: int
    errors: int
    warnings: int
    infos: int
    waived: int
    unmapped_rows: int
    status_reasons: tuple[str, ...]
    failures: tuple[str, ...]

    @classmethod
    def from_report(cls, report: Report) -> Self:
        """The summary of a report; each failure record becomes one sentence with its remedy."""
        fields = report.fields.values()
        severities = [f.severity for f in report.findings if f.waiver is None]
        return cls(
            source=report.source.name,
            agency=report.agency,
            year=report.year,
            form=report.form,
            status=report.status,
            fields=len(fields),
            accepted=sum(f.decision == "accept" for f in fields),
            review=sum(f.decision == "review" for f in fields),
            blank=sum(f.kind == "blank" for f in fields),
            absent=sum(f.kind == "absent" for f in fields),
            errors=severities.count("error"),
            warnings=severities.count("warning"),
            infos=severities.count("info"),
            waived=len(report.findings) - len(severities),
            unmapped_rows=len(report.unmapped_rows),
            status_reasons=tuple(report.status_reasons),
            failures=tuple(
                f"{f.stage}: {f.message} — {f.remedy}" if f.remedy else f"{f.stage}: {f.message}"
                for f in report.failures
            ),
        )

    def with_findings_of(self, report: Report) -> Self:
        """The same figures of the cells, with findings and status of ``report``, which need not hold its cells."""
        now = self.from_report(report)
        return replace(
            now,
            fields=self.fields,
            accepted=self.accepted,
            review=self.review,
            blank=self.blank,
            absent=self.absent,
        )
