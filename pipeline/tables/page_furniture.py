"""Page numbers and running heads: text that stands on a page without belonging to what the page says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from rapidfuzz import fuzz

from models.text import squeeze

# Running heads and page numbers stand within this share of the page height from its edge.
_MARGIN_SHARE = 0.1
# A photograph shows more than the page.
_WIDE_MARGIN_SHARE = 0.2
# OCR reads the same head a little differently on each page: so alike, where it has so many characters. 0..100.
_ALIKE, _ENOUGH_CHARACTERS = 88, 8
_PAGE_NUMBER = re.compile(r"[-—–·.~\s]*(?:第)?\s*\d{1,4}\s*(?:页)?(?:\s*[/／共]\s*\d{1,4}\s*页?)?[-—–·.~\s]*")


def is_in_margin(centre: float, height: float, share: float = _MARGIN_SHARE) -> bool:
    """True for a line whose middle lies in the upper or lower margin, a share of the height; both in points."""
    return height > 0 and (centre < height * share or centre > height * (1 - share))


def is_page_number(text: str, centre: float, height: float) -> bool:
    """True for a line in the margin that holds a page number and nothing else."""
    return is_in_margin(centre, height) and _PAGE_NUMBER.fullmatch(text.strip()) is not None


def running_heads(
    lines: Iterable[tuple[int, str, float]], heights: Mapping[int, float], *, scanned: bool = False
) -> set[tuple[int, str]]:
    """(page number, text without white space) of the lines that stand in the margins of several pages alike.

    Args:
        lines: (page number, text, height of the line's middle in points).
        heights: Page number -> height in points.
        scanned: Heads may lie further from the edge, and be read a little differently on each page.
    """
    share = _WIDE_MARGIN_SHARE if scanned else _MARGIN_SHARE
    pages: dict[str, set[int]] = defaultdict(set)
    for page_no, text, centre in lines:
        if is_in_margin(centre, heights.get(page_no, 0.0), share):
            pages[squeeze(text)].add(page_no)
    found = {(number, text) for text, numbers in pages.items() if len(numbers) > 1 for number in numbers}
    long = [text for text in pages if scanned and len(text) >= _ENOUGH_CHARACTERS]
    for a, b in combinations(long, 2):
        if pages[a] != pages[b] and fuzz.ratio(a, b) >= _ALIKE:
            found |= {(number, text) for text in (a, b) for number in pages[text]}
    return found
