"""The kinds of damage: what offices, copiers, fax machines and telephones make of a page.

Each kind is a function of a page image, its resolution and a source of chance, and of nothing else. All lengths are in
points, so that a page looks equally damaged at every resolution. The augraphy package has more kinds, but its
requirement opencv-python writes the same files as the two OpenCV builds that the OCR extra pins; so the kinds are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.scans.copying import copy_page, fax_page
from benchmarks.scans.geometry import Bytes, Floats, Transform, skewed, unmoved
from benchmarks.scans.marks import stamp_cells
from benchmarks.scans.paper import (
    between,
    blur,
    clouds,
    darken_edges,
    lay_on_glass,
    noise,
    planes,
    specks,
    streaks,
    to_bytes,
    to_colour,
    to_floats,
    to_grey,
    to_px,
)
from benchmarks.scans.photo import photograph_page

CLEAN_QUALITY = 90
_OFFICE_QUALITY = (60, 80)
_PHOTO_QUALITY = (50, 70)
_COPY_QUALITY = (60, 80)
_OFFICE_SKEW = 1.5  # degrees at most
_GREY_SHARE = 0.45  # of the office scanners
_GREY_SHARE_STAMPED = 0.25  # who stamps, mostly scans in colour
_BILEVEL_SHARE = 0.5  # of the copiers that scan to one bit


@dataclass(frozen=True, eq=False, slots=True)
class Damaged:
    """A scan: uint8 (H, W) or (H, W, 3) RGB, the way of the page onto it, JPEG quality or None where it is one bit."""

    image: Bytes
    transform: Transform
    quality: int | None


Kind = Callable[[Bytes, float, np.random.Generator], Damaged]


def clean(image: Bytes, _dpi: float, _rng: np.random.Generator) -> Damaged:
    """The page as rendered; only the compression is lossy."""
    return Damaged(image, unmoved((image.shape[0], image.shape[1])), CLEAN_QUALITY)


def office(image: Bytes, dpi: float, rng: np.random.Generator) -> Damaged:
    """The page on an office scanner: a little askew, soft, noisy, with paper tone, some dirt and a faint dark edge."""
    return _scan(to_floats(image), dpi, rng, grey=rng.random() < _GREY_SHARE)


def stamp(image: Bytes, dpi: float, rng: np.random.Generator) -> Damaged:
    """The page stamped and signed across its cells, then scanned in an office."""
    stamped = stamp_cells(to_colour(to_floats(image)), dpi, rng)
    return _scan(stamped, dpi, rng, grey=rng.random() < _GREY_SHARE_STAMPED)


def showthrough(image: Bytes, dpi: float, rng: np.random.Generator) -> Damaged:
    """Thin paper: a page like this one, printed on the back, shines through mirrored; scanned in an office."""
    front = to_floats(image)
    back = np.roll(to_grey(front)[:, ::-1], int(to_px(between(rng, -60, 60), dpi)), axis=0)
    ink = blur(np.ascontiguousarray(1 - back), between(rng, 0.5, 0.9), dpi)
    return _scan(
        front * planes(1 - np.float32(between(rng, 0.1, 0.24)) * ink, front), dpi, rng, grey=rng.random() < _GREY_SHARE
    )


def faint(image: Bytes, dpi: float, rng: np.random.Generator) -> Damaged:
    """Low toner: ink is light grey, in bands lighter still, and does not hold everywhere; scanned in an office."""
    page = to_floats(image)
    height, width = page.shape[:2]
    bands = np.repeat(clouds((3, width), 50.0, dpi, rng)[1:2], height, axis=0)
    toner = np.clip(between(rng, 0.38, 0.6) + 0.07 * bands, 0.22, 0.8)
    patchy = 0.75 * clouds(page.shape, 0.8, dpi, rng) + 0.65 * clouds(page.shape, 7.0, dpi, rng)
    bare = np.clip((patchy - between(rng, 1.35, 1.8)) * 2.5, 0, 1)
    held = (toner * (1 - 0.72 * bare)).astype(np.float32)
    return _scan((1 - (1 - page) * planes(held, page)).astype(np.float32), dpi, rng, grey=rng.random() < _GREY_SHARE)


def copy(image: Bytes, dpi: float, rng: np.random.Generator) -> Damaged:
    """A copy of a copy, scanned grey or to one bit."""
    bilevel = rng.random() < _BILEVEL_SHARE
    page, transform = copy_page(to_grey(to_floats(image)), dpi, rng, bilevel=bilevel)
    return Damaged(to_bytes(page), transform, None if bilevel else _quality(_COPY_QUALITY, rng))


def fax(image: Bytes, dpi: float, rng: np.random.Generator) -> Damaged:
    """A page that came by fax: one bit, lines lost, specks."""
    page, transform = fax_page(to_grey(to_floats(image)), dpi, rng)
    return Damaged(to_bytes(page), transform, None)


def photo(image: Bytes, dpi: float, rng: np.random.Generator) -> Damaged:
    """The page on a desk, photographed by telephone."""
    page, transform = photograph_page(to_colour(to_floats(image)), dpi, rng)
    return Damaged(to_bytes(page), transform, _quality(_PHOTO_QUALITY, rng))


KINDS: dict[str, Kind] = {kind.__name__: kind for kind in (clean, office, copy, fax, photo, stamp, showthrough, faint)}


def _scan(page: Floats, dpi: float, rng: np.random.Generator, *, grey: bool) -> Damaged:
    """The page on an office scanner: dirt lies on the paper, the paper on the glass, the rest is optics and sensor."""
    page = to_grey(page) if grey else to_colour(page)
    shape = page.shape
    ink_black = between(rng, 0.04, 0.14)
    page = ink_black + (1 - ink_black) * page
    page *= planes(1 + 0.008 * clouds(shape, 3.0, dpi, rng), page)
    dirt = specks(shape, between(rng, 0.1, 0.6), (0.15, 0.7), dpi, rng)
    page *= planes(1 - np.float32(0.8) * dirt, page)
    size = (shape[0], shape[1])
    jitter = to_px(4.0, dpi)
    transform = skewed(
        size,
        between(rng, -_OFFICE_SKEW, _OFFICE_SKEW),
        stretch=between(rng, 0.995, 1.005),
        shift=(between(rng, -jitter, jitter), between(rng, -jitter, jitter)),
    )
    mask = np.clip(transform.warp(np.ones(size, dtype=np.float32), 0.0), 0, 1)
    scan = lay_on_glass(
        transform.warp(page, 1.0), mask, between(rng, 0.86, 1.0), between(rng, 0.1, 0.5), between(rng, 0.4, 1.2), dpi
    )
    scan = blur(scan, between(rng, 0.1, 0.24), dpi)
    scan *= planes(1 + 0.015 * clouds(shape, 300.0, dpi, rng), scan)
    if rng.random() < 0.7:
        scan *= planes(darken_edges(shape, (0.8, 4.0), between(rng, 0.1, 0.45), dpi, rng), scan)
    scan *= planes(streaks(shape, int(rng.integers(0, 3)), dpi, rng), scan)
    scan *= _paper_tone(rng, grey=grey)
    for plane in range(1 if grey else 3):
        target = scan if grey else scan[:, :, plane]
        target += noise(shape, rng) * np.float32(between(rng, 0.008, 0.022))
    return Damaged(to_bytes(scan), transform, _quality(_OFFICE_QUALITY, rng))


def _paper_tone(rng: np.random.Generator, *, grey: bool) -> Floats:
    """Brightness of the paper on the scan; some scanners drive it to plain white. In colour it is a little yellow."""
    tone = between(rng, 0.88, 0.99) if rng.random() < 0.6 else between(rng, 1.01, 1.06)
    if grey:
        return np.array(tone, dtype=np.float32)
    tint = np.array([1.0, between(rng, 0.985, 1.0), between(rng, 0.94, 1.0)])
    return (tone * tint).astype(np.float32)


def _quality(bounds: tuple[int, int], rng: np.random.Generator) -> int:
    return int(rng.integers(bounds[0], bounds[1] + 1))
