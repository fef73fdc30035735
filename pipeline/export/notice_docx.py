"""A notice as DOCX, to be edited and sent."""

from __future__ import annotations

import io
import re

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from models.notice import Notice, NoticeFinding
from pipeline.export import notice_words as words

_FONT, _LATIN = "宋体", "Times New Roman"
_SIZE_PT, _HEADING_PT = 12, 17
_MARGIN_MM, _PICTURE_MM = 25, 45
# XML takes no control characters.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def notice_docx(notice: Notice) -> bytes:
    """The bytes of the file."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN, Pt(_SIZE_PT)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(words.HEADING)
    run.bold, run.font.size = True, Pt(_HEADING_PT)
    document.add_paragraph(_plain(words.salutation(notice)))
    document.add_paragraph(_plain(words.opening(notice)))
    for number, finding in enumerate(notice.findings, 1):
        _add_finding(document, number, finding)
    document.add_paragraph(words.CLOSING if notice.findings else words.NOTHING)
    date = document.add_paragraph(_plain(notice.date))
    date.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add_finding(document: DocxDocument, number: int, finding: NoticeFinding) -> None:
    document.add_paragraph().add_run(_plain(words.finding_heading(number, finding))).bold = True
    if finding.values:
        table = document.add_table(rows=1, cols=len(words.VALUES), style="Table Grid")
        for cell, name in zip(table.rows[0].cells, words.VALUES, strict=True):
            cell.text = name
        for value in finding.values:
            cells = table.add_row().cells
            for cell, text in zip(cells, words.value_cells(value), strict=False):
                cell.text = _plain(text)
            if value.png is not None:
                cells[-1].paragraphs[0].add_run().add_picture(io.BytesIO(value.png), width=Mm(_PICTURE_MM))
    if finding.explanations:
        document.add_paragraph(f"{words.EXPLANATIONS}：")
        for text in finding.explanations:
            document.add_paragraph(_plain(text), style="List Bullet")
    if finding.note:
        document.add_paragraph(_plain(f"{words.NOTE}：{finding.note}"))


def _plain(text: str) -> str:
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)
