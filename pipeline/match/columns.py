"""Printed header columns against the columns of a form block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from models.form import FormBlock, FormColumn
from models.table import PrintedColumn, PrintedSection
from models.text import row_key
from models.vocabulary import LABEL_COLUMN_HEADERS
from pipeline.match.align import NEVER, Pair, align
from pipeline.match.by_place import known_by_count, known_by_place
from pipeline.match.label_scores import column_score
from pipeline.match.same import Same

# A pair below this similarity is worth less than leaving both out.
_GAP_SCORE = 0.5
# A header in reading order names parents too; a leaf counts as found from this similarity.
_NODE_SCORE = 0.6
# A word this like (0..100) one of the headers above the row labels is one.
_LABEL_HEADER_RATIO = 75
# A header fits another column better when its score there is higher by more than this.
_PARENT_LEAD = 0.005


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """A form column with its printed one: index of the printed column (value ordinal), similarity, margin.

    ``by_place``: its neighbours leave it no other place.
    """

    printed: int
    target: int
    score: float
    margin: float
    by_place: bool = False


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """All matches of a section's header to a block. ``quality`` 0..1 says how well the header is that of the block."""

    matches: tuple[ColumnMatch, ...]
    quality: float

    def by_target(self) -> dict[int, ColumnMatch]:
        """Form column index -> match."""
        return {m.target: m for m in self.matches}


def section_to_columns(section: PrintedSection, block: FormBlock) -> ColumnMap:
    """The columns of a section matched to those of a block."""
    if section.header_in_reading_order:
        return _reading_order(section.columns, block)
    if not any(c.path for c in section.columns):
        return _by_position(section, block)
    scores = [_path_scores(p.path, Same(block.columns)) for p in section.columns]
    _, pairs = align([[s - _GAP_SCORE if s >= _GAP_SCORE else NEVER for s in row] for row in scores])
    matches = tuple(
        ColumnMatch(p.start, p.target, scores[p.start][p.target], _margin(p, scores[p.start])) for p in pairs
    )
    if section.is_scanned:
        matches = _with_places(matches, scores, len(block.columns))
    named = sum(1 for c in section.columns if c.path)
    return ColumnMap(matches, sum(m.score for m in matches) / max(len(block.columns), named))


def _with_places(
    matches: tuple[ColumnMatch, ...], scores: Sequence[Sequence[float]], count: int
) -> tuple[ColumnMatch, ...]:
    """The matches with those that are known by their place alone; columns have one order everywhere."""
    found = {m.target: m for m in matches}
    seen = [(m.printed, m.target, m.score, m.margin) for m in matches]
    places = known_by_place(seen, scores, count) + [(i, i) for i in known_by_count(seen, scores, count)]
    for printed, target in places:
        found[target] = ColumnMatch(printed, target, scores[printed][target], 0.0, by_place=True)
    return tuple(m for _, m in sorted(found.items()))


def _margin(pair: Pair, scores: Sequence[float]) -> float:
    """The margin of a pair; none where the header above fits another column better than the one its place gives it.

    Leaves repeat under several parents. Printed in another order, only their parents tell.
    """
    return pair.margin if max(scores) - scores[pair.target] <= _PARENT_LEAD else 0.0


@lru_cache(maxsize=1024)
def _path_scores(path: tuple[str, ...], columns: Same[tuple[FormColumn, ...]]) -> list[float]:
    return [column_score(path, c) for c in columns.thing]


def _by_position(section: PrintedSection, block: FormBlock) -> ColumnMap:
    """No header at all: positions are only a suggestion, with similarity 0."""
    if len(section.columns) != len(block.columns):
        return ColumnMap((), 0.0)
    return ColumnMap(tuple(ColumnMatch(i, i, 0.0, 0.0) for i in range(len(block.columns))), 0.0)


@dataclass(frozen=True, slots=True)
class _Node:
    """A header cell of the official form: its words and the columns below it."""

    keys: tuple[str, ...]
    leaf: int | None


def _header_nodes(columns: Sequence[FormColumn]) -> list[_Node]:
    """The header cells of a block as one reads them: level by level, from left to right."""
    nodes = []
    depth = max(len(c.label) for c in columns)
    for level in range(depth):
        last: tuple[str, ...] | None = None
        for index, column in enumerate(columns):
            if level >= len(column.label):
                last = None
                continue
            path = column.label[: level + 1]
            is_leaf = level == len(column.label) - 1
            if is_leaf or path != last:
                words = (column.label[level], *column.aliases) if is_leaf else (column.label[level],)
                nodes.append(_Node(tuple(row_key(w) for w in words), index if is_leaf else None))
            last = path
    return nodes


def _reading_order(printed: Sequence[PrintedColumn], block: FormBlock) -> ColumnMap:
    """Header words in reading order: where the leaves follow the official order, so do the values.

    A leaf that is missing, or a word that is none of the form's, shifts the values by one: then no column is sure.
    """
    nodes = _header_nodes(block.columns)
    words = [FormColumn(id="word", label=(c.path[-1],)) for c in printed if c.path]
    scores = [[max((column_score((k,), w) for k in n.keys), default=0.0) for n in nodes] for w in words]
    if not scores:
        return ColumnMap((), 0.0)
    _, pairs = align([[s - _GAP_SCORE if s >= _NODE_SCORE else NEVER for s in row] for row in scores])
    leaves = {leaf for pair in pairs if (leaf := nodes[pair.target].leaf) is not None}
    paired = {pair.start for pair in pairs}
    strange = [w for i, w in enumerate(words) if i not in paired and not _is_label_header(w.label[0])]
    is_whole = len(leaves) == len(block.columns) and not strange
    matches = []
    for pair in pairs:
        leaf = nodes[pair.target].leaf
        if leaf is not None:
            margin = pair.margin if is_whole else 0.0
            matches.append(ColumnMatch(leaf, leaf, scores[pair.start][pair.target], margin))
    matches.sort(key=lambda m: m.target)
    quality = sum(m.score for m in matches) / len(block.columns)
    return ColumnMap(tuple(matches), quality)


def _is_label_header(word: str) -> bool:
    """True for a header cell that stands above the row labels."""
    key = row_key(word)
    return any(fuzz.ratio(key, row_key(w)) >= _LABEL_HEADER_RATIO for w in LABEL_COLUMN_HEADERS)
