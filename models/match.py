"""What matching yields: printed cells with the field they belong to, before any value is decided."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.geometry import BBox
from models.reading import CellPicture, Reading


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How a row was matched.

    Label as printed, similarity 0..1, margin to the second-best alignment in units of similarity.
    """

    printed: str
    score: float
    margin: float


@dataclass(frozen=True, slots=True)
class OtherReading:
    """What another reader read in the same cell."""

    reader: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintedField:
    """One cell with its field.

    ``text`` is None where the row is there but the cell is not; ``reasons`` ask for review. ``readings`` come from OCR
    engines; none where the text comes from the file itself. ``picture`` is kept of scanned cells.
    """

    field_id: str
    text: str | None
    reasons: frozenset[str]
    page_no: int
    bbox: BBox | None
    reader: str
    label: LabelScore
    column_score: float
    others: tuple[OtherReading, ...] = ()
    readings: tuple[Reading, ...] = ()
    picture: CellPicture | None = None


@dataclass(frozen=True, slots=True)
class LeftoverRow:
    """A printed row that no form row explains."""

    page_no: int
    table: str
    labels: tuple[str, ...]
    values: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Matched:
    """The outcome of matching all printed sections of a report against one form.

    ``missing_rows`` are ``table.row`` keys of official rows that are not printed (rows that a printed variant
    replaces are not missing). ``other_form_blocks`` names blocks printed as in another form. ``total`` is the
    alignment score, comparable between forms.
    """

    form_id: str
    cells: dict[str, PrintedField]
    leftovers: tuple[LeftoverRow, ...]
    missing_rows: tuple[str, ...]
    missing_tables: tuple[str, ...]
    variants: tuple[str, ...]
    uncertain_rows: tuple[str, ...]
    other_form_blocks: tuple[str, ...]
    total: float
    uncertain_columns: tuple[str, ...] = field(default=())
