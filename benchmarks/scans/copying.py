"""Copiers and fax machines: the page is turned into black and white, more than once.

Images are float32 (H, W) of reflectance, 0 black to 1 white. Lengths are in points.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from benchmarks.scans.geometry import Floats, Transform, skewed
from benchmarks.scans.paper import between, blur, clouds, darken_edges, noise, specks, to_px

_COPIER_DPI = 330.0  # least resolution of a copier, whatever the scan is made at
_COPY_SKEW = 2.5  # degrees at most
_FAX_SKEW = 1.0
_FAX_ACROSS = 204.0  # pixels an inch, ITU-T T.4
_FAX_FINE, _FAX_STANDARD = 196.0, 98.0  # lines an inch
_FAX_STANDARD_BELOW = 150.0  # dpi of the scan below which the fax was sent in standard resolution
_HEADER_HEIGHT = 7.0  # points, the line that the sending machine writes on top


def copy_page(page: Floats, dpi: float, rng: np.random.Generator, *, bilevel: bool) -> tuple[Floats, Transform]:
    """A copy of a copy: thin strokes break, specks gather, edges are black. And the way of the page onto it."""
    height, width = page.shape
    factor = max(1, round(_COPIER_DPI / dpi))
    fine = dpi * factor
    large = cast(Floats, cv2.resize(page, (width * factor, height * factor), interpolation=cv2.INTER_CUBIC))
    first = _copy_once(large, fine, rng)
    first = np.minimum(first, 1 - (specks(first.shape, between(rng, 0.5, 3), (0.15, 0.7), fine, rng) > 0.3))
    transform = skewed(
        (height, width),
        between(rng, -_COPY_SKEW, _COPY_SKEW),
        stretch=between(rng, 0.99, 1.01),
        shift=(to_px(between(rng, -6, 6), dpi), to_px(between(rng, -6, 6), dpi)),
    )
    lid = 1.0 if rng.random() < 0.6 else 0.0
    second = _enlarged(transform, factor).warp(first.astype(np.float32), lid)
    second = _copy_once(second, fine, rng)
    second *= darken_edges(second.shape, (1.5, 8.0), 1.0, fine, rng) > 0.5
    second = np.minimum(second, 1 - (specks(second.shape, between(rng, 1, 6), (0.15, 0.9), fine, rng) > 0.3))
    second = np.maximum(second, specks(second.shape, between(rng, 2, 8), (0.15, 0.45), fine, rng) > 0.3)
    scan = cast(Floats, cv2.resize(second.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA))
    if bilevel:
        return _to_bilevel(scan, between(rng, 0.56, 0.68)), transform
    scan = blur(0.08 + 0.88 * scan, between(rng, 0.08, 0.18), dpi)
    return (scan + noise(scan.shape, rng) * np.float32(between(rng, 0.006, 0.016))).astype(np.float32), transform


def fax_page(page: Floats, dpi: float, rng: np.random.Generator) -> tuple[Floats, Transform]:
    """The page as received, stretched back to equal resolution both ways, and its way onto it."""
    height, width = page.shape
    transform = skewed((height, width), between(rng, -_FAX_SKEW, _FAX_SKEW), stretch=between(rng, 0.995, 1.005))
    lines_an_inch = _FAX_STANDARD if dpi < _FAX_STANDARD_BELOW else _FAX_FINE
    columns, rows = round(width * _FAX_ACROSS / dpi), round(height * lines_an_inch / dpi)
    seen = blur(transform.warp(page, 1.0), between(rng, 0.08, 0.15), dpi)
    sent = cast(Floats, cv2.resize(seen, (columns, rows), interpolation=cv2.INTER_AREA))
    sent = sent + noise(sent.shape, rng) * np.float32(0.04)
    sent = _to_bilevel(sent, between(rng, 0.64, 0.74))
    _write_header(sent, lines_an_inch, rng)
    _lose_lines(sent, rng)
    received = cast(Floats, cv2.resize(sent, (width, height), interpolation=cv2.INTER_LINEAR))
    dirt = specks(received.shape, between(rng, 0.5, 2.5), (0.15, 0.5), dpi, rng)
    return np.minimum(_to_bilevel(received, 0.5), (dirt < 0.3).astype(np.float32)), transform


def _copy_once(page: Floats, dpi: float, rng: np.random.Generator) -> Floats:
    """The page through a copier: soft optics, toner that does not hold evenly, black or white."""
    soft = blur(page, between(rng, 0.14, 0.2), dpi)
    soft = (
        soft
        + np.float32(0.05) * clouds(page.shape, 0.35, dpi, rng)
        + np.float32(0.045) * clouds(page.shape, 80.0, dpi, rng)
    )
    return _to_bilevel(soft, between(rng, 0.64, 0.76))


def _to_bilevel(page: Floats, threshold: float) -> Floats:
    return (page > threshold).astype(np.float32)


def _enlarged(transform: Transform, factor: int) -> Transform:
    """The same way on images that are ``factor`` times as large; pixel centres do not lie at multiples of it."""
    shift = (factor - 1) / 2
    up = np.array([[factor, 0, shift], [0, factor, shift], [0, 0, 1]])
    page, size = ((height * factor, width * factor) for height, width in (transform.page, transform.size))
    return Transform(up @ transform.matrix @ np.linalg.inv(up), page, size)


def _write_header(page: Floats, lines_an_inch: float, rng: np.random.Generator) -> None:
    """Writes the sender's line at the upper edge."""
    sent = f"2024-01-{rng.integers(10, 28)} 09:{rng.integers(10, 59)}"
    number = f"0{rng.integers(300, 999)} {rng.integers(2000000, 8999999)}"
    text = f"{sent}  FAX {number}  P.{rng.integers(1, 9):02d}"
    tile = np.ones((40, 900), dtype=np.uint8)
    cv2.putText(tile, text, (4, 30), cv2.FONT_HERSHEY_PLAIN, 2.0, (0,), 2)
    height = max(5, round(to_px(_HEADER_HEIGHT, lines_an_inch)))
    width = min(round(to_px(_HEADER_HEIGHT * 900 / 40, _FAX_ACROSS)), page.shape[1] - 20)
    small = cv2.resize(tile.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    page[6 : 6 + height, 10 : 10 + width] = small > 0.6


def _lose_lines(page: Floats, rng: np.random.Generator) -> None:
    """Replaces lines that arrived broken: by the line above, as most machines do, or by white, partly or whole."""
    for _ in range(rng.integers(6, 22)):
        row = int(rng.integers(1, page.shape[0] - 3))
        count = 1 if rng.random() < 0.8 else 2
        start = 0 if rng.random() < 0.5 else int(rng.integers(0, page.shape[1]))
        page[row : row + count, start:] = page[row - 1, start:] if rng.random() < 0.65 else 1.0
