"""Where the row labels of a form stand in a flow of glued text: one place a row, in form order.

Every row has its candidates: its label wherever it stands letter by letter, and the end of any stretch of letters that
is like it. The best chain in form order is taken; prose that names a row loses against the table, which has header,
values and numbering where they belong.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from models.form import Form, FormBlock, FormRow, FormTable, row_key
from models.text import enumerator, without_brackets
from models.text import row_key as label_key
from pipeline.tables.glued_flow import NUMBERED, Flow

_LETTER = re.compile("[\u3400-\u9fff]+")
# Similarity from which a stretch of letters may be a label that is not printed letter by letter, and its least length.
_ALIKE, _LEAST_LETTERS = 0.75, 4
# A misprinted label is longer or shorter than the true one by at most this many letters.
_SLACK = 3
# What speaks for a place: values behind it, as many as the row has columns, what the form prints before it.
_HAS_RUN, _LONG_RUN, _RIGHT_BEFORE = 1.0, 1.0, 1.0
# Of two wordings at one place the longer is the label; never enough to outweigh any of the above.
_PER_LETTER = 0.005
NUMERALS = "一二三四五六七八九十"
# Letters looked at before a label; letters of a header that serve as the label of a row without one.
_BEFORE, _HEADER_END = 60, 30
# No header has more letters than this.
_LONGEST_HEADER = 120


@dataclass(frozen=True, slots=True)
class FormLine:
    """A row of the form with its table, its block and its place in the form."""

    table: FormTable
    block: FormBlock
    row: FormRow
    index: int

    @property
    def key(self) -> str:
        """``table.row``."""
        return row_key(self.table, self.row)

    @property
    def begins_block(self) -> bool:
        """True where the header of the block stands right before the label."""
        return self.row is self.block.rows[0]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A label in the flow: offsets of the label and of the values behind it, similarity 0..1, weight in the chain."""

    line: FormLine
    start: int
    stop: int
    run: tuple[int, int]
    score: float
    weight: float


def letters_of(label: str) -> str:
    """The Chinese letters of a label without its numbering."""
    return "".join(_LETTER.findall(label_key(label)))


def form_lines(form: Form) -> list[FormLine]:
    """The rows of a form in order, rows of variants where the form file lists them."""
    rows = [(t, b, r) for t in form.tables for b in t.blocks for r in b.rows]
    return [FormLine(*row, index=i) for i, row in enumerate(rows)]


def label_wordings(line: FormLine) -> tuple[str, ...]:
    """The letters that may stand right before the values of a row, the official wording first."""
    if not line.row.label:
        # The table has no row labels: its values stand right behind its header, in whatever order that was read.
        return tuple(dict.fromkeys("".join(words)[-_HEADER_END:] for words in header_words(line.block)))
    leaf = line.row.label[-1]
    wordings = (leaf, without_brackets(leaf), *line.row.aliases)
    return tuple(dict.fromkeys(letters_of(w) for w in wordings))


def find_anchors(flow: Flow, form: Form) -> tuple[list[Anchor], list[Anchor]]:
    """The chain of labels in form order, and the candidates that are not in it."""
    lines, stretches = form_lines(form), _stretches(flow)
    found = (a for line in lines for a in _candidates(flow, line, stretches))
    candidates = sorted(found, key=lambda a: (a.stop, a.start))
    chain = _best_chain(candidates)
    taken = {id(a) for a in chain}
    return chain, [a for a in candidates if id(a) not in taken]


def _candidates(flow: Flow, line: FormLine, stretches: Sequence[tuple[int, int]]) -> Iterator[Anchor]:
    wordings = label_wordings(line)
    seen: set[int] = set()
    for wording in sorted(wordings, key=len, reverse=True):
        at = flow.letters.find(wording)
        while at >= 0:
            stop = at + len(wording)
            if stop not in seen and (anchor := _anchor(flow, line, at, stop, 1.0)) is not None:
                seen.add(stop)
                yield anchor
            at = flow.letters.find(wording, at + 1)
    if len(wordings[0]) < _LEAST_LETTERS:
        return
    for first, last in stretches:
        if last in seen:
            continue
        score, at = _likeness(flow.letters[first:last], wordings)
        if score >= _ALIKE and (anchor := _anchor(flow, line, first + at, last, score)) is not None:
            yield anchor


def _anchor(flow: Flow, line: FormLine, first: int, last: int, score: float) -> Anchor | None:
    """The candidate over letters ``first`` to ``last``; None where digits stand between the letters."""
    start, stop = flow.places[first], flow.places[last - 1] + 1
    if flow.has_digit(start, stop):
        return None
    run = flow.run_after(stop)
    digits = sum(not c.isspace() for c in flow.text[slice(*run)])
    if line.row.variant is not None and not digits:
        return None
    weight = score + _PER_LETTER * (last - first)
    weight += _HAS_RUN * (digits > 0) + _LONG_RUN * (digits >= len(line.block.columns))
    weight += _RIGHT_BEFORE * _before_score(flow, line, first, start)
    return Anchor(line, start, stop, run, score, weight)


