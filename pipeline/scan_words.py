"""The text of a scanned page outside its ruled tables as words: what tables without rulings are made of.

A detector of lines reads the words of neighbouring columns as one line and overlooks single digits. Lines are cut at
wide gaps; the words of a header, which nearly touch, where the numbers below them say that columns part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np

from models.geometry import BBox, interval_overlap
from models.page import Char, PageContent, Ruling
from models.value_text import looks_like_value
from models.vocabulary import vocabulary
from pipeline.ocr.engine import Engines, PlacedLine
from pipeline.ocr.vote import as_number
from pipeline.scan.page_image import UprightPage
from pipeline.scan.pixels import Mask
from pipeline.scan.word_ink import overlooked_words, split_at_columns, split_at_gaps, text_ink
from pipeline.tables.flow_lines import WORD_SCORE, is_prose_text

# The first of the wide scripts; everything below takes half the width.
_FIRST_WIDE = 0x2E7F
# Boxes of words are widened by this share of their height before the ink in them is looked for.
_AROUND_SHARE = 0.2
# Marks whose ink fills the left part of a square of the type size; so much of it is free on the right.
_LEFT_MARKS, _FREE_SHARE = "、，；：", 0.5
# Words of one label are so far apart at most where a mark stands between, which is mostly paper. Type sizes.
_MARK_GAP_SHARE = 1.2
_MARK_BETWEEN = re.compile(r"[.．、，：；)）]\0|\0[(（]")
# The mark behind the numbering of a label may be lost: no value stands so close before Chinese characters.
_NUMBERING = re.compile(r"\d{1,2}\0[“\"]?[\u4e00-\u9fff]{2}")
# Text this many times as high as wide runs downwards.
_DOWNWARDS = 1.8
# Rows of numbers farther apart than this are two tables; a header reaches this far above the first, and what stands in
# a column of numbers so near to the first or the last is one. Type sizes.
_ROWS_APART, _HEADER_REACH, _BODY_REACH = 4.5, 9.0, 1.0
# Words that are read one by one are at least so far apart. Type sizes.
_LEAST_GAP_SHARE = 0.12
# Ink lower and narrower than this is dirt, unless it is so many times as wide as high: a dash. Type sizes.
_SPECK_SHARE, _DASH = 0.42, 2.0
# Numbers whose centres differ by less are one row. Type sizes.
_ROW_SHARE = 0.5
# So many numbers side by side are a row of a table.
_MANY_NUMBERS = 6
# Strokes of a pen are read as a digit, but with a smaller score: they are no numbers of a table. 0..1.
_LEGIBLE = 0.3
# Words so short that are read with a smaller score are no words. Characters, 0..1.
_SHORT_WORD, _SCRIBBLE = 2, 0.5
# Dirt beside a digit is read as one of these.
_DIRT = "-.,·:;'’`"
# Numbers whose boxes come nearer than this are one column. Points.
_STACK_GAP_PT = 1.0
_TITLE_SCORE = 0.8


def lines_to_words(
    page: UprightPage, lines: Sequence[PlacedLine], tables: Sequence[BBox], engines: Engines
) -> list[PlacedLine]:
    """The lines of tables without rulings as words, the numbers that the detector overlooked among them.

    Raises:
        StageError: an engine failed.
    """
    ink = text_ink(page)
    type_size = float(np.median([line.box.height for line in lines]))
    words = _cut_at_gaps(page, ink, lines, tables, type_size, engines)
    words = _cut_headers(page, ink, words, type_size, engines)
    words = _numbers_in_columns(page, words, type_size, engines)
    words = [word for word in _joined_labels(words, type_size) if not _is_scribble(word)]
    return sorted(_set_apart(words, type_size), key=lambda line: (line.box.top, line.box.x0))


def _is_scribble(word: PlacedLine) -> bool:
    """True for a character or two that are hardly legible and no number: strokes of a pen, or of a stamp."""
    return word.score < _SCRIBBLE and len(word.text.strip()) <= _SHORT_WORD and not _is_number(word.text)


def holds_row_of_numbers(lines: Sequence[PlacedLine]) -> bool:
    """True where many numbers stand side by side, as lines of their own or in one: no prose does that."""
    if not lines:
        return False
    type_size = float(np.median([line.box.height for line in lines]))
    rows = [len(row) for row in _number_rows(lines, type_size)]
    in_lines = [len(line.text.split()) for line in lines if all(looks_like_value(w) for w in line.text.split())]
    return max([*rows, *in_lines], default=0) >= _MANY_NUMBERS


def _joined_labels(words: Sequence[PlacedLine], type_size: float) -> list[PlacedLine]:
    """The words, numbering and the like put together with the rest of their label: after a mark print has a gap."""

    def go_on(left: PlacedLine, right: PlacedLine) -> bool:
        both = f"{left.text.strip()}\0{right.text.strip()}"
        return _MARK_BETWEEN.search(both) is not None or _NUMBERING.match(both) is not None

    found: list[PlacedLine] = []
    for word in sorted(words, key=lambda w: w.box.x0):
        beside = [
            i
            for i, left in enumerate(found)
            if abs(left.box.center[1] - word.box.center[1]) <= _ROW_SHARE * type_size
            and 0 <= word.box.x0 - left.box.x1 <= _MARK_GAP_SHARE * max(type_size, word.box.height)
            and go_on(left, word)
        ]
        if beside and not _is_number(word.text):
            left = found[beside[-1]]
            whole = BBox(
                left.box.x0, min(left.box.top, word.box.top), word.box.x1, max(left.box.bottom, word.box.bottom)
            )
            found[beside[-1]] = PlacedLine(left.text + word.text, min(left.score, word.score), whole)
        else:
            found.append(word)
    return found


def _set_apart(words: Sequence[PlacedLine], type_size: float) -> list[PlacedLine]:
    """The words with a gap between those that touch: boxes of a detector reach into their neighbours."""
    least = _LEAST_GAP_SHARE * type_size
    found = sorted(words, key=lambda word: word.box.x0)
    for i, word in enumerate(found):
        for j in range(i + 1, len(found)):
            left, right = found[i].box, found[j].box
            if right.x0 >= left.x1 + least:
                break
            is_beside = abs(left.center[1] - right.center[1]) <= _ROW_SHARE * type_size
            middle = (left.x1 + right.x0) / 2
            if is_beside and left.x0 < middle - least and right.x1 > middle + least:
                found[i] = replace(word, box=replace(left, x1=middle - least / 2))
                found[j] = replace(found[j], box=replace(right, x0=middle + least / 2))
    return found


def _cut_at_gaps(
    page: UprightPage,
    ink: Mask,
    lines: Sequence[PlacedLine],
    tables: Sequence[BBox],
    type_size: float,
    engines: Engines,
) -> list[PlacedLine]:
    kept: list[PlacedLine] = []
    boxes: list[BBox] = []
    for line in lines:
        words = [w for w in split_at_gaps(ink, line.box, type_size, page.px_per_pt) if not _is_speck(w, type_size)]
        if len(words) == 1:
            kept.append(PlacedLine(line.text, line.score, words[0]))
        else:
            boxes += words
    more = overlooked_words(ink, [line.box for line in lines], tables, page.px_per_pt)
    boxes += [box for box in more if not _is_speck(box, type_size)]
    return kept + _read(page, boxes, engines)


def _is_speck(box: BBox, type_size: float) -> bool:
    least = _SPECK_SHARE * type_size
    return box.width < least and box.height < least and box.width < _DASH * box.height


def _cut_headers(
    page: UprightPage, ink: Mask, words: Sequence[PlacedLine], type_size: float, engines: Engines
) -> list[PlacedLine]:
    """The words, those of headers cut where the numbers below them say that columns part."""
    cut: dict[int, list[BBox]] = {}
    for table in _tables(words, type_size):
        for i in _header(words, table, type_size):
            parts = split_at_columns(ink, words[i].box, table.columns, type_size, page.px_per_pt)
            if len(parts) > 1 and not _stands_over_several(words[i].text):
                cut[i] = parts
    whole = [word for i, word in enumerate(words) if i not in cut]
    return whole + _read(page, [box for parts in cut.values() for box in parts], engines)


def _numbers_in_columns(
    page: UprightPage, words: Sequence[PlacedLine], type_size: float, engines: Engines
) -> list[PlacedLine]:
    """The words; what stands among numbers and is no number as read (O, l, ``100.``) is read as one."""
    tables = _tables(words, type_size)
    rows = [row for row in _number_rows(words, type_size) if len(row) >= _MANY_NUMBERS]
    asked = [
        i
        for i, word in enumerate(words)
        if any(_is_odd(word, table, type_size) for table in tables) or _is_odd_in_row(word, rows, type_size)
    ]
    found = list(words)
    crops = [page.crop(around(words[i].box)) for i in asked]
    for i, reading in zip(asked, engines.first.read_lines(crops), strict=True):
        text = as_number(reading)
        bare = text if looks_like_value(text) else text.strip(_DIRT)
        if looks_like_value(bare):
            found[i] = replace(words[i], text=bare)
    return found


def _is_odd(word: PlacedLine, table: _Table, type_size: float) -> bool:
    """True for Latin letters and points in a column of numbers."""
    _, y = word.box.center
    reach = _BODY_REACH * type_size
    return (
        not _is_number(word.text)
        and all(ord(c) <= _FIRST_WIDE for c in word.text)
        and table.top - reach <= y <= table.bottom + reach
        and any(interval_overlap((word.box.x0, word.box.x1), column) > 0 for column in table.columns)
    )


def _is_odd_in_row(word: PlacedLine, rows: Sequence[Sequence[BBox]], type_size: float) -> bool:
    """True for a Latin letter or two between numbers that stand side by side, or at an end of them."""
    is_short = len(word.text.strip()) <= _SHORT_WORD and all(ord(c) <= _FIRST_WIDE for c in word.text)
    y = word.box.center[1]
    return (
        is_short
        and not _is_number(word.text)
        and any(abs(y - row[0].center[1]) <= _ROW_SHARE * type_size for row in rows)
    )


def _is_number(text: str) -> bool:
    """True for a value; ``1.`` and the like are numbering."""
    return looks_like_value(text) and not text.rstrip().endswith((".", "、"))


def _read(page: UprightPage, boxes: Sequence[BBox], engines: Engines) -> list[PlacedLine]:
    readings = engines.first.read_lines([page.crop(around(box)) for box in boxes])
    return [
        PlacedLine(reading.text, reading.score, box)
        for box, reading in zip(boxes, readings, strict=True)
        if reading.text.strip()
    ]


@dataclass(frozen=True, slots=True)
class _Table:
    """Numbers one below another in points: x0 and x1 of each column, top and bottom; ``above`` ends what is over it."""

    columns: tuple[tuple[float, float], ...]
    top: float
    bottom: float
    above: float


def _tables(words: Sequence[PlacedLine], type_size: float) -> list[_Table]:
    """The tables of a page, from top to bottom."""
    rows = _number_rows(words, type_size)
    tables = []
    above = 0.0
    for first, last in _runs_of_rows(rows, type_size):
        boxes = [box for row in rows[first : last + 1] for box in row]
        top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
        tables.append(_Table(tuple(_stacks(boxes)), top, bottom, above))
        above = bottom
    return tables


def _number_rows(words: Sequence[PlacedLine], type_size: float) -> list[list[BBox]]:
    """The boxes of numbers that stand side by side, from top to bottom."""
    rows: list[list[BBox]] = []
    numbers = [w.box for w in words if _is_number(w.text) and w.score >= _LEGIBLE]
    for box in sorted(numbers, key=lambda b: b.center[1]):
        if rows and box.center[1] - rows[-1][0].center[1] <= _ROW_SHARE * type_size:
            rows[-1].append(box)
        else:
            rows.append([box])
    return rows


def _runs_of_rows(rows: Sequence[Sequence[BBox]], type_size: float) -> list[tuple[int, int]]:
    """First and last index of rows that follow each other closely."""
    runs: list[tuple[int, int]] = []
    for i, row in enumerate(rows):
        if runs and row[0].center[1] - rows[i - 1][0].center[1] <= _ROWS_APART * type_size:
            runs[-1] = (runs[-1][0], i)
        else:
            runs.append((i, i))
    return runs


def _header(words: Sequence[PlacedLine], table: _Table, type_size: float) -> list[int]:
    """Indices of the words above a table, up to a title or to prose."""
    known = vocabulary()
    limit = max(table.above, table.top - _HEADER_REACH * type_size)
    inside = [i for i, w in enumerate(words) if limit <= w.box.center[1] < table.top]
    found = []
    for i in sorted(inside, key=lambda i: -words[i].box.center[1]):
        text = words[i].text
        if max(known.title_score(text), known.heading_score(text)) >= _TITLE_SCORE or is_prose_text(text):
            break
        found.append(i)
    return found


def _stacks(boxes: Sequence[BBox]) -> list[tuple[float, float]]:
    stacks: list[tuple[float, float]] = []
    for x0, x1 in sorted((b.x0, b.x1) for b in boxes):
        if stacks and x0 - stacks[-1][1] <= _STACK_GAP_PT:
            stacks[-1] = (stacks[-1][0], max(stacks[-1][1], x1))
        else:
            stacks.append((x0, x1))
    return stacks


def _stands_over_several(text: str) -> bool:
    """True for a word of the form's header that is the parent of several columns, or stands over row labels."""
    known = vocabulary()
    return known.column_score(text) >= WORD_SCORE > known.column_leaf_score(text)


