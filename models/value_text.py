"""What a printed number may look like.

Shared by the table readers (is this a value cell?) and by the parser of values.
"""

from __future__ import annotations

import re

from models.text import fold, squeeze

# Cells that say "nothing here" instead of a number.
NOT_APPLICABLE = frozenset({"/", "\\", "-", "--", "---", "—", "——", "–", "―", "一", "无", "none", "n/a", "∕"})
# What stands inside a number, never at its ends.
POINTS = frozenset(".,")
UNITS = ("万元", "亿元", "千元", "元", "件", "个", "条", "项", "次", "笔", "份", "宗", "起", "人", "%")
_UNIT_PATTERN = "|".join(UNITS)
NUMBER = re.compile(r"[-+−﹣－]?(?:\d[\d,.' ]*|\.\d+)")
PLAIN_VALUE = re.compile(rf"(?:约|共|增加|减少|增|减|净增)?[-+−]?\.?\d[\d,.]*(?:{_UNIT_PATTERN})?[?*]?")


def looks_like_value(text: str) -> bool:
    """True for a cell that holds a number or one of the marks for none; False for blank cells and labels."""
    flat = squeeze(text)
    if not flat:
        return False
    if flat.lower() in NOT_APPLICABLE:
        return True
    return PLAIN_VALUE.fullmatch(flat) is not None


def is_blank(text: str) -> bool:
    """True where nothing is printed: white space, non-breaking and invisible characters only."""
    return not fold(text).strip("\u3000\xa0 \t\r\n")


def without_points(text: str) -> str:
    """A number without points and commas at its ends, which are specks more often than not; other texts as they are."""
    bare = text.strip("".join(POINTS))
    return bare if bare and all(c.isdigit() or c in POINTS for c in bare) else text
