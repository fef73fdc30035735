"""Printed data rows against the rows of one table of the form, over all sections of that table at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise, zip_longest

from models.form import Form, FormBlock, FormRow, FormTable
from models.table import PrintedRow, PrintedSection, PrintedValue
from models.text import CHINESE, row_key, squeeze
from models.value_text import is_blank, looks_like_value
from pipeline.match.align import NEVER, Pair, align
from pipeline.match.by_place import known_by_place
from pipeline.match.columns import ColumnMap, section_to_columns
from pipeline.match.label_scores import RowKeys, row_keys, row_score
from pipeline.match.same import Same

# A pair below this similarity is worth less than leaving both out.
_GAP_SCORE = 0.5
# From this similarity on an unexplained row may be the form row that it resembles most, although another was taken.
_RIVAL_SCORE = 0.5
# Between equals, two halves of a row are rather one row than a row and a rest.
_JOINED_BONUS = 0.01
# The reader of tables without rulings.
_UNRULED_READER = "words"
# Even a garbled label resembles its row so much, 0..1; one that a stamp covers has no more characters of Chinese.
_GARBLED_SCORE, _COVERED_CHARS = 0.2, 3
# So many rows may be garbled one after another.
_MOST_GARBLED = 3
# Weight of the header's fit in the gain of a row: it tells blocks with equal row labels apart.
_HEADER_WEIGHT = 0.3
# A header below this fit cannot stand above rows of the block.
_HEADER_FLOOR = 0.3


@dataclass(frozen=True, slots=True)
class RowMatch:
    """A printed row (or two, cut by a page break and put together) with its form row.

    ``may_be_cut`` where an unexplained row with values stands next to it, across a page break or without a ruling
    between: perhaps the rest of this one. ``by_place``: its neighbours leave it no other place.
    """

    row: PrintedRow
    section: int
    block: FormBlock
    form_row: FormRow
    columns: ColumnMap
    score: float
    margin: float
    may_be_cut: bool = False
    by_place: bool = False


@dataclass(frozen=True)
class TableMatch:
    """All rows of one table of the form.

    ``leftover`` are printed rows (with section index) that nothing explains; ``repeated`` are ids of form rows that
    are printed a second time with other values, as where a file holds two reports.
    """

    table: FormTable
    matches: tuple[RowMatch, ...]
    leftover: tuple[tuple[int, PrintedRow], ...]
    total: float
    repeated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Target:
    block: FormBlock
    row: FormRow
    keys: RowKeys


@dataclass(frozen=True, slots=True)
class _Printed:
    """A printed row with the index and the title of its section.

    ``is_loose`` where no ruling bounds it, ``is_scanned`` where its words may be garbled.
    """

    section: int
    title: str
    row: PrintedRow
    is_loose: bool
    is_scanned: bool


@dataclass(slots=True)
class _Pool:
    """What is aligned: printed rows by form rows; ``joined_*`` for a row and the next one taken together."""

    targets: list[_Target]
    columns: dict[tuple[int, str], ColumnMap]
    rows: list[_Printed]
    scores: list[list[float]] = field(default_factory=list)
    gain: list[list[float]] = field(default_factory=list)
    joined_rows: dict[int, PrintedRow] = field(default_factory=dict)
    joined_scores: dict[int, list[float]] = field(default_factory=dict)
    joined_gain: dict[int, list[float]] = field(default_factory=dict)


def match_table(form: Form, table: FormTable, sections: Sequence[tuple[int, PrintedSection]]) -> TableMatch:
    """The rows of the given sections aligned to the rows of a table.

    Args:
        form: The form, for its parent labels and titles.
        table: One of its tables.
        sections: (index in the report, section) in printed order.
    """
    pool = _pool(form, table, sections)
    total, pairs = align(pool.gain, pool.joined_gain)
    used = {n for pair in pairs for n in range(pair.start, pair.stop)}
    for pair in _garbled(pool, pairs):
        pairs = [*pairs, pair]
        used.update(range(pair.start, pair.stop))
    pairs = sorted(pairs, key=lambda p: p.start)
    placed = _by_place(pool, pairs)
    matches = tuple(replace(_row_match(pool, p, used), by_place=p.start in placed) for p in pairs)
    unused = [n for n in range(len(pool.rows)) if n not in used]
    leftover = tuple((pool.rows[n].section, pool.rows[n].row) for n in unused)
    return TableMatch(table, matches, leftover, total, _repeated(pool, matches, unused))


def _by_place(pool: _Pool, pairs: Sequence[Pair]) -> set[int]:
    """Matched rows of scans, by index, that their neighbours leave no other place, each block of the form by itself."""
    found: set[int] = set()
    for index, block in dict.fromkeys(
        (pool.rows[p.start].section, pool.targets[p.target].block.id)
        for p in pairs
        if p.stop - p.start == 1 and pool.rows[p.start].is_scanned
    ):
        rows = [n for n, printed in enumerate(pool.rows) if printed.section == index]
        targets = [t for t, v in enumerate(pool.targets) if v.block.id == block and v.row.variant is None]
        own = [
            (rows.index(p.start), targets.index(p.target), pool.scores[p.start][p.target], p.margin)
            for p in pairs
            if p.start in rows and p.target in targets and p.stop - p.start == 1
        ]
        scores = [[pool.scores[n][t] for t in targets] for n in rows]
        found |= {rows[n] for n, _ in known_by_place(own, scores, len(targets))}
    return found & {p.start for p in pairs}


def _garbled(pool: _Pool, pairs: Sequence[Pair]) -> list[Pair]:
    """Rows of a scan that stand where as many rows of the form are missing, between the rows above and below them.

    The ends of the table are such neighbours too. Each has a label and a value in every column. Their margin is 0: sums
    must confirm them, or a person looks at them.
    """
    if not pairs:
        return []
    found: list[Pair] = []
    first, last = Pair(-1, 0, -1, 0.0), Pair(len(pool.rows), len(pool.rows) + 1, len(pool.targets), 0.0)
    for before, after in pairwise([first, *sorted(pairs, key=lambda p: p.start), last]):
        between = [t for t in range(before.target + 1, after.target) if pool.targets[t].row.variant is None]
        places = range(before.stop, after.start)
        if len(places) != len(between) or len(places) > _MOST_GARBLED:
            continue
        run = list(zip(places, between, strict=True))
        if all(_may_be_garbled(pool, place, target) for place, target in run):
            found += [Pair(place, place + 1, target, 0.0) for place, target in run]
    return found


def _may_be_garbled(pool: _Pool, place: int, target: int) -> bool:
    printed, block = pool.rows[place], pool.targets[target].block
    is_full = len({v.column for v in printed.row.values if v.column is not None}) == len(block.columns)
    is_alike = pool.scores[place][target] >= _GARBLED_SCORE
    is_covered = len(CHINESE.findall("".join(printed.row.labels[-1:]))) <= _COVERED_CHARS
    return printed.is_scanned and is_full and bool(printed.row.labels) and (is_alike or is_covered)


def _pool(form: Form, table: FormTable, sections: Sequence[tuple[int, PrintedSection]]) -> _Pool:
    """All printed rows, all form rows, and how well each pair fits."""
    targets = _targets(Same(form), Same(table))
    columns = {(i, b.id): section_to_columns(s, b) for i, s in sections for b in table.blocks}
    rows = [_Printed(i, s.title, row, s.reader == _UNRULED_READER, s.is_scanned) for i, s in sections for row in s.rows]
    pool = _Pool(targets, columns, rows)
    for printed in rows:
        pool.scores.append(_scores(printed.row.labels, printed.title, Same(targets)))
        pool.gain.append(_gains(pool, printed.section, pool.scores[-1]))
    for n, (printed, below) in enumerate(pairwise(rows)):
        whole = _put_together(printed.row, below.row) if below.row.begins_page else None
        if whole is not None:
            pool.joined_rows[n] = whole
            pool.joined_scores[n] = _scores(whole.labels, printed.title, Same(targets))
            pool.joined_gain[n] = [g + _JOINED_BONUS for g in _gains(pool, printed.section, pool.joined_scores[n])]
    return pool


def _gains(pool: _Pool, section: int, scores: Sequence[float]) -> list[float]:
    return [_gain(s, pool.columns[(section, t.block.id)]) for s, t in zip(scores, pool.targets, strict=True)]


def _row_match(pool: _Pool, pair: Pair, used: set[int]) -> RowMatch:
    target = pool.targets[pair.target]
    printed = pool.rows[pair.start]
    is_joined = pair.stop - pair.start > 1
    row = pool.joined_rows[pair.start] if is_joined else printed.row
    score = (pool.joined_scores if is_joined else pool.scores)[pair.start][pair.target]
    after = pool.rows[pair.stop].row if pair.stop < len(pool.rows) and pair.stop not in used else None
    before = pool.rows[pair.start - 1].row if pair.start and pair.start - 1 not in used else None
    # Without rulings, and without a label, a stray line of values may belong to the row above or below it.
    is_loose = printed.is_loose
    is_rest_below = after is not None and _has_values(after) and (after.begins_page or is_loose or not after.labels)
    is_rest_above = before is not None and _has_values(before) and (row.begins_page or is_loose or not before.labels)
    return RowMatch(
        row=row,
        section=printed.section,
        block=target.block,
        form_row=target.row,
        columns=pool.columns[(printed.section, target.block.id)],
        score=score,
        margin=pair.margin,
        may_be_cut=is_rest_below or is_rest_above,
    )


def _is_dirt(value: PrintedValue) -> bool:
    """True for what is no number in a cell of a scan."""
    return bool(value.readings) and not looks_like_value(value.text)


def _has_values(row: PrintedRow) -> bool:
    return any(not is_blank(v.text) for v in row.values)


def _repeated(pool: _Pool, matches: Sequence[RowMatch], unused: Sequence[int]) -> frozenset[str]:
    """Ids of form rows that one of the unexplained printed rows says once more, with other values."""
    matched = {m.form_row.id: m.row for m in matches}
    found = set()
    for n in unused:
        if not any(looks_like_value(v.text) for v in pool.rows[n].row.values):
            continue  # words: a header that was not known as one
        best = max(range(len(pool.targets)), key=pool.scores[n].__getitem__)
        row_id = pool.targets[best].row.id
        alike = pool.scores[n][best] >= _RIVAL_SCORE and pool.gain[n][best] != NEVER
        if alike and row_id in matched and _differ(matched[row_id], pool.rows[n].row):
            found.add(row_id)
    return frozenset(found)


def _differ(a: PrintedRow, b: PrintedRow) -> bool:
    """True where a column has a value in both rows, and not the same one."""
    values = {v.column: squeeze(v.text) for v in a.values if v.column is not None and not is_blank(v.text)}
    return any(v.column in values and not is_blank(v.text) and squeeze(v.text) != values[v.column] for v in b.values)


def parents_of(form: Form) -> frozenset[str]:
    """Comparable forms of all labels that are parents in the form and leaves nowhere."""
    rows = [r for t in form.tables for b in t.blocks for r in b.rows]
    parents = {row_key(p) for r in rows for p in r.label[:-1]}
    return frozenset(parents - {row_key(t) for r in rows if r.label for t in (r.label[-1], *r.aliases)})


@lru_cache(maxsize=64)
def _targets(form: Same[Form], table: Same[FormTable]) -> list[_Target]:
    parents = parents_of(form.thing)
    return [_Target(b, r, row_keys(r, parents)) for b in table.thing.blocks for r in b.rows]


@lru_cache(maxsize=2048)  # reports print the same labels
def _scores(labels: tuple[str, ...], title: str, targets: Same[list[_Target]]) -> list[float]:
    """Similarity of printed labels to each form row."""
    return [row_score(labels, title, t.keys) for t in targets.thing]


def _gain(score: float, columns: ColumnMap) -> float:
    if score < _GAP_SCORE or (columns.quality < _HEADER_FLOOR and not columns.matches):
        return NEVER
    return score - _GAP_SCORE + _HEADER_WEIGHT * (columns.quality - _GAP_SCORE)


def _put_together(before: PrintedRow, after: PrintedRow) -> PrintedRow | None:
    """One row made of two halves cut by a page break; None where the halves cannot be one row.

    The halves' leaf labels are joined; parents come from the first half. Where both halves have digits in a column,
    the number may have been cut as well: its pieces are put together and marked.
    """
    if not after.labels and not before.labels:
        return None
    values: list[PrintedValue] = []
    for a, b in zip_longest(before.values, after.values):
        if a is None or b is None:
            values.append(a or b)
            continue
        if a.column != b.column:
            return None
        if is_blank(a.text) or is_blank(b.text):
            values.append(b if is_blank(a.text) else a)
        elif _is_dirt(a) or _is_dirt(b):
            # Dirt most likely; it may be half of the digits.
            kept = b if _is_dirt(a) else a
            values.append(replace(kept, flags=kept.flags | {"cut_by_page"}))
        elif squeeze(a.text).isdigit() and squeeze(b.text).isdigit():
            values.append(replace(a, text=squeeze(a.text) + squeeze(b.text), flags=a.flags | b.flags | {"cut_by_page"}))
        else:
            return None
    tail = after.labels[-1] if after.labels else ""
    parents = before.labels[:-1]
    if len(after.labels) > 1 and after.labels[:-1] != before.labels[:-1]:
        # A parent is cut as well; its first half is all that the first page shows.
        parents = before.labels[:-1]
    leaf = (before.labels[-1] if before.labels else "") + tail
    return replace(before, labels=(*parents, leaf), values=tuple(values))
