"""Gathers the pictures inside a web page or a DOCX: those whose bytes are there, and a count of those that are not."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
import warnings
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from PIL import Image

from models.document import Picture
from pipeline.ingest.open_image import BROKEN_PICTURE, PICTURE_FORMATS

PICTURES_OVER_LIMIT = "pictures_over_limit"
# A picture smaller than this along its longer or its shorter side is an icon or a line. Pixels.
_LONGER_SIDE_PX, _SHORTER_SIDE_PX = 200, 40
_DATA_URI = re.compile(r"\s*data:(?P<type>[^,;]*)(?P<parameters>[^,]*),(?P<body>.*)", re.IGNORECASE | re.DOTALL)
# Each takes some hundred bytes of memory while it is read.
_MOST_ESCAPES = 2_000_000
_BASE64_TRASH = re.compile(rb"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """How many pictures of one file are kept for a look, and how many bytes they may have together."""

    max_count: int = 100
    max_bytes: int = 100 * 1024 * 1024


@dataclass(slots=True)
class Gathered:
    """The pictures of a file in document order, each once.

    ``unseen`` counts pictures large enough for a table whose bytes are not in the file or cannot be drawn.
    ``over_limit`` is True where pictures were left out for their number or size.
    """

    limits: PictureLimits = field(default_factory=PictureLimits)
    pictures: list[Picture] = field(default_factory=list)
    unseen: int = 0
    over_limit: bool = False
    _known: set[bytes] = field(default_factory=set)
    _bytes: int = 0

    @property
    def room(self) -> int:
        """Bytes that the next picture may have."""
        return self.limits.max_bytes - self._bytes

    def add(self, data: bytes, caption: str, width_pt: float | None = None) -> None:
        """Take in the bytes of a picture; icons and repeated ones leave no trace."""
        digest = hashlib.sha256(data).digest()
        if digest in self._known:
            return
        self._known.add(digest)
        size = _size(data)
        if size is None:
            self.unseen += 1
        elif max(size) < _LONGER_SIDE_PX or min(size) < _SHORTER_SIDE_PX:
            return
        elif len(self.pictures) >= self.limits.max_count or len(data) > self.room:
            self.over_limit = True
        else:
            self._bytes += len(data)
            self.pictures.append(Picture(data, caption, width_pt))


def decode_data_uri(address: str) -> bytes | None:
    """The bytes in a ``data:`` address of a picture; None for any other address, empty where they are broken."""
    match = _DATA_URI.match(address)
    if match is None or not match["type"].strip().lower().startswith("image/"):
        return None
    if match["body"].count("%") > _MOST_ESCAPES:
        return b""
    body = unquote_to_bytes(match["body"])
    if "base64" not in match["parameters"].lower():
        return body
    letters = _BASE64_TRASH.sub(b"", body)
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return b""


def _size(data: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels from the header of a picture; None for what cannot be drawn."""
    try:
        with warnings.catch_warnings():
            # The limit on pixels is looked at by who decodes them.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=PICTURE_FORMATS) as image:
                return image.size
    except (*BROKEN_PICTURE, Image.DecompressionBombError):
        return None
