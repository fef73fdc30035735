"""Columns of a table without vertical rulings: stacks of values, and the header words above them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from models.form import load_forms
from models.geometry import interval_overlap
from models.page import Char, Word
from models.text import row_key
from models.vocabulary import vocabulary
from pipeline.tables.flow_lines import WORD_SCORE, FlowLine, split_words
from pipeline.tables.header_columns import is_header_word

# Values whose boxes come nearer than this are one stack. Points.
_STACK_GAP_PT = 1.0
# A header word beside its values (one centred, the other not) is not farther from them than this (in type sizes).
_BESIDE_SHARE = 1.5
# Gaps that separate two header words, as shares of the type size: the words of narrow columns nearly touch.
_GAP_SHARES = (0.7, 0.25, 0.08)
# A header word is put together from at most this many lines.
_MOST_LINES = 6


@dataclass(slots=True)
class ColumnBand:
    """A column as x0..x1 in points, with the header words above it from top to bottom.

    ``parent`` is the header word over several columns that stands nearest, where the columns' own words repeat;
    ``is_doubtful`` where the header may be that of a neighbour.
    """

    x0: float
    x1: float
    has_values: bool
    pieces: list[Word] = field(default_factory=list)
    parent: str = ""
    is_doubtful: bool = False

    @property
    def header(self) -> str:
        """The lowest words put together so that they read most like a column of the form."""
        words = vocabulary()
        texts = ["".join(w.text for w in self.pieces[-n:]) for n in range(1, min(_MOST_LINES, len(self.pieces)) + 1)]
        return max(texts, key=lambda t: (words.column_leaf_score(t), len(t)), default="")

    @property
    def is_known(self) -> bool:
        """True where the header reads like a column of the form."""
        return is_header_word(self.header)

    @property
    def centre(self) -> float:
        """The middle in points."""
        return (self.x0 + self.x1) / 2


def lines_to_bands(anchors: Sequence[FlowLine], heads: Sequence[FlowLine]) -> list[ColumnBand]:
    """The value columns from left to right.

    Args:
        anchors: Lines with values.
        heads: Lines of the header above them, from top to bottom.
    """
    bands = [ColumnBand(x0, x1, has_values=True) for x0, x1 in _stacks(anchors)]
    if not bands:
        return []
    # Words above the row labels belong to no column. What stands among the values is no label, whatever it is.
    beside = [w.bbox for a in anchors for w in a.words if w not in a.values]
    labels_end = max((b.x1 for b in beside if b.x0 < bands[0].x0), default=0.0)
    parents: list[Word] = []
    for line in reversed(heads):
        right_of_labels = [c for c in line.chars if c.x0 > labels_end]
        found = list(reversed(_header_words(right_of_labels, line.size, bands)))
        parents += [word for word in found if not _add_header_word(bands, word)]
    bands = [b for b in _paired(bands) if b.has_values or b.is_known]
    _doubt_shifted(bands)
    _name_parents(bands, parents)
    return bands


def _doubt_shifted(bands: Sequence[ColumnBand]) -> None:
    """Mark bands where headers and values stand apart: values aligned to one side may stand under a neighbour's header.

    A column without values is doubtful by itself: nothing printed shows where it is.
    """
    has_bare_values = any(b.has_values and not b.pieces for b in bands)
    has_bare_headers = any(not b.has_values for b in bands)
    for band in bands:
        band.is_doubtful = not band.has_values or (has_bare_values and has_bare_headers)


def _name_parents(bands: Sequence[ColumnBand], parents: Sequence[Word]) -> None:
    """Give columns whose own words repeat the nearest word above that stands over several columns."""
    words = vocabulary()
    every = [p for p in parents if words.column_score(p.text) >= WORD_SCORE]
    is_official = all(_in_form_order(line) for line in _lines_of(every))
    known = [p for p in every if not _is_grandparent(p, every)]
    repeated = {h for h, n in Counter(b.header for b in bands).items() if n > 1}
    if not known or not repeated:
        return
    for band in bands:
        if band.header in repeated:
            band.is_doubtful = band.is_doubtful or not is_official
            nearest = min(known, key=lambda p: (abs(p.bbox.center[0] - band.centre), -p.bbox.top))
            band.parent = nearest.text


def _lines_of(words: Sequence[Word]) -> list[list[str]]:
    """The texts of words by the line on which they stand, each from left to right."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.bbox.top):
        if lines and word.bbox.top - lines[-1][0].bbox.top <= word.size / 2:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [[w.text for w in sorted(line, key=lambda w: w.bbox.x0)] for line in lines]


