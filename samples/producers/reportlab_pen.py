"""Writes text on a reportlab canvas: fonts, digits in a second font, double printing, loose setting."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from models.errors import MissingDependencyError
from samples.fonts import FONTS, find_font
from samples.style import PageStyle

LATIN_FONT = "Times-Roman"
INVISIBLE = 3  # PDF text render mode that paints nothing
VISIBLE = 0
_OVERPRINT_SHIFT = 0.25  # points between two printings of the same glyph
_LOOSE_GAP = 0.9  # points between glyphs that are set one by one
_MISREAD_SHARE = 0.15  # of the numbers in a hidden layer


@lru_cache(maxsize=16)
def register_font(key: str) -> str:
    """The reportlab name of a font, registered once.

    Raises:
        MissingDependencyError: the font is not installed or not readable.
    """
    path = find_font(key)
    try:
        pdfmetrics.registerFont(TTFont(key, str(path), subfontIndex=0))
    except TTFError as exc:
        raise MissingDependencyError(
            f"font file {path.name} cannot be embedded: {exc}", remedy=f"apt-get install {FONTS[key].package}"
        ) from exc
    return key


@dataclass(frozen=True)
class Pen:
    """How text is written. ``misread``: numbers of a hidden layer come out wrong now and then."""

    font: str
    latin_digits: bool = False
    overprint: bool = False
    loose: bool = False
    mode: int = VISIBLE
    misread: random.Random | None = None

    def width(self, text: str, size: float) -> float:
        """Width of one line in points."""
        gaps = _LOOSE_GAP * max(len(text) - 1, 0) if self.loose else 0.0
        return sum(float(pdfmetrics.stringWidth(run, font, size)) for font, run in self._runs(text)) + gaps

    def write(self, canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
        """Writes one line; (x, y) is the left end of its baseline, origin bottom left."""
        if self.misread is not None:
            text = _misread(text, self.misread)
        for font, run in self._runs(text):
            pieces = list(run) if self.loose else [run]
            for piece in pieces:
                self._put(canvas, x, y, piece, font, size)
                x += float(pdfmetrics.stringWidth(piece, font, size)) + (_LOOSE_GAP if self.loose else 0.0)

    def _put(self, canvas: Canvas, x: float, y: float, text: str, font: str, size: float) -> None:
        for shift in (0.0, _OVERPRINT_SHIFT) if self.overprint else (0.0,):
            line = canvas.beginText(x + shift, y)
            line.setFont(font, size)
            line.setTextRenderMode(self.mode)
            line.textOut(text)
            canvas.drawText(line)

    def _runs(self, text: str) -> Iterator[tuple[str, str]]:
        if not self.latin_digits:
            yield self.font, text
            return
        for latin, chars in groupby(text, key=lambda c: c.isascii()):
            yield (LATIN_FONT if latin else self.font), "".join(chars)


def make_pen(pages: PageStyle) -> Pen:
    """The pen for a page style.

    Raises:
        MissingDependencyError: its font is not installed.
    """
    return Pen(register_font(pages.font), pages.latin_digits, pages.overprint, pages.loose)


def _misread(text: str, rng: random.Random) -> str:
    """The number with one digit replaced, as a poor recognition leaves it; other text unchanged."""
    if not text.isdigit() or rng.random() > _MISREAD_SHARE:
        return text
    at = rng.randrange(len(text))
    wrong = str((int(text[at]) + rng.randint(1, 9)) % 10)
    return text[:at] + wrong + text[at + 1 :]
