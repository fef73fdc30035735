"""Picture files as pages: PNG, JPEG, TIFF with any number of pages, GIF, BMP, WebP."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from models.errors import DamagedInputError, InputTooLargeError

_POINTS_AN_INCH = 72
# Longer side of the paper that a picture without a credible resolution is taken for: A4. Points.
_LONGER_SIDE_PT = 841.9
# Longer sides of paper that a stated resolution may lead to: A5 to A3. Points.
_CREDIBLE_SIDE_PT = (560.0, 1250.0)
# The lightest grey of 16 bits is that of 8 bits times this.
_FULL, _DEEP = 255, 257
# Pillow knows many more, some of which other programs draw for it (PostScript).
PICTURE_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "DIB", "WEBP", "JPEG2000")
BROKEN_PICTURE = (OSError, SyntaxError, ValueError, EOFError, TypeError, LookupError, ArithmeticError, struct.error)
"""What Pillow raises over damaged files: each of its parsers trips over something else."""

_REMEDY = "get the file again from its publisher"


@dataclass(frozen=True, slots=True)
class Frame:
    """One page of a picture file: uint8 (H, W) or (H, W, 3) RGB, upright as its EXIF says, and pixels a point."""

    pixels: NDArray[np.uint8]
    px_per_pt: float


def count_frames(data: bytes, name: str, *, max_pages: int) -> int:
    """Number of pages of a picture file.

    Raises:
        DamagedInputError: it cannot be opened.
        InputTooLargeError: more pages than allowed.
    """
    with _open(data, name) as image, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        count = _count(image, max_pages) if image.format == "TIFF" else 1
    if count > max_pages:
        raise InputTooLargeError(
            f"the picture has {count} pages, more than the limit of {max_pages}",
            source=name,
            remedy="split the file, or raise limits.max_pages in config.yaml",
        )
    return count


def _count(image: Image.Image, most: int) -> int:
    """Number of pages of a TIFF; of a damaged one those before the damage, and one more, which cannot be read."""
    try:
        return int(getattr(image, "n_frames", 1))
    except BROKEN_PICTURE:
        for index in range(most):
            try:
                image.seek(index)
            except BROKEN_PICTURE:
                return index + 1
        return most


def read_frame(data: bytes, name: str, index: int, *, max_pixels: int) -> Frame:
    """The page with this 0-based index.

    Raises:
        DamagedInputError: the picture is truncated or broken.
        InputTooLargeError: more pixels than allowed.
    """
    with _open(data, name) as image, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image.seek(index)
            if image.width * image.height > max_pixels:
                raise InputTooLargeError(
                    f"the picture has {image.width} x {image.height} pixels, more than the limit of {max_pixels}",
                    source=name,
                    remedy="save it smaller (300 dots an inch are enough), or raise limits.max_page_pixels",
                )
            dpi = image.info.get("dpi", (0, 0))
            upright = ImageOps.exif_transpose(image)
            pixels = _to_array(upright)
        except (*BROKEN_PICTURE, Image.DecompressionBombError) as exc:
            raise DamagedInputError(
                f"page {index + 1} of the picture is truncated or damaged", source=name, remedy=_REMEDY
            ) from exc
    return Frame(pixels, _px_per_pt(pixels, dpi))


def _to_array(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode in {"1", "L"}:
        return np.array(image.convert("L"))
    if image.mode.startswith("I"):
        # Pillow would cut off what is lighter than 255.
        deep = np.asarray(image).astype(np.float32)
        return (deep / (_DEEP if deep.max(initial=0) > _FULL else 1)).clip(0, _FULL).astype(np.uint8)
    if "A" in image.getbands() or "transparency" in image.info:
        # Transparent is paper.
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return np.array(image.convert("RGB"))


def _px_per_pt(pixels: NDArray[np.uint8], dpi: tuple[float, float]) -> float:
    longer: int = max(pixels.shape[:2])
    stated = float(dpi[0]) / _POINTS_AN_INCH if dpi and dpi[0] and float(dpi[0]) == float(dpi[1]) else 0.0
    if stated > 0 and _CREDIBLE_SIDE_PT[0] <= longer / stated <= _CREDIBLE_SIDE_PT[1]:
        return stated
    return longer / _LONGER_SIDE_PT


def _open(data: bytes, name: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # Of damaged files and of large ones; the limit is ours and is looked at before any pixel is decoded.
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data), formats=PICTURE_FORMATS)
    except Image.DecompressionBombError as exc:
        raise InputTooLargeError(
            "the picture has far more pixels than a page",
            source=name,
            remedy="save it smaller: 300 dots an inch are enough",
        ) from exc
    except BROKEN_PICTURE as exc:
        raise DamagedInputError("the picture cannot be opened", source=name, remedy=_REMEDY) from exc
