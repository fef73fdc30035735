"""HTML -> running text and tables in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from models.document import Opened, SourceInfo
from models.errors import DamagedInputError, InputTooLargeError
from pipeline.ingest.assemble import blocks_to_opened, check_chars
from pipeline.ingest.decode import decode_text
from pipeline.ingest.detect import is_mhtml
from pipeline.ingest.html_walk import is_block, is_raised, is_struck, keeps_newlines, tag_of, walk_visible
from pipeline.ingest.mhtml import SavedPage, read_mhtml
from pipeline.ingest.pictures import Gathered, PictureLimits, decode_data_uri
from pipeline.ingest.spans import MAX_SLOTS, MAX_SPAN, SpanCell, cells_to_grid, place_rows
from pipeline.ingest.table_builder import DraftCell, is_layout, is_number, layout_blocks
from pipeline.ingest.text_sink import Block, TextSink, drop_unseen

READER = "lxml"
# A picture stated to be smaller, in pixels, is an icon or a line, not a table.
MIN_TABLE_PICTURE_PX = 150
_MAX_META_CHARS = 1000
_POINTS_A_CSS_PIXEL = 0.75
# A longer one holds the picture itself: it is unpacked as often as it is in the file. Characters.
_LONGEST_ADDRESS = 4096
# No width of a picture has more digits.
_MOST_DIGITS = 6

_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
# libxml2 drops this mistake, browsers show a line break; without it the numbers on both sides would be glued.
_CLOSING_BR = re.compile(r"</br\s*/?>", re.IGNORECASE)
# Tags that only dress text up. Pages which never close them nest deeper than any parser follows.
_DRESSING = re.compile(r"</?(?:span|font|b|strong|i|em|u|big|small|o:p|st1:[a-z]+)(?=[\s>/])[^>]*>", re.IGNORECASE)
_MOST_ATTRIBUTES = 10_000
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{2 * _MOST_ATTRIBUTES},}}")
# Lines of a picture in letters are longer.
_ATTRIBUTE = re.compile(r"\s[^\s=\"'<>/]{1,40}(?=[\s=])")
_LEADING_INTEGER = re.compile(r"\s*\+?(\d{1,9})")
_TEXT_INPUTS = frozenset({"", "text", "number", "tel", "search", "email", "date", "url"})
_SECTIONS = frozenset({"thead", "tbody", "tfoot"})


def open_html(data: bytes, name: str, source: SourceInfo, *, limits: PictureLimits | None = None) -> Opened:
    """The visible text and the tables of a web page, whole or fragment, single-file MHTML included.

    Every table that is not mere page layout becomes a grid with its spans expanded; everything else that a browser
    would show becomes lines. Pictures inside the file are kept for a look; nothing is ever fetched. Warnings: those of
    decoding, ``no_text``, ``tables_may_be_pictures``, ``pictures_over_limit``.

    Args:
        data: The whole file.
        name: The file as the user named it, for messages.
        source: Goes into the result unchanged.
        limits: How many pictures are kept; the usual number where None.

    Raises:
        DamagedInputError: nothing that could be parsed.
        InputTooLargeError: more table cells or text than any report has.
    """
    saved = read_mhtml(data, name) if is_mhtml(data) else SavedPage(*decode_text(data))
    root = _parse(saved.text, name)
    page = _PageReader(name, saved, Gathered(limits or PictureLimits()))
    for event, element, piece in walk_visible(root):
        if event == "start":
            page.start(element)
        elif event == "end":
            page.end(element)
        else:
            page.text(element, piece)
    return blocks_to_opened(
        page.finish(), source, gathered=page.gathered, metadata=_read_metadata(root), warnings=saved.warnings
    )


def span_of(value: str | None, *, zero: int) -> int:
    """A rowspan or colspan as browsers read it: leading digits count, nonsense is 1, ``zero`` stands for 0."""
    match = _LEADING_INTEGER.match(value or "")
    if match is None:
        return 1
    span = min(int(match.group(1)), MAX_SPAN)
    return span if span > 0 else zero


def _parse(text: str, name: str) -> etree._Element:
    _check_tags(text, name)
    text = _CLOSING_BR.sub("<br>", _CONTROLS.sub("", text))
    root, complete = _parse_once(text)
    if not complete:
        root, complete = _parse_once(_DRESSING.sub("", text))
    if root is None:
        raise DamagedInputError("holds no HTML that can be parsed", source=name, remedy="save the page again")
    if not complete:
        raise DamagedInputError("the HTML is nested too deeply", source=name, remedy="save the page again or as PDF")
    return root


def _check_tags(text: str, name: str) -> None:
    # The parser compares each attribute of a tag with all before it. A long tag may also hold a picture.
    for tag in _LONG_TAG.finditer(text):
        if sum(1 for _ in islice(_ATTRIBUTE.finditer(tag.group()), _MOST_ATTRIBUTES + 1)) > _MOST_ATTRIBUTES:
            raise DamagedInputError(
                f"the HTML has a tag with more than {_MOST_ATTRIBUTES:,} attributes",
                source=name,
                remedy="save the page again or as PDF",
            )


def _parse_once(text: str) -> tuple[etree._Element | None, bool]:
    """The root, and whether the parser came to the end of the text."""
    # huge_tree raises libxml2's nesting limit from 256 to 2,048 levels; the size is bounded by the limit on files. The
    # encoding is given so that a <meta charset> inside, true for the file but not for this string, is ignored.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except etree.LxmlError:
        return None, True
    fatal = any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log)
    return root, not fatal


@dataclass(slots=True)
class _OpenTable:
    """A table whose end has not come: its row groups so far and the cell being filled."""

    element: etree._Element
    groups: list[tuple[str, list[list[DraftCell]]]] = field(default_factory=list)
    cell: DraftCell | None = None
    cell_element: etree._Element | None = None
    row_open: bool = False

    def start_group(self, kind: str) -> None:
        self.groups.append((kind, []))
        self.row_open = False

    def start_row(self) -> None:
        if not self.groups:
            self.start_group("tbody")
        self.groups[-1][1].append([])
        self.row_open = True

    def start_cell(self, element: etree._Element) -> None:
        if not self.row_open:
            self.start_row()
        self.cell = DraftCell(
            colspan=span_of(element.get("colspan"), zero=1),
            rowspan=span_of(element.get("rowspan"), zero=0),
            bare=len(element) == 0 and not element.text,
        )
        self.cell_element = element
        self.groups[-1][1][-1].append(self.cell)

    def end_cell(self) -> None:
        if self.cell is not None:
            self.cell.sink.break_line()
        self.cell = self.cell_element = None

    def ordered_groups(self) -> list[list[list[DraftCell]]]:
        """Row groups as shown: the first thead on top, the first tfoot at the bottom, wherever the source has them."""
        rest = [(kind, rows) for kind, rows in self.groups if rows]
        head = next((g for g in rest if g[0] == "thead"), None)
        foot = next((g for g in rest if g[0] == "tfoot"), None)
        middle = [g for g in rest if g is not head and g is not foot]
        return [rows for _, rows in (*([head] if head else []), *middle, *([foot] if foot else []))]


class _PageReader:
    """Turns walk events into blocks; text in a table but outside its cells goes where a browser puts it: before it."""

    def __init__(self, name: str, saved: SavedPage, gathered: Gathered) -> None:
        self.gathered = gathered
        self._name = name
        self._saved = saved
        self._page = TextSink()
        self._tables: list[_OpenTable] = []
        self._raised: list[TextSink] = []
        self._struck = 0
        self._cells = 0
        self._chars = 0
        self._parts_seen: set[str] = set()

    def start(self, element: etree._Element) -> None:
        tag = tag_of(element)
        if tag in {"br", "hr"} or is_block(element):
            self._sink.break_line()
        if tag == "table":
            self._tables.append(_OpenTable(element))
        elif self._tables and tag in _SECTIONS:
            self._tables[-1].start_group(tag)
        elif self._tables and tag == "tr":
            self._tables[-1].end_cell()
            self._tables[-1].start_row()
        elif self._tables and tag in {"td", "th"}:
            self._count_cell()
            self._tables[-1].end_cell()
            self._tables[-1].start_cell(element)
        elif tag == "input":
            self._sink.add(_input_value(element))
        elif tag == "select":
            self._sink.add(_selected_text(element))
        elif tag == "img":
            self._add_picture(element)
        if is_raised(element):
            self._raised.append(self._sink)
            self._sink.raise_start()
        self._struck += is_struck(element)

    def end(self, element: etree._Element) -> None:
        tag = tag_of(element)
        if is_raised(element):
            # In a broken table the current cell may have changed since: end it where it began.
            self._raised.pop().raise_end()
        self._struck -= is_struck(element)
        if is_block(element):
            self._sink.break_line()
        if not self._tables:
            return
        table = self._tables[-1]
        if tag == "table":
            table.end_cell()
            self._tables.pop()
            for block in _table_blocks(table, self._name):
                self._sink.add_block(block)
        elif tag in _SECTIONS or tag == "tr":
            table.end_cell()
            table.row_open = False
        elif table.cell_element is element:
            table.end_cell()

    def text(self, element: etree._Element, piece: str) -> None:
        # Counted on the way as well as at the end: most of the time goes into the walk.
        self._chars += len(piece.strip())
        check_chars(self._chars, self._name)
        self._sink.add(piece, keep_newlines=keeps_newlines(element), struck=self._struck > 0)

    def finish(self) -> list[Block]:
        self._page.break_line()
        return self._page.blocks

    def _add_picture(self, image: etree._Element) -> None:
        address = image.get("src") or ""
        if address in self._parts_seen:
            return
        data = decode_data_uri(address) or self._saved.part(address)
        if data:
            if len(address) <= _LONGEST_ADDRESS:
                self._parts_seen.add(address)
            caption = self._sink.last_line() or self._page.last_line()
            self.gathered.add(data, caption, _stated_width(image))
        else:
            self.gathered.unseen += _may_be_table(image)

    def _count_cell(self) -> None:
        self._cells += 1
        if self._cells > MAX_SLOTS:
            # Refused before all of them take up memory, not when the table ends.
            raise InputTooLargeError(
                f"holds more than {MAX_SLOTS:,} table cells", source=self._name, remedy="give the report alone"
            )

    @property
    def _sink(self) -> TextSink:
        for table in reversed(self._tables):
            if table.cell is not None:
                return table.cell.sink
        return self._page


def _table_blocks(table: _OpenTable, name: str) -> list[Block]:
    groups = table.ordered_groups()
    rows = [row for group in groups for row in group]
    if not rows or is_layout(rows):
        return layout_blocks(rows)
    _drop_guide_rows(groups)
    spans = [[[SpanCell(c.text, c.colspan, c.rowspan, c.flags) for c in row] for row in group] for group in groups]
    grid = cells_to_grid(place_rows(spans, name), READER, name)
    return [] if grid is None else [grid]


def _drop_guide_rows(groups: list[list[list[DraftCell]]]) -> None:
    """Take out rows of empty elements at the end: Word leaves one to fix the column widths.

    Only below a row with a number: a row of blank cells may also be the data row of a report that leaves zeros out.
    """
    if not groups:
        return
    last = groups[-1]
    numbers_above = [i for i, row in enumerate(last) if any(is_number(c.text) for c in row)]
    while last and numbers_above and len(last) - 1 > numbers_above[-1] and all(c.bare for c in last[-1]):
        last.pop()


def _selected_text(select: etree._Element) -> str:
    """What a closed <select> shows: the option marked last, otherwise the first one."""
    options = [o for o in select.iter() if tag_of(o) == "option"]
    marked = [o for o in options if "selected" in o.attrib]
    shown = marked[-1:] or options[:1]
    return "".join(str(t) for o in shown for t in o.itertext())


def _input_value(element: etree._Element) -> str:
    kind = (element.get("type") or "").strip().lower()
    return element.get("value") or "" if kind in _TEXT_INPUTS else ""


def _may_be_table(image: etree._Element) -> bool:
    sizes = (span_of(image.get(side), zero=0) for side in ("width", "height") if image.get(side))
    return all(size >= MIN_TABLE_PICTURE_PX for size in sizes)


def _stated_width(image: etree._Element) -> float | None:
    """The width of a picture in points; None where none is stated in pixels."""
    stated = (image.get("width") or "").strip().lower().removesuffix("px")
    width = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < _MOST_DIGITS else 0
    return width * _POINTS_A_CSS_PIXEL if width >= MIN_TABLE_PICTURE_PX else None


def _read_metadata(root: etree._Element) -> dict[str, str]:
    """What <title> and <meta> state, keys in lower case, the first non-empty statement of each."""
    found: dict[str, str] = {}
    title = next((e for e in root.iter() if tag_of(e) == "title"), None)
    pairs = [("title", "".join(str(t) for t in title.itertext()))] if title is not None else []
    for meta in root.iter("meta"):
        key = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        pairs.append((key, meta.get("content") or ""))
    for key, value in pairs:
        text = " ".join(drop_unseen(value).split())[:_MAX_META_CHARS]
        if key.strip() and text:
            found.setdefault(key.strip().lower(), text)
    return found
