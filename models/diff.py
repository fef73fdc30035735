"""What differs between two report documents: numbers, decisions, prose. Written by ``nianbao diff``.

``before`` and ``after`` are the two reports in the order in which they were named. Numbers are decimals carried as
strings, as in the report document.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from models.finding import Message
from models.report import Decision, FormName, Kind, Report, ReportStatus

ChangeKind = Literal["changed", "added", "removed", "same"]
PieceKind = Literal["equal", "insert", "delete"]


class _Doc(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DiffSide(_Doc):
    """One of the two reports."""

    source: str
    sha256: str
    agency: str | None
    year: int | None
    published: str | None
    form: FormName
    status: ReportStatus

    @classmethod
    def from_report(cls, report: Report) -> DiffSide:
        """The side of a report."""
        return cls(
            source=report.source.name,
            sha256=report.source.sha256,
            agency=report.agency,
            year=report.year,
            published=report.published,
            form=report.form,
            status=report.status,
        )


class CellState(_Doc):
    """A cell of one report: what stands there and whether it was accepted."""

    value: str | None
    printed: str
    kind: Kind
    decision: Decision


class FieldDiff(_Doc):
    """A field that is not the same in both reports.

    ``change`` is about what stands in the cell: ``added`` and ``removed`` where only one report has the cell, ``same``
    where only the decision differs. ``difference`` is after minus before, None unless both cells hold numbers;
    ``percent`` is the difference in hundredths of the number before, one decimal place, None from 0 as well.
    """

    field: str
    label: Message
    change: ChangeKind
    before: CellState | None
    after: CellState | None
    difference: str | None = None
    percent: str | None = None

    @property
    def decision_changed(self) -> bool:
        """True where both reports have the cell, and one was accepted and the other not."""
        return self.before is not None and self.after is not None and self.before.decision != self.after.decision


class Piece(_Doc):
    """A run of sentences that stands in both reports, in the later one only (insert) or in the first only (delete)."""

    kind: PieceKind
    text: str


class SectionDiff(_Doc):
    """The prose of one section, as pieces in reading order; all of it equal sections are left out of the diff.

    ``similarity`` 0..1 of the two texts, as a decimal string with three places.
    """

    section: str
    label: Message
    similarity: str
    pieces: list[Piece]


class ReportDiff(_Doc):
    """Everything that differs. ``not_comparable`` are ids of fields that the form of the other report does not have."""

    before: DiffSide
    after: DiffSide
    remarks: list[Message]
    compared: int
    fields: list[FieldDiff]
    not_comparable: list[str]
    sections: list[SectionDiff]

    @property
    def is_empty(self) -> bool:
        """True where nothing that can be compared differs."""
        return not self.fields and not self.sections
