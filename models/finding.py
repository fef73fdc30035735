"""Findings: what the checks report. Severity is about the report, never about the program."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["error", "warning", "info"]
OutcomeKind = Literal["pass", "fail", "not_evaluable"]
Origin = Literal["report", "reading", "undetermined"]

# How a number may have come to be printed instead of another one. ``read``: another reading of the cell says so.
Slip = Literal[
    "read",
    "digit",
    "swapped_digits",
    "sign",
    "neighbour",
    "missing_digit",
    "extra_digit",
    "left_out",
    "miscalculated",
    "swapped_cells",
    "shifted_row",
    "other",
]

# Findings on a report beside that of the year before; without that report they cannot be made.
YEARS_PREFIX = "years."

SEVERITY_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}


class Message(BaseModel):
    """One sentence in both languages."""

    model_config = ConfigDict(extra="forbid")

    zh: str
    en: str


class Suspect(BaseModel):
    """A field whose change would help to satisfy the rule, the value it would need, how the slip may have happened."""

    model_config = ConfigDict(extra="forbid")

    field: str
    suggested: str | None = None
    slip: Slip | None = None


class WaiverMark(BaseModel):
    """Who accepted a finding as it is, why and when; ``until`` is the last day it holds, None for good."""

    model_config = ConfigDict(extra="forbid")

    reason: str
    author: str
    date: dt.date
    until: dt.date | None = None


class ConfirmMark(BaseModel):
    """Who looked at a finding and says that the report is wrong so; ``note`` may say more."""

    model_config = ConfigDict(extra="forbid")

    author: str
    date: dt.date
    note: str = ""


class Finding(BaseModel):
    """A failed rule, or a remark on the report.

    ``rule`` is a stable code. ``left``, ``right`` and ``difference`` (left minus right) are decimal strings; None
    where the finding is no comparison. ``suspects`` lists alternative explanations, each a
    set of fields, the most plausible first; with more than one the explanation is ``ambiguous``.
    ``waiver`` is the waiver in force; a waived finding stays, but counts no more. ``reopened`` says why a waiver that
    was given no longer applies. ``confirmed``: a person says that it is a mistake of the report; it needs nobody then.
    """

    model_config = ConfigDict(extra="forbid")

    rule: str
    severity: Severity
    outcome: OutcomeKind = "fail"
    fields: list[str] = Field(default_factory=list)
    left: str | None = None
    right: str | None = None
    difference: str | None = None
    message: Message
    origin: Origin = "report"
    suspects: list[list[Suspect]] = Field(default_factory=list)
    ambiguous: bool = False
    waiver: WaiverMark | None = None
    reopened: Message | None = None
    confirmed: ConfirmMark | None = None
