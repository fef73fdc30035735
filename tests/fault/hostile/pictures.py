"""Picture files that no scanner would write. Each function returns the bytes of one."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image

from tests.fault.hostile.bombs import deflated


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, pixels: bytes, *, before: bytes = b"", depth: int = 8, colour: int = 0) -> bytes:
    """A PNG with this header and this packed data, whether they belong together or not."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + before + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def png_of_a_huge_size() -> bytes:
    return png(2_000_000_000, 2_000_000_000, zlib.compress(b"\0"))


def png_bomb(side: int = 50_000) -> bytes:
    return png(side, side, deflated(bytes(side + 1), side))


def png_larger_than_its_header() -> bytes:
    return png(10, 10, deflated(bytes(1 << 20), 3000))


def largest_png_allowed() -> bytes:
    """Sixty million pixels of colour in a few kilobytes."""
    return png(10_000, 6_000, deflated(bytes(30_001), 6_000), colour=2)


def one_row_of_pixels() -> bytes:
    return png(60_000_000, 1, deflated(bytes(1), 60_000_001))


def one_column_of_pixels() -> bytes:
    return png(1, 60_000_000, deflated(bytes(2), 60_000_000))


def text_chunk_bomb() -> bytes:
    text = _chunk(b"zTXt", b"a\0\0" + deflated(b"x" * (1 << 20), 3000))
    profile = _chunk(b"iCCP", b"a\0\0" + deflated(b"x" * (1 << 20), 3000))
    return png(10, 10, zlib.compress(bytes(110)), before=text + profile)


def jpeg_of_the_largest_size() -> bytes:
    stream = io.BytesIO()
    Image.new("L", (64, 64)).save(stream, "JPEG")
    data = stream.getvalue()
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + b"\xff\xff\xff\xff" + data[place + 4 :]


def tiff(entries: list[tuple[int, int, int, int]], *, follow: int = 0, more: bytes = b"") -> bytes:
    """A TIFF whose only directory has these entries (tag, type, count, value); ``follow`` is where the next one is."""
    packed = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + packed + struct.pack("<I", follow) + more


_GREY = [
    (258, 3, 1, 8),
    (259, 3, 1, 1),
    (262, 3, 1, 1),
    (273, 4, 1, 200),
    (277, 3, 1, 1),
    (278, 4, 1, 9),
    (279, 4, 1, 81),
]


def tiff_directory_loop() -> bytes:
    return tiff([(256, 4, 1, 9), (257, 4, 1, 9), *_GREY], follow=8, more=bytes(200))


def tiff_of_many_frames(count: int = 20_000) -> bytes:
    """So many directories, each with the same few pixels."""
    size = 2 + 9 * 12 + 4
    entries = sorted([(256, 4, 1, 9), (257, 4, 1, 9), *_GREY])
    body = b""
    parts = []
    for n in range(count):
        follow = 8 + (n + 1) * size if n + 1 < count else 0
        packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
        parts.append(struct.pack("<H", 9) + packed + struct.pack("<I", follow))
    body = b"".join(parts)
    return b"II*\0\x08\0\0\0" + body


def tiff_of_large_frames(count: int = 400) -> bytes:
    """Frames of fifty million pixels each, all of them made of the same packed strip."""
    strip = deflated(bytes(10_000), 5_000)
    size = 2 + 9 * 12 + 4
    place = 8 + count * size
    parts = []
    for n in range(count):
        entries = [
            (256, 4, 1, 10_000),
            (257, 4, 1, 5_000),
            (258, 3, 1, 8),
            (259, 3, 1, 8),
            (262, 3, 1, 1),
            (273, 4, 1, place),
            (277, 3, 1, 1),
            (278, 4, 1, 5_000),
            (279, 4, 1, len(strip)),
        ]
        packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
        parts.append(struct.pack("<H", 9) + packed + struct.pack("<I", 8 + (n + 1) * size if n + 1 < count else 0))
    return b"II*\0\x08\0\0\0" + b"".join(parts) + strip


def tiff_of_a_huge_size() -> bytes:
    return tiff([(256, 4, 1, 4_000_000_000), (257, 4, 1, 4_000_000_000), *_GREY], more=bytes(200))


def tiff_of_many_samples() -> bytes:
    entries = [e for e in _GREY if e[0] not in {258, 277}]
    return tiff([(256, 4, 1, 9), (257, 4, 1, 9), (277, 3, 1, 65535), (258, 3, 65535, 8), *entries], more=bytes(200))


def tiff_with_an_endless_tag() -> bytes:
    return tiff([(256, 4, 1, 9), (257, 4, 1, 9), (270, 2, 4_000_000_000, 8), *_GREY], more=bytes(200))


def exif_of_odd_turns() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 77
    exif[0x011A] = float("inf")
    exif[0x011B] = 0.0
    exif[0x0128] = 2
    stream = io.BytesIO()
    Image.new("L", (800, 1000), 255).save(stream, "JPEG", exif=exif.tobytes())
    return stream.getvalue()


def resolution_of_zero() -> bytes:
    physical = _chunk(b"pHYs", struct.pack(">IIB", 0xFFFFFFFF, 0xFFFFFFFF, 1))
    return png(400, 500, zlib.compress((b"\0" + b"\xff" * 400) * 500), before=physical)


def gif_of_the_largest_size() -> bytes:
    return b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x4c\x01\0;"


def bitmap_of_a_huge_size() -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, 2_000_000_000, 2_000_000_000, 1, 24, 0, 0, 0, 0, 0, 0)
    return struct.pack("<2sIHHI", b"BM", 54, 0, 0, 54) + header + bytes(100)


def bitmap_of_runs() -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, 30_000, 30_000, 1, 8, 1, 0, 0, 0, 256, 0)
    return struct.pack("<2sIHHI", b"BM", 2000, 0, 0, 1078) + header + bytes(1024) + b"\xff\x01" * 500 + b"\0\1"


def webp_of_the_largest_size() -> bytes:
    body = b"VP8L" + struct.pack("<I", 10) + b"\x2f\xff\xff\xff\x0f" + bytes(5)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def postscript_called_a_picture() -> bytes:
    """Pillow would hand this to Ghostscript."""
    return b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 400 400\n(/tmp/nianbao-evil) (w) file closefile\nshowpage\n"


def drawing() -> bytes:
    """An SVG with a script, an external picture and an entity bomb."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return (
        f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "lol">{entities}]>'
        '<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("http://127.0.0.1:9/svg")</script>'
        '<image href="http://127.0.0.1:9/a.png"/><text>&e11;</text></svg>'
    ).encode()


PICTURES: dict[str, Callable[[], bytes]] = {
    f.__name__: f
    for f in (
        png_of_a_huge_size,
        png_bomb,
        png_larger_than_its_header,
        largest_png_allowed,
        one_row_of_pixels,
        one_column_of_pixels,
        text_chunk_bomb,
        jpeg_of_the_largest_size,
        tiff_directory_loop,
        tiff_of_many_frames,
        tiff_of_large_frames,
        tiff_of_a_huge_size,
        tiff_of_many_samples,
        tiff_with_an_endless_tag,
        exif_of_odd_turns,
        resolution_of_zero,
        gif_of_the_largest_size,
        bitmap_of_a_huge_size,
        bitmap_of_runs,
        webp_of_the_largest_size,
        postscript_called_a_picture,
        drawing,
    )
}
