"""Draws the rulings and shades of a table on a reportlab canvas, in every manner that offices use."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.colors import Color, HexColor, black
from reportlab.pdfgen.canvas import Canvas

from samples.sheet import Box
from samples.sheet_layout import Layout
from samples.style import TableStyle

_THIN = 0.5  # points
_HAIR = 0.12
_THICK = 1.5
_DOUBLE_GAP = 0.9  # half the distance between the lines of a double ruling
_DOT = [0.8, 1.6]  # points drawn, points left out
_DASH = [3.0, 2.0]
_SHADES = {"caption": HexColor("#C6D9F1"), "header": HexColor("#E7E6E6"), "zebra": HexColor("#F2F2F2")}
_GREY = HexColor("#BFBFBF")


@dataclass(frozen=True, slots=True)
class _Line:
    """A ruling relative to the top left of the table, y downwards; ``outer`` lies on the frame."""

    x0: float
    y0: float
    x1: float
    y1: float
    outer: bool

    @property
    def horizontal(self) -> bool:
        return self.y0 == self.y1


def draw_shades(canvas: Canvas, layout: Layout, x: float, top: float, style: TableStyle) -> None:
    """Fills the boxes that the style shades. (x, top) is the top left corner, origin bottom left."""
    for box in layout.sheet.boxes:
        shaded = box.row % 2 == 1 if style.shade == "zebra" else box.kind in _shaded_kinds(style)
        if style.shade and shaded:
            canvas.setFillColor(_SHADES[style.shade])
            y0, y1 = layout.top_of(box.row), layout.top_of(box.row_stop)
            x0, x1 = layout.edges[box.col], layout.edges[box.col_stop]
            canvas.rect(x + x0, top - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
    canvas.setFillColor(black)


def _shaded_kinds(style: TableStyle) -> tuple[str, ...]:
    return ("caption",) if style.shade == "caption" else ("caption", "header")


def draw_rulings(
    canvas: Canvas, layout: Layout, x: float, top: float, style: TableStyle, *, open_top: bool, open_bottom: bool
) -> None:
    """Draws the rulings. ``open_top``/``open_bottom``: the frame has no ruling there, as at some page breaks."""
    for line in _lines_of(layout, style):
        at_top = line.horizontal and line.outer and line.y0 < 1e-6
        at_bottom = line.horizontal and line.outer and not at_top
        if (at_top and open_top) or (at_bottom and open_bottom):
            continue
        _draw_line(canvas, line, x, top, style.rulings)
    canvas.setDash()
    canvas.setStrokeColor(black)


def _lines_of(layout: Layout, style: TableStyle) -> list[_Line]:
    right, bottom = layout.edges[-1], layout.height
    found: dict[tuple[float, ...], _Line] = {}
    for box in layout.sheet.boxes:
        x0, x1 = layout.edges[box.col], layout.edges[box.col_stop]
        y0, y1 = layout.top_of(box.row), layout.top_of(box.row_stop)
        for a, b, c, d in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            outer = (b == d and (b < 1e-6 or abs(b - bottom) < 1e-6)) or (a == c and (a == 0 or abs(a - right) < 1e-6))
            found[tuple(round(v, 2) for v in (a, b, c, d))] = _Line(a, b, c, d, outer)
    header_ends = {round(layout.top_of(b.row_stop), 2) for b in layout.sheet.boxes if _closes_header(layout, b)}
    return [line for line in found.values() if _is_drawn(line, style, header_ends)]


def _closes_header(layout: Layout, box: Box) -> bool:
    below = layout.sheet.starting[box.row_stop] if box.row_stop < layout.sheet.n_rows else ()
    return box.kind == "header" and any(b.kind in ("label", "group", "value") for b in below)


def _is_drawn(line: _Line, style: TableStyle, header_ends: set[float]) -> bool:
    match style.rulings:
        case "none":
            return False
        case "horizontal":
            return line.horizontal
        case "three_line":
            return line.horizontal and (line.outer or round(line.y0, 2) in header_ends)
        case "open_sides":
            return line.horizontal or not line.outer
        case _:
            return True


def _draw_line(canvas: Canvas, line: _Line, x: float, top: float, rulings: str) -> None:
    x0, x1, y0, y1 = x + line.x0, x + line.x1, top - line.y0, top - line.y1
    if rulings == "rects":
        half = _THIN / 2
        canvas.setFillColor(black)
        canvas.rect(
            min(x0, x1) - half, min(y0, y1) - half, abs(x1 - x0) + _THIN, abs(y1 - y0) + _THIN, stroke=0, fill=1
        )
        return
    color: Color = _GREY if rulings == "grey" else black
    canvas.setStrokeColor(color)
    canvas.setDash({"dotted": _DOT, "dashed": _DASH}.get(rulings, []))
    canvas.setLineWidth(_width_of(line, rulings))
    if rulings == "double":
        dx, dy = (0.0, _DOUBLE_GAP) if line.horizontal else (_DOUBLE_GAP, 0.0)
        canvas.line(x0 - dx, y0 - dy, x1 - dx, y1 - dy)
        canvas.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy)
    else:
        canvas.line(x0, y0, x1, y1)


def _width_of(line: _Line, rulings: str) -> float:
    match rulings:
        case "hairline":
            return _HAIR
        case "thick_frame":
            return _THICK if line.outer else _HAIR
        case "three_line" if line.outer:
            return _THICK
        case "double":
            return _THIN / 2
        case _:
            return _THIN
