"""Pictures drawn for one test: tables, and what is taken for one at first sight."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.uint8]
# Pixels a point of all pictures here, where a test does not place them otherwise.
PX_PER_PT = 2.0


def table(rows: int = 4, columns: int = 5, *, cell: tuple[int, int] = (140, 44), rim: int = 0) -> Pixels:
    """A net of rulings with the strokes of a word in each cell; ``cell`` is (width, height) in pixels."""
    width, height = columns * cell[0] + 1 + 2 * rim, rows * cell[1] + 1 + 2 * rim
    image = Image.new("L", (width, height), 255)
    pencil = ImageDraw.Draw(image)
    for r in range(rows + 1):
        pencil.line((rim, rim + r * cell[1], width - rim - 1, rim + r * cell[1]), fill=0, width=2)
    for c in range(columns + 1):
        pencil.line((rim + c * cell[0], rim, rim + c * cell[0], height - rim - 1), fill=0, width=2)
    for r in range(rows):
        for c in range(columns):
            _word(pencil, rim + c * cell[0] + 50, rim + r * cell[1] + 13, 2)
    return np.asarray(image)


def lines(count: int = 12, *, size: tuple[int, int] = (940, 600)) -> Pixels:
    """Lines of text without any ruling."""
    image = Image.new("L", size, 255)
    pencil = ImageDraw.Draw(image)
    for i in range(count):
        _word(pencil, 60, 40 + 44 * i, 30)
    return np.asarray(image)


def stamp(size: int = 300, *, alpha: bool = False) -> Pixels:
    """A red ring with a star; with ``alpha`` one sees through its paper."""
    paper = (255, 255, 255, 0) if alpha else (255, 255, 255)
    image = Image.new("RGBA" if alpha else "RGB", (size, size), paper)
    pencil = ImageDraw.Draw(image)
    pencil.ellipse((6, 6, size - 6, size - 6), outline=(214, 26, 26), width=8)
    middle = size // 2
    pencil.polygon([(middle, middle - 40), (middle + 38, middle + 30), (middle - 38, middle + 30)], fill=(214, 26, 26))
    return np.asarray(image)


def logo() -> Pixels:
    """A coloured emblem beside two heavy strokes."""
    image = Image.new("RGB", (600, 160), "white")
    pencil = ImageDraw.Draw(image)
    pencil.polygon([(20, 140), (90, 20), (160, 140)], fill=(20, 80, 160))
    pencil.rectangle((200, 40, 560, 60), fill=(0, 0, 0))
    pencil.rectangle((200, 100, 480, 116), fill=(0, 0, 0))
    return np.asarray(image)


def qr_code(modules: int = 29, module: int = 8) -> Pixels:
    """Black and white squares with the three finders of a QR code."""
    code = np.random.default_rng(1).integers(0, 2, (modules, modules)).astype(np.uint8)
    for y, x in ((0, 0), (0, modules - 7), (modules - 7, 0)):
        code[y : y + 7, x : x + 7] = 1
        code[y + 1 : y + 6, x + 1 : x + 6] = 0
        code[y + 2 : y + 5, x + 2 : x + 5] = 1
    pixels = np.kron((1 - code) * 255, np.ones((module, module)))
    return np.pad(pixels, 4 * module, constant_values=255).astype(np.uint8)


def photograph(size: tuple[int, int] = (900, 600)) -> Pixels:
    """Clouds of colour, coarse and fine."""
    chance = np.random.default_rng(2)
    total = np.zeros((size[1], size[0], 3))
    for grain in (4, 8, 16, 32, 64, 128):
        small = chance.integers(0, 255, (max(2, size[1] // grain), max(2, size[0] // grain), 3)).astype(np.uint8)
        total += np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)) * grain**0.7
    return np.asarray((total - total.min()) / np.ptp(total) * 255, np.uint8)


def png(pixels: Pixels) -> bytes:
    """The bytes of a PNG file."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def _word(pencil: ImageDraw.ImageDraw, x: int, y: int, characters: int) -> None:
    """Boxes with a stroke inside, of the size and distance of printed characters."""
    for i in range(characters):
        left = x + 22 * i
        pencil.rectangle((left, y, left + 16, y + 17), outline=0, width=2)
        pencil.line((left, y + 8, left + 16, y + 8), fill=0, width=2)
