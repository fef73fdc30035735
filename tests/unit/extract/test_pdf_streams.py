from __future__ import annotations

import base64
import zlib

import pytest

from models.errors import DamagedInputError, InputTooLargeError
from pipeline.extract.pdf_streams import unpacked_size
from tests.fault.hostile.bombs import deflated, twice
from tests.fault.hostile.pdfs import one_page, stream

MIB = 1 << 20


def size(*, content: bytes, max_bytes: int = MIB, max_pixels: int = 1000) -> int:
    return unpacked_size(one_page(content), "年报.pdf", max_bytes=max_bytes, max_pixels=max_pixels)


@pytest.mark.parametrize(
    ("packed", "entries"),
    [
        (b"x" * 500, b""),
        (zlib.compress(b"x" * 500), b"/Filter /FlateDecode"),
        (zlib.compress(b"x" * 500), b"/Filter 9 0 R"),
        (zlib.compress(zlib.compress(b"x" * 500)), b"/Filter [/FlateDecode /Fl]"),
        (base64.a85encode(zlib.compress(b"x" * 500)) + b"~>", b"/Filter [/ASCII85Decode /FlateDecode]"),
        (base64.a85encode(zlib.compress(b"x" * 500)) + b"~>", b"/Filter [/ASCII#385Decode /FlateDecode]"),
        (zlib.compress(b"x" * 500).hex().encode() + b">", b"/Filter [/AHx /FlateDecode]"),
    ],
    ids=["plain", "flate", "filter elsewhere", "twice", "printable", "name with an escape", "hexadecimal"],
)
def test_a_stream_has_the_size_that_it_unpacks_to(packed: bytes, entries: bytes) -> None:
    assert size(content=stream(packed, entries)) == pytest.approx(500, abs=2)


def test_a_stream_cut_off_has_the_size_of_what_is_there() -> None:
    whole = zlib.compress(bytes(range(256)) * 100)

    assert 0 < size(content=stream(whole[:200])) < 25600


@pytest.mark.parametrize(
    "bomb",
    [
        stream(deflated(b" " * MIB, 5000), b"/Filter /FlateDecode"),
        stream(twice(b" " * MIB, 5000), b"/Filter [/FlateDecode /FlateDecode]"),
    ],
    ids=["flate", "twice"],
)
def test_a_bomb_is_refused(bomb: bytes) -> None:
    with pytest.raises(InputTooLargeError, match="unpacks to more than 1048576 bytes") as caught:
        size(content=bomb)

    assert caught.value.source == "年报.pdf"
    assert "limits.max_pdf_uncompressed_bytes" in caught.value.remedy


def test_streams_count_together() -> None:
    half = stream(zlib.compress(bytes(MIB // 2 + 1)))
    both = one_page(half, others={7: half})

    with pytest.raises(InputTooLargeError):
        unpacked_size(both, "a.pdf", max_bytes=MIB, max_pixels=1)


def test_pictures_have_a_limit_of_their_own() -> None:
    entries = b"/Subtype /Image /Filter /FlateDecode"

    assert size(content=stream(deflated(bytes(MIB), 8), entries), max_pixels=3 * MIB) == 0
    with pytest.raises(InputTooLargeError, match="a picture in the PDF") as caught:
        size(content=stream(deflated(bytes(MIB), 80), entries), max_pixels=3 * MIB)
    assert "limits.max_page_pixels" in caught.value.remedy


CMAP = b"1 begincodespacerange <00000000> <ffffffff> endcodespacerange %b endcmap"


@pytest.mark.parametrize(
    "ranges",
    [
        b"1 beginbfrange <00000000> <ffffffff> <0030> endbfrange",
        b"1 begincidrange <0000> <ffffffff> 0 endcidrange",
        b"100 beginbfrange" + b" <000000> <00ffff> <0030>" * 100 + b" endbfrange",
    ],
    ids=["to Unicode", "to glyphs", "many"],
)
def test_a_map_of_more_characters_than_there_are_is_damage(ranges: bytes) -> None:
    with pytest.raises(DamagedInputError, match="more characters than there are"):
        size(content=stream(zlib.compress(CMAP % ranges)))


def test_a_map_of_all_of_unicode_is_none() -> None:
    assert size(content=stream(CMAP % b"1 beginbfrange <00000000> <0010ffff> <0000> endbfrange")) > 0
