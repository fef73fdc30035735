"""Sheets as HTML tables: clean, as a word processor exports them, or as careless editors leave them."""

from __future__ import annotations

import html
import random
from dataclasses import dataclass

from samples.document import Document
from samples.producers.picture import draw_picture, encode_data_uri
from samples.sheet import Box, Sheet

_EMPTY_WORD = "<o:p>&nbsp;</o:p>"
_WORD_STYLE = "mso-bidi-font-size:10.5pt;font-family:宋体;mso-ascii-font-family:&quot;Times New Roman&quot;"


@dataclass(frozen=True)
class Markup:
    """How tags are written for one report; ``rng`` decides where text is torn into spans."""

    document: Document
    rng: random.Random

    @property
    def kind(self) -> str:
        """clean, word or unclosed."""
        return self.document.style.file.markup


def sheet_to_html(sheet: Sheet, markup: Markup) -> str:
    """The table as HTML; an image where the sheet is a picture."""
    if sheet.picture:
        return _picture_to_html(sheet, markup)
    match markup.kind:
        case "word":
            return _word_table(sheet, markup)
        case "unclosed":
            return _unclosed_table(sheet)
        case _:
            return _clean_table(sheet, markup)


def _clean_table(sheet: Sheet, markup: Markup) -> str:
    style = markup.document.style
    head = sheet.header_rows if style.pages.repeat_header else 0
    columns = "".join(f'<col style="width:{100 * w / sum(sheet.widths):.2f}%">' for w in sheet.widths)
    rows = [_clean_row(boxes, markup) for boxes in sheet.starting]
    if style.file.hidden_debris:
        rows.append(_hidden_row(sheet))
    body = "\n".join(rows[head:])
    thead = f"<thead>\n{chr(10).join(rows[:head])}\n</thead>\n" if head else ""
    start = f'<table class="sheet {sheet.name}">\n<colgroup>{columns}</colgroup>\n'
    return f"{start}{thead}<tbody>\n{body}\n</tbody>\n</table>"


def _clean_row(boxes: tuple[Box, ...], markup: Markup) -> str:
    cells = []
    for box in boxes:
        tag = "th" if box.kind in ("header", "caption") else "td"
        text = _text(box.text)
        if box.kind == "value" and markup.document.style.file.hidden_debris:
            text += _hidden_span(markup.rng)
        cells.append(f'<{tag} class="{box.kind}"{_extent(box)}>{text}</{tag}>')
    return f"<tr>{''.join(cells)}</tr>"


def _hidden_span(rng: random.Random) -> str:
    """Leftover of an editor that no reader of the page sees: another number, not displayed."""
    if rng.random() > 0.25:
        return ""
    return rng.choice(
        (
            f'<span style="display:none">{rng.randint(1, 99)}</span>',
            f'<span style="display: none;">{rng.randint(1, 99)}</span>',
            f"<!-- {rng.randint(1, 99)} -->",
        )
    )


def _hidden_row(sheet: Sheet) -> str:
    cells = "".join("<td>0</td>" for _ in range(sheet.n_cols))
    return f'<tr style="display:none">{cells}</tr>'


def _unclosed_table(sheet: Sheet) -> str:
    """Upper-case tags without ends, as old editors write them; browsers show the same table."""
    rows = []
    for boxes in sheet.starting:
        cells = "\n".join(f"<TD{_extent(box).upper()} ALIGN=middle>{_text(box.text)}" for box in boxes)
        rows.append(f"<TR>\n{cells}")
    return "<TABLE BORDER=1 CELLSPACING=0>\n" + "\n".join(rows) + "\n</TABLE>"


def _word_table(sheet: Sheet, markup: Markup) -> str:
    rows = [_word_row(boxes, sheet, markup) for boxes in sheet.starting]
    # Word ends tables with spans by a row of empty cells that only fixes the widths.
    widths = "".join(f'<td width="{round(60 * w)}" style="border:none"></td>' for w in sheet.widths)
    closing = f'<!--[if !supportMisalignedColumns]-->\n<tr height="0">{widths}</tr>\n<!--[endif]-->'
    opening = (
        '<table class="MsoNormalTable" border="1" cellspacing="0" cellpadding="0" style="border-collapse:collapse">'
    )
    return f"<div align=center>\n{opening}\n" + "\n".join(rows) + f"\n{closing}\n</table>\n</div>"


def _word_row(boxes: tuple[Box, ...], sheet: Sheet, markup: Markup) -> str:
    cells = []
    for box in boxes:
        width = round(60 * sum(sheet.widths[box.col : box.col_stop]))
        paragraphs = "".join(_word_paragraph(line, markup) for line in (box.text.split("\n") if box.text else [""]))
        cells.append(f'<td width="{width}" valign="center"{_extent(box)} style="padding:0cm 5.4pt">\n{paragraphs}</td>')
    return "<tr style='mso-yfti-irow:0'>\n" + "\n".join(cells) + "\n</tr>"


def _word_paragraph(text: str, markup: Markup) -> str:
    if not text.strip():
        return f'<p class="MsoNormal" align="center"><span lang="EN-US">{_EMPTY_WORD}</span></p>\n'
    spans = "".join(f'<span style="{_WORD_STYLE}">{_escape(piece)}</span>' for piece in tear_text(text, markup.rng))
    return f'<p class="MsoNormal" align="center">{spans}<span lang="EN-US"><o:p></o:p></span></p>\n'


def tear_text(text: str, rng: random.Random) -> list[str]:
    """The text in pieces of one to four characters, as revisions tear it; digits of one number may be torn apart."""
    pieces: list[str] = []
    while text:
        size = rng.randint(1, 4)
        pieces.append(text[:size])
        text = text[size:]
    return pieces


def _picture_to_html(sheet: Sheet, markup: Markup) -> str:
    source = encode_data_uri(draw_picture(sheet, markup.document.style))
    return f'<p style="text-align:center"><img src="{source}" width="640"></p>'


def _extent(box: Box) -> str:
    rows = f' rowspan="{box.rows}"' if box.rows > 1 else ""
    cols = f' colspan="{box.cols}"' if box.cols > 1 else ""
    return cols + rows


def _text(text: str) -> str:
    return "<br>".join(_escape(line) for line in text.split("\n"))


def _escape(text: str) -> str:
    return html.escape(text, quote=False).replace("\u00a0", "&nbsp;")
