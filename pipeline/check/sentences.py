"""Prose in sentences, and how like two of them are."""

from __future__ import annotations

import re

from models.text import fold

# What ends a sentence. A line break does not: text from PDF breaks at the margin, and only there.
_END = re.compile(r"(?<=[。！？!?；;])")
_SPACES = re.compile(r"[^\S\n]+")
_WRAP = re.compile(r" ?\n[ \n]*")
_CJK = r"\u3400-\u9fff\u3000-\u303f\uff00-\uffef"
# Blanks between Chinese characters are layout; between Latin words they part them.
_BETWEEN_CJK = re.compile(rf"(?<=[{_CJK}]) +| +(?=[{_CJK}])")
# Text beyond this many sentences of a section is one last piece: no section of a report is as long.
MAX_SENTENCES = 5000


def to_sentences(text: str) -> list[str]:
    """The sentences of a text as printed, each on one line; empty ones are left out.

    Line breaks are joined without a blank where a Chinese character stands on either side.
    """
    flat = _BETWEEN_CJK.sub("", _WRAP.sub(" ", _SPACES.sub(" ", text.strip())))
    sentences = [s.strip() for s in _END.split(flat)]
    kept = [s for s in sentences if s]
    if len(kept) > MAX_SENTENCES:
        kept[MAX_SENTENCES - 1 :] = ["".join(kept[MAX_SENTENCES - 1 :])]
    return kept


def same_words(sentence: str) -> str:
    """The sentence in one spelling: width variants folded and all white space left out."""
    return "".join(fold(sentence).split())
