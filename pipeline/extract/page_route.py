"""Decide for each page whether its text layer can be trusted, and whether it may hold a part of the tables.

Works on pypdfium2 alone (a few milliseconds a page), so that prose pages never pay for exact positions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import pypdfium2 as pdfium
from pypdfium2 import raw

from models.page import PageInfo, Route
from models.text import fold
from models.vocabulary import vocabulary

# A page with this many telling form words may hold a table; prose names one or two of them.
_HINTS_OF_A_TABLE = 3
# Numbers set like cells that make a page next to a table page its continuation.
_NUMBERS_OF_A_CONTINUATION = 3
# A line that ends in this many numbers is a row of a table; prose never does.
_NUMBERS_OF_A_ROW = 3
# Without any hint in the whole file the tables of this many pages are still looked for (legacy forms, odd wording).
_BLIND_PAGES = 40
# A picture larger than this share of the page may be a table.
_PICTURE_SHARE = 0.12
_NUMBER = re.compile(r"[-—–/]|-?\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class PageProbe:
    """What a quick look at a page tells.

    ``bad_share`` and ``image_share`` are 0..1; ``cell_numbers`` are numbers alone on their line or at the end of a row.
    """

    page_no: int
    text: str
    n_chars: int
    bad_share: float
    image_share: float
    hidden_text: bool
    hints: int
    cell_numbers: int
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class RoutedPage:
    """A page with its route; ``needs_positions`` where it may hold a part of the tables."""

    info: PageInfo
    probe: PageProbe
    needs_positions: bool


def probe_page(document: pdfium.PdfDocument, index: int) -> PageProbe:
    """A quick look at the page with this 0-based index: text, unusable characters, pictures, hints of the form.

    A page that pypdfium2 cannot load has no text and no picture; the exact reader then says what is wrong with it.
    """
    page_no = index + 1
    try:
        page = document[index]
        textpage = page.get_textpage()
        text = textpage.get_text_range()
        textpage.close()
    except pdfium.PdfiumError:
        return PageProbe(page_no, "", 0, 0.0, 0.0, hidden_text=False, hints=0, cell_numbers=0, is_broken=True)
    visible = [c for c in text if not c.isspace()]
    bad = sum(1 for c in visible if _is_bad(c))
    image_share, hidden = _pictures(page, has_text=bool(visible))
    page.close()
    lines = [line.strip() for line in fold(text).splitlines()]
    return PageProbe(
        page_no=page_no,
        text=text,
        n_chars=len(visible),
        bad_share=bad / len(visible) if visible else 0.0,
        image_share=image_share,
        hidden_text=hidden,
        hints=vocabulary().telling_hits(text),
        cell_numbers=sum(_cell_numbers(line) for line in lines),
    )


def route_pages(
    probes: Sequence[PageProbe], *, min_chars: int, max_bad_share: float, full_page_image_share: float
) -> list[RoutedPage]:
    """Each page with its route and the reason for it."""
    wanted = _pages_with_tables(probes)
    return [
        RoutedPage(_route(probe, min_chars, max_bad_share, full_page_image_share), probe, probe.page_no in wanted)
        for probe in probes
    ]


def _route(probe: PageProbe, min_chars: int, max_bad_share: float, full_page_image_share: float) -> PageInfo:
    route: Route = "text"
    reason = ""
    if probe.is_broken:
        return PageInfo(probe.page_no, "none", "failed", "page_damaged")
    if probe.n_chars == 0 and probe.image_share == 0.0:
        return PageInfo(probe.page_no, "none", "skipped", "blank_page")
    if probe.n_chars < min_chars and probe.image_share >= _PICTURE_SHARE:
        route, reason = "ocr", "no_text_layer"
    elif probe.bad_share > max_bad_share:
        route, reason = "ocr", "unusable_characters"
    elif probe.hidden_text and probe.image_share >= full_page_image_share:
        route, reason = "ocr", "hidden_text_under_scan"
    elif probe.image_share >= _PICTURE_SHARE:
        route, reason = "mixed", "pictures_on_page"
    if route == "ocr":
        return PageInfo(probe.page_no, "ocr", "skipped", reason)
    return PageInfo(probe.page_no, route, "extracted", reason)


def _pages_with_tables(probes: Sequence[PageProbe]) -> set[int]:
    wanted = {p.page_no for p in probes if p.hints >= _HINTS_OF_A_TABLE}
    if not wanted:
        return {p.page_no for p in probes[:_BLIND_PAGES]}
    first, last = min(wanted), max(wanted)
    wanted |= set(range(first, last + 1))
    by_no = {p.page_no: p for p in probes}
    for step, edge in ((1, last), (-1, first)):
        neighbour = edge + step
        while (
            neighbour in by_no
            and by_no[neighbour].cell_numbers >= _NUMBERS_OF_A_CONTINUATION
            and neighbour not in wanted
        ):
            wanted.add(neighbour)
            neighbour += step
    return wanted


def _cell_numbers(line: str) -> int:
    """Numbers at the end of a line that look like cells: all of a line of numbers, or the last ones of a table row."""
    parts = line.split()
    run = list(takewhile(_NUMBER.fullmatch, reversed(parts)))
    if len(run) < len(parts) and len(run) < _NUMBERS_OF_A_ROW:
        return 0
    return sum(1 for part in run if any(c.isdigit() for c in part))


def _is_bad(char: str) -> bool:
    category = unicodedata.category(char)
    return char == "\ufffd" or category in {"Co", "Cn", "Cc", "Cs"}


def _pictures(page: pdfium.PdfPage, *, has_text: bool) -> tuple[float, bool]:
    """(share of the page under its largest picture, True where the text is invisible or lies under that picture)."""
    width, height = page.get_size()
    largest = 0.0
    texts_before = texts_invisible = texts = 0
    covered_from = -1
    for obj in page.get_objects(max_depth=3):
        if obj.type == raw.FPDF_PAGEOBJ_TEXT:
            texts += 1
            if raw.FPDFTextObj_GetTextRenderMode(obj) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
                texts_invisible += 1
        elif obj.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = obj.get_bounds()
            inside = max(0.0, min(right, width) - max(left, 0.0)) * max(0.0, min(top, height) - max(bottom, 0.0))
            share = inside / (width * height) if width and height else 0.0
            if share > largest:
                largest, covered_from = share, texts
    if not has_text or not texts:
        return largest, False
    texts_before = max(covered_from, 0)
    half = texts / 2
    return largest, texts_invisible > half or texts_before > half
