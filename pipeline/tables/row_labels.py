"""Which label pieces belong to which line of values, where no ruling tells.

A label may stand on the line of its values, or be wrapped around, below or above it, and words of merged label cells
stand between. The pieces of one label are a chain of lines below each other; the chains are dealt to the lines of
values in order so that the labels read like the form's and stand near their values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from models.geometry import BBox, interval_overlap
from models.page import Word
from models.text import CHINESE, as_printed, squeeze
from models.vocabulary import vocabulary
from pipeline.tables.flow_lines import NARROW_GAP_SHARE, FlowLine, split_words

# Two lines of one label are not farther apart than this (in type sizes), and begin or centre within this (points).
_LEADING_SHARE = 1.9
_ALIGNED_PT = 3.0
# The mark with which a line begins has its ink anywhere in a square of the type size, or is overlooked.
_FIRST_MARKS = ("、", ",", "，", "；", ";", "：", ":", "。", ".", "·", "．", ")", "）", "”", "(", "（", "“")
_MARK_SHARE = 1.2
# Numbering with its mark is at most so wide (in type sizes).
_NUMBERING_SHARE = 1.7
# A label has at most this many lines.
_MOST_LINES = 6
# A line of values lies within its label's lines, or not farther from them than this (in type sizes).
_REACH_SHARE = 1.0
# Worth of a label piece on the very line of the values; cost of a distance of one type size.
_SAME_LINE, _DISTANCE_COST = 0.15, 0.1
# The label of a merged cell may stand on the line of the values beside the middle of a longer label, which is theirs.
_PARENT_COST = 0.3
# A number that begins a label in the middle of a word.
_INNER_NUMBER = re.compile(r"(?<=[^\d.．、（(])\d{1,2}[.．、]")
# Marks inside a label; what follows one is of the same label where it begins within this (in type sizes).
_GOES_ON, _GAP_SHARE = (",", "、", ":", ";"), 1.5
# Labels on the lines next to one are no farther off than the first, and what print has lost between two words of one is
# no wider than the second (in type sizes).
_NEXT_SHARE, _LOST_SHARE = 2.6, 2.0
# A label left without values is a row of blank cells when it reads like a row of the form.
_BLANK_ROW_SCORE = 0.85


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a label on one line."""

    word: Word
    page_no: int
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class LabelChain:
    """Consecutive lines of one label.

    ``score`` 0..1 is the similarity to the nearest row label of the form; ``first`` and ``last`` are (page number, y)
    of the first and of the last line. ``parent_score`` 0..1 is the similarity to the nearest label of a merged cell.
    """

    pieces: tuple[Piece, ...]
    score: float
    first: tuple[int, float]
    last: tuple[int, float]
    parent_score: float = 0.0

    @property
    def is_parent(self) -> bool:
        """True where it reads like the label of a merged cell over several rows, rather than of one."""
        return self.parent_score >= self.score

    @property
    def text(self) -> str:
        """The label put together."""
        return as_printed("".join(p.word.text for p in self.pieces))


def label_pieces(lines: Sequence[FlowLine], right: float) -> list[Piece]:
    """The pieces left of the values (``right`` in points) that end nearest to them, one a line at most."""
    pieces: list[Piece] = []
    around: list[tuple[FlowLine, list[Word]]] = []
    for line in lines:
        words = [w for w in line.words if w.bbox.center[0] < right and w not in line.values]
        # Strokes of a pen beside a label are read as letters; labels are Chinese.
        words = [w for w in words if CHINESE.search(w.text)] or words
        if words:
            last = _with_beginning(words, line)
            pieces.append(Piece(_without_parent(last, line), line.page.page_no, line.centre, line.size))
            around.append((line, [w for w in words if w.bbox.x0 < last.bbox.x0]))
    return [
        _from_edge(piece, _edges_beside(i, pieces), line, before)
        for i, (piece, (line, before)) in enumerate(zip(pieces, around, strict=True))
    ]


