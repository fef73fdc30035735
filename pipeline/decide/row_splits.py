"""What one glued row may be by itself: its splits, those whose own sums hold, and whether it can be only one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product

from models.form import FormField
from models.glued import GluedRow
from models.rule import LinearRule
from pipeline.decide.number_splits import (
    ColumnKind,
    TooManySplitsError,
    Way,
    are_apart,
    figure,
    splits,
    splits_to_total,
)

# Choices of splits over the sums of one row (dispute results have three) that are counted out one by one.
_MOST_JOINED = 5_000


@dataclass(frozen=True, slots=True)
class FormRowFields:
    """A row of the form: its key, its fields from left to right, and which runs of columns end in their own sum."""

    key: str
    fields: tuple[FormField, ...]
    sums: tuple[range, ...]

    @property
    def kinds(self) -> tuple[ColumnKind, ...]:
        """The kinds of its columns."""
        return tuple(ColumnKind.of(f.column) for f in self.fields)


@dataclass(frozen=True)
class RowSplits:
    """What a row may be.

    ``only``: the one way to cut it at all, sums or no sums. ``apart``: its cells are parted by blanks. ``balanced``:
    the ways whose sums hold, all ways for a row without sums; not counted where ``overflow``. ``nearly``: for each
    column the cells it has in ways of which at most one sum fails, None where that was not gone into. ``short``: fewer
    digits than columns. ``empty``: nothing is printed. ``texts`` are the extents that the piece may have.
    """

    texts: tuple[str, ...] = ()

    only: Way | None = None
    apart: bool = False
    balanced: tuple[Way, ...] = ()
    nearly: tuple[frozenset[str], ...] | None = None
    short: bool = False
    empty: bool = False
    overflow: bool = False


def rows_with_sums(
    fields: Mapping[str, FormField], key_of: Mapping[str, str], rules: Sequence[LinearRule]
) -> list[FormRowFields]:
    """The rows of a form, each with the rules that stay inside it as runs of columns that end in their sum."""
    by_row: dict[str, list[FormField]] = {}
    for field_id, field in fields.items():
        by_row.setdefault(key_of[field_id], []).append(field)
    found = []
    for key, row in by_row.items():
        place = {field.id: i for i, field in enumerate(row)}
        runs = []
        for rule in rules:
            if rule.total is None or not set(rule.fields) <= place.keys():
                continue
            total = rule.left if rule.total == "left" else rule.right
            columns = sorted(place[i] for i in rule.fields)
            run = range(columns[0], columns[-1] + 1)
            if len(total) == 1 and len(run) == len(columns) and place[total[0]] == run[-1]:
                runs.append(run)
        runs.sort(key=lambda r: r.start)
        covers = [c for run in runs for c in run] == list(range(len(row)))
        found.append(FormRowFields(key, tuple(row), tuple(runs) if covers else ()))
    return found


def split_row(row: FormRowFields, printed: GluedRow) -> RowSplits:
    """All that one row may be, over all extents that its piece of text may have."""
    kinds, texts = row.kinds, printed.texts
    if not any(texts):
        return RowSplits(empty=True)
    short = all(sum(not c.isspace() for c in text) < len(kinds) for text in texts)
    if short:
        return RowSplits(texts, short=True)
    try:
        only = _only_way(texts, kinds)
        apart = len(texts) == 1 and are_apart(texts[0], len(kinds))
        if not row.sums:
            ways = tuple(dict.fromkeys(w for text in texts for w in splits(text, kinds)))
            return RowSplits(texts, only, apart, ways)
        if len(row.sums) == 1:
            ways = tuple(dict.fromkeys(w for text in texts for w in splits_to_total(text, kinds)))
            return RowSplits(texts, only, apart, ways)
        return _split_by_sums(row, texts, only, apart=apart)
    except TooManySplitsError:
        return RowSplits(texts, overflow=True)


def _only_way(texts: Sequence[str], kinds: Sequence[ColumnKind]) -> Way | None:
    """The one way to cut any of the texts; None where there is none or another."""
    found: Way | None = None
    for text in texts:
        for way in splits(text, kinds):
            if found is not None and way != found:
                return None
            found = way
    return found


def _split_by_sums(row: FormRowFields, texts: tuple[str, ...], only: Way | None, *, apart: bool) -> RowSplits:
    """The ways of a row with several sums side by side, cut first between the sums and then inside them."""
    balanced: dict[Way, None] = {}
    nearly: list[set[str]] = [set() for _ in row.fields]
    kinds = [tuple(row.kinds[c] for c in run) for run in row.sums]
    for text in texts:
        for parts in _cuts(text, kinds):
            hold = [_balanced_part(part, k) for part, k in zip(parts, kinds, strict=True)]
            failing = [i for i, ways in enumerate(hold) if not ways] or range(len(parts))
            for odd in failing:
                for i, run in enumerate(row.sums):
                    for way in _any_part(parts[i], kinds[i]) if i == odd else hold[i]:
                        for column, cell in zip(run, way, strict=True):
                            nearly[column].add(cell)
            for joined in product(*hold):
                balanced[tuple(cell for part in joined for cell in part)] = None
                if len(balanced) > _MOST_JOINED:
                    raise TooManySplitsError
    return RowSplits(texts, only, apart, tuple(balanced), tuple(frozenset(n) for n in nearly))


def _cuts(text: str, kinds: Sequence[tuple[ColumnKind, ...]], spare: int = 1) -> Iterator[tuple[str, ...]]:
    """The ways to cut a text into one part a sum so that all sums but ``spare`` can hold."""
    if len(kinds) == 1:
        if spare or _balanced_part(text, kinds[0]):
            yield (text,)
        return
    for at in range(1, len(text)):
        if text[at].isspace():
            continue
        left = spare if _balanced_part(text[:at], kinds[0]) else spare - 1
        if left >= 0:
            for rest in _cuts(text[at:], kinds[1:], left):
                yield (text[:at], *rest)


@lru_cache(maxsize=8192)
def _balanced_part(text: str, kinds: tuple[ColumnKind, ...]) -> tuple[Way, ...]:
    return tuple(splits_to_total(text, kinds))


@lru_cache(maxsize=8192)
def _any_part(text: str, kinds: tuple[ColumnKind, ...]) -> tuple[Way, ...]:
    return tuple(splits(text, kinds))


def figures(way: Way) -> tuple[int, ...]:
    """The numbers of a way as whole numbers; marks count as zero."""
    return tuple(int(figure(cell)) for cell in way)


def is_balanced(row: FormRowFields, way: Way) -> bool:
    """True where every sum of the row holds."""
    return all(sum((figure(way[c]) for c in run[:-1]), Decimal(0)) == figure(way[run[-1]]) for run in row.sums)
