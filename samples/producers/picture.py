"""Draws a table, or whole pages, as an image: what offices paste when they paste a screenshot."""

from __future__ import annotations

import base64
import io

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from models.errors import MissingDependencyError
from samples.fonts import FONTS, find_font
from samples.sheet import Sheet
from samples.sheet_layout import lay_out
from samples.style import Style

_SCALE = 2.0  # pixels a point
_WIDTH = 470.0  # points
_SIZE = 9.0
_SCAN_DPI = 110
_POINTS_PER_INCH = 72
JPEG_QUALITY = 55


def draw_picture(sheet: Sheet, style: Style) -> Image.Image:
    """The table as an image, uint8 grey, about 940 pixels wide, with full rulings.

    Raises:
        MissingDependencyError: the font is not installed or not readable.
    """
    font = load_image_font(style.pages.font, int(_SIZE * _SCALE))
    layout = lay_out(sheet, _WIDTH, _SIZE, lambda text: font.getlength(text) / _SCALE)
    image = Image.new("L", (int(_WIDTH * _SCALE) + 2, int(layout.height * _SCALE) + 2), 255)
    pencil = ImageDraw.Draw(image)
    for box in sheet.boxes:
        x0, x1 = layout.edges[box.col] * _SCALE, layout.edges[box.col_stop] * _SCALE
        y0, y1 = layout.top_of(box.row) * _SCALE, layout.top_of(box.row_stop) * _SCALE
        pencil.rectangle((x0, y0, x1, y1), outline=0)
        y = (y0 + y1) / 2 - layout.leading * _SCALE * len(layout.lines[box]) / 2
        for line in layout.lines[box]:
            pencil.text(((x0 + x1 - font.getlength(line)) / 2, y), line, font=font, fill=0)
            y += layout.leading * _SCALE
    return image


def load_image_font(key: str, size: int) -> ImageFont.FreeTypeFont:
    """A font for drawing on images, ``size`` in pixels.

    Raises:
        MissingDependencyError: the font is not installed or not readable.
    """
    path = find_font(key)
    try:
        return ImageFont.truetype(str(path), size)
    except OSError as exc:
        raise MissingDependencyError(
            f"font file {path.name} cannot be read: {exc}", remedy=f"apt-get install {FONTS[key].package}"
        ) from exc


def rasterise_pages(pdf: bytes, *, turn: int = 0) -> list[Image.Image]:
    """The pages as grey images (uint8) at office-scanner resolution, turned clockwise by ``turn`` degrees."""
    pages: list[Image.Image] = []
    with pypdfium2.PdfDocument(pdf) as opened:
        for page in opened:
            image: Image.Image = page.render(scale=_SCAN_DPI / _POINTS_PER_INCH, grayscale=True).to_pil().convert("L")
            pages.append(image.rotate(-turn, expand=True) if turn else image)
    return pages


def encode_jpeg(image: Image.Image) -> io.BytesIO:
    """The image as a JPEG stream, compressed as scanners do."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=JPEG_QUALITY)
    stream.seek(0)
    return stream


def encode_png(image: Image.Image) -> io.BytesIO:
    """The image as a PNG stream without any date."""
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=False)
    stream.seek(0)
    return stream


def encode_data_uri(image: Image.Image) -> str:
    """The image as a ``data:`` address for a web page."""
    return "data:image/png;base64," + base64.b64encode(encode_png(image).getvalue()).decode("ascii")
