"""Compressed data that is far smaller than what it holds, made without ever holding it."""

from __future__ import annotations

import zlib

_MODULUS = 65521  # of Adler-32


def deflated(unit: bytes, times: int, *, wbits: int = 15) -> bytes:
    """A Flate stream of ``unit`` repeated; one unit is compressed, and its block is repeated.

    Args:
        unit: What is repeated.
        times: How often.
        wbits: 15 for a zlib stream, -15 for a raw one (ZIP members).
    """
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)
    body = block * times + zlib.compressobj(9, wbits=-15).flush()
    return body if wbits < 0 else b"\x78\xda" + body + _adler(unit, times).to_bytes(4, "big")


def twice(unit: bytes, times: int) -> bytes:
    """A Flate stream of a Flate stream of ``unit`` repeated."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)
    tail = zlib.compressobj(9, wbits=-15).flush() + _adler(unit, times).to_bytes(4, "big")
    return zlib.compress(b"\x78\xda" + block * times + tail, 9)


def crc32_of_zeros(count: int) -> int:
    """CRC-32 of so many zero bytes."""
    value, chunk = 0, bytes(1 << 24)
    for _ in range(count >> 24):
        value = zlib.crc32(chunk, value)
    return zlib.crc32(bytes(count & ((1 << 24) - 1)), value)


def _adler(unit: bytes, times: int) -> int:
    """Adler-32 of ``unit`` repeated, worked out from that of one."""
    a, b, plain = 1, 0, sum(unit) % _MODULUS
    weighted = sum((len(unit) - i) * byte for i, byte in enumerate(unit)) % _MODULUS
    # Each unit adds its sum to a, and len(unit) times the a before it plus its weighted sum to b.
    b = (times * len(unit) * a + len(unit) * plain * (times * (times - 1) // 2) + times * weighted) % _MODULUS
    a = (a + times * plain) % _MODULUS
    return b << 16 | a
