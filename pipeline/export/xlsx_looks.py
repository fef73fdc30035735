"""Looks of the cells of the XLSX export: one place for every colour, so that the legend always tells the truth."""

from __future__ import annotations

from pipeline.export.form_view import CellView
from pipeline.export.xlsx_book import Look

BORDER: Look = {"border": 1}
CENTER: Look = {"align": "center"}
WRAP: Look = {"text_wrap": True}
TOP: Look = {"valign": "top"}
TITLE: Look = {"bold": True, "font_size": 14, "align": "center"}
SUBTITLE: Look = {"align": "center", "text_wrap": True}
SECTION: Look = {"bold": True, "font_size": 11}
FORM_HEADER: Look = {**BORDER, **CENTER, **WRAP, "bg_color": "#F2F2F2"}
ROW_LABEL: Look = {**BORDER, **WRAP, "align": "left", "indent": 1}
VERTICAL: Look = {
    "rotation": 270,
    **CENTER,
    "indent": 0,
    "text_wrap": False,
}  # 270 stands for letters set one below the other
NOTE: Look = {**WRAP, "font_size": 8, "font_color": "#404040"}
FAILURE: Look = {**WRAP, "font_color": "#C00000", "bold": True}
LINK: Look = {"font_color": "#0563C1", "underline": 1}

REVIEW: Look = {"bg_color": "#FFEB9C"}
BROKEN: Look = {"bg_color": "#F8CBAD", "font_color": "#9C0006"}
SUSPECT: Look = {"bg_color": "#FF9999", "font_color": "#9C0006", "bold": True, "border": 2, "border_color": "#C00000"}
BLANK: Look = {"bg_color": "#EDEDED"}
NOT_APPLICABLE: Look = {"bg_color": "#EDEDED", "italic": True, "font_color": "#595959"}
ABSENT: Look = {"bg_color": "#BFBFBF", "font_color": "#595959"}
WARNING: Look = {"bg_color": "#FFF2CC"}

_KINDS: dict[str, Look] = {"blank": BLANK, "not_applicable": NOT_APPLICABLE, "absent": ABSENT}


def cell_look(cell: CellView) -> Look:
    """The look of a number cell: its kind, over which review, broken sum and suspect are laid in this order."""
    look: Look = {**BORDER, **CENTER, **_KINDS.get(cell.kind, {})}
    if cell.review:
        look.update(REVIEW)
    if cell.mark.broken:
        look.update(BROKEN)
    if cell.mark.suspect:
        look.update(SUSPECT)
    return look
