from __future__ import annotations

from typing import cast

import pytest

from models.document import SourceInfo
from models.errors import NianbaoError, StageError
from models.geometry import BBox
from models.grid import Cell, Grid
from models.page import PageInfo
from pipeline import page_tables
from pipeline.config import Settings
from pipeline.ocr.engine import Engines
from pipeline.page_tables import PageTables, SecondReading, pages_to_opened


def test_a_second_reading_that_fails_costs_the_certainty_of_its_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = Grid(1, 1, (Cell(0, 1, 0, 1, "12", 2, BBox(10, 10, 30, 20)),), "words", 2, BBox(10, 10, 30, 20))

    def fails(*_: object, **__: object) -> Grid:
        raise StageError("the recognition model died")

    monkeypatch.setattr(page_tables, "_unruled", lambda _: [grid])
    monkeypatch.setattr(page_tables, "reread_values", fails)
    told: list[tuple[int, NianbaoError]] = []
    second = SecondReading(cast("Engines", None), lambda page_no, error: told.append((page_no, error)))

    opened = pages_to_opened(
        SourceInfo(name="a.pdf", sha256="", media_type="application/pdf", page_count=2),
        [PageInfo(2, "ocr", "extracted")],
        {2: PageTables()},
        Settings(),
        second,
    )

    (cell,) = opened.grids[0].cells
    assert (cell.text, cell.flags) == ("12", frozenset({"low_score"}))
    assert [(page_no, error.message) for page_no, error in told] == [(2, "the recognition model died")]