def _edges_beside(index: int, pieces: Sequence[Piece]) -> list[float]:
    """Where the labels right above and below a piece begin, in points."""
    piece = pieces[index]
    return [
        p.word.bbox.x0
        for p in (*pieces[max(0, index - 1) : index], *pieces[index + 1 : index + 2])
        if p.page_no == piece.page_no and abs(p.y - piece.y) <= _NEXT_SHARE * piece.size
    ]


def _from_edge(piece: Piece, edges: Sequence[float], line: FlowLine, before: Sequence[Word]) -> Piece:
    """A piece from the edge on at which the labels next to it begin.

    Faint print has gaps: words before it may be its own. The label of a merged cell may nearly touch it: a gap in it
    right at the edge parts the two.
    """
    if any(abs(piece.word.bbox.x0 - x) <= _ALIGNED_PT for x in edges):
        return piece
    chars = line.chars_in(piece.word)
    for i, (left, right) in enumerate(pairwise(chars), start=1):
        is_gap = right.x0 - left.x1 > NARROW_GAP_SHARE * piece.size
        if is_gap and any(abs(right.x0 - x) <= _ALIGNED_PT for x in edges):
            return replace(piece, word=split_words(chars[i:], piece.word.bbox.width)[0])
    joined = piece.word
    for word in reversed(before):
        if joined.bbox.x0 - word.bbox.x1 > _LOST_SHARE * piece.size:
            break
        box = BBox(
            word.bbox.x0, min(word.bbox.top, joined.bbox.top), joined.bbox.x1, max(word.bbox.bottom, joined.bbox.bottom)
        )
        joined = replace(joined, text=word.text + joined.text, bbox=box)
        if any(abs(box.x0 - x) <= _ALIGNED_PT for x in edges):
            return replace(piece, word=joined)
    return piece


def _with_beginning(words: Sequence[Word], line: FlowLine) -> Word:
    """The last word, with those before it that it goes on from: they end with a mark, or in an open bracket."""
    last = words[-1]
    for before in reversed(words[:-1]):
        text = squeeze(before.text)
        is_open = text.count("(") > text.count(")") or text.endswith(_GOES_ON)
        if not is_open or last.bbox.x0 - before.bbox.x1 > _GAP_SHARE * line.size:
            break
        box = before.bbox
        whole = BBox(box.x0, min(box.top, last.bbox.top), last.bbox.x1, max(box.bottom, last.bbox.bottom))
        last = replace(last, text=before.text + last.text, bbox=whole)
    return last


def _without_parent(word: Word, line: FlowLine) -> Word:
    """The word from its last number on: a merged label cell beside may end right before it (``…公开1.属于…``)."""
    chars = line.chars_in(word)
    starts = [m.start() for m in _INNER_NUMBER.finditer("".join(c.text[:1] for c in chars))]
    return split_words(chars[starts[-1] :], word.bbox.width)[0] if starts else word


def deal_labels(
    anchors: Sequence[FlowLine], pieces: Sequence[Piece], lines: Sequence[FlowLine]
) -> tuple[list[LabelChain | None], list[LabelChain]]:
    """(the label of each line of values or None, labels of rows that have no value at all).

    Args:
        anchors: Lines with values, in reading order.
        pieces: From ``label_pieces``.
        lines: The lines of the block, for the rulings of their pages.
    """
    chains = _chains(pieces, {line.page.page_no: line for line in lines})
    options = [[c for c in chains if _reaches(c, anchor)] for anchor in anchors]
    # Best worth of all anchors so far by the last chain dealt; None where none was dealt yet.
    states: list[_State] = [_State(0.0, None, ())]
    for anchor, chains_here in zip(anchors, options, strict=True):
        following = [_State(s.worth, s.last, (*s.dealt, None)) for s in states]
        for chain in chains_here:
            before = [s for s in states if s.last is None or s.last.last < chain.first]
            if before:
                best = max(before, key=lambda s: s.worth)
                following.append(_State(best.worth + _worth(chain, anchor), chain, (*best.dealt, chain)))
        states = _pruned(following)
    dealt = list(max(states, key=lambda s: s.worth).dealt)
    used = {p for c in dealt if c is not None for p in c.pieces}
    return dealt, _blank_rows(chains, used)


