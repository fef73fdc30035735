"""From text lines, one cell a line, to printed sections: the shape of tables copied out of a web page.

There is no geometry: a header is a run of header words in reading order, a row is a run of labels with the run of
values after it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.page import TextLine
from models.table import PrintedColumn, PrintedRow, PrintedSection, PrintedValue
from models.text import row_key, squeeze
from models.value_text import looks_like_value
from models.vocabulary import vocabulary

# Similarity from which a line counts as a word of the form.
_WORD_SCORE = 0.75
_TITLE_SCORE = 0.8
# A line longer than this (characters) is prose, unless it is a known label.
_LONGEST_CELL = 60
# A line holding this many row labels, longer than this, is a table whose cells are glued together.
_GLUED_LABELS, _GLUED_LENGTH = 6, 120
# Digits that only a whole row of requests has, and how many different labels must have so many behind them.
_ROW_DIGITS, _GLUED_ROWS = 7, 10
_READER = "text"
# A number in a short line that ends like prose is no cell.
_PROSE_ENDS = ("。", "；", "！", "？", "，", ";")


@dataclass(slots=True)
class _State:
    """The section under construction and the labels read since the last value."""

    sections: list[PrintedSection] = field(default_factory=list)
    title: str = ""
    header: list[str] = field(default_factory=list)
    rows: list[PrintedRow] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    values: list[PrintedValue] = field(default_factory=list)
    page_no: int = 1

    def end_row(self) -> None:
        if self.values and self.header:
            self.rows.append(PrintedRow(tuple(self.labels), tuple(self.values), self.page_no))
        self.labels, self.values = [], []

    def end_section(self) -> None:
        self.end_row()
        if self.rows and self.header:
            columns = tuple(PrintedColumn((h,)) for h in self.header)
            self.sections.append(
                PrintedSection(
                    self.title, columns, tuple(self.rows), _READER, self.page_no, header_in_reading_order=True
                )
            )
        self.title, self.header, self.rows = "", [], []


def lines_to_sections(lines: Sequence[TextLine]) -> list[PrintedSection]:
    """The printed sections in a run of lines; none where the lines hold no table of one cell a line."""
    state = _State()
    words = vocabulary()
    run: list[str] = []
    for line in lines:
        text = squeeze(line.text)
        if not text:
            continue
        if looks_like_value(text):
            if run:
                _take_labels(state, run)
                run = []
            state.page_no = line.page_no
            state.values.append(PrintedValue(line.text.strip(), len(state.values), line.page_no))
        elif _is_prose(text, words.row_score(text)):
            _take_labels(state, run)
            run = []
            state.end_section()
        else:
            if state.values:
                state.end_row()
            run.append(text)
    state.end_section()
    return state.sections


def is_glued(lines: Sequence[TextLine]) -> bool:
    """True where whole tables stand in the lines with their cells run together (``713000074``).

    They may be one line, or be broken anywhere; a label with a number behind it now and then is prose.
    """
    words = [w for w in vocabulary().row_words if len(w) >= 4]  # noqa: PLR2004 - shorter words stand in prose as well
    everything = row_key("".join(line.text for line in lines))
    if sum(1 for w in words if re.search(rf"{w}\d{{{_ROW_DIGITS},}}", everything)) >= _GLUED_ROWS:
        return True
    for line in lines:
        if len(line.text) < _GLUED_LENGTH:
            continue
        flat = row_key(line.text)
        if sum(1 for w in words if w in flat and _digit_after(flat, w)) >= _GLUED_LABELS:
            return True
    return False


def _digit_after(flat: str, word: str) -> bool:
    at = flat.find(word) + len(word)
    return at < len(flat) and flat[at].isdigit()


def _is_prose(text: str, row_score: float) -> bool:
    if row_score >= _WORD_SCORE:
        return False
    return len(text) > _LONGEST_CELL or text.endswith(_PROSE_ENDS)


def _take_labels(state: _State, run: Sequence[str]) -> None:
    """Split a run of label lines into titles, header words and the labels of the row that follows."""
    if not run:
        return
    words = vocabulary()
    last_header = -1
    for index, text in enumerate(run):
        column, row = words.column_score(text), words.row_score(text)
        is_title = words.title_score(text) >= _TITLE_SCORE or words.heading_score(text) >= _TITLE_SCORE
        is_telling = column >= _WORD_SCORE and column > row
        is_shared = column >= _WORD_SCORE and column == row and last_header == index - 1 and last_header >= 0
        if is_title or is_telling or (is_shared and not _numbered(text)):
            last_header = index
    if last_header >= 0:
        state.end_section()
        header: list[str] = []
        for text in run[: last_header + 1]:
            if words.title_score(text) >= _TITLE_SCORE or words.heading_score(text) >= _TITLE_SCORE:
                state.title, header = text, []
            elif words.column_score(text) >= _WORD_SCORE:
                header.append(text)
        state.header = header
    state.labels = list(run[last_header + 1 :])


def _numbered(text: str) -> bool:
    return row_key(text) != row_key(text.lstrip("0123456789.、")) or text[:1].isdigit()
