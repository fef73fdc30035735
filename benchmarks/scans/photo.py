"""A page on a desk, photographed by telephone. Images are float32 (H, W, 3) of reflectance; lengths are in points."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from benchmarks.scans.geometry import Curl, Floats, Points, Transform, through_corners
from benchmarks.scans.paper import between, blur, clouds, noise, to_px

_TURN = 5.0  # degrees at most
_TILT = 0.02  # share of a side by which perspective shortens it, at most
_MARGIN = (0.02, 0.06)  # of the page, seen beside it on each side
_LIFT = (-7.0, 7.0)  # points that the lines bend at a curled edge
_DESKS = ((0.42, 0.3, 0.2), (0.3, 0.31, 0.33), (0.55, 0.5, 0.44), (0.16, 0.15, 0.15), (0.36, 0.43, 0.47))


def photograph_page(page: Floats, dpi: float, rng: np.random.Generator) -> tuple[Floats, Transform]:
    """The photograph, and the way of the page onto it."""
    transform = _point_camera(page.shape, dpi, rng)
    mask = np.clip(transform.warp(np.ones(page.shape[:2], dtype=np.float32), 0.0), 0, 1)
    paper = 0.06 + 0.9 * page * (1 + 0.006 * clouds(page.shape, 2.5, dpi, rng))[:, :, None]
    shape = (*transform.size, 3)
    # The page lies on the desk and throws a thin shadow on it.
    desk = _desk(shape, dpi, rng) * (1 - 0.45 * np.clip(blur(mask, 4.0, dpi) * 1.6, 0, 1))[:, :, None]
    scene = transform.warp(paper.astype(np.float32), 0.0) * mask[:, :, None] + desk * (1 - mask)[:, :, None]
    scene = scene * _light(shape, dpi, rng)[:, :, None]
    if transform.curl is not None:
        scene = scene * _curl_shade(transform)[:, :, None]
    photo = _blur(scene.astype(np.float32), dpi, rng)
    photo *= np.array([between(rng, 0.93, 1.05), 1.0, between(rng, 0.82, 1.02)], dtype=np.float32)
    grain = np.float32(between(rng, 0.01, 0.025))
    for plane in range(3):
        photo[:, :, plane] += noise(shape, rng) * grain
    return photo, transform


def _point_camera(shape: tuple[int, ...], dpi: float, rng: np.random.Generator) -> Transform:
    height, width = shape[:2]
    angle = np.deg2rad(between(rng, -_TURN, _TURN))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    flat = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) / 2.0
    shorter = 1 - rng.uniform(0, _TILT, (4, 2))
    corners: Points = (flat * shorter) @ turn.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    margins = rng.uniform(*_MARGIN, (2, 2)) * np.array([width, height])
    corners = corners - low + margins[0]
    across, down = high - low + margins[0] + margins[1]
    curl = None
    if rng.random() < 0.75:
        lift = to_px(between(rng, *_LIFT), dpi)
        curl = Curl(lift, between(rng, 0.0, 1.6), between(rng, 2.0, 5.0), bool(rng.random() < 0.5), (height, width))
    return through_corners((height, width), corners, (int(down), int(across)), curl)


def _desk(shape: tuple[int, ...], dpi: float, rng: np.random.Generator) -> Floats:
    """A wooden or plain top: streaks along it, a colour."""
    colour = np.array(_DESKS[rng.integers(len(_DESKS))], dtype=np.float32)
    height, width = shape[:2]
    rough = rng.standard_normal((int(height / to_px(1.5, dpi)) + 3, int(width / to_px(90, dpi)) + 3), dtype=np.float32)
    streaks = cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    return colour * (1 + 0.1 * streaks + 0.06 * clouds(shape, 60.0, dpi, rng))[:, :, None]


def _light(shape: tuple[int, ...], dpi: float, rng: np.random.Generator) -> Floats:
    """A window to one side, the lens darker at the corners, and often the soft shadow of a hand or a telephone."""
    height, width = shape[:2]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    angle = between(rng, 0, 2 * np.pi)
    light = between(rng, 0.82, 0.98) + between(rng, 0.04, 0.2) * (x * np.cos(angle) + y * np.sin(angle))
    light = light * (1 - between(rng, 0.02, 0.1) * (x**2 + y**2))
    if rng.random() < 0.7:
        side = between(rng, 0, 2 * np.pi)
        edge = x * np.cos(side) + y * np.sin(side) - between(rng, 0.1, 0.7) + 0.12 * clouds(shape, 200.0, dpi, rng)
        light = light * (1 - between(rng, 0.15, 0.4) / (1 + np.exp(-edge * between(rng, 8, 30))))
    return cast(Floats, light.astype(np.float32))


def _curl_shade(transform: Transform) -> Floats:
    """Factor (H, W): a sheet that bends away from the light is darker there."""
    curl = transform.curl
    if curl is None:
        return np.ones(transform.size, dtype=np.float32)
    height, width = curl.size
    share = np.linspace(0, 1, width, dtype=np.float32) ** curl.power
    depth = 0.14 * min(1.0, abs(curl.lift) / max(width * 0.01, 1e-6))
    row = 1 - np.float32(depth) * (share[::-1] if curl.at_left else share)
    return transform.warp(np.ascontiguousarray(np.broadcast_to(row, (height, width))), 1.0)


def _blur(photo: Floats, dpi: float, rng: np.random.Generator) -> Floats:
    """Out of focus a little, and moved a little while the shutter was open."""
    photo = blur(photo, between(rng, 0.14, 0.28), dpi)
    reach = to_px(between(rng, 0.0, 0.5), dpi)
    side = int(reach) * 2 + 3
    angle = between(rng, 0, np.pi)
    kernel = np.zeros((side, side), dtype=np.float32)
    for step in np.linspace(-reach / 2, reach / 2, 33):
        x, y = side // 2 + step * np.cos(angle), side // 2 + step * np.sin(angle)
        x0, y0 = int(x), int(y)
        for dx, wx in ((0, 1 - (x - x0)), (1, x - x0)):
            for dy, wy in ((0, 1 - (y - y0)), (1, y - y0)):
                kernel[y0 + dy, x0 + dx] += wx * wy
    return cast(Floats, cv2.filter2D(photo, -1, kernel / kernel.sum()))
