"""Sheets as WordprocessingML tables: merged cells, tracked changes, content controls, automatic numbers."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from samples.document import Document
from samples.fonts import FONTS
from samples.sheet import Box, Sheet
from samples.style import Rulings

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TWIPS = 20  # in a point
_TALL_ROW = 30  # points
_SHADE = {"caption": "C6D9F1", "header": "E7E6E6"}
_LINES: dict[Rulings, tuple[str, int]] = {
    "hairline": ("single", 2),
    "double": ("double", 4),
    "dotted": ("dotted", 4),
    "dashed": ("dashed", 4),
    "none": ("nil", 0),
}
_NUMBERED = re.compile(r"^\d[.、．]")
_AUTHOR = 'w:author="office" w:date="2024-01-02T09:00:00Z"'


@dataclass(frozen=True)
class TableInk:
    """What a table needs besides its sheet: the report, its width in points, a source of chance."""

    document: Document
    width: float
    rng: random.Random

    @property
    def half_points(self) -> int:
        """Type size in half points."""
        return round(self.document.style.pages.size * 2)


def sheet_to_xml(sheet: Sheet, ink: TableInk) -> str:
    """The ``w:tbl`` element of a sheet."""
    style = ink.document.style
    width = ink.width * (0.62 if style.tables.narrow and sheet.name in ("requests", "disputes") else 1.0)
    grid = [round(width * w / sum(sheet.widths) * _TWIPS) for w in sheet.widths]
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in grid)
    rows = "".join(_row(sheet, row, grid, ink) for row in range(sheet.n_rows))
    return (
        f'<w:tbl xmlns:w="{NAMESPACE}"><w:tblPr><w:tblW w:w="{sum(grid)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"{_borders(style.tables.rulings)}"
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _borders(rulings: Rulings) -> str:
    kind, size = _LINES.get(rulings, ("single", 4))
    sides = []
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        value = "nil" if rulings == "open_sides" and side in ("left", "right") else kind
        sides.append(f'<w:{side} w:val="{value}" w:sz="{size}" w:space="0" w:color="auto"/>')
    return f"<w:tblBorders>{''.join(sides)}</w:tblBorders>"


def _row(sheet: Sheet, row: int, grid: list[int], ink: TableInk) -> str:
    pages = ink.document.style.pages
    properties = ""
    if pages.split == "three_pages" and sheet.name == "requests":
        properties += f'<w:trHeight w:val="{_TALL_ROW * _TWIPS}" w:hRule="atLeast"/>'
    if pages.repeat_header and row < sheet.header_rows:
        properties += "<w:tblHeader/>"
    covering = sorted((b for b in sheet.boxes if b.row <= row < b.row_stop), key=lambda b: b.col)
    cells = "".join(_cell(box, row, grid, ink) for box in covering)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>"


def _cell(box: Box, row: int, grid: list[int], ink: TableInk) -> str:
    tables = ink.document.style.tables
    properties = f'<w:tcW w:w="{sum(grid[box.col : box.col_stop])}" w:type="dxa"/>'
    if box.cols > 1:
        properties += f'<w:gridSpan w:val="{box.cols}"/>'
    if box.rows > 1:
        properties += '<w:vMerge w:val="restart"/>' if row == box.row else "<w:vMerge/>"
    if tables.shade and box.kind in ("caption", "header")[: 1 if tables.shade == "caption" else 2]:
        properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{_SHADE.get(tables.shade, "F2F2F2")}"/>'
    turned = tables.group_labels == "vertical" and box.kind == "group" and box.col == 0
    if turned:
        properties += '<w:textDirection w:val="tbRlV"/>'
    properties += '<w:vAlign w:val="center"/>'
    text = box.text if row == box.row else ""
    cell = f"<w:tc><w:tcPr>{properties}</w:tcPr>{_paragraphs(text, box, ink)}</w:tc>"
    controlled = ink.document.style.file.controls and box.kind == "value" and ink.rng.random() < 0.15
    return _control(cell) if controlled else cell


def _paragraphs(text: str, box: Box, ink: TableInk) -> str:
    settings = ink.document.style.file
    align = "left" if box.kind == "label" else ink.document.style.tables.align
    style = ""
    if settings.auto_numbered and box.kind == "label" and _NUMBERED.match(text):
        text, style = _NUMBERED.sub("", text), '<w:pStyle w:val="ListNumber"/>'
    content = _content(text, box, ink)
    if settings.controls and box.kind == "value" and ink.rng.random() < 0.4:
        content = _control(content)
    return f'<w:p><w:pPr>{style}<w:jc w:val="{align}"/></w:pPr>{content}</w:p>'


def _control(xml: str) -> str:
    """The content inside a content control, as fill-in forms have it."""
    return f'<w:sdt><w:sdtPr><w:alias w:val="number"/></w:sdtPr><w:sdtContent>{xml}</w:sdtContent></w:sdt>'


def _content(text: str, box: Box, ink: TableInk) -> str:
    settings = ink.document.style.file
    shown = _run(text, ink)
    if box.kind != "value":
        return shown
    if settings.tracked and ink.rng.random() < 0.3:
        old = _run(str(ink.rng.randint(0, 99)), ink, tag="delText")
        first, second = ink.rng.randint(1, 9_999), ink.rng.randint(1, 9_999)
        deleted = f'<w:del w:id="{first}" {_AUTHOR}>{old}</w:del>'
        return f'{deleted}<w:ins w:id="{second}" {_AUTHOR}>{shown}</w:ins>'
    if settings.hidden_text and ink.rng.random() < 0.3:
        return shown + _run(str(ink.rng.randint(0, 99)), ink, extra="<w:vanish/>")
    return shown


def _run(text: str, ink: TableInk, *, tag: str = "t", extra: str = "") -> str:
    """A run of text; line feeds become breaks, long texts are torn into runs as revisions leave them."""
    family = FONTS[ink.document.style.pages.font].family
    fonts = f'<w:rFonts w:ascii="{family}" w:hAnsi="{family}" w:eastAsia="{family}"/>'
    properties = f'<w:rPr>{fonts}{extra}<w:sz w:val="{ink.half_points}"/></w:rPr>'
    pieces = []
    for index, line in enumerate(text.split("\n")):
        lead = "<w:br/>" if index else ""
        cut = len(line) // 2 if len(line) > 1 and ink.rng.random() < 0.3 else 0
        for part in (line[:cut], line[cut:]) if cut else (line,):
            pieces.append(f'<w:r>{properties}{lead}<w:{tag} xml:space="preserve">{escape(part)}</w:{tag}></w:r>')
            lead = ""
    return "".join(pieces)
