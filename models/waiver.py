"""Waivers: findings that a person accepted as they are, with the values that stood there. Stored beside the report.

A waiver is tied to the report (agency, year, form), the rule, and what the finding rests on. It says nothing about the
file, so that it outlives another scan, another name and a republished report with the same numbers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from models.finding import YEARS_PREFIX, Finding, WaiverMark
from models.report import FieldValue, FormName, Report
from models.text import squeeze

WAIVER_FILE_VERSION: Literal[1] = 1

# Findings that say that something was not read, or that there is nothing to check: accepting them would hide numbers
# that nobody has seen. The other findings about our own reading (origin ``reading``) are of that kind too.
UNREAD_CODES = frozenset({"page.unread", "text.glued", "form.unknown", "form.blank"})
UNUSED_CODE = "waiver.unused"

# Where a row stands is told in the sentence, but is no part of what was accepted: pages shift in another print.
_PLACE = re.compile(r"第\s*[\d、]+\s*页")
# The name of the file that another year was read from is no part of it either.
_FILE_OF_YEAR = re.compile(r"(?<=[年告])（[^，：；。]*?）")
# Findings that compare several pairs of numbers, of which their sides are only the first.
_OF_SEVERAL_PAIRS = frozenset({f"{YEARS_PREFIX}carried_in"})


def _as_date(value: object) -> object:
    # YAML gives a date, JSON a text; a number would be taken for seconds since 1970.
    if isinstance(value, str):
        return dt.date.fromisoformat(value.strip())
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise ValueError("must be a date such as 2024-01-31")  # noqa: TRY004 - pydantic wants ValueError
    return value


Day = Annotated[dt.date, BeforeValidator(_as_date)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class WaivedReport(_Data):
    """Which report: agency and year as read from it, None where it does not say; ``file`` is the name it had."""

    agency: str | None
    year: int | None
    form: FormName
    file: str = ""

    def is_of(self, report: Report) -> bool:
        """True where this is the report. Where it does not say its agency or year, its file name has to agree too."""
        same = (
            squeeze(self.agency or "") == squeeze(report.agency or "")
            and self.year == report.year
            and self.form == report.form
        )
        return same and ((self.agency is not None and self.year is not None) or self.has_name_of(report))

    def has_name_of(self, report: Report) -> bool:
        """True where the file of the report has the name that is noted here."""
        return bool(self.file) and self.file == PurePath(report.source.name).name


class Waiver(_Data):
    """One accepted finding.

    ``values`` holds each field of the finding as it stood (``value_text``), ``left`` and ``right`` the sides that were
    compared. ``says`` is the Chinese sentence of a finding that they do not tell all of: its labels and signs, and the
    numbers of another report, are in no value.
    """

    report: WaivedReport
    rule: Said
    reason: Said
    author: Said
    date: Day
    until: Day | None = None
    left: str | None = None
    right: str | None = None
    says: str | None = None
    values: dict[str, str | None] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Waiver:
        if self.until is not None and self.until < self.date:
            raise ValueError(f"until ({self.until}) is before date ({self.date})")
        return self

    @property
    def mark(self) -> WaiverMark:
        """What a waived finding carries."""
        return WaiverMark(reason=self.reason, author=self.author, date=self.date, until=self.until)

    def in_place_of(self, old: Waiver) -> bool:
        """True where both are about the same finding, if they are of one report: its values may be those of before."""
        same = self.rule == old.rule and set(self.values) == set(old.values)
        return same and (bool(self.values) or self.says == old.says)

    def expired(self, today: dt.date) -> bool:
        """True after the last day it holds."""
        return self.until is not None and today > self.until


class WaiverFile(_Data):
    """The content of a waiver file."""

    version: Literal[1]
    waivers: list[Waiver] = Field(default_factory=list)


def is_waivable(finding: Finding) -> bool:
    """False for what was not read, for a form with nothing on it, and for remarks on waivers."""
    return finding.rule not in UNREAD_CODES | {UNUSED_CODE} and finding.origin != "reading"


def new_waiver(
    report: Report, finding: Finding, *, reason: str, author: str, date: dt.date, until: dt.date | None
) -> Waiver:
    """The waiver of a finding of a report as it stands.

    Raises:
        ValidationError: no reason, no author, or an end before the beginning.
    """
    name = PurePath(report.source.name).name
    return Waiver(
        report=WaivedReport(agency=report.agency, year=report.year, form=report.form, file=name),
        rule=finding.rule,
        reason=reason,
        author=author,
        date=date,
        until=until,
        left=finding.left,
        right=finding.right,
        says=said_by(finding),
        values={i: value_text(report.fields.get(i)) for i in finding.fields},
    )


def said_by(finding: Finding) -> str | None:
    """What the finding says, without pages and files it names; None where its sides and values say it all."""
    if finding.left is not None and finding.right is not None and finding.rule not in _OF_SEVERAL_PAIRS:
        return None
    sentence = _PLACE.sub("第…页", finding.message.zh)
    return _FILE_OF_YEAR.sub("", sentence) if finding.rule.startswith(YEARS_PREFIX) else sentence


def value_text(value: FieldValue | None) -> str | None:
    """The field as a waiver notes it: the value, what is printed where there is none, "" for blank, None for absent."""
    if value is None or value.kind == "absent":
        return None
    if value.kind == "blank":
        return ""
    return value.printed if value.value is None else value.value


def noted_values(waiver: Waiver, fields: Mapping[str, FieldValue]) -> dict[str, str | None]:
    """The fields that the waiver names as they stand now."""
    return {i: value_text(fields.get(i)) for i in waiver.values}
