"""Small PDFs drawn for one test, with coordinates from the top left as the readers give them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

SONG = "STSong-Light"
WIDTH, HEIGHT = 595.0, 842.0
Draw = Callable[["Pen"], None]


@lru_cache(maxsize=1)
def _register() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))


class Pen:
    """Draws on one page; ``canvas`` for whatever has no method here."""

    def __init__(self, canvas: Any, height: float) -> None:
        self.canvas, self.height = canvas, height

    def text(self, text: str, x: float, y: float, size: float = 10.0, *, font: str = SONG) -> None:
        """Text whose baseline is ``y`` points below the top."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.height - y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def net(self, xs: tuple[float, ...], ys: tuple[float, ...]) -> None:
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        for x in xs:
            self.line(x, ys[0], x, ys[-1])

    def picture(self, x: float, y: float, width: float, height: float) -> None:
        """A grey picture whose upper left corner is (x, y)."""
        self.canvas.drawImage(_grey(), x, self.height - y - height, width, height)

    def image(self, pixels: NDArray[np.uint8], x: float, y: float, width: float, height: float) -> None:
        """A picture of these pixels (grey, RGB or RGBA) whose upper left corner is (x, y)."""
        reader = ImageReader(Image.fromarray(pixels))
        self.canvas.drawImage(reader, x, self.height - y - height, width, height, mask="auto")

    def hidden(self, text: str, x: float, y: float) -> None:
        """Text in the invisible mode of OCR layers."""
        self.canvas.setFont(SONG, 10)
        layer = self.canvas.beginText(x, self.height - y)
        layer.setTextRenderMode(3)
        layer.textLine(text)
        self.canvas.drawText(layer)


@lru_cache(maxsize=1)
def _grey() -> ImageReader:
    # The smallest PNG of one grey pixel, put together by hand: no imaging library is needed.
    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

    head = (1).to_bytes(4) * 2 + bytes([8, 0, 0, 0, 0])
    data = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
    return ImageReader(io.BytesIO(b"\x89PNG\r\n\x1a\n" + data))


def draw_pdf(
    *pages: Draw, size: tuple[float, float] = (WIDTH, HEIGHT), rotate: int = 0, password: str | None = None
) -> bytes:
    """The bytes of a PDF with one page for each drawing function; ``rotate`` turns them clockwise when shown."""
    _register()
    stream = io.BytesIO()
    encryption = StandardEncryption(password, ownerPassword="owner") if password is not None else None
    # reportlab exchanges width and height of a page that is shown lying; drawing takes the page as stored.
    lying = rotate % 180 != 0
    canvas = Canvas(stream, pagesize=size[::-1] if lying else size, encrypt=encryption)
    for draw in pages:
        if rotate:
            canvas.setPageRotation(rotate)
        draw(Pen(canvas, size[1]))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def nothing(_: Pen) -> None:
    """A blank page."""


def both(*draws: Draw) -> Draw:
    """A page on which these are drawn one after the other."""

    def draw_all(pen: Pen) -> None:
        for each in draws:
            each(pen)

    return draw_all


def says(*texts: str) -> Draw:
    """A page with these lines."""

    def draw(pen: Pen) -> None:
        for number, text in enumerate(texts):
            pen.text(text, 72, 100 + 20 * number)

    return draw
