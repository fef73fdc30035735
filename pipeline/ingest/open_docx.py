"""DOCX -> running text and tables in document order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice

from lxml import etree

from models.document import Opened, SourceInfo
from models.errors import InputTooLargeError
from models.grid import Cell
from pipeline.ingest.assemble import blocks_to_opened
from pipeline.ingest.docx_package import MAX_MEMBER_BYTES, MAX_TOTAL_BYTES, DocxParts, read_docx_parts
from pipeline.ingest.docx_text import (
    MATH_RAISED,
    MATH_TEXT,
    PARAGRAPH,
    RUN,
    TABLE,
    TEXT_BOX,
    VAL,
    W,
    add_run,
    is_on,
    run_pictures,
    shown_children,
)
from pipeline.ingest.pictures import Gathered, PictureLimits
from pipeline.ingest.spans import MAX_SLOTS, MAX_SPAN, cells_to_grid
from pipeline.ingest.table_builder import DraftCell, is_layout, layout_blocks
from pipeline.ingest.text_sink import Block, TextSink

READER = "python-docx"
# Text of a cell that is merged into the one above or beside it: Word keeps it in the file and shows it to nobody.
HIDDEN_CELL_TEXT = "hidden_cell_text"
_MOST_DIGITS = 9
# A part of the document that Word fetches from another file inside the container.
EMBEDDED_PART_UNREAD = "embedded_part_unread"


def open_docx(
    data: bytes,
    name: str,
    source: SourceInfo,
    *,
    max_member_bytes: int = MAX_MEMBER_BYTES,
    max_total_bytes: int = MAX_TOTAL_BYTES,
    limits: PictureLimits | None = None,
) -> Opened:
    """The visible text and the tables of a Word document, tracked changes accepted, text boxes included.

    Automatic numbering, headers, footers and notes are not part of the text. Pictures are kept for a look. Warnings:
    ``no_text``, ``tables_may_be_pictures``, ``pictures_over_limit``, ``embedded_part_unread``.

    Args:
        data: The whole file.
        name: The file as the user named it, for messages.
        source: Goes into the result unchanged.
        max_member_bytes: Largest part after decompression, in bytes.
        max_total_bytes: All parts together after decompression, in bytes.
        limits: How many pictures are kept; the usual number where None.

    Raises:
        InputTooLargeError: the container would unpack to more than the limits, or a table is beyond all measure.
        EncryptedInputError: the container asks for a password.
        DamagedInputError: the container or its XML is broken.
    """
    parts = read_docx_parts(data, name, max_member_bytes=max_member_bytes, max_total_bytes=max_total_bytes)
    _check_cells(parts.document, name)
    doc = _Document(name, parts, Gathered(limits or PictureLimits()))
    _add_content(parts.document, doc.page, doc)
    doc.page.break_line()
    embedded = any(True for _ in parts.document.iter(f"{W}altChunk"))
    return blocks_to_opened(
        doc.page.blocks,
        source,
        gathered=doc.gathered,
        metadata=parts.properties,
        warnings=(EMBEDDED_PART_UNREAD,) if embedded else (),
    )


def _check_cells(document: etree._Element, name: str) -> None:
    # Refused before all of them take up memory, not when their table ends.
    if any(True for _ in islice(document.iter(f"{W}tc"), MAX_SLOTS, None)):
        raise InputTooLargeError(
            f"holds more than {MAX_SLOTS:,} table cells", source=name, remedy="give the report alone"
        )


@dataclass(frozen=True, slots=True)
class _Document:
    """What all steps of one reading share: the file's name, its parts, its pictures, the text outside all cells."""

    name: str
    parts: DocxParts
    gathered: Gathered
    page: TextSink = field(default_factory=TextSink)
    seen: set[str] = field(default_factory=set)

    def add_pictures(self, run: etree._Element, sink: TextSink) -> None:
        for relationship, width in run_pictures(run):
            if relationship in self.seen:
                continue
            if relationship:
                self.seen.add(relationship)
            data = self.parts.read(relationship, self.gathered.room)
            if data:
                self.gathered.add(data, sink.last_line() or self.page.last_line(), width)
            elif relationship in self.parts.targets:
                self.gathered.over_limit = True
            else:
                self.gathered.unseen += 1


def _add_content(container: etree._Element, sink: TextSink, doc: _Document) -> None:
    """Append everything below the element, looking through content controls, insertions, links, custom XML.

    The recursion is bounded by libxml2, which parses 256 levels at most.
    """
    for child in shown_children(container):
        if child.tag == TABLE:
            for block in _table_blocks(child, doc):
                sink.add_block(block)
        elif child.tag == PARAGRAPH:
            _add_paragraph(child, sink, doc)
        elif child.tag == RUN:
            add_run(child, sink)
            doc.add_pictures(child, sink)
        elif child.tag == TEXT_BOX:
            # Stands after the paragraph that anchors it, see _add_paragraph.
            continue
        elif child.tag in MATH_RAISED:
            sink.raise_start()
            _add_content(child, sink, doc)
            sink.raise_end()
        elif child.tag == MATH_TEXT:
            sink.add(child.text or "")
        else:
            _add_content(child, sink, doc)


