"""Cells as a scan gives them: readings with scores, and reports made of them."""

from __future__ import annotations

import numpy as np

from models.form import Form, load_form
from models.match import LabelScore, PrintedField
from models.reading import Candidate, CellPicture, Reading

FORM: Form = load_form("gk2021")
SURE = 0.9999
PICTURE = CellPicture(np.full((30, 60), 255, np.uint8), 3.0, 5, 5, 55, 25)


def reading(text: str, score: float = SURE, *others: tuple[str, float], reader: str = "first") -> Reading:
    return Reading(reader, text, score, tuple(Candidate(t, s) for t, s in others))


def cell(
    field_id: str, *readings: Reading, reasons: tuple[str, ...] = (), text: str | None = None, label: float = 1.0
) -> PrintedField:
    """A scanned cell; its text is that of its first reading where no other is given."""
    return PrintedField(
        field_id=field_id,
        text=readings[0].text if text is None and readings else text,
        reasons=frozenset(reasons),
        page_no=1,
        bbox=None,
        reader="scan",
        label=LabelScore("label", label, 0.5),
        column_score=1.0,
        readings=readings,
        picture=PICTURE,
    )


def sure(field_id: str, text: str, *reasons: str) -> PrintedField:
    """A cell that two engines read alike, without any doubt."""
    return cell(field_id, reading(text), reading(text, reader="second"), reasons=reasons)


def weak(field_id: str, text: str, other: str, *reasons: str) -> PrintedField:
    """A cell whose first engine reads one number and whose second one, a little less sure, another."""
    return cell(
        field_id,
        reading(text, 0.6, (other, 0.3)),
        reading(other, 0.55, (text, 0.4), reader="second"),
        reasons=(*reasons, "models_differ"),
    )


# Applications of natural persons: 7 new ones, 5 granted, 2 carried over. All sums hold.
NUMBERS = {"new": "7", "granted": "5", "results_total": "5", "carried_out": "2"}


def report(*changed: PrintedField) -> dict[str, PrintedField]:
    """Every official cell read without doubt, all sums holding; some cells given otherwise."""
    cells = {i: sure(i, "0") for i in FORM.official_fields}
    for row, number in NUMBERS.items():
        for column in ("natural_person", "total"):
            cells[f"requests.{row}.{column}"] = sure(f"requests.{row}.{column}", number)
    return cells | {c.field_id: c for c in changed}
