"""Sums over units held against the report of the agency above them. Written by ``nianbao rollup``.

Numbers are decimals carried as strings, as in the report document. ``difference`` is the parent minus the sum.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from models.finding import Message, Origin
from models.report import FormName, Kind, ReportStatus

UnitState = Literal["used", "missing", "failed", "no_form"]
# ``as_listed``: the units as listed; the others add the parent's own office, or take it out where it is listed.
ScopeName = Literal["as_listed", "with_office", "without_office"]
FieldOutcome = Literal[
    "equal",
    "differs",  # all numbers are there and accepted
    "in_review",  # differs, and a number in it waits for a person
    "incomplete",  # differs, and a unit has no report or no number
    "not_compared",  # the parent has no number
]
ExplanationKind = Literal["left_out", "counted_twice"]


class _Doc(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RollupReport(_Doc):
    """A parent or a unit: as it is called in the list, and the report that was used for it, if any."""

    named: str
    state: UnitState
    agency: str | None = None
    source: str | None = None
    sha256: str | None = None
    form: FormName | None = None
    status: ReportStatus | None = None
    in_review: int = 0
    """Its numbers that wait for a person."""


class Explanation(_Doc):
    """A unit whose number is the difference: left out of the parent's number, or counted twice in it."""

    kind: ExplanationKind
    unit: str


class Doubt(_Doc):
    """A number in a sum that is not sure: of whom, why, and what it would have to be for the sum to hold.

    ``needed`` is None where there are several doubts in one sum.
    """

    who: str
    why: Literal["in_review", "missing", "absent", "text", "blank"]
    value: str | None = None
    needed: str | None = None


class RollupField(_Doc):
    """One field that does not simply add up.

    ``kind`` is what stands in the parent's cell. ``origin`` says whose mistake a difference is: ``report`` only where
    every number is accepted and nothing is missing. ``broken_in`` names those whose own sums fail at this field.
    """

    field: str
    row: str
    column: str
    label: Message
    outcome: FieldOutcome
    kind: Kind | None = None
    parent: str | None = None
    sum: str | None = None
    difference: str | None = None
    origin: Origin | None = None
    explanations: list[Explanation] = Field(default_factory=list)
    doubts: list[Doubt] = Field(default_factory=list)
    broken_in: list[str] = Field(default_factory=list)
    message: Message


class RollupScope(_Doc):
    """How many fields differ when the sum is taken over these units."""

    name: ScopeName
    differ: int
    chosen: bool
    message: Message


class RollupGroup(_Doc):
    """One parent in one year. ``fields`` are those that are not equal, in the order of the form."""

    parent: RollupReport
    year: int | None
    units: list[RollupReport]
    scopes: list[RollupScope] = Field(default_factory=list)
    remarks: list[Message] = Field(default_factory=list)
    compared: int = 0
    equal: int = 0
    fields: list[RollupField] = Field(default_factory=list)

    @property
    def adds_up(self) -> bool:
        """True where every number of the parent is the sum of its units, and none of them is missing."""
        everybody = self.parent.state == "used" and all(u.state == "used" for u in self.units)
        return everybody and self.compared > 0 and not self.fields


class Rollup(_Doc):
    """All parents and years; ``remarks`` are about the list of units."""

    groups: list[RollupGroup]
    remarks: list[Message] = Field(default_factory=list)

    @property
    def adds_up(self) -> bool:
        """True where every group adds up."""
        return bool(self.groups) and all(group.adds_up for group in self.groups)