@dataclass(frozen=True, slots=True)
class _State:
    """Labels dealt to the first lines of values, the last of them, and what they are worth together."""

    worth: float
    last: LabelChain | None
    dealt: tuple[LabelChain | None, ...]


def _pruned(states: Sequence[_State]) -> list[_State]:
    """The best state for each last chain."""
    best: dict[int, _State] = {}
    for state in states:
        key = id(state.last)
        if key not in best or state.worth > best[key].worth:
            best[key] = state
    return list(best.values())


def _chains(pieces: Sequence[Piece], line_of_page: dict[int, FlowLine]) -> list[LabelChain]:
    """Every run of pieces that may be one label."""
    words = vocabulary()
    below = {p: _next_piece(p, pieces[i + 1 :], line_of_page) for i, p in enumerate(pieces)}
    chains = []
    for piece in pieces:
        run: list[Piece] = []
        at: Piece | None = piece
        while at is not None and len(run) < _MOST_LINES:
            run.append(at)
            text = squeeze("".join(p.word.text for p in run))
            score, parent_score = words.row_leaf_score(text), words.row_parent_score(text)
            chains.append(LabelChain(tuple(run), score, (run[0].page_no, run[0].y), (at.page_no, at.y), parent_score))
            at = below[at]
    return chains


def _next_piece(piece: Piece, after: Sequence[Piece], line_of_page: dict[int, FlowLine]) -> Piece | None:
    for other in after:
        if other.page_no != piece.page_no or other.y - piece.y > _LEADING_SHARE * piece.size:
            return None
        a, b = piece.word.bbox, other.word.bbox
        with_mark = any(p.word.text.lstrip().startswith(_FIRST_MARKS) for p in (piece, other))
        begins = abs(a.x0 - b.x0) <= (_MARK_SHARE * piece.size if with_mark else _ALIGNED_PT)
        # Numbering that is lost in print leaves the first line to begin further in.
        begins |= 0 <= a.x0 - b.x0 <= _NUMBERING_SHARE * piece.size and CHINESE.match(piece.word.text) is not None
        aligned = begins or abs(a.center[0] - b.center[0]) <= _ALIGNED_PT
        if aligned and other.y > piece.y:
            rulings = line_of_page[piece.page_no].page.rulings
            crossed = any(
                r.horizontal
                and piece.y < r.position < other.y
                and interval_overlap((r.start, r.stop), (a.x0, a.x1)) > 0
                for r in rulings
            )
            return None if crossed else other
    return None


def _reaches(chain: LabelChain, anchor: FlowLine) -> bool:
    (page_no, top), (_, bottom) = chain.first, chain.last
    reach = _REACH_SHARE * chain.pieces[0].size
    return page_no == anchor.page.page_no and top - reach <= anchor.centre <= bottom + reach


def _worth(chain: LabelChain, anchor: FlowLine) -> float:
    (_, top), (_, bottom) = chain.first, chain.last
    size = chain.pieces[0].size
    # Values are set at the middle, at the top or at the bottom of a wrapped label.
    distance = min(abs(y - anchor.centre) for y in ((top + bottom) / 2, top, bottom)) / size
    same_line = any(p.y == anchor.centre for p in chain.pieces)
    return chain.score + _SAME_LINE * same_line - _DISTANCE_COST * distance - _PARENT_COST * chain.is_parent


def _blank_rows(chains: Sequence[LabelChain], used: set[Piece]) -> list[LabelChain]:
    found: list[LabelChain] = []
    # The first line of a parent may read like a row: (六)其他 of (六)其他处理.
    parents = [c for c in chains if c.is_parent and c.parent_score >= _BLANK_ROW_SCORE]
    taken = used | {p for c in parents for p in c.pieces}
    for chain in sorted(chains, key=lambda c: -c.score):
        if chain.score < _BLANK_ROW_SCORE or any(p in taken for p in chain.pieces):
            continue
        found.append(chain)
        taken |= set(chain.pieces)
    return found
