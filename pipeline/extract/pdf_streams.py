"""How much the packed parts of a PDF come to, worked out in small pieces before any reader unpacks them as a whole."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from models.errors import DamagedInputError, InputTooLargeError

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

# Characters of one map; Unicode has 1,114,112.
_MOST_CODES = 2_000_000
_RANGES = re.compile(rb"begin(?:bf|cid)range(.*?)end(?:bf|cid)range", re.DOTALL)
_RANGE = re.compile(rb"<\s*([0-9A-Fa-f]{1,16})\s*>\s*<\s*([0-9A-Fa-f]{1,16})\s*>\s*(?:<[^>]{0,64}>|\[[^\]]*\]|\d+)")
_STREAM = re.compile(rb"stream\r?\n")
_OBJECT = re.compile(rb"\d\s+\d{1,10}\s+obj\b")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_ASCII85 = re.compile(rb"/(?:ASCII85Decode|A85)\b")
_ASCII_HEX = re.compile(rb"/(?:ASCIIHexDecode|AHx)\b")
_WHITE = re.compile(rb"\s+")


def unpacked_size(data: bytes, name: str, *, max_bytes: int, max_pixels: int) -> int:
    """Bytes of all streams of a PDF once they are unpacked, pictures left out.

    Flate is told by its first bytes, whatever the dictionary says. Other ways of packing gain little, but for LZW: the
    limit on memory holds for that.

    Args:
        data: The file, not encrypted.
        name: The file name for messages.
        max_bytes: Of all streams together, pictures left out.
        max_pixels: Of one picture.

    Raises:
        InputTooLargeError: more than one of these.
        DamagedInputError: a font lists more characters than there are.
    """
    total = 0
    most_of_picture = max_pixels * _PIXEL_BYTES
    for found in _STREAM.finditer(data):
        if data[max(0, found.start() - 3) : found.start()] == b"end":
            continue
        end = data.find(b"endstream", found.end())
        packed = memoryview(data)[found.end() : end if end >= 0 else len(data)]
        dictionary = _dictionary(data, found.start())
        is_picture = _PICTURE.search(dictionary) is not None
        if is_picture and len(packed) * _MOST_FLATE <= most_of_picture and dictionary.count(b"/Fl") < 2:  # noqa: PLR2004 - Flate once
            continue
        size = 0
        for piece in _unpacked(_readable(packed, dictionary), _MOST_LAYERS):
            size += len(piece)
            if is_picture and size > most_of_picture:
                raise too_large(name, "a picture in the PDF unpacks", most_of_picture, "limits.max_page_pixels")
            if not is_picture and total + size > max_bytes:
                raise too_large(name, "the PDF unpacks", max_bytes, "limits.max_pdf_uncompressed_bytes")
            _check_maps(piece, name)
        if not is_picture:
            total += size
    return total


def too_large(name: str, what: str, most: int, key: str) -> InputTooLargeError:
    """The error of a PDF of which something unpacks to more than allowed."""
    return InputTooLargeError(
        f"{what} to more than {most} bytes", source=name, remedy=f"print it to a new PDF, or raise {key} in config.yaml"
    )


def _dictionary(data: bytes, end: int) -> bytes:
    """The dictionary, its names spelt out, of the stream whose data is announced at ``end``."""
    head = data[max(0, end - _DICTIONARY_BYTES) : end]
    begins = [*_OBJECT.finditer(head)]
    own = head[begins[-1].end() :] if begins else head
    return _ESCAPE.sub(lambda m: bytes([int(m.group(1), 16)]), own)


def _check_maps(piece: bytes, name: str) -> None:
    """None; a map of characters that lists more of them than there are is refused: readers write them all out."""
    codes = 0
    for section in _RANGES.findall(piece):
        codes += sum(int(last, 16) - int(first, 16) for first, last in _RANGE.findall(section))
        if codes > _MOST_CODES:
            raise DamagedInputError(
                "a font of the PDF lists more characters than there are", source=name, remedy="print it to a new PDF"
            )


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
