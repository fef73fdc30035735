"""What people put over a table: round red stamps and signatures. Ink multiplies with what is below it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.scans.geometry import Bytes, Floats, Points
from benchmarks.scans.paper import between, blur, clouds, to_floats, to_grey, to_px

_STAMP_RADIUS = (52.0, 60.0)  # points; official stamps are 4.0 to 4.2 cm wide
_RING = (1.6, 2.8)  # points
_STAMP_INK = (0.86, 0.22, 0.2)  # reflectance of R, G, B under full ink
_PEN_INKS = ((0.16, 0.18, 0.55), (0.12, 0.12, 0.2), (0.1, 0.1, 0.1))
_PEN_WIDTH = (0.8, 1.7)  # points
_LONG_RULING = 60.0  # points
_FULL = (255,)  # cover of a drawn pixel
_SUBPIXEL = 4  # bits of cv2 drawing coordinates behind the point


def stamp_cells(image: Floats, dpi: float, rng: np.random.Generator) -> Floats:
    """The page (H, W, 3) with one or two stamps and perhaps a signature over its table, or wherever there is text."""
    region = _table_region(image, dpi)
    for _ in range(rng.integers(1, 3)):
        image = _press_stamp(image, _point_in(region, rng), dpi, rng)
    if rng.random() < 0.75:
        image = _sign(image, _point_in(region, rng), dpi, rng)
    return image


def _table_region(image: Floats, dpi: float) -> tuple[int, int, int, int]:
    """(x0, y0, x1, y1) around the long horizontal rulings, else around all ink, else the whole page."""
    dark = (to_grey(image) < 0.8).astype(np.uint8)
    kernel = np.ones((1, int(to_px(_LONG_RULING, dpi))), dtype=np.uint8)
    for mask in (cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel), dark):
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if len(rows) and len(columns):
            return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])
    return 0, 0, image.shape[1], image.shape[0]


def _point_in(region: tuple[int, int, int, int], rng: np.random.Generator) -> tuple[float, float]:
    x0, y0, x1, y1 = region
    return x0 + (x1 - x0) * between(rng, 0.3, 0.95), y0 + (y1 - y0) * between(rng, 0.05, 0.95)


def _press_stamp(image: Floats, at: tuple[float, float], dpi: float, rng: np.random.Generator) -> Floats:
    """Ring, star and characters along the ring, in ink that did not take everywhere."""
    radius = to_px(between(rng, *_STAMP_RADIUS), dpi)
    cover = np.zeros(image.shape[:2], dtype=np.uint8)
    _circle(cover, at, radius, to_px(between(rng, *_RING), dpi))
    cv2.fillPoly(cover, [_fixed(_star(at, radius * 0.3))], _FULL, cv2.LINE_AA, _SUBPIXEL)
    turn = between(rng, -0.15, 0.15)
    count = int(rng.integers(8, 16))
    for index in range(count):
        angle = turn + np.pi * (0.85 + 1.3 * (index + 0.5) / count)
        _draw_character(
            cover,
            (at[0] + 0.77 * radius * np.cos(angle), at[1] + 0.77 * radius * np.sin(angle)),
            angle,
            radius * 0.2,
            rng,
        )
    strength = np.clip(
        0.78 + 0.16 * clouds(image.shape, 6.0, dpi, rng) + 0.12 * clouds(image.shape, 0.7, dpi, rng), 0.1, 1
    )
    ink = blur(to_floats(cover), 0.12, dpi) * strength.astype(np.float32)
    return _multiply(image, ink, _STAMP_INK)


def _draw_character(
    cover: Bytes,
    at: tuple[float, float],
    angle: float,
    size: float,
    rng: np.random.Generator,
) -> None:
    """Five to eight strokes that look like a character which stands with its foot towards the middle of the stamp."""
    out = np.array([np.cos(angle), np.sin(angle)])
    side = np.array([-out[1], out[0]])
    thick = max(1, round(size * 0.14))
    for _ in range(rng.integers(5, 9)):
        place = between(rng, -0.45, 0.45)
        flat = rng.random() < 0.5
        start, stop = ((place, -0.45), (place, 0.45)) if flat else ((-0.45, place), (0.45, place))
        ends = [np.array(at) + size * (a * out + b * side) for a, b in (start, stop)]
        a, b = (_fixed(np.array([end]))[0] for end in ends)
        cv2.line(cover, (int(a[0]), int(a[1])), (int(b[0]), int(b[1])), _FULL, thick, cv2.LINE_AA, _SUBPIXEL)


def _sign(image: Floats, at: tuple[float, float], dpi: float, rng: np.random.Generator) -> Floats:
    """A few loops and a long stroke of a pen, thinner where it moves fast."""
    cover = np.zeros(image.shape[:2], dtype=np.uint8)
    length, height = to_px(between(rng, 60, 110), dpi), to_px(between(rng, 14, 28), dpi)
    width = to_px(between(rng, *_PEN_WIDTH), dpi)
    steps = np.linspace(0, 1, 240)
    turns = between(rng, 3, 6)
    waves = np.sin(2 * np.pi * turns * steps + between(rng, 0, 6)) * (1 - 0.6 * steps)
    x = at[0] + length * (steps - 0.5) + 0.25 * height * np.cos(2 * np.pi * turns * steps)
    y = at[1] + height * (0.5 * waves - 0.3 * steps)
    for index in range(len(steps) - 1):
        speed = np.hypot(x[index + 1] - x[index], y[index + 1] - y[index]) / max(length / len(steps), 1e-6)
        thick = max(1, round(width / (0.7 + 0.25 * float(speed))))
        ends = _fixed(np.array([[x[index], y[index]], [x[index + 1], y[index + 1]]]))
        (ax, ay), (bx, by) = (tuple(map(int, end)) for end in ends)
        cv2.line(cover, (ax, ay), (bx, by), _FULL, thick, cv2.LINE_AA, _SUBPIXEL)
    ink = blur(to_floats(cover), 0.1, dpi) * np.float32(between(rng, 0.8, 0.98))
    return _multiply(image, ink, _PEN_INKS[rng.integers(len(_PEN_INKS))])


def _multiply(image: Floats, ink: Floats, colour: tuple[float, float, float]) -> Floats:
    return (image * (1 - ink[:, :, None] * (1 - np.array(colour, dtype=np.float32)))).astype(np.float32)


def _circle(cover: Bytes, at: tuple[float, float], radius: float, thick: float) -> None:
    middle = _fixed(np.array([at]))[0]
    scaled = round(radius * 2**_SUBPIXEL)
    cv2.circle(cover, (int(middle[0]), int(middle[1])), scaled, _FULL, max(1, round(thick)), cv2.LINE_AA, _SUBPIXEL)


def _star(at: tuple[float, float], radius: float) -> Points:
    angles = -np.pi / 2 + np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2 == 0, radius, radius * 0.38)
    return np.stack([at[0] + reach * np.cos(angles), at[1] + reach * np.sin(angles)], axis=1)


def _fixed(points: Points) -> NDArray[np.int32]:
    """Points (N, 2) as cv2 wants them where it draws between pixels."""
    return np.asarray(np.round(points * 2**_SUBPIXEL), dtype=np.int32)
