"""What the checks need to know about a report besides its fields: plain facts, gathered by whoever calls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.report import FormName, UnmappedRow


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """A page whose content was not read, and the reason code."""

    page_no: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FormFacts:
    """Facts about one report.

    ``form`` is the form recognised from the content. ``year`` is the year the report is about, None where it cannot be
    told; ``period_years`` are the years that its statistical period names, empty where none is stated.
    ``agency`` is whose report it is, None where unknown; ``sections`` the prose by section key.
    ``tables_may_be_pictures`` and ``glued`` (figures of neighbouring cells run together, and not all
    could be split) concern the file as a whole.
    """

    form: FormName = "unknown"
    year: int | None = None
    period_years: tuple[int, ...] = ()
    unmapped_rows: tuple[UnmappedRow, ...] = ()
    unread_pages: tuple[UnreadPage, ...] = ()
    tables_may_be_pictures: bool = False
    glued: bool = False
    agency: str | None = None
    sections: Mapping[str, str] = field(default_factory=dict)
