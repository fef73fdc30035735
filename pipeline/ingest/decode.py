"""Bytes of a text or HTML file -> characters; never guesses or replaces a character in silence."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

ENCODING_DAMAGED = "encoding_damaged"
ENCODING_GUESSED = "encoding_guessed"
REPLACEMENT = "\ufffd"

# How far into the file a charset declaration is looked for, in bytes. HTML asks for 1,024; Chinese government pages
# put blocks of <meta> before it.
DECLARATION_WINDOW = 8192
# Bytes looked at to tell UTF-16 without a byte order mark.
UTF16_WINDOW = 4096
# Share of characters that must be ordinary (ASCII, Han, CJK punctuation) before UTF-16 without a mark is believed.
UTF16_ORDINARY_SHARE = 0.9
# UTF-8 with damaged spots stays UTF-8 while this share of its multi-byte characters is intact.
UTF8_INTACT_SHARE = 0.8

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the one of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET = re.compile(rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_ORDINARY = re.compile(r"[\t\n\r -~\u00a0\u00b7\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_NON_ASCII_RUN = re.compile(r"[^\x00-\x7f]")
# What U+FFFD written as UTF-8 looks like after somebody read it as GBK: the characters were lost before we came.
_MOJIBAKE = "锟斤拷"
# Declared charset -> the one to decode with, widened as browsers do. Everything else counts as undeclared: single-byte
# charsets in Chinese pages are left there by editors that never looked, and UTF-16 cannot be declared in ASCII bytes.
_READ_AS = {
    "utf-8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp950": "big5hkscs",
}
_ALIASES = {"x-gbk": "gbk", "gb_2312-80": "gbk", "gb2312-80": "gbk", "gb18030-2022": "gb18030", "cp936": "gbk"}


@dataclass(frozen=True, slots=True)
class _Decoded:
    text: str
    damaged: bool


def decode_text(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of the file without byte order mark, and reason codes.

    Order: byte order mark; UTF-16 by its pattern of NULs; valid UTF-8 whatever is declared; the declared charset;
    GB18030. ``encoding_guessed`` where nothing declared the encoding that was used, ``encoding_damaged`` where at least
    one character could not be decoded (it stands as U+FFFD, or was cut off at the end of the file).
    """
    decoded, guessed = _decode(data)
    warnings = []
    if guessed:
        warnings.append(ENCODING_GUESSED)
    if decoded.damaged or REPLACEMENT in decoded.text or _MOJIBAKE in decoded.text:
        warnings.append(ENCODING_DAMAGED)
    return decoded.text, tuple(warnings)


def declared_charset(data: bytes) -> str | None:
    """Python's name of the charset that the file declares, widened as browsers do; None where it declares none."""
    head = data[:DECLARATION_WINDOW]
    match = _XML_ENCODING.search(head) or _META_CHARSET.search(head)
    return None if match is None else known_charset(match.group(1).decode("ascii"))


def known_charset(label: str) -> str | None:
    """Python's name for a charset label, widened as browsers do; None where it says nothing about a Chinese text."""
    label = label.strip().lower()
    try:
        name = codecs.lookup(_ALIASES.get(label, label)).name
    except (LookupError, ValueError):
        return None
    return _READ_AS.get(name)


def _decode(data: bytes) -> tuple[_Decoded, bool]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], encoding), False
    utf16 = _utf16_without_mark(data)
    if utf16 is not None:
        return _lenient(data, utf16), True
    utf8 = _strict(data, "utf-8") or _mostly_utf8(data)
    return (utf8, False) if utf8 is not None else _decode_legacy(data)


def _decode_legacy(data: bytes) -> tuple[_Decoded, bool]:
    """The text of bytes that are no UTF-8, and whether its encoding had to be guessed."""
    declared = declared_charset(data)
    candidates = dict.fromkeys(c for c in (declared, "gb18030") if c is not None and c != "utf-8")
    for encoding in candidates:
        decoded = _strict(data, encoding)
        if decoded is not None:
            return decoded, encoding != declared
    first = next(iter(candidates))
    return _lenient(data, first), first != declared


def _strict(data: bytes, encoding: str) -> _Decoded | None:
    """None where the bytes are not valid; a last character that is merely cut off is dropped and called damage."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        text = decoder.decode(data, final=False)
    except (UnicodeDecodeError, LookupError):
        return None
    try:
        return _Decoded(text + decoder.decode(b"", final=True), damaged=False)
    except UnicodeDecodeError:
        return _Decoded(text, damaged=True)


def _lenient(data: bytes, encoding: str) -> _Decoded:
    return _strict(data, encoding) or _Decoded(data.decode(encoding, errors="replace"), damaged=True)


def _mostly_utf8(data: bytes) -> _Decoded | None:
    # Chinese UTF-8 read as GB18030 is often valid nonsense: damaged UTF-8 must be recognised before GB18030 is tried.
    text = data.decode("utf-8", errors="replace")
    broken = text.count(REPLACEMENT)
    intact = len(_NON_ASCII_RUN.findall(text)) - broken
    return _Decoded(text, damaged=True) if intact >= UTF8_INTACT_SHARE * (intact + broken) else None


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 has NUL bytes for every ASCII character; no other encoding of a report has any."""
    head = data[:UTF16_WINDOW]
    head = head[: len(head) - len(head) % 2]
    if b"\0" not in head:
        return None
    shares = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, errors="replace")
        shares[encoding] = len(_ORDINARY.findall(text)) / len(text)
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= UTF16_ORDINARY_SHARE else None
