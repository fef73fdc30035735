"""Pages drawn for one test, in points from the top left, and what a scanner does to them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from models.page import Ruling
from pipeline.scan.page_image import PageImage, UprightPage
from pipeline.scan.pixels import Matrix

PX_PER_PT = 3.0
WIDTH, HEIGHT = 595.0, 500.0
XS = (60.0, 160.0, 220.0, 280.0, 340.0, 400.0, 460.0, 535.0)
YS = (120.0, 150.0, 180.0, 210.0, 240.0, 270.0, 300.0, 345.0)
Pixels = NDArray[np.uint8]


class Sheet:
    """White paper with black ink; ``pixels`` is uint8 (H, W)."""

    def __init__(self, width: float = WIDTH, height: float = HEIGHT, px_per_pt: float = PX_PER_PT) -> None:
        self.size = px_per_pt
        self.pixels: Pixels = np.full((round(height * px_per_pt), round(width * px_per_pt)), 255, np.uint8)

    def box(self, x0: float, top: float, x1: float, bottom: float, ink: int = 0) -> None:
        """A filled rectangle."""
        a, b, c, d = (round(v * self.size) for v in (x0, top, x1, bottom))
        self.pixels[b : max(d, b + 1), a : max(c, a + 1)] = ink

    def level(self, y: float, x0: float, x1: float, *, thick: float = 0.7, ink: int = 0) -> None:
        """A level ruling around y."""
        self.box(x0, y - thick / 2, x1, y + thick / 2, ink)

    def plumb(self, x: float, top: float, bottom: float, *, thick: float = 0.7, ink: int = 0) -> None:
        """A plumb ruling around x."""
        self.box(x - thick / 2, top, x + thick / 2, bottom, ink)

    def net(self, xs: Sequence[float] = XS, ys: Sequence[float] = YS, *, thick: float = 0.7, ink: int = 0) -> None:
        """All rulings of a table."""
        for y in ys:
            self.level(y, xs[0], xs[-1], thick=thick, ink=ink)
        for x in xs:
            self.plumb(x, ys[0], ys[-1], thick=thick, ink=ink)

    def word(self, x: float, top: float, characters: int, *, type_size: float = 9.0, ink: int = 0) -> None:
        """Square characters of a few strokes, as wide as high."""
        for i in range(characters):
            left, right = x + i * (type_size + 1), x + i * (type_size + 1) + type_size
            # Strokes of neighbours are at different heights, or they would look like rulings.
            for share in (0.09 * (i % 3), 0.4 + 0.1 * (i % 4), 0.91 - 0.09 * (i % 2)):
                self.box(left, top + share * type_size, right, top + share * type_size + 0.8, ink)
            middle = (left + right) / 2
            self.box(middle, top, middle + 0.8, top + type_size, ink)

    def digits(self, text: str, x: float, baseline: float, *, height: float = 7.0, ink: int = 0) -> None:
        """Digits and Latin letters."""
        scale = height * self.size / 21
        place = (round(x * self.size), round(baseline * self.size))
        thickness = max(1, round(0.8 * self.size))
        cv2.putText(self.pixels, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (ink,), thickness, cv2.LINE_AA)

    def as_image(self, page_no: int = 1) -> PageImage:
        """The page as stored."""
        return PageImage(page_no, self.pixels, self.size)

    def as_upright(self) -> UprightPage:
        """The page as if straightened."""
        return UprightPage(1, self.pixels, self.size, np.eye(3))


def form() -> Sheet:
    """A page with lines of text and a table: labels on the left, a number in each other cell."""
    sheet = Sheet()
    for i in range(4):
        sheet.word(60, 40 + 18 * i, 40)
    sheet.net()
    fill(sheet)
    for i in range(8):
        sheet.word(60, 372 + 15 * i, 44)
    return sheet


def fill(sheet: Sheet) -> None:
    """Labels and numbers into the cells of a table."""
    for top, bottom in pairwise(YS):
        middle = (top + bottom) / 2
        sheet.word(XS[0] + 8, middle - 4.5, 7)
        for x in XS[1:-1]:
            sheet.digits("27", x + 20, middle + 3.5)


def turned(sheet: Sheet, degrees: float) -> Matrix:
    """The homography of a page turned clockwise around its centre, in points."""
    height, width = (n / sheet.size for n in sheet.pixels.shape)
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    there = np.array([[1, 0, width / 2], [0, 1, height / 2], [0, 0, 1.0]])
    turn: Matrix = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]])
    return there @ turn @ np.linalg.inv(there)


def seen_from_below(sheet: Sheet, share: float) -> Matrix:
    """The homography of a page whose top edge looks shorter by a share of it, in points."""
    height, width = (n / sheet.size for n in sheet.pixels.shape)
    inset = share * width / 2
    before = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    after = np.array([[inset, 0], [width - inset, 0], [width, height], [0, height]], np.float32)
    matrix: Matrix = cv2.getPerspectiveTransform(before, after).astype(np.float64)
    return matrix


def scanned(sheet: Sheet, matrix: Matrix) -> PageImage:
    """The page after a homography in points, on white."""
    zoom = np.diag([sheet.size, sheet.size, 1.0])
    in_pixels = zoom @ matrix @ np.linalg.inv(zoom)
    height, width = sheet.pixels.shape
    pixels = cv2.warpPerspective(sheet.pixels, in_pixels, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255,))
    return PageImage(1, np.asarray(pixels, np.uint8), sheet.size)


def mapped(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point after a homography."""
    u, v, w = matrix @ np.array([x, y, 1.0])
    return float(u / w), float(v / w)


def covered(
    rulings: Sequence[Ruling], *, horizontal: bool, position: float, near: float = 1.2, gap: float = 1.0
) -> list[tuple[float, float]]:
    """Where rulings near a position run, in points: ascending runs with larger gaps between them."""
    parts = sorted(
        (r.start, r.stop) for r in rulings if r.horizontal == horizontal and abs(r.position - position) <= near
    )
    runs: list[tuple[float, float]] = []
    for start, stop in parts:
        if runs and start <= runs[-1][1] + gap:
            runs[-1] = (runs[-1][0], max(stop, runs[-1][1]))
        else:
            runs.append((start, stop))
    return runs
