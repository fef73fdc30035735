"""Printed lines -> paragraphs: undoes the line breaks that the page layout made."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.geometry import BBox
from models.page import TextLine

# Distance of a line's end from the right margin, in line heights, up to which the line counts as full.
FULL_LINE_SLACK = 2.5
# Indentation from the left margin, in line heights, from which a line begins a paragraph; Chinese text uses 2.
INDENT = 1.3
# Lines a page must have before its own margins are believed.
MIN_LINES_FOR_MARGINS = 5
# Share of the longest line's length from which a line without geometry counts as full.
FULL_LINE_SHARE = 0.8

_SENTENCE_END = re.compile(r"[。！？；：!?;:][”’」』）)\"']*$")
# What begins a paragraph whatever the line before it looks like.
_OWN_LINE = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[0-9]{1,2}[.、．][^0-9])"
)
_PAGE_NUMBER = re.compile(
    r"\s*(?:[-—–－]\s*\d{1,4}\s*[-—–－]|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共?\s*\d{1,4}\s*页?)?)\s*"
)
# Chinese needs no space where a line ends; words and numbers do: two numbers must not become one.
_WORD_END = re.compile(r"[A-Za-z0-9]$")
_WORD_START = re.compile(r"[A-Za-z0-9]")

Margins = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TextLayout:
    """How the running text of a document is set: margins (left, right) in points, and the longest line in characters.

    ``of_page`` has only the pages with enough lines; ``overall`` is None where lines have no boxes.
    """

    overall: Margins | None
    of_page: Mapping[int, Margins]
    longest: int

    def margins(self, page_no: int) -> Margins | None:
        """Left and right edge of the text on a page in points; None without geometry."""
        return self.of_page.get(page_no, self.overall)


def measure_layout(lines: Sequence[TextLine]) -> TextLayout:
    """The layout of a whole document; measure it before the lines are divided into parts."""
    by_page: dict[int, list[BBox]] = defaultdict(list)
    for line in lines:
        if line.bbox is not None:
            by_page[line.page_no].append(line.bbox)
    return TextLayout(
        overall=_edges(box for boxes in by_page.values() for box in boxes) if by_page else None,
        of_page={no: _edges(boxes) for no, boxes in by_page.items() if len(boxes) >= MIN_LINES_FOR_MARGINS},
        longest=max((len(line.text) for line in lines), default=0),
    )


def join_lines(lines: Sequence[TextLine], layout: TextLayout | None) -> str:
    """The paragraphs, one a line. Page numbers between them are left out.

    Args:
        lines: Lines in reading order; boxes are used where they exist.
        layout: How the document is set; None keeps every line as a paragraph of its own.
    """
    paragraphs: list[str] = []
    before: TextLine | None = None
    for line in lines:
        text = line.text.strip()
        if not text or _PAGE_NUMBER.fullmatch(text):
            continue
        if layout is not None and before is not None and _continues(before, line, layout):
            gap = " " if _WORD_END.search(paragraphs[-1]) and _WORD_START.match(text) else ""
            paragraphs[-1] += gap + text
        else:
            paragraphs.append(text)
        before = line
    return "\n".join(paragraphs)


def _edges(boxes: Iterable[BBox]) -> Margins:
    known = list(boxes)
    return min(b.x0 for b in known), max(b.x1 for b in known)


def _continues(before: TextLine, line: TextLine, layout: TextLayout) -> bool:
    """True where the line goes on with the paragraph of the line before; in doubt it does."""
    if _OWN_LINE.match(line.text):
        return False
    ended = _SENTENCE_END.search(before.text.rstrip()) is not None
    edges_before, edges = layout.margins(before.page_no), layout.margins(line.page_no)
    if before.bbox is None or line.bbox is None or edges_before is None or edges is None:
        return not ended and len(before.text) >= FULL_LINE_SHARE * layout.longest
    height = max(before.bbox.height, line.bbox.height)
    full = before.bbox.x1 >= edges_before[1] - FULL_LINE_SLACK * height
    indented = line.bbox.x0 >= edges[0] + INDENT * height
    if ended:
        # A full stop at the margin may be chance; the next line tells by its indentation.
        return full and not indented
    return full or not indented
