"""From word positions to grids, for tables drawn without vertical rulings or without any.

A line of values anchors a row; label pieces above and below belong to the nearest anchor. Columns are the stacks of
values and of the header words above them. A block of the form (title, header, rows) becomes one grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.geometry import BBox, interval_overlap, union
from models.grid import Cell, Grid
from models.page import Char, PageContent, Word
from models.text import squeeze
from models.value_text import looks_like_value
from models.vocabulary import vocabulary
from pipeline.tables.chars_to_cells import chars_to_lines, chars_to_text

# A gap wider than this share of the type size separates two words.
_WORD_GAP_SHARE = 0.7
# A word longer than this (characters) is prose, unless it is a label of the form.
_LONGEST_PIECE = 24
_WORD_SCORE = 0.75
_TITLE_SCORE = 0.8
# A label piece farther than this from every row (in type sizes) belongs to none.
_REACH_SHARE = 3.0
# Stacks of values whose boxes come nearer than this are one column. Points.
_STACK_GAP_PT = 1.0
_READER = "words"


@dataclass(frozen=True, slots=True)
class _Line:
    """A text line as words from left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return squeeze("".join(w.text for w in self.words))

    @property
    def values(self) -> list[Word]:
        return [w for w in self.words if looks_like_value(w.text)]

    @property
    def centre(self) -> float:
        return sum(w.bbox.center[1] for w in self.words) / len(self.words)

    @property
    def size(self) -> float:
        return max(w.size for w in self.words)


def words_to_grids(page: PageContent, tables: Sequence[BBox]) -> list[Grid]:
    """One grid for each block of a table without rulings; none where the page has no line of values under form words.

    Args:
        page: Characters of the page.
        tables: Areas that have been read already (boxes of the upright page).
    """
    free = [
        c for c in page.chars if not any(b.contains_point((c.x0 + c.x1) / 2, (c.top + c.bottom) / 2) for b in tables)
    ]
    lines = [_Line(tuple(_to_words(line))) for line in chars_to_lines(free)]
    grids = []
    for block in _blocks(lines):
        grid = _block_to_grid(page, block)
        if grid is not None:
            grids.append(grid)
    return grids


def _to_words(line: Sequence[Char]) -> list[Word]:
    size = max(c.size for c in line) or 1.0
    groups: list[list[Char]] = []
    for char in line:
        if groups and char.x0 - groups[-1][-1].x1 <= _WORD_GAP_SHARE * size:
            groups[-1].append(char)
        else:
            groups.append([char])
    words = []
    for group in groups:
        text, _ = chars_to_text(group)
        box = BBox(group[0].x0, min(c.top for c in group), group[-1].x1, max(c.bottom for c in group))
        words.append(Word(text, box, size))
    return words


def _blocks(lines: Sequence[_Line]) -> list[list[_Line]]:
    """Runs of lines without prose, cut where a header begins after values: each run holds one header at most."""
    words = vocabulary()
    blocks: list[list[_Line]] = [[]]
    seen_values = False
    for line in lines:
        if _is_prose(line):
            blocks.append([])
            seen_values = False
            continue
        is_title = not line.values and (
            words.title_score(line.text) >= _TITLE_SCORE or words.heading_score(line.text) >= _TITLE_SCORE
        )
        if is_title or (seen_values and _is_header(line)):
            blocks.append([])
            seen_values = False
        seen_values = seen_values or bool(line.values)
        blocks[-1].append(line)
    return [b for b in blocks if any(line.values for line in b)]


def _is_prose(line: _Line) -> bool:
    words = vocabulary()
    if line.text.endswith(("。", "；")):
        return True
    return any(len(w.text) > _LONGEST_PIECE and words.row_score(w.text) < _WORD_SCORE for w in line.words)


def _is_header(line: _Line) -> bool:
    words = vocabulary()
    if line.values:
        return False
    return any(
        words.column_score(w.text) >= _WORD_SCORE and words.column_score(w.text) > words.row_score(w.text)
        for w in line.words
    )


def _block_to_grid(page: PageContent, block: Sequence[_Line]) -> Grid | None:
    words = vocabulary()
    first_values = next(i for i, line in enumerate(block) if line.values)
    header = [i for i in range(first_values) if _is_header(block[i])]
    head_stop = header[-1] + 1 if header else 0
    # Pieces of wrapped header words below the last full one: they stand over the values, not over the labels.
    stacks = _stacks(block)
    if not stacks:
        return None
    left = stacks[0][0]
    while head_stop < first_values and all(w.bbox.center[0] > left for w in block[head_stop].words):
        head_stop += 1
    titles = [line for line in block[:head_stop] if words.title_score(line.text) >= _TITLE_SCORE]
    heads = [line for line in block[:head_stop] if line not in titles and words.heading_score(line.text) < _TITLE_SCORE]
    rows = _rows(block[head_stop:], left)
    if not rows:
        return None
    return _build(page, titles, heads, rows, stacks)


