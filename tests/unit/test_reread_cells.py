"""Cells read again: which crops go to which engine, and what happens where an engine fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import MissingDependencyError
from models.match import PrintedField
from models.reading import CellPicture
from pipeline import reread_cells
from pipeline.config import OcrSettings
from pipeline.ocr.engine import Engines, LineReading
from pipeline.reread_cells import CellReader, reread_pictures
from tests.unit.decide.scanned import sure
from tests.unit.fake_engines import FakeLines, FakeLoader, FakePage, missing
from tests.unit.scan.drawn_page import Sheet

Crop = NDArray[np.uint8]
NAMES = ["wide", "soft", "coarse"]


def picture(text: str) -> CellPicture:
    sheet = Sheet(60, 24)
    if text:
        sheet.digits(text, 20, 16)
    return CellPicture(sheet.pixels, sheet.size, 0, 0, 180, 72)


def cell(field_id: str, text: str | None) -> PrintedField:
    """A cell with its picture; None without."""
    return replace(sure(field_id, "1"), picture=None if text is None else picture(text))


@pytest.fixture
def loader(monkeypatch: pytest.MonkeyPatch) -> FakeLoader:
    fake = FakeLoader(texts=["1", "2", "3", "4", "5", "6"])
    monkeypatch.setattr(reread_cells, "load_engines", fake)
    return fake


def engines(first: FakeLines) -> Engines:
    return Engines(first, FakeLines("second"), FakePage())


def test_both_engines_read_each_crop_and_readings_go_to_their_cells() -> None:
    first = FakeLines("first", ["1", "2", "3", "4", "5", "6"])
    one, none, two = reread_pictures([picture("27"), picture(""), picture("5")], engines(first))
    assert none == ()
    assert [r.reader for r in one] == [f"{e}/{n}" for n in NAMES for e in ("first", "second")]
    assert [r.text for r in one] == ["1", "7", "2", "7", "3", "7"]
    assert [r.text for r in two] == ["4", "7", "5", "7", "6", "7"]


def test_without_ink_no_engine_is_asked() -> None:
    broken = FakeLines("first", error=RuntimeError("must not be asked"))
    assert reread_pictures([picture(""), picture("")], engines(broken)) == [(), ()]


def test_a_reader_gives_one_answer_a_cell_in_order(loader: FakeLoader) -> None:
    reader = CellReader(OcrSettings())
    found = reader([cell("a", None), cell("b", "5"), cell("c", ""), cell("d", "27")])
    assert [len(f) for f in found] == [0, 6, 0, 6]
    assert [r.text for r in found[3] if r.reader.startswith("first")] == ["4", "5", "6"]
    assert reader.failures == []


def test_no_engine_is_loaded_for_cells_whose_pixels_are_not_known(loader: FakeLoader) -> None:
    assert CellReader(OcrSettings())([cell("a", None)]) == [()]
    assert CellReader(OcrSettings())([]) == []
    assert loader.calls == 0


def test_a_failing_engine_is_recorded_once_and_the_first_readings_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeLoader(error=RuntimeError("out of luck"))
    monkeypatch.setattr(reread_cells, "load_engines", fake)
    reader = CellReader(OcrSettings())
    cells = [cell("a", "5"), cell("b", None)]
    assert reader(cells) == [(), ()]
    assert reader(cells) == [(), ()]
    [failure] = reader.failures
    assert (failure.stage, failure.code) == ("decide", "stage")
    assert "first" in failure.message
    assert "out of luck" in failure.message
    assert failure.remedy
    assert fake.calls == 1, "it is not tried again"


def test_an_engine_that_answers_with_too_little_is_a_failure_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Short(FakeLines):
        def read_lines(self, crops: Sequence[Crop]) -> list[LineReading]:
            return []

    monkeypatch.setattr(reread_cells, "load_engines", lambda _: engines(Short("first")))
    reader = CellReader(OcrSettings())
    assert reader([cell("a", "5")]) == [()]
    assert [f.code for f in reader.failures] == ["stage"]


def test_where_ocr_is_not_installed_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reread_cells, "load_engines", missing)
    reader = CellReader(OcrSettings())
    assert reader([cell("a", "5")]) == [()]
    assert [(f.code, f.remedy) for f in reader.failures] == [(MissingDependencyError.code, "install the ocr extra")]


def test_crops_are_what_engines_take() -> None:
    seen: list[Crop] = []

    class Looking(FakeLines):
        def read_lines(self, crops: Sequence[Crop]) -> list[LineReading]:
            seen.extend(crops)
            return super().read_lines(crops)

    reread_pictures([picture("27")], engines(Looking("first")))
    assert len(seen) == 3
    assert all(c.dtype == np.uint8 and c.ndim == 2 and c.flags.c_contiguous for c in seen)
