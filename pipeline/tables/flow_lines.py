"""The text of all pages as one flow of lines, for tables that are drawn without a net of rulings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from models.geometry import BBox
from models.page import Char, PageContent, Word
from models.text import squeeze
from models.value_text import looks_like_value
from models.vocabulary import vocabulary
from pipeline.tables.chars_to_cells import chars_to_lines, chars_to_text
from pipeline.tables.page_furniture import is_page_number, running_heads

# A gap wider than this share of the type size separates two words of a row.
WORD_GAP_SHARE = 0.7
# The same for the words of a header, which stand closer.
NARROW_GAP_SHARE = 0.25
# The same for two numbers: the digits of one touch.
_DIGIT_GAP_SHARE = 0.12
# The same for a number that stands close behind a label, in a line with so many others. Between script and digits of
# one text there is less.
_NUMBER_GAP_SHARE, _MANY_VALUES = 0.4, 3
# A word longer than this (characters) is prose, unless it is a label of the form.
_LONGEST_PIECE = 24
WORD_SCORE = 0.75
_TITLE_SCORE = 0.8
_PROSE_ENDS = ("。", "；", "！", "？")
# A row of heads has so many words, none longer than this (characters), with a gap of this share of the type size.
_MANY_HEADS, _LONGEST_HEAD, _HEAD_GAP_SHARE = 5, 6, 0.08
_SENTENCE_MARKS = "，,。；;：:！？"
# A section of the report begins so, and resembles no label of the form by this much.
_SECTION, _LABEL_SCORE = re.compile(r"[一二三四五六七八九十]{1,2}、.{3,}"), 0.5


@dataclass(frozen=True)
class FlowLine:
    """A text line as characters from left to right, on its page. ``has_stray``: a number was taken out of it."""

    page: PageContent
    chars: tuple[Char, ...]
    has_stray: bool = False

    @cached_property
    def size(self) -> float:
        """Type size in points."""
        return max(c.size for c in self.chars) or 1.0

    @cached_property
    def centre(self) -> float:
        """Height of the line's middle on its page, in points."""
        return sum((c.top + c.bottom) / 2 for c in self.chars) / len(self.chars)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Words from left to right; two numbers are two words however close they stand."""
        found: list[Word] = []
        for word in split_words(self.chars, WORD_GAP_SHARE * self.size):
            parts = split_words(self.chars_in(word), _DIGIT_GAP_SHARE * self.size)
            are_values = len(parts) > 1 and all(looks_like_value(p.text) for p in parts)
            found += parts if are_values else [word]
        if sum(looks_like_value(w.text) for w in found) < _MANY_VALUES:
            return tuple(found)
        return tuple(part for word in found for part in self._without_number(word))

    def chars_in(self, word: Word) -> list[Char]:
        """The characters of a word of the line."""
        return [c for c in self.chars if word.bbox.x0 <= c.x0 and c.x1 <= word.bbox.x1]

    def _without_number(self, word: Word) -> list[Word]:
        """A label and the number that stands close behind it as two words; any other word as it is."""
        inside = self.chars_in(word)
        parts = split_words(inside, _NUMBER_GAP_SHARE * self.size)
        if len(parts) == 1 or not looks_like_value(parts[-1].text) or looks_like_value(word.text):
            return [word]
        before = [c for c in inside if c.x1 <= parts[-1].bbox.x0]
        return [*split_words(before, WORD_GAP_SHARE * self.size), parts[-1]]

    @cached_property
    def narrow_words(self) -> tuple[Word, ...]:
        """Words of a header line: a narrow gap separates them."""
        return tuple(split_words(self.chars, NARROW_GAP_SHARE * self.size))

    @cached_property
    def text(self) -> str:
        """The line without white space."""
        return squeeze("".join(w.text for w in self.words))

    @cached_property
    def values(self) -> tuple[Word, ...]:
        """Words that look like a value; ``1.`` and the like are numbering."""
        return tuple(w for w in self.words if looks_like_value(w.text) and not w.text.endswith((".", "、")))

    @cached_property
    def is_prose(self) -> bool:
        """True where the line is a sentence rather than a row, or the heading of a section without a table."""
        is_long = any(_is_long(w.text) for w in self.words)
        is_sentence = is_long and not (self._is_row_of_heads or self._ends_in_values)
        return is_sentence or self.text.endswith(_PROSE_ENDS) or self._is_other_section

    @cached_property
    def _is_row_of_heads(self) -> bool:
        """True for many short words with next to no gaps and no marks: the header of narrow columns."""
        words = split_words(self.chars, _HEAD_GAP_SHARE * self.size)
        is_short = len(words) >= _MANY_HEADS and max(len(w.text) for w in words) <= _LONGEST_HEAD
        return is_short and not any(mark in self.text for mark in _SENTENCE_MARKS)

    @cached_property
    def _ends_in_values(self) -> bool:
        """True for a row of the form, however long what stands before its values: two labels may have run together."""
        return len(self.words) > _MANY_VALUES and set(self.words[-_MANY_VALUES:]) <= set(self.values)

    @cached_property
    def _is_other_section(self) -> bool:
        words = vocabulary()
        scores = (words.row_score, words.row_parent_score, words.column_score, words.heading_score)
        return (
            not self.values
            and _SECTION.fullmatch(self.text) is not None
            and max(score(self.text) for score in scores) < _LABEL_SCORE
        )

    @cached_property
    def is_title(self) -> bool:
        """True for the title of a block of the form."""
        return not self.values and vocabulary().title_score(self.text) >= _TITLE_SCORE

    @cached_property
    def is_heading(self) -> bool:
        """True for a section heading of the report."""
        return not self.values and vocabulary().heading_score(self.text) >= _TITLE_SCORE

    @cached_property
    def header_words(self) -> tuple[Word, ...]:
        """Words that are a header of the form rather than a row label; none in a line with values."""
        if self.values:
            return ()
        words = vocabulary()
        return tuple(
            w
            for w in dict.fromkeys((*self.words, *self.narrow_words))
            if words.column_score(w.text) >= WORD_SCORE and words.column_score(w.text) > words.row_score(w.text)
        )


def is_prose_text(text: str) -> bool:
    """True for the end of a sentence, and for more than a label holds that is no label of the form."""
    return text.endswith(_PROSE_ENDS) or _is_long(text)


def _is_long(text: str) -> bool:
    words = vocabulary()
    return len(text) > _LONGEST_PIECE and max(words.row_score(text), words.column_score(text)) < WORD_SCORE


def split_words(chars: Sequence[Char], gap: float) -> list[Word]:
    """Characters of one line as words; ``gap`` in points separates two of them."""
    groups: list[list[Char]] = []
    for char in chars:
        if groups and char.x0 - groups[-1][-1].x1 <= gap:
            groups[-1].append(char)
        else:
            groups.append([char])
    words = []
    for group in groups:
        text, _ = chars_to_text(group)
        box = BBox(group[0].x0, min(c.top for c in group), group[-1].x1, max(c.bottom for c in group))
        words.append(Word(text, box, max(c.size for c in group)))
    return words


def pages_to_flow(pages: Sequence[PageContent], tables: Mapping[int, Sequence[BBox]]) -> list[list[FlowLine]]:
    """The lines of all pages in reading order, cut where a ruled table stands; page numbers and running heads left out.

    Args:
        pages: Characters of the pages.
        tables: Page number -> areas that have been read already (boxes of the upright page).
    """
    flows: list[list[FlowLine]] = [[]]
    lines_of = {p.page_no: _free_lines(p, tables.get(p.page_no, ())) for p in pages}
    heights = {p.page_no: p.height for p in pages}
    heads = running_heads(((n, line.text, line.centre) for n, lines in lines_of.items() for line in lines), heights)
    for page in pages:
        walls = sorted(b.top for b in tables.get(page.page_no, ()))
        for line in lines_of[page.page_no]:
            if walls and line.centre > walls[0]:
                while walls and line.centre > walls[0]:
                    walls.pop(0)
                flows.append([])
            is_running_head = (page.page_no, line.text) in heads
            if not (is_running_head or is_page_number(line.text, line.centre, page.height)):
                flows[-1].append(line)
        if walls:
            flows.append([])
    return [flow for flow in flows if flow]


def _free_lines(page: PageContent, tables: Sequence[BBox]) -> list[FlowLine]:
    free = [
        c for c in page.chars if not any(b.contains_point((c.x0 + c.x1) / 2, (c.top + c.bottom) / 2) for b in tables)
    ]
    return [FlowLine(page, tuple(line)) for line in chars_to_lines(free)]
