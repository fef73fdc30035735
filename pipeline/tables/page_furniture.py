"""Page numbers and running heads: text that stands on a page without belonging to what the page says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from models.text import squeeze

# Running heads and page numbers stand within this share of the page height from its edge.
_MARGIN_SHARE = 0.1
_PAGE_NUMBER = re.compile(r"[-—–·.~\s]*(?:第)?\s*\d{1,4}\s*(?:页)?(?:\s*[/／共]\s*\d{1,4}\s*页?)?[-—–·.~\s]*")


def is_in_margin(centre: float, height: float) -> bool:
    """True for a line whose middle lies in the upper or lower margin; both in points."""
    return height > 0 and (centre < height * _MARGIN_SHARE or centre > height * (1 - _MARGIN_SHARE))


def is_page_number(text: str, centre: float, height: float) -> bool:
    """True for a line in the margin that holds a page number and nothing else."""
    return is_in_margin(centre, height) and _PAGE_NUMBER.fullmatch(text.strip()) is not None


def running_heads(lines: Iterable[tuple[int, str, float]], heights: Mapping[int, float]) -> set[tuple[int, str]]:
    """(page number, text without white space) of the lines that stand in the margins of several pages alike.

    Args:
        lines: (page number, text, height of the line's middle in points).
        heights: Page number -> height in points.
    """
    pages: dict[str, set[int]] = defaultdict(set)
    for page_no, text, centre in lines:
        if is_in_margin(centre, heights.get(page_no, 0.0)):
            pages[squeeze(text)].add(page_no)
    return {(number, text) for text, numbers in pages.items() if len(numbers) > 1 for number in numbers}
