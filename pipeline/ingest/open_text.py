"""Plain text -> running text and the tables drawn in it with ``|`` or tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from models.document import Opened, SourceInfo
from models.grid import Cell, Grid
from pipeline.ingest.assemble import MAX_LINES, blocks_to_opened, check_chars, check_count
from pipeline.ingest.decode import decode_text
from pipeline.ingest.spans import check_size
from pipeline.ingest.table_builder import is_number
from pipeline.ingest.text_sink import Block, drop_unseen

READER = "text"
# Share of the lines of a run that must have two cells or more before the run is a table; below it every line is a cell.
MIN_ROW_SHARE = 0.5
# A run of a single line is a table only with this many number cells; navigation bars use the same signs.
MIN_LONE_ROW_NUMBERS = 2

Separator = Literal["|", "\t", ""]

# Line ends, empty lines included; signs between the characters that count.
_MOST_LINE_ENDS = 10 * MAX_LINES
_LINE_ENDS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_BETWEEN = " \t|｜│┃\u00a0\u3000" + _LINE_ENDS
_LINE_END = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# Word's conditional comments, which some web pages leave in the text that is copied from them.
_LEAKED_COMMENT = re.compile(r"<!--\[(?:if[^\]]{0,80}|endif)\](?:-->|>)|<!\[(?:if[^\]]{0,80}|endif)\](?:-->|>)")
_PIPES = re.compile("[|｜│┃]")
# A rule cell has three dashes or an alignment colon: ``| - | - |`` is a row of dashes that stand for "not applicable".
_MARKDOWN_RULE_CELL = re.compile(r"\s*(?::?-{3,}:?|:-+:?|-+:)\s*")
# A line that draws the frame of a table in a monospaced text: it has corners.
_FRAME_RULE = re.compile(r"[\s|│┃+┼├┤┬┴┌┐└┘╋╪═━─=-]+")
_FRAME_CORNERS = re.compile("[+┼├┤┬┴┌┐└┘╋╪].*[+┼├┤┬┴┌┐└┘╋╪]")
_MARKDOWN_HEADING = re.compile(r"#{1,6}\s+")
_ESCAPED_PIPE = "\\|"
_PIPE_STAND_IN = "\x00"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, what separates its cells, its cells (empty ones included), and whether it only rules a table."""

    text: str
    separator: Separator
    cells: tuple[str, ...] = ()
    markdown_rule: bool = False
    frame_rule: bool = False

    @property
    def filled(self) -> int:
        """Number of cells with text."""
        return sum(bool(c) for c in self.cells)


def open_text(data: bytes, name: str, source: SourceInfo) -> Opened:
    """The lines of a text file and, as grids, its rows separated by ``|`` or tabs (markdown tables included).

    Text in which every cell stands on a line of its own, with or without ``|`` at its end, stays lines; the pipes are
    taken off and lines of pipes alone left out. Glued text stays as it is. Nothing else is dropped but empty lines.

    Args:
        data: The whole file.
        name: The file as the user named it, for messages.
        source: Goes into the result unchanged.

    Raises:
        InputTooLargeError: text or a table beyond all measure.
    """
    text, warnings = decode_text(data)
    _check_length(text, name)
    text = _LEAKED_COMMENT.sub("", text)
    lines = [_read_line(drop_unseen(line)) for line in _LINE_END.split(text)]
    blocks: list[Block] = []
    for separator, run in groupby(lines, key=lambda line: line.separator):
        blocks.extend(_run_to_blocks(list(run), separator, name))
    return blocks_to_opened(blocks, source, warnings=warnings)


def _check_length(text: str, name: str) -> None:
    """None; what is far beyond any report is refused before it is cut into pieces, each of which takes memory."""
    check_count(sum(map(text.count, _LINE_ENDS)), _MOST_LINE_ENDS, "lines", name)
    check_chars(len(text) - sum(map(text.count, _BETWEEN)), name)


def _read_line(text: str) -> _Line:
    stripped = text.strip()
    if _FRAME_RULE.fullmatch(stripped) and _FRAME_CORNERS.search(stripped):
        return _Line(stripped, "|", frame_rule=True)
    if _PIPES.search(stripped):
        inner = _PIPES.sub("|", stripped.replace(_ESCAPED_PIPE, _PIPE_STAND_IN))
        # Pipes at both ends are the border of the table; they separate nothing.
        cells = tuple(
            c.strip().replace(_PIPE_STAND_IN, "|") for c in inner.removeprefix("|").removesuffix("|").split("|")
        )
        is_rule = all(_MARKDOWN_RULE_CELL.fullmatch(c) for c in cells) and (len(cells) > 1 or inner.startswith("|"))
        return _Line(stripped, "|", cells, markdown_rule=is_rule)
    if "\t" in text.strip("\n "):
        return _Line(stripped, "\t", tuple(c.strip() for c in text.split("\t")))
    return _Line(stripped, "", (stripped,))


def _run_to_blocks(run: Sequence[_Line], separator: Separator, name: str) -> Iterator[Block]:
    if separator and _is_table(run, separator):
        for table in _split_at_markdown_headers(run):
            rows = [line.cells for line in table if not line.markdown_rule and not line.frame_rule]
            grid = _rows_to_grid(rows, name)
            if grid is not None:
                yield grid
        return
    for line in run:
        yield from _as_lines(line, in_run=len(run) > 1)


def _is_table(run: Sequence[_Line], separator: Separator) -> bool:
    rows = [line for line in run if line.filled and not line.markdown_rule]
    full = [line for line in rows if line.filled > 1]
    if any(line.markdown_rule for line in run):
        return bool(full)
    if not full or len(full) < MIN_ROW_SHARE * len(rows):
        return False
    if len(rows) > 1:
        return True
    bordered = separator == "|" and _PIPES.match(rows[0].text) is not None
    return bordered or sum(is_number(c) for c in rows[0].cells) >= MIN_LONE_ROW_NUMBERS


def _split_at_markdown_headers(run: Sequence[_Line]) -> list[list[_Line]]:
    """Tables that follow each other without an empty line: in markdown the line above ``|---|`` begins a new one."""
    tables: list[list[_Line]] = [[]]
    for i, line in enumerate(run):
        begins = i + 1 < len(run) and run[i + 1].markdown_rule and not line.markdown_rule
        if begins and tables[-1]:
            tables.append([])
        tables[-1].append(line)
    return tables


def _rows_to_grid(rows: Sequence[tuple[str, ...]], name: str) -> Grid | None:
    if not any(text for row in rows for text in row):
        return None
    n_cols = max(len(row) for row in rows)
    check_size(len(rows), n_cols, name)
    cells = tuple(Cell(r, r + 1, c, c + 1, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Grid(n_rows=len(rows), n_cols=n_cols, cells=cells, reader=READER)


def _as_lines(line: _Line, *, in_run: bool) -> Iterator[str]:
    """The line without the pipes at its end; in a run of lines with one cell each, two cells become two lines."""
    if line.frame_rule or line.markdown_rule:
        return
    if line.separator == "|" and (in_run or line.filled <= 1):
        yield from (cell for cell in line.cells if cell)
    elif line.text:
        yield _MARKDOWN_HEADING.sub("", line.text, count=1) if line.text.startswith("#") else line.text
