"""From lines to one flow of characters, in which labels are found whatever digits and signs stand between them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from models.page import TextLine
from models.text import fold
from models.value_text import UNITS

# The numbering of a label, glued to the digits before it: `00000002.其他` is seven zeros and `2.`; one digit, for the
# form numbers up to eight. `(1)` stands for itself.
_NUMBERING = re.compile(r"[1-9][ \t]?[.、:,·)](?=\s*[\"“”'‘’]?[\u3400-\u9fff])|[(\[][ \t]?\d{1,2}[ \t]?[)\]]")
_LETTER = re.compile("[\u3400-\u9fff]")
# Values and what may stand between them; a unit only behind a digit, 无 only where no word goes on.
_UNIT = "|".join(u for u in UNITS if u != "%")
_RUN = re.compile(rf"(?:[\d\s,./\\—–―−-]|(?<=\d)(?:{_UNIT})|无(?=[\s\d/无—-]|$|第(?:二十|20)|[二三四五]、))+")
_REMARK = re.compile(r"\s*\([^()\d]*\)")
_LEAD = re.compile(r"[\s:\"“”'‘’»]*")
# Stands for one character of a label's numbering, so that it belongs to no value.
NUMBERED = "\ue000"


@dataclass(frozen=True, slots=True)
class Flow:
    """The characters of all lines, folded one by one, numbering blanked out.

    ``letters`` are the Chinese characters alone, ``places`` their offsets in ``text``. ``starts`` and ``pages`` tell on
    which page an offset is; ``numbers`` which number was blanked out at an offset.
    """

    text: str
    letters: str
    places: tuple[int, ...]
    starts: tuple[int, ...]
    pages: tuple[int, ...]

    def page_no(self, offset: int) -> int:
        """The page of a character of ``text``."""
        return self.pages[max(bisect_right(self.starts, offset) - 1, 0)] if self.pages else 1

    def has_digit(self, start: int, stop: int) -> bool:
        """True where a digit that is no numbering stands between two offsets of ``text``."""
        return any(c.isdigit() for c in self.text[start:stop])

    def letters_between(self, start: int, stop: int) -> str:
        """The Chinese characters between two offsets of ``text``."""
        return "".join(_LETTER.findall(self.text[start:stop]))

    def run_after(self, offset: int) -> tuple[int, int]:
        """Start and stop of the values that stand right behind a label; equal where there are none."""
        start = offset
        if (remark := _REMARK.match(self.text, start)) is not None:
            start = remark.end()
        if (lead := _LEAD.match(self.text, start)) is not None:
            start = lead.end()
        run = _RUN.match(self.text, start)
        return (start, run.end()) if run is not None else (start, start)


def lines_to_flow(lines: Sequence[TextLine]) -> Flow:
    """The flow of all lines; a line break stays one."""
    parts: list[str] = []
    starts: list[int] = []
    pages: list[int] = []
    length = 0
    for line in lines:
        text = "".join(map(_fold_one, line.text)) + "\n"
        starts.append(length)
        pages.append(line.page_no)
        parts.append(text)
        length += len(text)
    text = _NUMBERING.sub(lambda m: NUMBERED * len(m[0]), "".join(parts))
    found = list(_LETTER.finditer(text))
    return Flow(text, "".join(m[0] for m in found), tuple(m.start() for m in found), tuple(starts), tuple(pages))


def _fold_one(char: str) -> str:
    """The character in its plain form, where that is one character and no digit that was none before."""
    folded = fold(char)
    if len(folded) != 1:
        return "" if not folded else NUMBERED if any(c.isdigit() for c in folded) else char
    if folded.isdigit() and unicodedata.category(char) != "Nd":
        return NUMBERED
    return folded
