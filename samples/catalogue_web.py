"""Styles of web pages, their printouts, and text saved from them."""

from __future__ import annotations

from samples.style import FileStyle, LabelStyle, PageStyle, Style, TableStyle, ValueStyle

WEB_STYLES: tuple[Style, ...] = (
    Style("html-clean", "html"),
    Style("chromium-plain", "chromium"),
    Style("text-lines", "text", values=ValueStyle(scale="office")),
    Style("html-word-export", "html", values=ValueStyle(padded=True), file=FileStyle(markup="word")),
    Style("chromium-repeated-header", "chromium", pages=PageStyle(repeat_header=True, size=11.0, split="three_pages")),
    Style("text-lines-bar", "text", file=FileStyle(cells="line_bar")),
    Style("html-nested-layout", "html", file=FileStyle(layout_table=True, navigation=True)),
    Style(
        "chromium-free-break",
        "chromium",
        tables=TableStyle(rulings="grey"),
        pages=PageStyle(size=11.0, split="three_pages"),
    ),
    Style("text-bars", "text", values=ValueStyle(zero="some_blank"), file=FileStyle(cells="bars")),
    Style(
        "html-gb18030", "html", labels=LabelStyle(radicals=False), file=FileStyle(encoding="gb18030", navigation=True)
    ),
    Style(
        "chromium-noto-serif",
        "chromium",
        pages=PageStyle(font="noto-serif"),
        values=ValueStyle(scale="city", long_fees=True),
    ),
    Style("text-tabs", "text", values=ValueStyle(zero="blank"), file=FileStyle(cells="tabs", crlf=True)),
    Style("html-gb18030-undeclared", "html", file=FileStyle(encoding="gb18030_undeclared", markup="unclosed")),
    Style("chromium-borderless", "chromium", tables=TableStyle(rulings="none", group_labels="wrapped")),
    Style("html-hidden-debris", "html", values=ValueStyle(scale="district"), file=FileStyle(hidden_debris=True)),
    Style(
        "chromium-shaded",
        "chromium",
        tables=TableStyle(shade="caption", rulings="thick_frame"),
        labels=LabelStyle(dropped=4),
    ),
    Style("text-2019-bar", "text", form="gk2019", file=FileStyle(cells="line_bar")),
    Style(
        "html-word-blank-organisations",
        "html",
        labels=LabelStyle(normative="规范性文件"),
        values=ValueStyle(blank="organisations", padded=True),
        tables=TableStyle(split_blocks=True),
        file=FileStyle(markup="word"),
    ),
    Style(
        "chromium-narrow",
        "chromium",
        values=ValueStyle(scale="province"),
        tables=TableStyle(narrow=True),
        pages=PageStyle(size=9.0),
    ),
    Style(
        "html-2019-odd-spans",
        "html",
        form="gk2019",
        values=ValueStyle(scale="city", padded=True),
        tables=TableStyle(odd_spans=True, empty_row=True),
    ),
    Style("text-gb18030-tabs", "text", file=FileStyle(cells="tabs", encoding="gb18030")),
    Style(
        "chromium-2019",
        "chromium",
        form="gk2019",
        labels=LabelStyle(spread="line"),
        pages=PageStyle(foreign_table=True),
    ),
    Style(
        "html-repeated-groups",
        "html",
        tables=TableStyle(group_labels="repeated", extra_rows=True),
        labels=LabelStyle(zero_width=True),
    ),
    Style(
        "chromium-landscape", "chromium", pages=PageStyle(landscape=True), tables=TableStyle(group_labels="vertical")
    ),
    Style("html-broken-sum", "html", values=ValueStyle(scale="district", faults=("column_sum", "dispute_zero"))),
    Style(
        "html-full-width",
        "html",
        values=ValueStyle(scale="city", full_width=True),
        file=FileStyle(encoding="utf-8-sig"),
    ),
    Style(
        "text-missing-rows",
        "text",
        values=ValueStyle(scale="tiny"),
        tables=TableStyle(missing_rows=3),
        file=FileStyle(cells="bars"),
    ),
    Style(
        "html-caption-missing",
        "html",
        labels=LabelStyle(caption="missing", balance_note=False),
        tables=TableStyle(merged_other=True),
    ),
    Style("html-missing-rows", "html", values=ValueStyle(scale="tiny"), tables=TableStyle(missing_rows=4)),
    Style(
        "html-unit-slip", "html", expect="review", values=ValueStyle(scale="district", oddities=("unit_slip", "slash"))
    ),
    Style("html-picture-table", "html", expect="review", tables=TableStyle(pictures=("requests", "disputes"))),
    Style("html-legacy", "html", expect="review", legacy=True),
    Style("text-glued", "text", expect="review", file=FileStyle(cells="glued")),
)
