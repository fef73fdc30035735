"""Blocks of the form in the lines of pages without rulings: runs of lines without prose, cleared of what is no row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.geometry import BBox, interval_overlap
from models.page import PageContent, Word
from pipeline.tables.flow_lines import FlowLine, pages_to_flow

# A column has a number in this share of the rows. One that has fewer, where so many other rows have text of their
# labels, is none; in a table of so many rows that can be told. 0..1, rows.
_LEAST_FILLED, _ROWS_WITH_TEXT, _ENOUGH_ROWS = 0.15, 3, 6
# Numbers of two lines nearer than this, none of which stands below another, are one row. Type sizes.
_ONE_ROW_SHARE = 0.75
# Lines of one table are no farther apart than this. Type sizes.
_LINES_APART = 5.0
# A word of the header is told from a wrapped parent label by at least this many characters.
_TELLING_LENGTH = 4


def pages_to_blocks(pages: Sequence[PageContent], tables: Mapping[int, Sequence[BBox]]) -> list[list[FlowLine]]:
    """The blocks in reading order, each with a header at most and a line of values at least.

    Args:
        pages: Characters of consecutive pages.
        tables: Page number -> areas that have been read already (boxes of the upright page).
    """
    blocks = [block for flow in pages_to_flow(pages, tables) for block in _blocks(flow)]
    kept = [block for n, block in enumerate(blocks) if n == 0 or not _is_lone(block)]
    cleared = [_level_rows(_without_strays(block)) for block in kept]
    return [block for block in cleared if any(line.values for line in block)]


def _blocks(lines: Sequence[FlowLine]) -> list[list[FlowLine]]:
    """Runs of lines without prose, cut at wide gaps and where a header begins after values.

    Each run holds one header at most.
    """
    blocks: list[list[FlowLine]] = [[]]
    for line in lines:
        if line.is_prose:
            blocks.append([])
            continue
        if line.is_title or line.is_heading or _is_next_header(line, blocks[-1]) or _is_far(line, blocks[-1]):
            blocks.append([])
        blocks[-1].append(line)
    return [b for b in blocks if any(line.values for line in b)]


def _is_lone(block: Sequence[FlowLine]) -> bool:
    """True for a single number with nothing around it, below other text: dirt, or a page number of the scanner."""
    (first, *more) = block
    return not more and len(first.words) == 1 and any(c.bottom < first.chars[0].top for c in first.page.chars)


def _is_far(line: FlowLine, block: Sequence[FlowLine]) -> bool:
    """True for a line far below the rows before it: a page's last table is not continued at its foot."""
    above = block[-1] if any(other.values for other in block) else None
    return (
        above is not None
        and above.page.page_no == line.page.page_no
        and line.centre - above.centre > _LINES_APART * above.size
    )


def _is_next_header(line: FlowLine, block: Sequence[FlowLine]) -> bool:
    """True for a header after values. A short word counts only where values stand: parents of rows are wrapped too."""
    left = min((w.bbox.x0 for other in block for w in other.values), default=None)
    if left is None:
        return False
    return any(w.bbox.center[0] > left or len(w.text) >= _TELLING_LENGTH for w in line.header_words)


def _without_strays(block: Sequence[FlowLine]) -> list[FlowLine]:
    """The lines without numbers that stand in the midst of the labels: dirt that was read, or parts of a label."""
    anchors = [line for line in block if line.values]
    if len(anchors) < _ENOUGH_ROWS:
        return list(block)
    found = []
    for line in block:
        strays = [w for w in line.values if _is_stray(w, anchors)]
        if strays:
            taken = {c for w in strays for c in line.chars_in(w)}
            found.append(FlowLine(line.page, tuple(c for c in line.chars if c not in taken), has_stray=True))
        else:
            found.append(line)
    return [line for line in found if line.chars]


def _level_rows(block: Sequence[FlowLine]) -> list[FlowLine]:
    """The lines, numbers brought up to those right above that they stand beside rather than below.

    Numbers of one row need not stand on one line, where the label beside them has several.
    """
    found: list[FlowLine] = []
    for line in block:
        above = found[-1] if found else None
        if above is None or not _is_one_row(above, line):
            found.append(line)
            continue
        values = {c for w in line.values for c in line.chars_in(w)}
        chars = sorted((*above.chars, *values), key=lambda c: c.x0)
        found[-1] = FlowLine(line.page, tuple(chars), has_stray=above.has_stray or line.has_stray)
        rest = tuple(c for c in line.chars if c not in values)
        found += [FlowLine(line.page, rest)] if rest else []
    return found


def _is_one_row(above: FlowLine, line: FlowLine) -> bool:
    """True where the numbers of two lines are hardly one below the other, and fill each other's gaps."""
    if above.page.page_no != line.page.page_no or not above.values or not line.values:
        return False
    upper, lower = (sum(w.bbox.center[1] for w in x.values) / len(x.values) for x in (above, line))
    return lower - upper < _ONE_ROW_SHARE * min(above.size, line.size) and not any(
        interval_overlap((a.bbox.x0, a.bbox.x1), (b.bbox.x0, b.bbox.x1)) > 0 for a in above.values for b in line.words
    )


def _is_stray(word: Word, anchors: Sequence[FlowLine]) -> bool:
    """True where few rows have a number above or below a word, and several the text of a label."""
    reach = (word.bbox.x0, word.bbox.x1)

    def is_near(other: Word) -> bool:
        return interval_overlap(reach, (other.bbox.x0, other.bbox.x1)) > 0

    filled = sum(any(is_near(v) for v in line.values) for line in anchors)
    texts = sum(any(is_near(w) for w in line.words if w not in line.values) for line in anchors)
    return filled <= max(1.0, _LEAST_FILLED * len(anchors)) and texts >= _ROWS_WITH_TEXT
