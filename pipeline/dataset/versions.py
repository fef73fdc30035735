"""Several reports of one agency and year: which one counts, and why the others do not.

The rule, each step only where the one before leaves more than one:

1. a report on a known form that did not fail, before others;
2. the newest date of publication; a report without a date comes after those with one;
3. the better status: ok, needs_review, partial;
4. the smallest SHA-256, then the smallest name of the document: no meaning, but the same choice every time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from models.form import FORM_IDS
from models.report import Report, ReportStatus

SupersededWhy = Literal["same_file", "older", "undated", "tie"]
LeftOut = Literal["superseded", "failed", "no_form", "no_agency", "no_year"]
_STATUS_RANK: dict[ReportStatus, int] = {"ok": 0, "needs_review": 1, "partial": 2, "failed": 3}


@dataclass(frozen=True, slots=True)
class Version:
    """What the rule looks at. ``published`` is YYYY-MM-DD, empty where it is not known."""

    usable: bool
    published: str
    status: ReportStatus
    sha256: str
    document: str

    @property
    def order(self) -> tuple[bool, int, int, str, str]:
        """Sorts the one that counts first."""
        day = dt.date.fromisoformat(self.published).toordinal() if self.published else 0
        return (not self.usable, -day, _STATUS_RANK[self.status], self.sha256, self.document)


def version_of(report: Report, document: str) -> Version:
    """What the rule looks at in a report; ``document`` is the name of its document."""
    return Version(
        usable=report.status != "failed" and report.form in FORM_IDS,
        published=published_day(report) or "",
        status=report.status,
        sha256=report.source.sha256,
        document=document,
    )


def published_day(report: Report) -> str | None:
    """The date of publication as YYYY-MM-DD; None where it is not known or no date."""
    try:
        return dt.date.fromisoformat(report.published or "").isoformat()
    except ValueError:
        return None


def why_superseded(version: Version, by: Version) -> SupersededWhy:
    """Why a version does not count beside the one that does."""
    if version.sha256 == by.sha256:
        return "same_file"
    if version.published == by.published:
        return "tie"
    return "older" if version.published else "undated"


def why_left_out(report: Report) -> LeftOut | None:
    """Why a report has no numbers for the panel whatever else there is; None where it has."""
    if report.status == "failed":
        return "failed"
    if report.form not in FORM_IDS:
        return "no_form"
    if not report.agency:
        return "no_agency"
    return "no_year" if report.year is None else None
