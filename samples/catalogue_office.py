"""Styles of office documents: DOCX, and the PDF that an office suite makes of it."""

from __future__ import annotations

from samples.style import FileStyle, LabelStyle, PageStyle, Style, TableStyle, ValueStyle

OFFICE_STYLES: tuple[Style, ...] = (
    Style("docx-plain", "docx"),
    Style("office-plain", "libreoffice"),
    Style("docx-nested", "docx", file=FileStyle(layout_table=True), tables=TableStyle(split_blocks=True)),
    Style("office-repeated-header", "libreoffice", pages=PageStyle(repeat_header=True, size=11.0, split="three_pages")),
    Style("docx-tracked-changes", "docx", values=ValueStyle(scale="district"), file=FileStyle(tracked=True)),
    Style(
        "office-free-break",
        "libreoffice",
        tables=TableStyle(shade="caption"),
        pages=PageStyle(size=11.0, split="three_pages"),
    ),
    Style("docx-content-controls", "docx", values=ValueStyle(scale="city"), file=FileStyle(controls=True)),
    Style("office-vertical-label", "libreoffice", tables=TableStyle(group_labels="vertical")),
    Style("docx-automatic-numbers", "docx", labels=LabelStyle(short=True), file=FileStyle(auto_numbered=True)),
    Style(
        "office-open-sides", "libreoffice", tables=TableStyle(rulings="open_sides"), labels=LabelStyle(spread="wide")
    ),
    Style("docx-hidden-text", "docx", file=FileStyle(hidden_text=True), pages=PageStyle(foreign_table=True)),
    Style(
        "office-2019",
        "libreoffice",
        form="gk2019",
        values=ValueStyle(scale="district"),
        pages=PageStyle(cover=True, underlined=True),
    ),
    Style("docx-2019", "docx", form="gk2019", values=ValueStyle(scale="office", zero="some_blank")),
    Style(
        "office-narrow",
        "libreoffice",
        values=ValueStyle(scale="province"),
        tables=TableStyle(narrow=True),
        pages=PageStyle(size=9.0),
    ),
    Style(
        "docx-blank-totals",
        "docx",
        values=ValueStyle(blank="row_totals", padded=True),
        tables=TableStyle(spare_label_cell=True),
    ),
    Style("office-no-rulings", "libreoffice", tables=TableStyle(rulings="none", group_labels="wrapped")),
    Style("docx-broken-row", "docx", values=ValueStyle(scale="district", faults=("row_sum",))),
    Style("office-landscape", "libreoffice", pages=PageStyle(landscape=True), tables=TableStyle(merged_other=True)),
    Style(
        "docx-odd-cells",
        "docx",
        form="gk2019",
        expect="review",
        values=ValueStyle(scale="office", oddities=("increase", "dash")),
    ),
    Style("docx-picture-table", "docx", expect="review", tables=TableStyle(pictures=("proactive",))),
)
