"""A drawn report, ready for any producer: paragraphs and sheets in order, and what its truth file will say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from samples.agencies import Agency
from samples.identities import Numbers, Violation
from samples.prose import Prose
from samples.sheet import Sheet
from samples.style import Style

Role = Literal["title", "subtitle", "meta", "heading", "body", "signature"]


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph of running text."""

    text: str
    role: Role = "body"
    underlined: bool = False


@dataclass(frozen=True, slots=True)
class NewPage:
    """A page break that the office set by hand."""


Item = Para | Sheet | NewPage


@dataclass(frozen=True)
class Document:
    """One report. ``truth`` maps field ids to printed characters ("" blank, None no such cell)."""

    style: Style
    seed: int
    agency: Agency
    year: int
    items: tuple[Item, ...]
    truth: dict[str, str | None]
    review: tuple[str, ...]
    violations: tuple[Violation, ...]
    prose: Prose
    numbers: Numbers = field(repr=False, default_factory=dict)
    document_number: str | None = None

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """All tables, foreign ones included."""
        return tuple(item for item in self.items if isinstance(item, Sheet))
