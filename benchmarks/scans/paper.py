"""What happens to light and ink between a page and its scan: blur, grain, dirt, lamps, edges.

Images are float32 (H, W) or (H, W, 3) of reflectance, 0 black to 1 white. Lengths are in points.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from benchmarks.scans.geometry import Bytes, Floats

POINTS_PER_INCH = 72.0
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601


def to_px(points: float, dpi: float) -> float:
    """A length in pixels."""
    return points * dpi / POINTS_PER_INCH


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """A figure drawn evenly from the range."""
    return float(rng.uniform(low, high))


def to_floats(image: Bytes) -> Floats:
    """Reflectance of a uint8 image."""
    return image.astype(np.float32) / np.float32(255)


def to_bytes(image: Floats) -> Bytes:
    """The uint8 image of reflectance; what lies outside 0..1 is clipped."""
    return np.clip(image * 255 + 0.5, 0, 255).astype(np.uint8)


def to_grey(image: Floats) -> Floats:
    """(H, W) of an image of either kind."""
    return image if image.ndim == 2 else cast(Floats, image @ _LUMA)


def to_colour(image: Floats) -> Floats:
    """(H, W, 3) of an image of either kind."""
    return image if image.ndim == 3 else np.repeat(image[:, :, None], 3, axis=2)


def planes(mask: Floats, image: Floats) -> Floats:
    """A mask (H, W) in a shape that multiplies with the image."""
    return mask[:, :, None] if image.ndim == 3 else mask


def blur(image: Floats, sigma: float, dpi: float) -> Floats:
    """The image out of focus by a Gaussian of ``sigma`` points."""
    return cast(Floats, cv2.GaussianBlur(image, (0, 0), max(to_px(sigma, dpi), 0.05)))


def noise(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Normal noise of unit variance in each pixel."""
    return rng.standard_normal(shape[:2], dtype=np.float32)


def clouds(shape: tuple[int, ...], grain: float, dpi: float, rng: np.random.Generator) -> Floats:
    """Smooth noise (H, W) of about unit variance whose patches are ``grain`` points wide."""
    step = max(to_px(grain, dpi), 1.0)
    rough = rng.standard_normal((int(shape[0] / step) + 3, int(shape[1] / step) + 3), dtype=np.float32)
    smooth = cv2.resize(rough, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return cast(Floats, smooth / max(float(smooth.std()), 1e-6))


def specks(
    shape: tuple[int, ...],
    per_square_inch: float,
    radius: tuple[float, float],
    dpi: float,
    rng: np.random.Generator,
) -> Floats:
    """Coverage (H, W), 0..1, of specks scattered by chance: small ones are many, most are not quite round.

    Args:
        shape: Of the image.
        per_square_inch: How many.
        radius: Smallest and largest, in points.
        dpi: Resolution.
        rng: Chance.
    """
    height, width = shape[:2]
    cover = np.zeros((height, width), dtype=np.float32)
    count = rng.poisson(per_square_inch * height * width / dpi**2)
    for _ in range(count):
        size = to_px(radius[0] + (radius[1] - radius[0]) * rng.random() ** 3, dpi)
        x, y = rng.random() * width, rng.random() * height
        reach = int(size * 2) + 2
        x0, y0 = int(max(x - reach, 0)), int(max(y - reach, 0))
        columns = np.arange(x0, min(x0 + 2 * reach + 1, width), dtype=np.float32)[None, :] - np.float32(x)
        rows = np.arange(y0, min(y0 + 2 * reach + 1, height), dtype=np.float32)[:, None] - np.float32(y)
        squeeze, lean = rng.uniform(0.6, 1.6), rng.uniform(-0.5, 0.5)
        distance = np.hypot(columns * squeeze + rows * lean, rows)
        # A speck smaller than a pixel darkens it in proportion to its area.
        spot = np.clip(size + 0.5 - distance, 0, 1) * min(1.0, float(rng.uniform(0.3, 1.0)) * max(size, 0.25) * 2)
        window = cover[y0 : y0 + rows.shape[0], x0 : x0 + columns.shape[1]]
        np.maximum(window, spot, out=window)
    return cover


def lay_on_glass(image: Floats, page: Floats, lid: float, shadow: float, reach: float, dpi: float) -> Floats:
    """The scan of a page that does not fill the glass: the lid shows beside it, dark where the paper throws shadow.

    Args:
        image: The page as it lies on the scan.
        page: (H, W), 1 where the page is, 0 beside it.
        lid: Reflectance of the lid.
        shadow: Depth of the shadow, 0..1.
        reach: Width of the shadow in points.
        dpi: Resolution.
    """
    near = blur(page, reach, dpi)
    beside = lid * (1 - shadow * np.clip(2 * near, 0, 1))
    return image * planes(page, image) + planes((1 - page) * beside, image)


def darken_edges(
    shape: tuple[int, ...], width: tuple[float, float], depth: float, dpi: float, rng: np.random.Generator
) -> Floats:
    """Factor (H, W) of a band along one or two sides that the lamp does not light; ``width`` in points, ragged."""
    height, length = shape[:2]
    factor = np.ones((height, length), dtype=np.float32)
    for side in rng.permutation(4)[: rng.integers(1, 3)]:
        along = length if side in (0, 1) else height
        across = height if side in (0, 1) else length
        ragged = clouds((3, along), 25.0, dpi, rng)[1]
        reach = to_px(between(rng, *width), dpi) * (1 + 0.25 * ragged)
        soft = max(to_px(0.6, dpi), 0.5)
        depth_at = np.arange(across, dtype=np.float32)[:, None]
        band = 1 - depth / (1 + np.exp(np.clip((depth_at - reach[None, :]) / soft, -30, 30)))
        match side:
            case 0:
                factor *= band
            case 1:
                factor *= band[::-1]
            case 2:
                factor *= band.T
            case _:
                factor *= band.T[:, ::-1]
    return factor.astype(np.float32)


def streaks(shape: tuple[int, ...], count: int, dpi: float, rng: np.random.Generator) -> Floats:
    """Factor (H, W) of faint lines down the page: dust on the glass of a feeder."""
    factor = np.ones((1, shape[1]), dtype=np.float32)
    columns = np.arange(shape[1], dtype=np.float32)
    for _ in range(count):
        middle, width = rng.random() * shape[1], to_px(between(rng, 0.15, 0.5), dpi)
        factor *= 1 - np.float32(between(rng, 0.06, 0.2)) * np.exp(-(((columns - middle) / max(width, 0.4)) ** 2))
    return np.broadcast_to(factor, shape[:2]).astype(np.float32)
