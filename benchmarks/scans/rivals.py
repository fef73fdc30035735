"""Other readers on the same scans, each in the most favourable fair way: where a cell is, they are told.

PaddleOCR reads whole pages with its default settings and the PP-OCRv6 small weights. img2table gets the pages
straightened by the true geometry, and what PaddleOCR read on them. Camelot gets the file. Each is asked what stands in
every true cell; so neither rows nor columns nor labels are theirs to find.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.scans.geometry import Bytes, Points, Transform
from benchmarks.scans.load_pages import load_pages
from benchmarks.scans.matching import PlacedText
from benchmarks.scans.paper import POINTS_PER_INCH
from models.geometry import BBox
from pipeline.ocr.paddle_page import load_page
from pipeline.ocr.weights import find_weights

PADDLE, IMG2TABLE, CAMELOT = "PaddleOCR", "img2table", "camelot"
_THREADS = 2
_CENTRE = 0.5  # pixels from the edge of a pixel to its centre
_TO_PERCENT = 99  # img2table wants whole numbers up to this


@dataclass(frozen=True, eq=False, slots=True)
class SeenText:
    """A text as a reader saw it on a scan; ``corners`` (4, 2) in pixels."""

    text: str
    score: float
    corners: Points


def is_installed(name: str) -> bool:
    """True where the package can be imported; it is not imported for that."""
    return importlib.util.find_spec(name) is not None


def read_by_paddle(path: Path, dpi: float) -> list[list[SeenText]]:
    """All texts of all pages. Models are loaded with the first call in a process.

    Raises:
        MissingDependencyError: the ocr extra is not installed.
    """
    pipeline = _paddle()
    seen: list[list[SeenText]] = []
    for page in load_pages(path, dpi):
        (found,) = pipeline.predict(np.ascontiguousarray(page[:, :, ::-1]))  # it takes BGR, as OpenCV reads files
        seen.append(
            [
                SeenText(str(text), float(score), np.asarray(corners, dtype=np.float64))
                for text, score, corners in zip(
                    found["rec_texts"], found["rec_scores"], found["rec_polys"], strict=True
                )
            ]
        )
    return seen


def warm_up_paddle() -> None:
    """Loads the models and reads an empty picture.

    Raises:
        MissingDependencyError: the ocr extra is not installed.
    """
    _paddle().predict(np.full((64, 64, 3), 255, dtype=np.uint8))


@cache
def _paddle() -> Any:  # noqa: ANN401 - ships no annotations
    return load_page(find_weights("small_det"), find_weights("small_rec"), threads=_THREADS).pipeline


def read_by_img2table(
    path: Path, dpi: float, seen: Sequence[Sequence[SeenText]], ways: Mapping[int, Transform]
) -> list[list[PlacedText]]:
    """The cells of the tables that img2table finds, borderless ones too, page by page, placed on the undamaged page."""
    # No dependency of the project, so type checkers do not know it.
    document_of = importlib.import_module("img2table.document").Image
    data_of = importlib.import_module("img2table.ocr._types").OCRData
    pages: list[list[PlacedText]] = []
    for index, (scan, texts) in enumerate(zip(load_pages(path, dpi), seen, strict=True)):
        way = ways[index + 1]
        records = [
            {
                "id": f"word_{number}",
                "parent": f"word_{number}",
                "value": text.text,
                "confidence": int(_TO_PERCENT * text.score),
                **dict(zip(("x1", "y1", "x2", "y2"), _round_box(way.undo(text.corners)), strict=True)),
            }
            for number, text in enumerate(texts)
        ]
        document = document_of(_to_png(way.straighten(scan)))
        document.ocr_data = data_of(records={0: records})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tables = document.extract_tables(borderless_tables=True, min_confidence=1)
        cells = {cell for table in tables for row in table.content.values() for cell in row}
        pages.append(
            [
                PlacedText(cell.value or "", _to_points((cell.bbox.x1, cell.bbox.y1, cell.bbox.x2, cell.bbox.y2), dpi))
                for cell in cells
            ]
        )
    return pages


def read_by_camelot(path: Path, dpi: float, ways: Mapping[int, Transform]) -> list[list[PlacedText]]:
    """The cells of the tables that camelot lattice finds, page by page, placed on the undamaged page; PDF only."""
    import camelot.io

    pages: list[list[PlacedText]] = [[] for _ in ways]
    if path.suffix != ".pdf":
        return pages
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of pages that are images
        for table in camelot.io.read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True):
            way = ways[table.page]
            height = way.size[0] * POINTS_PER_INCH / dpi
            for cell in (cell for row in table.cells for cell in row):
                corners = np.array([[cell.x1, height - cell.y2], [cell.x2, height - cell.y1]]) * dpi / POINTS_PER_INCH
                flat = way.undo(corners - _CENTRE)
                box = (flat[0, 0], flat[0, 1], flat[1, 0], flat[1, 1])
                pages[table.page - 1].append(PlacedText(cell.text.strip(), _to_points(box, dpi)))
    return pages


def place(seen: Sequence[SeenText], way: Transform, dpi: float) -> list[PlacedText]:
    """The texts of a scan where they stand on the undamaged page."""
    return [PlacedText(text.text, _to_points(_box_around(way.undo(text.corners)), dpi)) for text in seen]


def _box_around(corners: Points) -> tuple[float, float, float, float]:
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _round_box(corners: Points) -> tuple[int, ...]:
    return tuple(round(value) for value in _box_around(corners))


def _to_points(box: Sequence[float], dpi: float) -> BBox:
    x0, top, x1, bottom = ((value + _CENTRE) * POINTS_PER_INCH / dpi for value in box)
    return BBox(x0, top, x1, bottom)


def _to_png(image: Bytes) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
