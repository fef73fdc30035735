"""Writes a report as DOCX, byte for byte the same for the same report."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import _Cell

from samples.document import Document, NewPage, Para
from samples.fonts import FONTS
from samples.producers.docx_tables import NAMESPACE, TableInk, sheet_to_xml
from samples.producers.picture import draw_picture, encode_png
from samples.sheet import Sheet

_MARGIN = 70  # points
_A4 = (595, 842)  # points
_BODY_SIZE = 12
_TITLE_SIZE = 18
_FIXED_DATE = datetime(2024, 1, 1, tzinfo=UTC)
_FIXED_ZIP_DATE = (2024, 1, 1, 0, 0, 0)
_LAYOUT_SIDE = 30  # points, the empty column of a layout table
_ALIGN = {
    "title": WD_ALIGN_PARAGRAPH.CENTER,
    "subtitle": WD_ALIGN_PARAGRAPH.CENTER,
    "meta": WD_ALIGN_PARAGRAPH.CENTER,
    "signature": WD_ALIGN_PARAGRAPH.RIGHT,
}


def write_docx(document: Document, path: Path) -> None:
    """Writes the report as DOCX."""
    word = docx.Document()
    _set_page(word, document)
    core = word.core_properties
    core.title, core.author = document.agency.title, document.agency.name
    core.created = core.modified = _FIXED_DATE
    width = float(word.sections[0].page_width.pt) - 2 * _MARGIN  # type: ignore[union-attr]  # set above
    holder: WordDocument | _Cell = word
    if document.style.file.layout_table:
        width -= _LAYOUT_SIDE + 10
        table = word.add_table(1, 2)
        table.autofit = False
        for column, points in zip(table.columns, (_LAYOUT_SIDE, width + 10), strict=True):
            column.width = Pt(points)
            column.cells[0].width = Pt(points)
        holder = table.rows[0].cells[1]
    ink = TableInk(document, width, random.Random(f"docx:{document.seed}"))
    for item in document.items:
        _put_item(holder, item, ink)
    buffer = io.BytesIO()
    word.save(buffer)
    path.write_bytes(_without_dates(buffer.getvalue()))


def _set_page(word: WordDocument, document: Document) -> None:
    section = word.sections[0]
    size = _A4[::-1] if document.style.pages.landscape else _A4
    section.orientation = WD_ORIENT.LANDSCAPE if document.style.pages.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Pt(size[0]), Pt(size[1])
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Pt(_MARGIN)
    if document.style.pages.running_head:
        section.header.paragraphs[0].text = document.agency.title
    if document.style.pages.page_numbers:
        field = f'<w:fldSimple xmlns:w="{NAMESPACE}" w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        footer._p.append(parse_xml(field))  # noqa: SLF001  # python-docx has no public way to add a field


def _put_item(holder: WordDocument | _Cell, item: object, ink: TableInk) -> None:
    if isinstance(item, NewPage):
        holder.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    elif isinstance(item, Para):
        _put_paragraph(holder, item, ink)
    elif isinstance(item, Sheet) and item.picture:
        image = encode_png(draw_picture(item, ink.document.style))
        holder.add_paragraph().add_run().add_picture(image, width=Pt(ink.width))
    elif isinstance(item, Sheet):
        _put_table(holder, item, ink)


def _put_paragraph(holder: WordDocument | _Cell, para: Para, ink: TableInk) -> None:
    paragraph = holder.add_paragraph()
    paragraph.alignment = _ALIGN.get(para.role)
    if para.role in ("body", "heading"):
        paragraph.paragraph_format.first_line_indent = Pt(2 * _BODY_SIZE)
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(para.text)
    run.bold = para.role in ("title", "heading")
    run.underline = para.underlined
    run.font.size = Pt(_TITLE_SIZE if para.role == "title" else _BODY_SIZE)
    family = FONTS[ink.document.style.pages.font].family
    run.font.name = family
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)  # noqa: SLF001  # nor for East Asian fonts


def _put_table(holder: WordDocument | _Cell, sheet: Sheet, ink: TableInk) -> None:
    table = parse_xml(sheet_to_xml(sheet, ink))
    if isinstance(holder, _Cell):
        holder._tc.append(table)  # noqa: SLF001  # nor for a table made elsewhere
        holder.add_paragraph()  # a cell must end with a paragraph
    else:
        holder.element.body.insert_element_before(table, "w:sectPr")


def _without_dates(archive: bytes) -> bytes:
    """The same archive with a fixed date on every member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _FIXED_ZIP_DATE), source.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
