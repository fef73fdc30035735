"""Camelot's lattice reader as a second opinion: it finds rulings in the rendered page, not among the drawn objects."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from models.errors import MissingDependencyError, StageError
from models.geometry import BBox
from models.grid import Cell, Grid
from pipeline.tables.rulings_to_grid import squares_to_cells

_READER = "camelot"


def camelot_to_grids(data: bytes, page_heights: dict[int, float], pages: Sequence[int]) -> list[Grid]:
    """Grids that camelot lattice finds on the given pages, from top to bottom.

    Args:
        data: The bytes of the PDF.
        page_heights: Page number -> height in points; camelot measures from the bottom.
        pages: Page numbers, 1-based.

    Raises:
        MissingDependencyError: camelot is not installed.
        StageError: camelot failed on this file.
    """
    if not pages:
        return []
    try:
        from camelot.io import read_pdf
    except ImportError as exc:
        raise MissingDependencyError(
            "camelot is not installed",
            remedy="install it (pip install camelot-py), or set extract.camelot_fallback to false",
        ) from exc
    try:
        with warnings.catch_warnings():
            # It warns of pages without tables, which is an answer and no problem.
            warnings.simplefilter("ignore")
            tables = read_pdf(data, pages=",".join(map(str, pages)), flavor="lattice", suppress_stdout=True)
    except Exception as exc:  # camelot passes on whatever its PDF and image libraries raise
        raise StageError(f"camelot could not read the tables ({type(exc).__name__}: {exc})") from exc
    grids = [g for t in tables if (g := _table_to_grid(t, page_heights)) is not None]
    return sorted(grids, key=lambda g: (g.page_no, g.bbox.top if g.bbox else 0.0))


def _table_to_grid(table: Any, page_heights: dict[int, float]) -> Grid | None:  # noqa: ANN401 - camelot has no types
    page_no = int(table.page)
    height = page_heights.get(page_no)
    if height is None or not table.cells or not table.cells[0]:
        return None
    squares = table.cells
    n_rows, n_cols = len(squares), len(squares[0])
    xs = (*(float(c.x1) for c in squares[0]), float(squares[0][-1].x2))
    ys = (*(height - float(row[0].y2) for row in squares), height - float(squares[-1][0].y1))
    lines_h: list[list[tuple[float, float]]] = [[] for _ in ys]
    lines_v: list[list[tuple[float, float]]] = [[] for _ in xs]
    for r, row in enumerate(squares):
        for c, square in enumerate(row):
            if square.left:
                lines_v[c].append((ys[r], ys[r + 1]))
            if square.right:
                lines_v[c + 1].append((ys[r], ys[r + 1]))
            if square.top:
                lines_h[r].append((xs[c], xs[c + 1]))
            if square.bottom:
                lines_h[r + 1].append((xs[c], xs[c + 1]))
    lattice = squares_to_cells(xs, ys, [_unique(p) for p in lines_h], [_unique(p) for p in lines_v])
    cells = []
    for r0, r1, c0, c1 in lattice.cells:
        texts = [squares[r][c].text.strip("\n") for r in range(r0, r1) for c in range(c0, c1)]
        box = BBox(xs[c0], ys[r0], xs[c1], ys[r1])
        cells.append(Cell(r0, r1, c0, c1, "\n".join(t for t in texts if t.strip()), page_no, box))
    return Grid(n_rows, n_cols, tuple(cells), _READER, page_no, lattice.bbox, col_edges=xs)


def _unique(pieces: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Pieces without repeats: two neighbouring squares both name the wall between them."""
    return sorted(set(pieces))
