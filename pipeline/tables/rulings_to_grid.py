"""From rulings to grids: merge segments, find connected nets, close open frames, and read cells off the lattice.

The lattice of a net has a line at every distinct ruling position. Two neighbouring lattice squares belong to the same
cell where no ruling separates them; so merged cells, missing rulings and open page breaks need no special treatment.
Underlined prose never becomes a table: its rulings cross nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from models.disjoint_sets import DisjointSets
from models.geometry import BBox, interval_overlap
from models.page import Ruling

# Rulings nearer than this are one line: double rulings, and both edges of a drawn border. Points.
SNAP_PT = 3.0
# Collinear segments are joined over gaps up to this (dashes, dots, corners that do not quite meet). Points.
JOIN_PT = 4.0
# A merged ruling shorter than this is a dot or a stroke of a character. Points.
SHORTEST_PT = 8.0
# How far a ruling may end before the one that it should meet. Points.
REACH_PT = 4.0
# Share of a lattice edge that rulings must cover to separate two squares.
_COVERED_SHARE = 0.6
# A side on which rulings end this far beyond the last crossing one is open and gets a virtual ruling. Points.
_OPEN_SIDE_PT = 6.0
# So many rulings must end there; under merged labels only a few reach the side.
_OPEN_ENDS = 2


Square = tuple[int, int]
"""Row and column of one square of a lattice."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Cells of one net. Spans are half-open indices into ``xs`` and ``ys`` (line positions in points, ascending)."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[int, int, int, int], ...]  # row_start, row_stop, col_start, col_stop
    irregular: frozenset[int]  # indices of cells cut out of a shape that is no rectangle

    @property
    def bbox(self) -> BBox:
        """The frame in points."""
        return BBox(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


def rulings_to_lattices(rulings: Iterable[Ruling], *, snap: float = SNAP_PT) -> list[Lattice]:
    """One lattice for each connected net of rulings, from top to bottom.

    Args:
        rulings: Segments in any order, in points.
        snap: Rulings nearer than this are one line, in points.
    """
    found = list(rulings)
    horizontal = merge_rulings([r for r in found if r.horizontal], snap)
    vertical = merge_rulings([r for r in found if not r.horizontal], snap)
    lattices = []
    for net_h, net_v in _nets(horizontal, vertical):
        lattice = _net_to_lattice(net_h, net_v, snap)
        if lattice is not None:
            lattices.append(lattice)
    return sorted(lattices, key=lambda lat: (lat.ys[0], lat.xs[0]))


def merge_rulings(rulings: Sequence[Ruling], snap: float = SNAP_PT) -> list[Ruling]:
    """Rulings of one direction with parallels snapped together and collinear pieces joined; short ones dropped."""
    merged: list[Ruling] = []
    for group in _clusters(sorted(rulings, key=lambda r: r.position), snap):
        weight = sum(r.stop - r.start for r in group) or 1.0
        position = sum(r.position * (r.stop - r.start) for r in group) / weight if weight > 1 else group[0].position
        pieces = sorted(group, key=lambda r: r.start)
        start, stop = pieces[0].start, pieces[0].stop
        for piece in pieces[1:]:
            if piece.start - stop <= JOIN_PT:
                stop = max(stop, piece.stop)
            else:
                merged.append(Ruling(piece.horizontal, position, start, stop))
                start, stop = piece.start, piece.stop
        merged.append(Ruling(pieces[0].horizontal, position, start, stop))
    return [r for r in merged if r.stop - r.start >= SHORTEST_PT]


def _clusters(ordered: Sequence[Ruling], snap: float) -> list[list[Ruling]]:
    """Groups of rulings whose positions lie within ``snap`` of the first of the group."""
    groups: list[list[Ruling]] = []
    for ruling in ordered:
        if groups and ruling.position - groups[-1][0].position <= snap:
            groups[-1].append(ruling)
        else:
            groups.append([ruling])
    return groups


def _meet(h: Ruling, v: Ruling) -> bool:
    return (
        h.start - REACH_PT <= v.position <= h.stop + REACH_PT and v.start - REACH_PT <= h.position <= v.stop + REACH_PT
    )


def _nets(horizontal: Sequence[Ruling], vertical: Sequence[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Connected components of the graph in which crossing rulings are joined."""
    sets = DisjointSets(len(horizontal) + len(vertical))
    for i, h in enumerate(horizontal):
        for j, v in enumerate(vertical):
            if _meet(h, v):
                sets.join(len(horizontal) + j, i)
    nets: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i, h in enumerate(horizontal):
        nets.setdefault(sets.find(i), ([], []))[0].append(h)
    for j, v in enumerate(vertical):
        nets.setdefault(sets.find(len(horizontal) + j), ([], []))[1].append(v)
    return [net for net in nets.values() if net[0] and net[1]]


def _net_to_lattice(horizontal: list[Ruling], vertical: list[Ruling], snap: float) -> Lattice | None:
    horizontal = horizontal + _virtual(horizontal, vertical, is_horizontal=True)
    vertical = vertical + _virtual(vertical, horizontal, is_horizontal=False)
    ys = _positions(horizontal, snap)
    xs = _positions(vertical, snap)
    if len(xs) < 2 or len(ys) < 2:  # noqa: PLR2004 - a cell needs two lines in each direction
        return None
    lines_h = _by_line(horizontal, ys, snap)
    lines_v = _by_line(vertical, xs, snap)
    return squares_to_cells(xs, ys, lines_h, lines_v)


def _virtual(along: Sequence[Ruling], across: Sequence[Ruling], *, is_horizontal: bool) -> list[Ruling]:
    """Rulings that close an open side: where most crossing rulings run on beyond the last parallel one.

    A table that goes on over the page break has no bottom ruling; many tables are drawn without outer verticals.
    """
    closing = []
    positions = [r.position for r in along]
    first, last = (min(positions), max(positions)) if positions else (None, None)
    for edge, limit, sign in ((min(r.start for r in across), first, -1), (max(r.stop for r in across), last, 1)):
        ends = [r for r in across if _runs_on(r.start if sign < 0 else r.stop, edge, limit, sign)]
        is_open = limit is None or sign * (edge - limit) > _OPEN_SIDE_PT
        if is_open and len(ends) >= _OPEN_ENDS:
            # As wide as the crossing rulings stand, and as the last parallel one: both sides may be open at once.
            reach = [r.position for r in ends]
            beside = [x for r in along if r.position == limit for x in (r.start, r.stop)]
            closing.append(Ruling(is_horizontal, edge, min(reach + beside), max(reach + beside)))
    return closing


def _runs_on(end: float, edge: float, limit: float | None, sign: int) -> bool:
    """True where a ruling ends at an open edge, and not at the last parallel one, which may lie near to it."""
    return abs(end - edge) <= _OPEN_SIDE_PT and (limit is None or sign * (end - limit) > REACH_PT)


def _positions(rulings: Sequence[Ruling], snap: float) -> tuple[float, ...]:
    ordered = sorted(rulings, key=lambda r: r.position)
    return tuple(sum(r.position for r in group) / len(group) for group in _clusters(ordered, snap))


def _by_line(rulings: Sequence[Ruling], positions: Sequence[float], snap: float) -> list[list[tuple[float, float]]]:
    lines: list[list[tuple[float, float]]] = [[] for _ in positions]
    for r in rulings:
        nearest = min(range(len(positions)), key=lambda i: abs(positions[i] - r.position))
        if abs(positions[nearest] - r.position) <= snap:
            lines[nearest].append((r.start - REACH_PT, r.stop + REACH_PT))
    return lines


def squares_to_cells(
    xs: tuple[float, ...],
    ys: tuple[float, ...],
    lines_h: Sequence[Sequence[tuple[float, float]]],
    lines_v: Sequence[Sequence[tuple[float, float]]],
) -> Lattice:
    """The cells of a lattice: neighbouring squares without a ruling between them belong together.

    Args:
        xs: Positions of the vertical lines in points, ascending.
        ys: Positions of the horizontal lines in points, ascending.
        lines_h: For each horizontal line the pieces of it that are drawn, as (x0, x1).
        lines_v: For each vertical line the pieces of it that are drawn, as (top, bottom).
    """
    n_rows, n_cols = len(ys) - 1, len(xs) - 1
    drawn = _Drawn(
        frozenset((r, c) for r in range(n_rows) for c in range(1, n_cols) if _covered(lines_v[c], ys[r], ys[r + 1])),
        frozenset((r, c) for r in range(1, n_rows) for c in range(n_cols) if _covered(lines_h[r], xs[c], xs[c + 1])),
    )
    sets = DisjointSets(n_rows * n_cols)
    for r in range(n_rows):
        for c in range(n_cols):
            here = r * n_cols + c
            if c + 1 < n_cols and (r, c + 1) not in drawn.left:
                sets.join(here, here + 1)
            if r + 1 < n_rows and (r + 1, c) not in drawn.above:
                sets.join(here, here + n_cols)
    shapes: dict[int, list[Square]] = {}
    for square in range(n_rows * n_cols):
        shapes.setdefault(sets.find(square), []).append(divmod(square, n_cols))
    cells, irregular = _shapes_to_cells(shapes.values(), drawn)
    return Lattice(xs, ys, tuple(cells), frozenset(irregular))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The squares (row, column) of a lattice that have a ruling on their left, and those that have one above them."""

    left: frozenset[Square]
    above: frozenset[Square]


def _shapes_to_cells(shapes: Iterable[list[Square]], drawn: _Drawn) -> tuple[list[tuple[int, int, int, int]], set[int]]:
    """(cells in reading order, indices of those cut out of a shape that is no rectangle)."""
    cells: list[tuple[int, int, int, int]] = []
    irregular: set[int] = set()
    for squares in shapes:
        parts = _rectangles(squares, drawn)
        for part in parts:
            if len(parts) > 1:
                irregular.add(len(cells))
            cells.append(part)
    order = sorted(range(len(cells)), key=lambda i: (cells[i][0], cells[i][2]))
    return [cells[i] for i in order], {n for n, i in enumerate(order) if i in irregular}


def _covered(pieces: Sequence[tuple[float, float]], start: float, stop: float) -> bool:
    length = stop - start
    return length <= 0 or sum(interval_overlap(p, (start, stop)) for p in pieces) >= _COVERED_SHARE * length


def _rectangles(squares: Sequence[Square], drawn: _Drawn) -> list[tuple[int, int, int, int]]:
    """The squares as one rectangle where they form one, else as the fewest row bands between rulings.

    Where a piece of a ruling is lost, the cells that it parted hang together; the rulings between them still stand.
    """
    rows = [r for r, _ in squares]
    cols = [c for _, c in squares]
    box = (min(rows), max(rows) + 1, min(cols), max(cols) + 1)
    if (box[1] - box[0]) * (box[3] - box[2]) == len(squares):
        return [box]
    bands: list[tuple[int, int, int, int]] = []
    for r in range(box[0], box[1]):
        for start, stop in _runs(sorted(c for row, c in squares if row == r), {c for row, c in drawn.left if row == r}):
            is_parted = any((r, c) in drawn.above for c in range(start, stop))
            for i, band in enumerate(bands):
                if band[1] == r and band[2:] == (start, stop) and not is_parted:
                    bands[i] = (band[0], r + 1, start, stop)
                    break
            else:
                bands.append((r, r + 1, start, stop))
    return bands


def _runs(values: Sequence[int], starts: Collection[int]) -> list[tuple[int, int]]:
    """Half-open runs of ascending values; a run also ends in front of each of ``starts``."""
    runs: list[tuple[int, int]] = []
    for v in values:
        if runs and runs[-1][1] == v and v not in starts:
            runs[-1] = (runs[-1][0], v + 1)
        else:
            runs.append((v, v + 1))
    return runs
