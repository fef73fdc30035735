"""Lists of many pages: what the address asks for, and where the other pages are."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

PER_PAGE = 50
_MOST = 1_000_000  # pages; a larger number in an address is a mistake


def page_index(query: Mapping[str, str]) -> int:
    """The page asked for, from 0."""
    page = query.get("page", "")
    return min(max(int(page) - 1, 0), _MOST) if page.isascii() and page.isdecimal() else 0


def pages_context(path: str, query: Mapping[str, str], total: int) -> dict[str, object]:
    """What the template of the links at the foot shows."""
    here, pages = page_index(query), max(1, -(-total // PER_PAGE))

    def href(index: int) -> str:
        return f"{path}?{urlencode({**query, 'page': index + 1})}"

    return {
        "previous": href(here - 1) if here else "",
        "next": href(here + 1) if here + 1 < pages else "",
        "page": here + 1,
        "pages": pages,
    }
