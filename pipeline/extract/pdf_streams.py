"""How much the packed parts of a PDF come to, worked out in small pieces before any reader unpacks them as a whole."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from models.errors import InputTooLargeError

# Bytes unpacked at a time.
_PIECE = 1 << 20
# Flate within Flate is followed this deep; no producer nests it at all.
_MOST_LAYERS = 4
# No Flate stream unpacks to more than this many times its size.
_MOST_FLATE = 1032
# Bytes of one pixel: a picture with 16 bits in each of four colours is beyond all reports.
_PIXEL_BYTES = 4
# Bytes before the data of a stream in which its dictionary is looked for.
_DICTIONARY_BYTES = 4096

_STREAM = re.compile(rb"stream\r?\n")
_OBJECT = re.compile(rb"(\d{1,10})\s+\d{1,10}\s+obj\b")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_ASCII85 = re.compile(rb"/(?:ASCII85Decode|A85)\b")
_ASCII_HEX = re.compile(rb"/(?:ASCIIHexDecode|AHx)\b")
_WHITE = re.compile(rb"\s+")


@dataclass(frozen=True, slots=True)
class UnpackedSizes:
    """Bytes of each stream once unpacked, by object number; pictures are left out."""

    by_object: dict[int, int]

    def of_page(self, contents: Iterable[int]) -> int:
        """Bytes of the content of a page, whose streams have these object numbers; one may stand there many times."""
        return sum(self.by_object.get(number, 0) for number in contents)


def unpacked_sizes(data: bytes, name: str, *, max_bytes: int, max_pixels: int) -> UnpackedSizes:
    """The sizes of all streams of a PDF.

    Flate is told by its first bytes, whatever the dictionary says. Other ways of packing gain little, but for LZW, which
    no producer has written in this century: the limit on memory holds for it.

    Args:
        data: The file, not encrypted.
        name: The file name for messages.
        max_bytes: Of all streams together, pictures left out.
        max_pixels: Of one picture.

    Raises:
        InputTooLargeError: more than one of these.
    """
    total = 0
    sizes: dict[int, int] = {}
    for found in _STREAM.finditer(data):
        if data[max(0, found.start() - 3) : found.start()] == b"end":
            continue
        end = data.find(b"endstream", found.end())
        packed = memoryview(data)[found.end() : end if end >= 0 else len(data)]
        number, dictionary = _dictionary(data, found.start())
        room = max_bytes - total
        if _PICTURE.search(dictionary):
            most = max_pixels * _PIXEL_BYTES
            if len(packed) * _MOST_FLATE > most or dictionary.count(b"/Fl") > 1:
                _size(packed, dictionary, most, name, "a picture in the PDF unpacks", "limits.max_page_pixels")
            continue
        size = _size(packed, dictionary, room, name, "the PDF unpacks", "limits.max_pdf_uncompressed_bytes")
        total += size
        sizes[number] = max(size, sizes.get(number, 0))
    return UnpackedSizes(sizes)


def too_large(name: str, what: str, most: int, key: str) -> InputTooLargeError:
    """The error of a PDF of which something unpacks to more than allowed."""
    return InputTooLargeError(
        f"{what} to more than {most} bytes", source=name, remedy=f"print it to a new PDF, or raise {key} in config.yaml"
    )


def _dictionary(data: bytes, end: int) -> tuple[int, bytes]:
    """(object number, dictionary with its names spelt out) of the stream whose data is announced at ``end``."""
    head = data[max(0, end - _DICTIONARY_BYTES) : end]
    begins = [*_OBJECT.finditer(head)]
    number = int(begins[-1].group(1)) if begins else 0
    own = head[begins[-1].end() :] if begins else head
    return number, _ESCAPE.sub(lambda m: bytes([int(m.group(1), 16)]), own)


def _size(packed: memoryview, dictionary: bytes, most: int, name: str, what: str, key: str) -> int:
    size = 0
    for piece in _unpacked(_readable(packed, dictionary), _MOST_LAYERS):
        size += len(piece)
        if size > most:
            raise too_large(name, what, most, key)
    return size


def _readable(packed: memoryview, dictionary: bytes) -> Iterator[bytes]:
    """The data without the coverings that make it printable."""
    if _ASCII85.search(dictionary):
        text = _WHITE.sub(b"", bytes(packed)).removeprefix(b"<~").partition(b"~")[0]
        try:
            yield base64.a85decode(text)
        except ValueError:
            return
    elif _ASCII_HEX.search(dictionary):
        text = _WHITE.sub(b"", bytes(packed)).partition(b">")[0]
        try:
            yield binascii.unhexlify(text + b"0" * (len(text) % 2))
        except ValueError:
            return
    else:
        for start in range(0, len(packed), _PIECE):
            yield bytes(packed[start : start + _PIECE])


def _unpacked(pieces: Iterator[bytes], layers: int) -> Iterator[bytes]:
    first = next(pieces, b"").lstrip(b"\r\n")
    whole = chain((first,), pieces)
    if layers and _is_flate(first):
        return _unpacked(_inflated(whole), layers - 1)
    return whole


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    stream = zlib.decompressobj()
    try:
        for piece in pieces:
            waiting = piece
            while waiting and not stream.eof:
                out = stream.decompress(waiting, _PIECE)
                waiting = stream.unconsumed_tail
                if out:
                    yield out
    except zlib.error:
        # What comes after damage no reader unpacks either.
        return


def _is_flate(head: bytes) -> bool:
    return len(head) > 1 and head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2], "big") % 31 == 0
