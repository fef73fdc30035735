"""Texts that a reader found on a page, dealt to the true cells in the way that is best for the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.scans.true_cells import TrueCell
from benchmarks.scoring import same_value
from models.geometry import BBox

_PAD = 1.5  # points that a text may reach out of its cell
_SAME_LINE = 0.5  # of the height of a text: centres nearer than this are on one line


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text, or a cell with its text, on an undamaged page; points, origin top left."""

    text: str
    bbox: BBox


def count_right(cells: Mapping[str, TrueCell], texts: Mapping[str, str]) -> int:
    """How many cells have the text that is printed in them; a blank cell where there is none."""
    return sum(same_value(texts.get(field, ""), cell.printed) for field, cell in cells.items())


def deal_texts(pages: Sequence[Sequence[PlacedText]], cells: Mapping[str, TrueCell]) -> dict[str, str]:
    """Field id -> all that stands in its cell.

    A text belongs to the cell that its centre lies in. One that runs over several cells is cut at its spaces where that
    gives as many pieces as there are cells with something in them. Several texts in a cell are lines of one number.
    """
    lying: dict[str, list[PlacedText]] = {}
    for page_no, texts in enumerate(pages, start=1):
        here = {field: cell for field, cell in cells.items() if cell.page_no == page_no}
        for text in texts:
            for field, piece in _deal(text, here):
                lying.setdefault(field, []).append(piece)
    return {field: _join(found) for field, found in lying.items()}


def look_up_cells(pages: Sequence[Sequence[PlacedText]], cells: Mapping[str, TrueCell]) -> dict[str, str | None]:
    """Field id -> text of the smallest cell of the reader around the centre of the true one; None without any."""
    found: dict[str, str | None] = {}
    for field, cell in cells.items():
        around = [
            text
            for text in (pages[cell.page_no - 1] if cell.page_no <= len(pages) else ())
            if text.bbox.contains_point(*cell.bbox.center)
        ]
        found[field] = "".join(min(around, key=lambda t: t.bbox.area).text.split()) if around else None
    return found


def _deal(text: PlacedText, cells: Mapping[str, TrueCell]) -> Iterable[tuple[str, PlacedText]]:
    spanned = sorted(
        (field for field, cell in cells.items() if text.bbox.contains_point(*cell.bbox.center)),
        key=lambda field: cells[field].bbox.x0,
    )
    if len(spanned) > 1:
        filled = [field for field in spanned if cells[field].printed]
        pieces = text.text.split()
        if len(pieces) == len(filled):
            return [(field, PlacedText(piece, text.bbox)) for field, piece in zip(filled, pieces, strict=True)]
        return [(spanned[0], text)]
    x, y = text.bbox.center
    holding = [field for field, cell in cells.items() if _padded(cell.bbox).contains_point(x, y)]
    chosen = holding if len(holding) <= 1 else [min(holding, key=lambda field: _distance(cells[field].bbox, x, y))]
    return [(field, text) for field in chosen or spanned]


def _padded(box: BBox) -> BBox:
    return BBox(box.x0 - _PAD, box.top - _PAD, box.x1 + _PAD, box.bottom + _PAD)


def _distance(box: BBox, x: float, y: float) -> float:
    return abs(box.center[0] - x) + abs(box.center[1] - y)


def _join(texts: Sequence[PlacedText]) -> str:
    """The texts of a cell, line by line, without spaces."""
    rows: list[list[PlacedText]] = []
    for text in sorted(texts, key=lambda t: t.bbox.center[1]):
        if rows and text.bbox.center[1] - rows[-1][0].bbox.center[1] < _SAME_LINE * text.bbox.height:
            rows[-1].append(text)
        else:
            rows.append([text])
    ordered = [text.text for row in rows for text in sorted(row, key=lambda t: t.bbox.x0)]
    return "".join("".join(ordered).split())
