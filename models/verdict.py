"""Verdicts: what a person said about a report, kept apart from what was read, so that reading again loses none.

A verdict pins the values it stood for. The verdicts in force, laid over the report as read in the order in which they
were given, make the report in force; one that was undone leaves no trace but its record.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from models.finding import Finding
from models.report import Kind, UnmappedRow
from models.waiver import said_by

# The stage and the reason that a value carries which a person decided.
PERSON_STAGE = "person"

Action = Literal[
    "accept",  # the value is right as it is
    "alternative",  # another reading is right
    "typed",  # a number typed in
    "blank",  # nothing is printed
    "as_printed",  # it is printed so, though a sum does not hold: a mistake of the report
    "confirm_repair",
    "reject_repair",
    "confirm_row",  # the row was matched rightly, or is really not there
    "confirm_column",
    "remap_row",  # the row is another one of the form: all its values are moved
    "remap_column",  # the same of a column; what stood in the other one takes its place
    "accept_proven",  # all doubtful numbers that the sums prove
    "confirm_finding",  # a mistake of the report
    "waive_finding",
    "acknowledge",  # a remark on the whole report, or a row that belongs to no field
    "skip",
]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SetValue(_Data):
    """The value that a person gave a field. ``page_no`` and ``bbox`` (points, origin top left) say where it stands."""

    kind: Kind
    value: str | None
    printed: str
    page_no: int | None = None
    bbox: list[float] | None = None


class ConfirmedFinding(_Data):
    """A finding as it stood when a person confirmed it; another one is open."""

    rule: str
    fields: list[str]
    left: str | None = None
    right: str | None = None
    says: str | None = None

    def is_of(self, finding: Finding) -> bool:
        """True where this is the finding."""
        return confirmed_finding(finding) == self


class Verdict(_Data):
    """One decision of a person.

    Attributes:
        action: What was decided.
        item: The key of the item it was decided on.
        who: Login of the person.
        at: When, in UTC.
        why: Reason as given; empty where none was.
        sets: Field id -> value it then has.
        confirms: Findings that are mistakes of the report.
        acknowledges: Reasons of the report's status that need nobody any more, and keys of unmapped rows.
        waiver_id: The waiver in the store that was added with it.
    """

    action: Action
    item: str
    who: str
    at: dt.datetime
    why: str = ""
    sets: dict[str, SetValue] = Field(default_factory=dict)
    confirms: list[ConfirmedFinding] = Field(default_factory=list)
    acknowledges: list[str] = Field(default_factory=list)
    waiver_id: int | None = None


def confirmed_finding(finding: Finding) -> ConfirmedFinding:
    """What tells the finding from another one."""
    return ConfirmedFinding(
        rule=finding.rule, fields=finding.fields, left=finding.left, right=finding.right, says=said_by(finding)
    )


def unmapped_key(row: UnmappedRow) -> str:
    """A name of a printed row that no field holds: the same as long as the row is read alike."""
    digest = hashlib.sha256(repr((row.page_no, row.table, row.labels, row.values)).encode()).hexdigest()
    return f"unmapped:{digest[:12]}"