def _stacks(block: Sequence[_Line]) -> list[tuple[float, float]]:
    """Column bands as (x0, x1), from the boxes of values and of the leaf header words above them."""
    words = vocabulary()
    boxes = [w.bbox for line in block for w in line.values]
    for line in block:
        if not line.values:
            boxes += [w.bbox for w in line.words if words.column_leaf_score(w.text) >= _WORD_SCORE and _is_header(line)]
    bands: list[tuple[float, float]] = []
    for x0, x1 in sorted((b.x0, b.x1) for b in boxes):
        if bands and x0 - bands[-1][1] <= _STACK_GAP_PT:
            bands[-1] = (bands[-1][0], max(bands[-1][1], x1))
        else:
            bands.append((x0, x1))
    return bands


@dataclass(slots=True)
class _Row:
    anchor: _Line
    labels: list[Word]


def _rows(lines: Sequence[_Line], left: float) -> list[_Row]:
    rows = [
        _Row(line, [w for w in line.words if w.bbox.center[0] < left and w not in line.values])
        for line in lines
        if line.values
    ]
    for line in lines:
        if line.values:
            continue
        nearest = min(rows, key=lambda row: abs(row.anchor.centre - line.centre), default=None)
        if nearest is not None and abs(nearest.anchor.centre - line.centre) <= _REACH_SHARE * line.size:
            nearest.labels += [w for w in line.words if w.bbox.center[0] < left]
    return rows


def _label_cells(pieces: Sequence[Word]) -> list[Word]:
    """Label pieces of one row put together: those above each other are one label, those beside each other several."""
    groups: list[list[Word]] = []
    for piece in sorted(pieces, key=lambda w: w.bbox.x0):
        for group in groups:
            reach = (min(w.bbox.x0 for w in group), max(w.bbox.x1 for w in group))
            if interval_overlap(reach, (piece.bbox.x0, piece.bbox.x1)) > 0:
                group.append(piece)
                break
        else:
            groups.append([piece])
    cells = []
    for group in groups:
        ordered = sorted(group, key=lambda w: (w.bbox.top, w.bbox.x0))
        box = union(w.bbox for w in ordered)
        if box is not None:
            cells.append(Word("".join(w.text for w in ordered), box, ordered[0].size))
    return sorted(cells, key=lambda w: w.bbox.x0)


def _build(
    page: PageContent,
    titles: Sequence[_Line],
    heads: Sequence[_Line],
    rows: Sequence[_Row],
    stacks: Sequence[tuple[float, float]],
) -> Grid:
    labels = [_label_cells(row.labels) for row in rows]
    n_labels = max((len(cells) for cells in labels), default=0)
    n_cols = n_labels + len(stacks)
    cells: list[Cell] = []
    r = 0
    for title in titles:
        cells.append(_cell(page, r, 0, n_cols, title.text, union(w.bbox for w in title.words), ()))
        r += 1
    for head in heads:
        cells += _line_cells(page, r, head.words, stacks, n_labels)
        r += 1
    for row, label in zip(rows, labels, strict=True):
        start = n_labels - len(label)
        for k, word in enumerate(label):
            cells.append(_cell(page, r, start + k, start + k + 1, word.text, word.bbox, ()))
        cells += _line_cells(page, r, [w for w in row.anchor.words if w not in row.labels], stacks, n_labels)
        r += 1
    filled = {(c.row_start, k) for c in cells for k in range(c.col_start, c.col_stop)}
    cells += [
        Cell(i, i + 1, k, k + 1, "", page.page_no) for i in range(r) for k in range(n_cols) if (i, k) not in filled
    ]
    box = union(w.bbox for row in rows for w in row.anchor.words)
    return Grid(r, n_cols, tuple(cells), _READER, page.page_no, box)


def _line_cells(
    page: PageContent, r: int, words: Sequence[Word], stacks: Sequence[tuple[float, float]], n_labels: int
) -> list[Cell]:
    """Words of one line under the bands they overlap; several words in one band are marked."""
    by_band: dict[int, list[Word]] = {}
    outside: list[Word] = []
    for word in words:
        reach = (word.bbox.x0, word.bbox.x1)
        shares = [interval_overlap(reach, s) for s in stacks]
        best = max(range(len(stacks)), key=lambda i: shares[i])
        if shares[best] > 0:
            by_band.setdefault(best, []).append(word)
        else:
            outside.append(word)
    cells = []
    for band, members in by_band.items():
        text = "".join(w.text for w in members) if len(members) == 1 else " ".join(w.text for w in members)
        reach = (members[0].bbox.x0, members[-1].bbox.x1)
        crossed = sum(1 for s in stacks if interval_overlap(reach, s) > 0) > 1 and looks_like_value(text)
        flags = ("several_cells_in_column",) if len(members) > 1 else ("spans_columns",) if crossed else ()
        cells.append(_cell(page, r, n_labels + band, n_labels + band + 1, text, union(w.bbox for w in members), flags))
    if outside and n_labels and all(w.bbox.center[0] < stacks[0][0] for w in outside):
        text = "".join(w.text for w in outside)
        cells.append(_cell(page, r, 0, n_labels, text, union(w.bbox for w in outside), ()))
    return cells


def _cell(page: PageContent, r: int, start: int, stop: int, text: str, box: BBox | None, flags: Sequence[str]) -> Cell:
    return Cell(r, r + 1, start, stop, text, page.page_no, page.to_stored(box) if box else None, frozenset(flags))
