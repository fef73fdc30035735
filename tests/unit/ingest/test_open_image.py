from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from models.errors import DamagedInputError, InputTooLargeError
from pipeline.ingest.open_image import Frame, count_frames, read_frame

# An A5 page at 50 dots an inch, dark in its upper left quarter.
from tests.fault.hostile import pictures

WIDTH, HEIGHT = 292, 413
NAME = "scan.png"


def page(mode: str = "L") -> Image.Image:
    pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
    pixels[: HEIGHT // 2, : WIDTH // 2] = 0
    return Image.fromarray(pixels).convert(mode)


def saved(image: Image.Image, kind: str = "PNG", *, more: Sequence[Image.Image] = (), **options: Any) -> bytes:
    stream = io.BytesIO()
    if more:
        options |= {"save_all": True, "append_images": list(more)}
    image.save(stream, kind, **options)
    return stream.getvalue()


def first(data: bytes, *, index: int = 0, max_pixels: int = 10**7) -> Frame:
    return read_frame(data, NAME, index, max_pixels=max_pixels)


def darkness(pixels: NDArray[np.uint8]) -> list[list[bool]]:
    """Which quarters of the page are dark."""
    height, width = pixels.shape[:2]
    return [[bool(pixels[y, x].max() < 128) for x in (width // 5, -width // 5)] for y in (height // 5, -height // 5)]


UPPER_LEFT = [[True, False], [False, False]]


@pytest.mark.parametrize(
    ("kind", "mode", "shape"),
    [
        ("PNG", "L", (HEIGHT, WIDTH)),
        ("PNG", "1", (HEIGHT, WIDTH)),
        ("PNG", "I;16", (HEIGHT, WIDTH)),
        ("PNG", "RGB", (HEIGHT, WIDTH, 3)),
        ("PNG", "P", (HEIGHT, WIDTH, 3)),
        ("PNG", "RGBA", (HEIGHT, WIDTH, 3)),
        ("PNG", "LA", (HEIGHT, WIDTH, 3)),
        ("JPEG", "L", (HEIGHT, WIDTH)),
        ("JPEG", "RGB", (HEIGHT, WIDTH, 3)),
        ("JPEG", "CMYK", (HEIGHT, WIDTH, 3)),
        ("TIFF", "1", (HEIGHT, WIDTH)),
        ("TIFF", "RGB", (HEIGHT, WIDTH, 3)),
        ("BMP", "RGB", (HEIGHT, WIDTH, 3)),
        ("WEBP", "RGB", (HEIGHT, WIDTH, 3)),
        ("GIF", "P", (HEIGHT, WIDTH, 3)),
    ],
)
def test_pixels_come_as_they_are(kind: str, mode: str, shape: tuple[int, ...]) -> None:
    image = page("L" if mode == "I;16" else mode)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)

    pixels = first(saved(image, kind)).pixels

    assert pixels.dtype == np.uint8
    assert pixels.shape == shape
    assert darkness(pixels) == UPPER_LEFT


def test_a_tiff_compressed_as_fax() -> None:
    pixels = first(saved(page("1"), "TIFF", compression="group4")).pixels

    assert darkness(pixels) == UPPER_LEFT


def test_sixteen_bits_keep_their_greys() -> None:
    grey = Image.fromarray(np.full((HEIGHT, WIDTH), 200 * 257, np.uint16))

    assert abs(int(first(saved(grey)).pixels[50, 50]) - 200) <= 1


def test_transparent_is_paper() -> None:
    image = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, WIDTH // 2, HEIGHT // 2))

    assert darkness(first(saved(image)).pixels) == UPPER_LEFT


@pytest.mark.parametrize(("orientation", "quarters"), [(1, 0), (6, 3), (3, 2), (8, 1)])
def test_a_photograph_is_turned_as_its_camera_says(orientation: int, quarters: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    pixels = first(saved(page(), "JPEG", exif=exif)).pixels

    # np.rot90 turns against the clock.
    assert darkness(pixels) == np.rot90(np.array(UPPER_LEFT), quarters).tolist()


@pytest.mark.parametrize(
    ("dpi", "px_per_pt"),
    [
        ((50, 50), 50 / 72),  # A5
        ((36, 36), 36 / 72),  # nearly A4
        (None, HEIGHT / 841.9),
        ((72, 72), HEIGHT / 841.9),  # a stamp of 14 centimetres: what programs write that know nothing
        ((1200, 1200), HEIGHT / 841.9),
        ((50, 100), HEIGHT / 841.9),  # a fax; its pixels are no squares
        ((0, 0), HEIGHT / 841.9),
    ],
)
def test_a_resolution_counts_where_it_leads_to_paper(dpi: tuple[int, int] | None, px_per_pt: float) -> None:
    data = saved(page(), dpi=dpi) if dpi else saved(page())

    assert first(data).px_per_pt == pytest.approx(px_per_pt, rel=0.01)


def test_each_page_of_a_tiff() -> None:
    data = saved(page(), "TIFF", more=[page().rotate(180), page("1")])

    assert count_frames(data, NAME, max_pages=3) == 3
    assert [darkness(first(data, index=i).pixels) for i in range(3)] == [
        UPPER_LEFT,
        [[False, False], [False, True]],
        UPPER_LEFT,
    ]


def test_an_animation_is_one_page() -> None:
    assert count_frames(saved(page("P"), "GIF", more=[page("P").rotate(180)]), NAME, max_pages=1) == 1


def test_too_many_pages_are_refused() -> None:
    data = saved(page(), "TIFF", more=[page()] * 3)

    with pytest.raises(InputTooLargeError, match="4 pages, more than the limit of 3") as caught:
        count_frames(data, NAME, max_pages=3)
    assert (caught.value.source, "limits.max_pages" in caught.value.remedy) == (NAME, True)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    data = saved(page())

    first(data, max_pixels=WIDTH * HEIGHT)
    with pytest.raises(InputTooLargeError, match=f"{WIDTH} x {HEIGHT} pixels") as caught:
        # Only the head is there: decoding it would be another error.
        first(data[:60], max_pixels=WIDTH * HEIGHT - 1)
    assert "limits.max_page_pixels" in caught.value.remedy


def test_a_bomb_is_refused() -> None:
    # The head of a PNG of 40,000 by 40,000 pixels on a small file; Pillow itself refuses to open as many.
    data = saved(page())
    head = b"IHDR" + (40_000).to_bytes(4) * 2 + data[24:29]

    with pytest.raises(InputTooLargeError, match="far more pixels than a page"):
        first(data[:12] + head + zlib.crc32(head).to_bytes(4) + data[33:], max_pixels=60_000_000)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"])
def test_a_truncated_picture_is_damaged(kind: str) -> None:
    chance = np.random.default_rng(3).integers(0, 255, (HEIGHT, WIDTH)).astype(np.uint8)
    data = saved(Image.fromarray(chance), kind)

    with pytest.raises(DamagedInputError) as caught:
        first(data[: len(data) // 2])
    assert (caught.value.source, bool(caught.value.remedy)) == (NAME, True)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0rubbish", b"II*\x00" + b"\xff" * 40])
def test_rubbish_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedInputError):
        count_frames(data, NAME, max_pages=1)


def test_a_page_that_is_not_there_is_damaged() -> None:
    with pytest.raises(DamagedInputError, match="page 5"):
        first(saved(page(), "TIFF", more=[page()]), index=4)


def test_a_picture_that_another_program_would_draw_is_damaged() -> None:
    with pytest.raises(DamagedInputError, match="cannot be opened"):
        first(pictures.postscript_called_a_picture(), max_pixels=1000)


def without_width(tiff: bytes, frame: int) -> bytes:
    """A TIFF of which the directory of one page states no width."""
    order: Any = "<" if tiff[:2] == b"II" else ">"
    data = bytearray(tiff)
    [place] = struct.unpack_from(f"{order}L", data, 4)
    for _ in range(frame):
        [entries] = struct.unpack_from(f"{order}H", data, place)
        [place] = struct.unpack_from(f"{order}L", data, place + 2 + 12 * entries)
    [entries] = struct.unpack_from(f"{order}H", data, place)
    for n in range(entries):
        at = place + 2 + 12 * n
        if struct.unpack_from(f"{order}H", data, at)[0] == 256:
            struct.pack_into(f"{order}H", data, at, 65000)
    return bytes(data)


@pytest.mark.parametrize(("frame", "pages"), [(1, 2), (2, 3)])
def test_the_pages_before_a_damaged_one_of_a_tiff_are_read_and_that_one_is_told(frame: int, pages: int) -> None:
    data = without_width(saved(page(), "TIFF", more=[page(), page()]), frame)

    assert count_frames(data, NAME, max_pages=5) == pages
    for index in range(pages - 1):
        assert darkness(first(data, index=index).pixels) == [[True, False], [False, False]]
    with pytest.raises(DamagedInputError, match=f"page {pages} of the picture"):
        first(data, index=pages - 1)


def test_a_tiff_whose_first_page_is_damaged_cannot_be_opened() -> None:
    with pytest.raises(DamagedInputError, match="cannot be opened"):
        count_frames(without_width(saved(page(), "TIFF"), 0), NAME, max_pages=5)
