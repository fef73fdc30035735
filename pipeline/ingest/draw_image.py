"""Pages of picture files as a person looks at them, and pixels as PNG or JPEG."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.errors import UnknownItemError
from models.geometry import BBox
from pipeline.ingest.open_image import Frame, count_frames, read_frame

_FULL_TURN = 360
# Little work for a picture that is sent once: zlib's fastest levels.
_PNG_LEVEL = 3
_JPEG_QUALITY = 90  # of 100
_GREY_AXES = 2


def read_page_image(data: bytes, name: str, page_no: int, *, max_pages: int, max_pixels: int) -> Frame:
    """The page of a picture file with this 1-based number.

    Raises:
        UnknownItemError: there is no such page.
        DamagedInputError: the picture is broken.
        InputTooLargeError: more pages or pixels than allowed.
    """
    if not 1 <= page_no <= count_frames(data, name, max_pages=max_pages):
        raise UnknownItemError(f"there is no page {page_no}", source=name)
    return read_frame(data, name, page_no - 1, max_pixels=max_pixels)


def cut(frame: Frame, part: BBox | None) -> tuple[NDArray[np.uint8], BBox]:
    """(the pixels of a part of the page, the part in points, cut to the page); the page where ``part`` is None."""
    height, width = frame.pixels.shape[:2]
    scale = frame.px_per_pt
    page = BBox(0, 0, width / scale, height / scale)
    if part is None:
        return frame.pixels, page
    left, top = max(int(part.x0 * scale), 0), max(int(part.top * scale), 0)
    right, bottom = min(int(part.x1 * scale) + 1, width), min(int(part.bottom * scale) + 1, height)
    if left >= right or top >= bottom:
        return frame.pixels, page
    return frame.pixels[top:bottom, left:right], BBox(left / scale, top / scale, right / scale, bottom / scale)


def to_picture(
    pixels: NDArray[np.uint8], *, factor: float = 1.0, turned: int = 0, is_photo: bool = False
) -> tuple[bytes, int, int]:
    """(PNG, or JPEG of a photo; width, height in pixels).

    Args:
        pixels: uint8 (H, W) or (H, W, 3) RGB.
        factor: Of the size.
        turned: Degrees clockwise, 0, 90, 180 or 270.
        is_photo: Has noise, as photos and scans: JPEG is then ten times as quick, and loses nothing that one sees.
    """
    image = Image.fromarray(_without_colour(pixels))
    if turned:
        image = image.rotate(_FULL_TURN - turned, expand=True)
    if factor != 1.0:
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        image = image.resize(size, Image.Resampling.HAMMING if factor < 1 else Image.Resampling.BICUBIC)
    stream = io.BytesIO()
    if is_photo:
        image.save(stream, "JPEG", quality=_JPEG_QUALITY)
    else:
        image.save(stream, "PNG", compress_level=_PNG_LEVEL)
    return stream.getvalue(), image.width, image.height


def _without_colour(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One value a pixel where the picture is grey: a third of the work."""
    if pixels.ndim == _GREY_AXES:
        return pixels
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return red if np.array_equal(red, green) and np.array_equal(red, blue) else pixels
