"""Prose of a section -> sentences without white space and width variants, each character with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from models.claim_words import claim_words
from models.text import fold

_LIST_MARK = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十]{1,3}[)）、是]|[(（]?[0-9]{1,2}[)）.、]|第[一二三四五六七八九十])"
)
_ENDS_LINE = frozenset("。；;！!？?：:…")
_SENTENCE = re.compile(r"[^。!?！？…]+")
# Characters that folding leaves alone, many at once; any other one by one.
_RUN = re.compile(r"(?P<plain>[\u4e00-\u9fff!-~、。“”《》]+)|(?P<other>.)", re.DOTALL)
_FULL_WIDTH_DIGITS = frozenset("０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of folded text; ``origin[i]`` is the place of its character i in the section's text, ends included."""

    text: str
    origin: Sequence[int]

    @overload
    def __getitem__(self, part: slice) -> Span: ...
    @overload
    def __getitem__(self, part: int) -> str: ...
    def __getitem__(self, part: slice | int) -> Span | str:
        if isinstance(part, int):
            return self.text[part]
        start, stop, _ = part.indices(len(self.text))
        return Span(self.text[start:stop], self.origin[start : stop + 1])

    def place(self, start: int, stop: int) -> tuple[int, int]:
        """Where the characters from ``start`` to ``stop`` lie in the section's text: half-open character offsets."""
        return self.origin[start], self.origin[stop - 1] + 1


def paragraphs(text: str) -> Iterator[list[Span]]:
    """The sentences of each paragraph, in order.

    What follows the first words of a table in a paragraph is left out, and so are the paragraphs after it that hold no
    sentence: the rest of its cells.
    """
    words = claim_words()
    in_table = False
    for start, stop in _paragraph_ranges(text):
        span = _folded(text, start, stop)
        table = words.table_text.search(span.text)
        if in_table and not table and "。" not in span.text:
            continue
        in_table = table is not None
        if table:
            span = span[: table.start()]
        sentences = [span[m.start() : m.end()] for m in _SENTENCE.finditer(span.text)]
        if sentences:
            yield sentences


def _paragraph_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Half-open ranges of paragraphs; a line that does not end like one is taken for wrapped."""
    start = 0
    for newline in re.finditer(r"\n", text):
        ended = text[: newline.start()].rstrip()[-1:]
        if ended in _ENDS_LINE or _LIST_MARK.match(text, newline.end()):
            yield start, newline.start()
            start = newline.end()
    yield start, len(text)


def _folded(text: str, start: int, stop: int) -> Span:
    kept: list[str] = []
    origin: list[int] = []
    for run in _RUN.finditer(text, start, stop):
        if run.lastgroup == "plain":
            kept.append(run.group())
            origin.extend(range(run.start(), run.end()))
            continue
        place, char = run.start(), run.group()
        # Between full-width digits a full-width comma groups them; elsewhere it parts clauses.
        as_is = char == "…" or (char == "，" and not _between_wide_digits(text, place))
        folded = char if as_is else "".join(fold(char).split())
        kept.append(folded)
        origin.extend([place] * len(folded))
    origin.append(stop)
    return Span("".join(kept), origin)


def _between_wide_digits(text: str, place: int) -> bool:
    return text[place - 1 : place] in _FULL_WIDTH_DIGITS and text[place + 1 : place + 2] in _FULL_WIDTH_DIGITS
