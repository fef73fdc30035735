"""Collects visible text as a page shows it: blocks become lines, inline pieces are glued, raised text is bracketed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from models.grid import Grid

SUPERSCRIPT = "superscript"
STRUCK_TEXT = "struck_text"

# What a page shows as a space and merges with its neighbours; U+3000 is a character of its own and stays.
_SPACES = re.compile("[ \t\n\r\f\v\u00a0]+")
# Shown as nothing at all; inside a number they would break it. Soft hyphen, joiners, direction marks, byte order mark.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f]")
_BRACKETED = re.compile(r"[\[(（〔【［].*[\])）〕】］]")

Block = str | Grid
"""A line of running text, or a table, in reading order."""


def drop_unseen(text: str) -> str:
    """The text without what no reader shows: zero-width, direction marks, controls other than white space."""
    return _UNSEEN.sub("", text)


@dataclass(slots=True)
class TextSink:
    """The growing text of one cell, or of the page outside all cells.

    ``blocks`` holds finished lines (stripped, never empty) and tables; ``flags`` the reason codes seen on the way.
    """

    blocks: list[Block] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    _pieces: list[str] = field(default_factory=list)
    _raised_from: list[int] = field(default_factory=list)

    def add(self, text: str, *, keep_newlines: bool = False, struck: bool = False) -> None:
        """Append inline text; runs of white space count as one space, newlines too unless kept as line breaks."""
        if keep_newlines and ("\n" in text or "\r" in text):
            first, *others = text.splitlines()
            self.add(first, struck=struck)
            for line in others:
                self.break_line()
                self.add(line, struck=struck)
            return
        text = _SPACES.sub(" ", drop_unseen(text))
        if text.startswith(" ") and (not self._pieces or self._pieces[-1].endswith(" ")):
            text = text[1:]
        if not text:
            return
        self._pieces.append(text)
        if struck and text.strip():
            self.flags.add(STRUCK_TEXT)

    def break_line(self) -> None:
        """End the current line; an empty one leaves no trace."""
        if self._raised_from:
            self._bracket(self._raised_from[0])
            self._raised_from = [0] * len(self._raised_from)
        line = "".join(self._pieces).strip()
        self._pieces.clear()
        if line:
            self.blocks.append(line)

    def add_block(self, block: Block) -> None:
        """Append a finished line or table on its own."""
        self.break_line()
        self.blocks.append(block)

    def raise_start(self) -> None:
        """Superscript or subscript begins."""
        self._raised_from.append(len(self._pieces))

    def raise_end(self) -> None:
        """Superscript or subscript ends: bracket it, so that it never reads as a digit of the number beside it."""
        self._bracket(self._raised_from.pop())

    def lines(self) -> list[str]:
        """The finished lines alone; ends the current line first."""
        self.break_line()
        return [b for b in self.blocks if isinstance(b, str)]

    def last_line(self) -> str:
        """The line that is being written, or the last finished one; empty where there is none."""
        pending = "".join(self._pieces).strip()
        return pending or next((b for b in reversed(self.blocks) if isinstance(b, str)), "")

    def _bracket(self, start: int) -> None:
        raised = "".join(self._pieces[start:])
        inner = raised.strip()
        if not inner:
            return
        del self._pieces[start:]
        self._pieces.append(raised if _BRACKETED.fullmatch(inner) else raised.replace(inner, f"[{inner}]", 1))
        self.flags.add(SUPERSCRIPT)
