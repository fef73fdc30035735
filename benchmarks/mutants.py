"""Valid reports with something broken in them: ``python -m benchmarks.mutants NUMBER FILE`` writes one of them.

The same number gives the same bytes on every machine with the same versions of zlib and Pillow.
"""

from __future__ import annotations

import io
import random
import re
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw

from samples.generate import COMMITTED_FOLDER

# Of a hundred mutants so many are pictures, which take OCR, and so many are PDF files; the others share the rest.
_PICTURES_OF_100, _PDFS_OF_100 = 2, 48
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_NUMBER = re.compile(rb"\d+")
# What programs trip over where they expect a number.
_ODD_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"255",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"4294967296",
    b"9" * 40,
    b"1e99",
    b"0.1",
)
_ODD_BYTES = (
    b"\0",
    b"\xff",
    b"<",
    b">",
    b"&",
    b'"',
    b"(",
    b")",
    b"[",
    b"/",
    b"%",
    b"\r\n",
    "年".encode(),
    b"\xff\xfe",
    b"\x1b",
)

Change = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A broken file. ``kind`` is the type of what it was made of, ``change`` what was done to it."""

    number: int
    kind: str
    change: str
    name: str
    data: bytes

    @property
    def is_picture(self) -> bool:
        """Whether OCR has to read it."""
        return self.kind == "picture"


def mutant(number: int) -> Mutant:
    """The mutant of this number."""
    chance = random.Random(number)
    share = chance.randrange(100)
    if share < _PICTURES_OF_100:
        kind = "picture"
    elif share < _PICTURES_OF_100 + _PDFS_OF_100:
        kind = "pdf"
    else:
        kind = chance.choice(("html", "docx", "txt"))
    name, whole = chance.choice([base for base in _bases() if base[0].endswith(_ENDINGS[kind])])
    change = chance.choice(tuple(_CHANGES))
    if change == "splice":
        data = _splice(whole, chance.choice(_bases())[1], chance)
    elif kind in _INSIDE and chance.random() < 0.6:
        data = _INSIDE[kind](whole, chance, _CHANGES[change])
        change = f"{change} inside"
    else:
        data = _CHANGES[change](whole, chance)
    return Mutant(number, kind, change, f"{number:05d}-{name}", data)


def _flip_bits(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 30, 300))):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def _truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(1, len(data))]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    start, stop = _span(data, chance)
    return data[:stop] + data[start:stop] * chance.choice((1, 1, 5, 50)) + data[stop:]


def _zero(data: bytes, chance: random.Random) -> bytes:
    start, stop = _span(data, chance)
    return data[:start] + bytes(stop - start) + data[stop:]


def _drop(data: bytes, chance: random.Random) -> bytes:
    start, stop = _span(data, chance)
    return data[:start] + data[stop:] or b"\n"


def _swap(data: bytes, chance: random.Random) -> bytes:
    places = sorted(chance.randrange(len(data) + 1) for _ in range(4))
    a, b, c, d = places
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _noise(data: bytes, chance: random.Random) -> bytes:
    start, stop = _span(data, chance)
    return data[:start] + chance.randbytes(stop - start) + data[stop:]


def _change_numbers(data: bytes, chance: random.Random) -> bytes:
    found = list(_NUMBER.finditer(data))
    for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 3, 20)))), key=lambda m: -m.start()):
        data = data[: match.start()] + chance.choice(_ODD_NUMBERS) + data[match.end() :]
    return data


def _insert(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 5, 40))):
        place = chance.randrange(len(data) + 1)
        data = data[:place] + chance.choice(_ODD_BYTES) * chance.choice((1, 1, 3, 200)) + data[place:]
    return data


def _splice(data: bytes, other: bytes, chance: random.Random) -> bytes:
    start, stop = _span(other, chance)
    place = chance.randrange(len(data) + 1)
    return data[:place] + other[start:stop] + data[place:]


_CHANGES: dict[str, Change] = {
    "flip bits": _flip_bits,
    "truncate": _truncate,
    "repeat": _repeat,
    "zero": _zero,
    "drop": _drop,
    "swap": _swap,
    "noise": _noise,
    "change numbers": _change_numbers,
    "insert": _insert,
    "splice": _flip_bits,  # the second part of it is another file, which a change does not know
}


def _inside_zip(data: bytes, chance: random.Random, change: Change) -> bytes:
    """The container whole again, with a change in one of its members."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        # Most of the text is in the main part, so most changes are.
        chosen = chance.choice([*names, *["word/document.xml"] * len(names)])
        for name in names:
            content = source.read(name)
            target.writestr(zipfile.ZipInfo(name), change(content, chance) if name == chosen and content else content)
    return out.getvalue()


def _inside_pdf(data: bytes, chance: random.Random, change: Change) -> bytes:
    """The file with a change in one of its streams, packed again; readers have to find its objects anew."""
    streams = []
    for match in _STREAM.finditer(data):
        try:
            streams.append((match, zlib.decompress(match.group(1))))
        except zlib.error:
            continue
    if not streams:
        return change(data, chance)
    match, content = chance.choice(streams)
    packed = zlib.compress(change(content, chance)) if content else b""
    return data[: match.start(1)] + packed + data[match.end(1) :]


_INSIDE: dict[str, Callable[[bytes, random.Random, Change], bytes]] = {"docx": _inside_zip, "pdf": _inside_pdf}
_ENDINGS: dict[str, tuple[str, ...]] = {
    "pdf": (".pdf",),
    "html": (".html",),
    "docx": (".docx",),
    "txt": (".txt",),
    "picture": (".png", ".jpg", ".tiff", ".gif"),
}


@lru_cache(maxsize=1)
def _bases() -> list[tuple[str, bytes]]:
    """(file name, content) of the reports that mutants are made of."""
    endings = tuple(e for kind in ("pdf", "html", "docx", "txt") for e in _ENDINGS[kind])
    reports = [(p.name, p.read_bytes()) for p in sorted(COMMITTED_FOLDER.iterdir()) if p.name.endswith(endings)]
    picture = _small_table()
    for ending, form in ((".png", "PNG"), (".jpg", "JPEG"), (".tiff", "TIFF"), (".gif", "GIF")):
        stream = io.BytesIO()
        more = {"save_all": True, "append_images": [picture]} if form == "TIFF" else {}
        picture.save(stream, form, **more)
        reports.append((f"table{ending}", stream.getvalue()))
    return reports


def _small_table() -> Image.Image:
    picture = Image.new("L", (360, 200), 255)
    pen = ImageDraw.Draw(picture)
    for n in range(5):
        pen.line((20, 20 + 40 * n, 340, 20 + 40 * n), 0, 2)
        pen.line((20 + 80 * n, 20, 20 + 80 * n, 180), 0, 2)
    for row in range(4):
        for column in range(4):
            pen.text((50 + 80 * column, 32 + 40 * row), str(7 * row + column), 0)
    return picture


def _span(data: bytes, chance: random.Random) -> tuple[int, int]:
    """A part of the data, short ones as likely as long ones."""
    length = min(len(data), max(1, int(len(data) ** chance.random())))
    start = chance.randrange(len(data) - length + 1)
    return start, start + length


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(mutant(int(sys.argv[1])).data)