def words_to_content(page: UprightPage, words: Sequence[PlacedLine], rulings: Sequence[Ruling]) -> PageContent:
    """The words as characters of equal width, half of it for Latin letters and digits."""
    chars: list[Char] = []
    for word in words:
        chars += _downwards(word) if _runs_down(word) else _level(word)
    return PageContent(page.page_no, page.width, page.height, tuple(chars), tuple(rulings))


def _runs_down(word: PlacedLine) -> bool:
    return len(word.text) > 1 and word.box.height > _DOWNWARDS * word.box.width


def _downwards(word: PlacedLine) -> list[Char]:
    box, text = word.box, "".join(word.text.split())
    step = box.height / max(len(text), 1)
    return [
        Char(c, box.x0, box.top + i * step, box.x1, box.top + (i + 1) * step, min(step, box.width))
        for i, c in enumerate(text)
    ]


def _level(word: PlacedLine) -> list[Char]:
    box, text = word.box, word.text
    width = box.width + (_FREE_SHARE * box.height if text.rstrip().endswith(tuple(_LEFT_MARKS)) else 0.0)
    weights = [1.0 if ord(c) > _FIRST_WIDE else 0.5 for c in text]
    step = width / max(sum(weights), 0.5)
    edges = list(accumulate((w * step for w in weights), initial=box.x0))
    return [
        Char(c, a, box.top, b, box.bottom, box.height)
        for c, (a, b) in zip(text, pairwise(edges), strict=True)
        if not c.isspace()
    ]


def around(box: BBox) -> BBox:
    """The box with the room that the detector may have cut off."""
    reach = _AROUND_SHARE * box.height
    return BBox(box.x0 - reach, box.top - reach, box.x1 + reach, box.bottom + reach)
