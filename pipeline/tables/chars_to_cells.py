"""From characters to cell texts: which cell each character lies in, and the text of a cell as lines."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise

from models.geometry import BBox, interval_overlap
from models.grid import Cell, Grid
from models.page import Char, PageContent, Ruling, TextLine
from pipeline.tables.rulings_to_grid import Lattice

# Two characters are on one text line when their centres differ by less than this share of the type size.
_LINE_SHARE = 0.5
# A gap wider than this share of the type size is a space.
_SPACE_SHARE = 0.3
# Two digits nearer than this share of the type size belong to one printed number.
_TOUCHING_SHARE = 0.2
# Smaller than this share of its neighbour, and raised, is a superscript.
_SUPERSCRIPT_SIZE = 0.78
_SUPERSCRIPT_RAISE = 0.15
# A digit of full size raised by this share of the type size above the other digits of its number is one as well.
_RAISED_DIGIT = 0.18
# Inner margin of a cell on one side, at most. Points.
_WIDEST_PADDING_PT = 6.0
# Characters cover each other by more than this share of the narrower one only where text is printed over text.
_OVERPRINTED_SHARE = 0.5
# A stroke through the middle of a digit leaves this share of its height free above and below.
_STRUCK_SHARE = 0.25
# Fewer cells of this kind are a stamp, an underline or a kerned pair.
_OVERPRINTED_CELLS = 3
# A type size for characters whose producer states none. Points.
_FALLBACK_SIZE = 8.0


def lattice_to_grid(lattice: Lattice, page: PageContent, reader: str) -> Grid:
    """The grid of a lattice with the characters of the page in its cells; boxes as stored."""
    lines, cut = _chars_by_cell(lattice, page.chars)
    widest: dict[tuple[int, int], float] = {}
    for index, cell_lines in lines.items():
        column = lattice.cells[index][2:]
        widest[column] = max([widest.get(column, 0.0), *(_width(line) for line in cell_lines)])
    doubts = _doubts(lines, cut, [r for r in page.rulings if r.horizontal])
    cells = []
    for index, (r0, r1, c0, c1) in enumerate(lattice.cells):
        cell_lines = lines.get(index, [])
        text, flags = _lines_to_text(cell_lines)
        flags |= doubts.get(index, set())
        if _is_wrapped_number(cell_lines, lattice.xs[c1] - lattice.xs[c0], widest.get((c0, c1), 0.0)):
            text = text.replace("\n", "")
        if index in lattice.irregular and text:
            flags |= {"irregular_cell"}
        box = BBox(lattice.xs[c0], lattice.ys[r0], lattice.xs[c1], lattice.ys[r1])
        cells.append(Cell(r0, r1, c0, c1, text, page.page_no, page.to_stored(box), frozenset(flags)))
    return Grid(
        n_rows=len(lattice.ys) - 1,
        n_cols=len(lattice.xs) - 1,
        cells=tuple(cells),
        reader=reader,
        page_no=page.page_no,
        bbox=lattice.bbox,
        col_edges=lattice.xs,
    )


def _chars_by_cell(lattice: Lattice, chars: Sequence[Char]) -> tuple[dict[int, list[list[Char]]], set[int]]:
    """(text lines of each cell that has any, cells between which a printed number is cut)."""
    owner = _owners(lattice)
    members: dict[int, list[Char]] = {}
    inside: list[tuple[Char, int]] = []
    for char in chars:
        index = _cell_at(lattice, owner, (char.x0 + char.x1) / 2, (char.top + char.bottom) / 2)
        if index is not None:
            members.setdefault(index, []).append(char)
            inside.append((char, index))
    return {index: chars_to_lines(m) for index, m in members.items()}, _straddling(inside)


def _doubts(
    lines: Mapping[int, Sequence[Sequence[Char]]], cut: set[int], strokes: Sequence[Ruling]
) -> dict[int, set[str]]:
    """Reason codes of cells that the drawing of the page makes doubtful."""
    doubts: dict[int, set[str]] = {index: {"straddles_ruling"} for index in cut}
    overprinted = {index for index, cell_lines in lines.items() if _is_overprinted(cell_lines)}
    if len(overprinted) >= _OVERPRINTED_CELLS:
        for index in overprinted:
            doubts.setdefault(index, set()).add("overprinted")
    levels = sorted(strokes, key=lambda s: s.position)
    positions = [s.position for s in levels]
    for index, cell_lines in lines.items():
        if any(_is_struck(line, levels, positions) for line in cell_lines):
            doubts.setdefault(index, set()).add("struck_text")
    return doubts


def chars_to_text(chars: Sequence[Char]) -> tuple[str, set[str]]:
    """(text with line feeds between lines, reason codes). A raised small character is put in brackets: ``12[1]``."""
    return _lines_to_text(chars_to_lines(chars))


def _lines_to_text(lines: Sequence[Sequence[Char]]) -> tuple[str, set[str]]:
    flags: set[str] = set()
    texts = []
    for line in lines:
        text, raised = _line_to_text(line)
        if raised:
            flags.add("superscript")
        texts.append(text)
    return "\n".join(texts), flags


def chars_to_lines(chars: Sequence[Char]) -> list[list[Char]]:
    """Characters grouped to text lines from top to bottom, each from left to right."""
    lines: list[list[Char]] = []
    centres: list[float] = []
    for char in sorted(chars, key=lambda c: ((c.top + c.bottom) / 2, c.x0)):
        centre = (char.top + char.bottom) / 2
        size = char.size or _FALLBACK_SIZE
        if lines and abs(centre - centres[-1]) <= _LINE_SHARE * max(size, lines[-1][-1].size or _FALLBACK_SIZE):
            lines[-1].append(char)
            centres[-1] += (centre - centres[-1]) / len(lines[-1])
        else:
            lines.append([char])
            centres.append(centre)
    return [sorted(line, key=lambda c: c.x0) for line in lines]


def page_to_lines(page: PageContent, tables: Sequence[BBox]) -> list[TextLine]:
    """The running text of a page outside the given boxes, line by line."""
    free = [
        c for c in page.chars if not any(b.contains_point((c.x0 + c.x1) / 2, (c.top + c.bottom) / 2) for b in tables)
    ]
    lines = []
    for line in chars_to_lines(free):
        text, _ = _line_to_text(line)
        box = BBox(line[0].x0, min(c.top for c in line), max(c.x1 for c in line), max(c.bottom for c in line))
        lines.append(TextLine(text, page.page_no, box))
    return lines


def _line_to_text(line: Sequence[Char]) -> tuple[str, bool]:
    size = max((c.size or _FALLBACK_SIZE) for c in line)
    bottom = max(c.bottom for c in line if (c.size or _FALLBACK_SIZE) >= size * _SUPERSCRIPT_SIZE)
    all_numeric = all(_numeric(c.text) for c in line)
    parts: list[str] = []
    raised_any = raised = False
    previous: Char | None = None
    for char in line:
        if previous is not None and char.x0 - previous.x1 > _SPACE_SHARE * size:
            parts.append(" ")
        is_small = (char.size or _FALLBACK_SIZE) < size * _SUPERSCRIPT_SIZE
        raise_needed = _SUPERSCRIPT_RAISE * size if is_small else _RAISED_DIGIT * size
        is_raised = (
            (is_small or (_numeric(char.text) and all_numeric))
            and bottom - char.bottom > raise_needed
            and previous is not None
        )
        if is_raised != raised:
            parts.append("[" if is_raised else "]")
            raised_any = raised_any or is_raised
        raised = is_raised
        parts.append(char.text)
        previous = char
    if raised:
        parts.append("]")
    return "".join(parts), raised_any


def _is_overprinted(lines: Sequence[Sequence[Char]]) -> bool:
    """True where characters of a cell lie on one another, as where a producer has set two tables on one place.

    Only digits on something else count: full-width marks are set into one another, and the characters of a vertical
    label may be reported with boxes that overlap.
    """
    for line in lines:
        for a, b in pairwise(line):
            covered = a.x1 - b.x0 > _OVERPRINTED_SHARE * min(a.x1 - a.x0, b.x1 - b.x0)
            if covered and a.text.isalnum() and b.text.isalnum() and (a.text.isdigit() or b.text.isdigit()):
                return True
    return False


def is_struck(chars: Sequence[Char], strokes: Sequence[Ruling]) -> bool:
    """True where a horizontal stroke runs through a digit: an old number that is no longer meant."""
    levels = sorted(strokes, key=lambda s: s.position)
    return _is_struck(chars, levels, [s.position for s in levels])


def _is_struck(chars: Sequence[Char], levels: Sequence[Ruling], positions: Sequence[float]) -> bool:
    """As ``is_struck``; ``levels`` are the strokes from top to bottom, ``positions`` where they lie."""
    for c in chars:
        if c.text.isdigit():
            free = _STRUCK_SHARE * (c.bottom - c.top)
            first, last = bisect_right(positions, c.top + free), bisect_left(positions, c.bottom - free)
            for s in levels[first:last]:
                if interval_overlap((s.start, s.stop), (c.x0, c.x1)) > (c.x1 - c.x0) / 2:
                    return True
    return False


def _width(line: Sequence[Char]) -> float:
    return max(c.x1 for c in line) - line[0].x0


def _is_wrapped_number(lines: Sequence[Sequence[Char]], cell_width: float, widest: float) -> bool:
    """True where the lines of a cell are one number that the narrow cell has wrapped.

    Each line but the last is full: the next digit would not have fitted, neither into the cell nor into what other
    texts of the column show to be free.
    """
    if len(lines) < 2 or not all(_numeric(c.text) for line in lines for c in line):  # noqa: PLR2004 - two lines wrap
        return False
    for line, after in pairwise(lines):
        needed = _width(line) + after[0].x1 - after[0].x0
        if needed <= widest or needed <= cell_width - 2 * _WIDEST_PADDING_PT:
            return False
    return True


def _owners(lattice: Lattice) -> dict[tuple[int, int], int]:
    return {
        (r, c): index
        for index, (r0, r1, c0, c1) in enumerate(lattice.cells)
        for r in range(r0, r1)
        for c in range(c0, c1)
    }


def _cell_at(lattice: Lattice, owner: dict[tuple[int, int], int], x: float, y: float) -> int | None:
    col = bisect_right(lattice.xs, x) - 1
    row = bisect_right(lattice.ys, y) - 1
    if not (0 <= col < len(lattice.xs) - 1 and 0 <= row < len(lattice.ys) - 1):
        return None
    return owner.get((row, col))


def _straddling(placed: Sequence[tuple[Char, int]]) -> set[int]:
    """Cells between which a printed number is cut: two touching digits of one line that lie in different cells."""
    digits = [(c, i) for c, i in placed if _numeric(c.text)]
    digits.sort(key=lambda item: (round(item[0].bottom), item[0].x0))
    cut: set[int] = set()
    for (a, cell_a), (b, cell_b) in pairwise(digits):
        size = max(a.size, b.size) or _FALLBACK_SIZE
        same_line = abs(a.bottom - b.bottom) < _LINE_SHARE * size
        if cell_a != cell_b and same_line and abs(b.x0 - a.x1) < _TOUCHING_SHARE * size:
            cut |= {cell_a, cell_b}
    return cut


def _numeric(text: str) -> bool:
    return all(unicodedata.category(c) == "Nd" or c in ".,，．" for c in text)
