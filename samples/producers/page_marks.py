"""What stands on a page beside the report: running head, page number, the red stamp of an office."""

from __future__ import annotations

import math

from reportlab.lib.colors import HexColor, black
from reportlab.pdfgen.canvas import Canvas

from samples.producers.reportlab_pen import Pen

_SMALL = 9.0  # points
_EDGE = 34.0  # points from the paper's edge
_STAMP_RADIUS = 58.0
_STAMP_TEXT = 9.0
_RED = HexColor("#D0021B")


def draw_running_head(canvas: Canvas, size: tuple[float, float], pen: Pen, text: str) -> None:
    """Writes the title above the text with a ruling below it. ``size`` is the page in points."""
    width, height = size
    pen.write(canvas, (width - pen.width(text, _SMALL)) / 2, height - _EDGE, text, _SMALL)
    canvas.setLineWidth(0.5)
    canvas.line(_EDGE * 2, height - _EDGE - 4, width - _EDGE * 2, height - _EDGE - 4)


def draw_page_number(canvas: Canvas, size: tuple[float, float], pen: Pen, page_no: int) -> None:
    """Writes the 1-based page number at the foot."""
    text = f"- {page_no} -"
    pen.write(canvas, (size[0] - pen.width(text, _SMALL)) / 2, _EDGE, text, _SMALL)


def draw_stamp(canvas: Canvas, x: float, y: float, pen: Pen, name: str) -> None:
    """Draws a round stamp centred on (x, y), origin bottom left: ring, star, name along the ring."""
    canvas.saveState()
    canvas.setStrokeColor(_RED)
    canvas.setFillColor(_RED)
    canvas.setLineWidth(2.0)
    canvas.circle(x, y, _STAMP_RADIUS, stroke=1, fill=0)
    _draw_star(canvas, x, y, _STAMP_RADIUS / 3)
    for index, char in enumerate(name):
        angle = math.pi * (1.15 - 1.3 * index / max(len(name) - 1, 1))
        canvas.saveState()
        canvas.translate(x + 0.78 * _STAMP_RADIUS * math.cos(angle), y + 0.78 * _STAMP_RADIUS * math.sin(angle))
        canvas.rotate(math.degrees(angle) - 90)
        pen.write(canvas, -pen.width(char, _STAMP_TEXT) / 2, 0, char, _STAMP_TEXT)
        canvas.restoreState()
    canvas.restoreState()
    canvas.setFillColor(black)


def _draw_star(canvas: Canvas, x: float, y: float, radius: float) -> None:
    path = canvas.beginPath()
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.38
        angle = math.pi / 2 + index * math.pi / 5
        point = (x + reach * math.cos(angle), y + reach * math.sin(angle))
        if index == 0:
            path.moveTo(*point)
        else:
            path.lineTo(*point)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)
