"""Printed text made safe for one line of a terminal, a sheet name or a file name."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# Cc control, Cf format (direction marks, zero width), Cs lone surrogates, Co private use, Zl/Zp separators.
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_NO_CHARACTERS = "\ufffe\uffff"
_NOT_IN_XML = re.compile(rf"[{_NO_CHARACTERS}\ud800-\udfff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_WIDE = frozenset({"W", "F"})


def is_unsafe(character: str) -> bool:
    """True for a character that has no glyph of its own, or that can steer a terminal or the direction of text."""
    return unicodedata.category(character) in _UNSAFE_CATEGORIES or character in _NO_CHARACTERS


def xml_text(text: str) -> str:
    """The text as XML may hold it: the two numbers that are no characters, and half ones, as U+FFFD."""
    return _NOT_IN_XML.sub(REPLACEMENT, text)


def one_line(text: str) -> str:
    """The text on one line: runs of white space as one space, unsafe characters as U+FFFD.

    Escape sequences in a file must never reach the terminal, and direction marks must not reorder a number.
    """
    joined = _SPACES.sub(" ", text).strip()
    return "".join(REPLACEMENT if is_unsafe(c) else c for c in joined)


def text_width(text: str) -> int:
    """Columns that the text takes in a monospaced font: wide characters count two, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text)


def shorten_start(text: str, width: int) -> str:
    """The text cut to its last ``width`` columns, with an ellipsis where something was cut: for paths."""
    return shorten(text[::-1], width)[::-1]


def shorten(text: str, width: int) -> str:
    """The text cut to its first ``width`` columns, with an ellipsis where something was cut."""
    if text_width(text) <= width:
        return text
    kept: list[str] = []
    used = 1  # the ellipsis
    for character in text:
        used += text_width(character)
        if used > width:
            break
        kept.append(character)
    return "".join(kept) + "…"