def _in_form_order(parents: Sequence[str]) -> bool:
    """True where header words over several columns stand in the order of a block of a known form."""
    for form in load_forms().values():
        for block in (b for t in form.tables for b in t.blocks):
            official = list(dict.fromkeys(row_key(p) for c in block.columns for p in c.label[:-1]))
            places = [process.extractOne(row_key(p), official, scorer=fuzz.ratio, score_cutoff=75) for p in parents]
            found = [place[2] for place in places if place is not None]
            if len(found) == len(parents):
                return found == sorted(found)
    return False


def _is_grandparent(word: Word, parents: Sequence[Word]) -> bool:
    """True where other parents stand lower on both sides: those are nearer to the columns."""
    lower = [p.bbox.center[0] for p in parents if p.bbox.top > word.bbox.bottom]
    return any(x < word.bbox.center[0] for x in lower) and any(x > word.bbox.center[0] for x in lower)


def _stacks(anchors: Sequence[FlowLine]) -> list[tuple[float, float]]:
    stacks: list[tuple[float, float]] = []
    for x0, x1 in sorted((w.bbox.x0, w.bbox.x1) for line in anchors for w in line.values):
        if stacks and x0 - stacks[-1][1] <= _STACK_GAP_PT:
            stacks[-1] = (stacks[-1][0], max(stacks[-1][1], x1))
        else:
            stacks.append((x0, x1))
    return stacks


def _header_words(chars: Sequence[Char], size: float, bands: Sequence[ColumnBand], level: int = 0) -> list[Word]:
    """Words of a header line, cut as finely as needed for each to stand over one column only."""
    found: list[Word] = []
    for word in split_words(chars, _GAP_SHARES[level] * size):
        over = [b for b in bands if interval_overlap((word.bbox.x0, word.bbox.x1), (b.x0, b.x1)) > 0]
        if len(over) > 1 and level + 1 < len(_GAP_SHARES) and not _is_parent(word):
            inside = [c for c in chars if word.bbox.x0 <= c.x0 <= word.bbox.x1]
            found += _header_words(inside, size, bands, level + 1)
        else:
            found.append(word)
    return found


def _is_parent(word: Word) -> bool:
    """True for a header word of the form that stands over several columns."""
    words = vocabulary()
    return words.column_score(word.text) >= WORD_SCORE > words.column_leaf_score(word.text)


def _add_header_word(bands: list[ColumnBand], word: Word) -> bool:
    """Put a header word over its column; False for words over several columns or known as parents."""
    reach = (word.bbox.x0, word.bbox.x1)
    over = [b for b in bands if interval_overlap(reach, (b.x0, b.x1)) > 0]
    if len(over) > 1 or _is_parent(word):
        return False
    if over:
        over[0].pieces.insert(0, word)
    else:
        bands.append(ColumnBand(*reach, has_values=False, pieces=[word]))
        bands.sort(key=lambda b: b.x0)
    return True


def _paired(bands: Sequence[ColumnBand]) -> list[ColumnBand]:
    """Bands with header words beside their values put together: neighbours of which one has what the other lacks."""
    paired: list[ColumnBand] = []
    for band in bands:
        before = paired[-1] if paired else None
        if (
            before is not None
            and before.has_values != band.has_values
            and not (before.pieces and band.pieces)
            and band.x0 - before.x1 <= _BESIDE_SHARE * (before.pieces or band.pieces)[0].size
        ):
            paired[-1] = ColumnBand(before.x0, band.x1, has_values=True, pieces=before.pieces or band.pieces)
        else:
            paired.append(band)
    return paired
