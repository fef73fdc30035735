"""What stands on a page beside the report: running head, page number, the red stamp of an office."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from samples.producers.picture import load_image_font
from samples.producers.reportlab_pen import Pen

_SMALL = 9.0  # points
_EDGE = 34.0  # points from the paper's edge
_STAMP_RADIUS = 58.0
_STAMP_TEXT = 9.0
_STAMP_SCALE = 2.5  # pixels a point
_RED = (208, 2, 27)


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


def draw_stamp(canvas: Canvas, x: float, y: float, font: str, name: str) -> None:
    """Draws a round stamp centred on (x, y), origin bottom left: an image, as seal software puts it over a page.

    Raises:
        MissingDependencyError: the font is not installed or not readable.
    """
    side = 2 * _STAMP_RADIUS
    canvas.drawImage(
        ImageReader(_stamp_image(font, name)), x - _STAMP_RADIUS, y - _STAMP_RADIUS, side, side, mask="auto"
    )


def _stamp_image(font: str, name: str) -> Image.Image:
    """Ring, star and the name along the ring, RGBA on a clear ground."""
    side = int(2 * _STAMP_RADIUS * _STAMP_SCALE)
    centre, radius, width = side / 2, side / 2 - _STAMP_SCALE, int(2 * _STAMP_SCALE)
    image = Image.new("RGBA", (side, side), (*_RED, 0))
    pencil = ImageDraw.Draw(image)
    pencil.ellipse((centre - radius, centre - radius, centre + radius, centre + radius), outline=_RED, width=width)
    pencil.polygon(_star(centre, radius / 3), fill=_RED)
    letters = load_image_font(font, int(_STAMP_TEXT * _STAMP_SCALE))
    cell = int(_STAMP_TEXT * _STAMP_SCALE * 1.5)
    for index, char in enumerate(name):
        angle = math.pi * (1.2 - 1.4 * (index + 0.5) / len(name))
        tile = Image.new("RGBA", (cell, cell), (*_RED, 0))
        ImageDraw.Draw(tile).text((cell / 2, cell / 2), char, font=letters, fill=_RED, anchor="mm")
        tile = tile.rotate(math.degrees(angle) - 90, resample=Image.Resampling.BICUBIC)
        reach = 0.78 * radius
        at = (centre + reach * math.cos(angle) - cell / 2, centre - reach * math.sin(angle) - cell / 2)
        image.alpha_composite(tile, (int(at[0]), int(at[1])))
    return image


def _star(centre: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for index in range(10):
        reach = radius if index % 2 == 0 else radius * 0.38
        angle = math.pi / 2 + index * math.pi / 5
        points.append((centre + reach * math.cos(angle), centre - reach * math.sin(angle)))
    return points