def _before_score(flow: Flow, line: FormLine, first: int, start: int) -> float:
    """Whether the form has before this row what stands before the label, 0..1."""
    before = flow.letters[max(first - _BEFORE, 0) : first]
    if line.begins_block:
        return header_score(before.rstrip(NUMERALS), line.block)
    number = enumerator(line.row.label[-1]) if line.row.label else ""
    if number and (before.endswith(number) or flow.text[max(start - 3, 0) : start].rstrip()[-1:] == NUMBERED):
        return 1.0
    if any(before.endswith(letters_of(p)) for p in line.row.label[:-1]):
        return 1.0
    return 0.5 if flow.text[:start].rstrip()[-1:].isdigit() else 0.0


def header_score(before: str, block: FormBlock) -> float:
    """Similarity 0..1 of the end of some letters to the header of a block."""
    wordings = ["".join(words) for words in words_as_printed(before, block)]
    return max(fuzz.ratio(before[-len(w) :], w) for w in wordings) / 100.0


def header_length(before: str, block: FormBlock) -> int:
    """Letters of the longest wording of the header of a block, spelled as in the letters before a label."""
    return max(len("".join(words)) for words in words_as_printed(before, block))


def words_as_printed(before: str, block: FormBlock) -> list[tuple[str, ...]]:
    """The words of a header in each order, other spellings of columns in the places of the official ones if printed."""
    tail = before[-_LONGEST_HEADER:]
    printed: dict[str, str] = {}
    for column in block.columns:
        official = letters_of(column.label[-1])
        spellings = [official, *map(letters_of, column.aliases)]
        printed[official] = max((s for s in spellings if s in tail), key=len, default=official)
    return [tuple(printed.get(word, word) for word in words) for words in header_words(block)]


@lru_cache(maxsize=64)
def header_words(block: FormBlock) -> tuple[tuple[str, ...], ...]:
    """The words of a header, as letters, in each order in which pages are read: level by level, or column by column."""
    leaves = tuple(letters_of(c.label[-1]) for c in block.columns)
    plain = tuple(letters_of(without_brackets(c.label[-1])) for c in block.columns)
    return tuple(dict.fromkeys((_level_by_level(block), _path_by_path(block), leaves, plain)))


def _level_by_level(block: FormBlock) -> tuple[str, ...]:
    """Header words as the rows of an HTML table give them: a cell that spans rows stands in the first of them."""
    depth = max(len(c.label) for c in block.columns)
    words: list[str] = []
    for level in range(depth):
        last: tuple[str, ...] = ()
        for column in block.columns:
            path = column.label[: level + 1]
            if len(column.label) > level and path != last:
                words.append(letters_of(path[-1]))
            last = path
    return tuple(words)


def _path_by_path(block: FormBlock) -> tuple[str, ...]:
    """Header words column by column, each parent before its first column."""
    words: list[str] = []
    last: tuple[str, ...] = ()
    for column in block.columns:
        shared = next((i for i, (a, b) in enumerate(zip(last, column.label, strict=False)) if a != b), len(last))
        words += [letters_of(word) for word in column.label[shared:]]
        last = column.label
    return tuple(words)


def _stretches(flow: Flow) -> tuple[tuple[int, int], ...]:
    """First and last letter of each stretch of letters that ends at a number or a mark."""
    ends = [bisect_left(flow.places, m.start()) for m in re.finditer(r"[\d/\\—―-]", flow.text)]
    cuts = sorted({e for e in ends if e})
    return tuple(zip([0, *cuts[:-1]], cuts, strict=True)) if cuts else ()


def _likeness(stretch: str, wordings: Sequence[str]) -> tuple[float, int]:
    """Similarity 0..1 of the end of a stretch to the likest wording, and where that end begins."""
    best, at = 0.0, 0
    for wording in wordings:
        if len(wording) < _LEAST_LETTERS:
            continue
        for length in range(len(wording) - _SLACK, len(wording) + _SLACK + 1):
            if not 0 < length <= len(stretch):
                continue
            score = fuzz.ratio(stretch[-length:], wording, score_cutoff=100 * max(best, _ALIKE)) / 100.0
            if score > best:
                best, at = score, len(stretch) - length
    return best, at


def _best_chain(candidates: Sequence[Anchor]) -> list[Anchor]:
    """The heaviest run of candidates in form order whose labels do not overlap; candidates sorted by their ends."""
    best: list[float] = []
    before: list[int | None] = []
    for i, one in enumerate(candidates):
        weight, previous = 0.0, None
        for j in range(i):
            other = candidates[j]
            if best[j] > weight and other.line.index < one.line.index and max(other.stop, other.run[1]) <= one.start:
                weight, previous = best[j], j
        best.append(weight + one.weight)
        before.append(previous)
    chain: list[Anchor] = []
    at: int | None = max(range(len(best)), key=best.__getitem__, default=None)
    while at is not None:
        chain.append(candidates[at])
        at = before[at]
    return chain[::-1]
