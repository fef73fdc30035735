"""A pile of reportlab pages that text and tables flow onto, from top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from samples.document import Document, Para
from samples.producers.page_marks import draw_page_number, draw_running_head
from samples.producers.reportlab_pen import Pen
from samples.sheet import Sheet
from samples.sheet_layout import Layout, lay_out, wrap_text
from samples.style import Style

BODY_SIZE = 12.0  # points
TITLE_SIZE = 18.0
MARGIN = 62.0  # points on every side
TABLE_GAP = 8.0  # points below a table
_PROSE_LEADING = 1.55  # line height of prose in type sizes
_NARROW_SHARE = 0.62  # of the text width, for tables with narrow columns
_TALL_ROW = 26.0  # points, so that a request table needs three pages

PageHook = Callable[[Canvas, int], None]


@dataclass
class Flow:
    """Where the next item goes. ``y`` is the upper end of the free space, origin bottom left.

    ``hook`` paints under each page (canvas, 1-based page number); it then covers all drawn lines.
    """

    canvas: Canvas
    pen: Pen
    document: Document
    size: tuple[float, float]
    hook: PageHook | None = None
    y: float = 0.0
    page_no: int = 0

    @property
    def style(self) -> Style:
        """How the report looks."""
        return self.document.style

    @property
    def width(self) -> float:
        """Width between the margins, in points."""
        return self.size[0] - 2 * MARGIN

    @property
    def page_height(self) -> float:
        """Height between the margins, in points."""
        return self.size[1] - 2 * MARGIN

    @property
    def room(self) -> float:
        """Height left on the page, in points."""
        return self.y - MARGIN

    @property
    def fresh(self) -> bool:
        """True where nothing stands on the page yet."""
        return self.room > self.page_height - 1


def begin_page(flow: Flow) -> None:
    """Starts a page, with its running head."""
    flow.page_no += 1
    flow.y = flow.size[1] - MARGIN
    if flow.style.pages.turned:
        flow.canvas.setPageRotation(90)
        flow.canvas.transform(0, 1, -1, 0, flow.size[1], 0)
    if flow.hook is not None:
        flow.hook(flow.canvas, flow.page_no)
    if flow.style.pages.running_head:
        draw_running_head(flow.canvas, flow.size, flow.pen, flow.document.agency.title)


def end_page(flow: Flow) -> None:
    """Ends the page, with its number."""
    if flow.style.pages.page_numbers:
        draw_page_number(flow.canvas, flow.size, flow.pen, flow.page_no)
    flow.canvas.showPage()


def turn_page(flow: Flow) -> None:
    """Ends the page and starts the next."""
    end_page(flow)
    begin_page(flow)


def line_height(para: Para) -> float:
    """Height of one line of a paragraph, in points."""
    return _type_size(para) * _PROSE_LEADING


def paragraph_lines(flow: Flow, para: Para) -> tuple[str, ...]:
    """The lines of a paragraph in the width of the page; one empty line for an empty paragraph."""
    size = _type_size(para)
    indent = "　　" if para.role in ("body", "heading") and para.text else ""
    return wrap_text(indent + para.text, flow.width, lambda t: flow.pen.width(t, size), hanging=True) or ("",)


def put_paragraph(flow: Flow, para: Para) -> None:
    """Writes a paragraph, over as many pages as it takes."""
    size, height = _type_size(para), line_height(para)
    for line in paragraph_lines(flow, para):
        if flow.room < height:
            turn_page(flow)
        flow.y -= height
        used = flow.pen.width(line, size)
        x = MARGIN
        if para.role in ("title", "subtitle", "meta"):
            x += (flow.width - used) / 2
        elif para.role == "signature":
            x += flow.width - used
        flow.pen.write(flow.canvas, x, flow.y + size * 0.25, line, size)
        if para.underlined and flow.hook is None:
            flow.canvas.setLineWidth(0.5)
            flow.canvas.line(x, flow.y, x + used, flow.y)


def lay_out_sheet(flow: Flow, sheet: Sheet) -> Layout:
    """The layout of a sheet in the width of the page and in the type size of the style."""
    size, style = flow.style.pages.size, flow.style
    narrow = style.tables.narrow and sheet.name in ("requests", "disputes")
    tall = style.pages.split == "three_pages" and sheet.name == "requests"
    return lay_out(
        sheet,
        flow.width * (_NARROW_SHARE if narrow else 1.0),
        size,
        lambda t: flow.pen.width(t, size),
        turned_groups=style.tables.group_labels == "vertical",
        row_height=_TALL_ROW if tall else 0.0,
    )


def _type_size(para: Para) -> float:
    return TITLE_SIZE if para.role == "title" else BODY_SIZE