def _add_paragraph(paragraph: etree._Element, sink: TextSink, doc: _Document) -> None:
    _add_content(paragraph, sink, doc)
    # A paragraph mark that a tracked change deleted joins the paragraph to the next one.
    if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is None:
        sink.break_line()
    for box in _text_boxes(paragraph):
        sink.break_line()
        _add_content(box, sink, doc)
        sink.break_line()


def _text_boxes(element: etree._Element) -> list[etree._Element]:
    """The outermost text boxes anchored in a paragraph; those of alternative contents once."""
    found: list[etree._Element] = []
    waiting = list(shown_children(element))[::-1]
    while waiting:
        child = waiting.pop()
        if child.tag == TEXT_BOX:
            found.append(child)
        else:
            waiting.extend(list(shown_children(child))[::-1])
    return found


def _table_blocks(table: etree._Element, doc: _Document) -> list[Block]:
    rows = [[_draft_cell(tc, doc) for tc in _below(tr, f"{W}tc")] for tr in _below(table, f"{W}tr")]
    if not rows or is_layout(rows):
        return layout_blocks(rows)
    grid = cells_to_grid(_place_cells(table, rows), READER, doc.name)
    return [] if grid is None else [grid]


def _below(element: etree._Element, tag: str) -> list[etree._Element]:
    """The nearest descendants with this tag in order: rows of a table, cells of a row, wrapped or not."""
    found: list[etree._Element] = []
    for child in shown_children(element):
        if child.tag == tag:
            if not _is_gone(child):
                found.append(child)
        elif child.tag not in {TABLE, PARAGRAPH}:
            found.extend(_below(child, tag))
    return found


def _is_gone(element: etree._Element) -> bool:
    """True for a row or cell that a tracked change removed, or a hidden row."""
    if is_on(element.find(f"{W}trPr"), "hidden", "del"):
        return True
    return element.find(f"{W}tcPr/{W}cellDel") is not None


def _draft_cell(tc: etree._Element, doc: _Document) -> DraftCell:
    cell = DraftCell()
    _add_content(tc, cell.sink, doc)
    cell.sink.break_line()
    return cell


def _place_cells(table: etree._Element, rows: list[list[DraftCell]]) -> list[Cell]:
    """Cells at the grid columns that Word counts: those skipped before a row, then the spans from left to right."""
    placed: list[Cell] = []
    above: dict[int, int] = {}  # first column -> index in ``placed`` of the cell that may go on below
    for row_no, (tr, drafts) in enumerate(zip(_below(table, f"{W}tr"), rows, strict=True)):
        col = _number(tr.find(f"{W}trPr/{W}gridBefore"), 0)
        open_below: dict[int, int] = {}
        previous: int | None = None
        for tc, draft in zip(_below(tr, f"{W}tc"), drafts, strict=True):
            properties = tc.find(f"{W}tcPr")
            stop = col + max(_number(_property(properties, "gridSpan"), 1), 1)
            v_merge, h_merge = _merge(properties, "vMerge"), _merge(properties, "hMerge")
            if h_merge == "continue" and previous is not None:
                placed[previous] = _absorb(placed[previous], draft, col_stop=stop)
            elif v_merge == "continue" and col in above and placed[above[col]].col_stop == stop:
                previous = above[col]
                placed[previous] = _absorb(placed[previous], draft, row_stop=row_no + 1)
                open_below[col] = previous
            else:
                previous = len(placed)
                placed.append(Cell(row_no, row_no + 1, col, stop, draft.text, flags=draft.flags))
                if v_merge:
                    open_below[col] = previous
            col = stop
        above = open_below
    return placed


def _absorb(cell: Cell, hidden: DraftCell, *, row_stop: int = 0, col_stop: int = 0) -> Cell:
    flags = cell.flags | {HIDDEN_CELL_TEXT} if hidden.text else cell.flags
    return replace(cell, row_stop=max(cell.row_stop, row_stop), col_stop=max(cell.col_stop, col_stop), flags=flags)


def _merge(properties: etree._Element | None, name: str) -> str:
    """The word ``restart`` or ``continue``; empty where the cell takes no part in a merge of that direction."""
    merge = _property(properties, name)
    return "" if merge is None else (merge.get(VAL) or "continue")


def _property(properties: etree._Element | None, name: str) -> etree._Element | None:
    return None if properties is None else properties.find(f"{W}{name}")


def _number(element: etree._Element | None, default: int) -> int:
    value = "" if element is None else (element.get(VAL) or "")
    if not value.isascii() or not value.isdigit():
        return default
    # Python refuses to read numbers of thousands of digits.
    return min(int(value), MAX_SPAN) if len(value) <= _MOST_DIGITS else MAX_SPAN
