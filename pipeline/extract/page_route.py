"""Decide for each page whether its text layer can be trusted, and whether it may hold a part of the tables.

Works on pypdfium2 alone (a few milliseconds a page), so that prose pages never pay for exact positions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import pypdfium2 as pdfium

from models.geometry import BBox
from models.page import PageInfo, Route
from models.text import fold
from models.vocabulary import vocabulary
from pipeline.extract.form_words import is_garbled
from pipeline.extract.page_pictures import PageObjects, PagePicture, page_objects

# A page with this many telling form words may hold a table; prose names one or two of them.
_HINTS_OF_A_TABLE = 3
# Numbers set like cells that make a page next to a table page its continuation.
_NUMBERS_OF_A_CONTINUATION = 3
# A line that ends in this many numbers is a row of a table; prose never does.
_NUMBERS_OF_A_ROW = 3
# Without any hint in the whole file the tables of this many pages are still looked for (legacy forms, odd wording).
_BLIND_PAGES = 40
# A picture larger than this share of a page without text makes it a scan.
_PICTURE_SHARE = 0.12
# A smaller picture on a page without text is looked at by itself first: it may be a photograph or a logo.
_SCAN_SHARE = 0.5
# No table of the form is smaller than this, along its longer and its shorter side. Points.
_LONGER_SIDE_PT, _SHORTER_SIDE_PT = 120.0, 28.0
_NUMBER = re.compile(r"[-—–/]|-?\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class PageProbe:
    """What a quick look at a page tells.

    ``bad_share`` and ``image_share`` are 0..1; ``cell_numbers`` are numbers alone on their line or at the end of a row.
    ``is_garbled``: the text is no Chinese; ``is_drawn``: characters may be drawn as shapes; ``is_crowded``: there is
    more on the page than on any page of a report, so nobody looked at it.
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
    is_garbled: bool = False
    is_drawn: bool = False
    is_crowded: bool = False
    pictures: tuple[PagePicture, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutedPage:
    """A page with its route; ``needs_positions`` where it may hold a part of the tables.

    ``pictures`` are those that may be tables: nobody has looked at them yet. ``lacks_text``: the page has no text to
    speak of.
    """

    info: PageInfo
    probe: PageProbe
    needs_positions: bool
    pictures: tuple[PagePicture, ...] = ()
    lacks_text: bool = False


def probe_page(document: pdfium.PdfDocument, index: int, max_objects: int) -> PageProbe:
    """A quick look at the page with this 0-based index: text, unusable characters, pictures, hints of the form.

    A page with more than ``max_objects`` characters, lines and pictures is not looked at.

    A page that pypdfium2 cannot load has no text and no picture; the exact reader then says what is wrong with it.
    """
    page_no = index + 1
    try:
        page = document[index]
        textpage = page.get_textpage()
        crowded = textpage.count_chars() > max_objects
        text = "" if crowded else textpage.get_text_range()
        textpage.close()
    except pdfium.PdfiumError:
        return replace(_nothing(page_no), is_broken=True)
    visible = [c for c in text if not c.isspace()]
    bad = sum(1 for c in visible if _is_bad(c))
    try:
        objects = PageObjects(is_crowded=True) if crowded else page_objects(page, max_objects)
    except pdfium.PdfiumError:
        objects = PageObjects()
    page.close()
    if objects.is_crowded:
        return crowded_page(page_no)
    lines = [line.strip() for line in fold(text).splitlines()]
    return PageProbe(
        page_no=page_no,
        text=text,
        n_chars=len(visible),
        bad_share=bad / len(visible) if visible else 0.0,
        image_share=objects.share,
        hidden_text=objects.hidden_text,
        hints=vocabulary().telling_hits(text),
        cell_numbers=sum(_cell_numbers(line) for line in lines),
        is_garbled=is_garbled(fold(text)),
        is_drawn=objects.many_curves,
        pictures=objects.pictures,
    )


def crowded_page(page_no: int) -> PageProbe:
    """A page that nobody looks at for its text."""
    return replace(_nothing(page_no), is_crowded=True)


def _nothing(page_no: int) -> PageProbe:
    return PageProbe(page_no, "", 0, 0.0, 0.0, hidden_text=False, hints=0, cell_numbers=0)


def route_pages(
    probes: Sequence[PageProbe], *, min_chars: int, max_bad_share: float, full_page_image_share: float
) -> list[RoutedPage]:
    """Each page with its route and the reason for it."""
    wanted = _pages_with_tables(probes)
    routed = []
    for probe in probes:
        info = _route(probe, min_chars, max_bad_share, full_page_image_share)
        if info.route == "text" and probe.is_garbled and probe.page_no in wanted:
            info = PageInfo(probe.page_no, "ocr", "skipped", "unusable_characters")
        pictures = _possible_tables(probe) if info.route in {"text", "mixed"} else ()
        if pictures:
            info = PageInfo(probe.page_no, "mixed", "extracted", "pictures_on_page")
        routed.append(RoutedPage(info, probe, probe.page_no in wanted, pictures, probe.n_chars < min_chars))
    return routed


def _route(probe: PageProbe, min_chars: int, max_bad_share: float, full_page_image_share: float) -> PageInfo:
    route: Route = "text"
    reason = ""
    if probe.is_broken:
        return PageInfo(probe.page_no, "none", "failed", "page_damaged")
    if probe.is_crowded:
        return PageInfo(probe.page_no, "ocr", "skipped", "too_many_objects")
    if probe.n_chars == 0 and probe.image_share == 0.0 and not probe.is_drawn:
        return PageInfo(probe.page_no, "none", "skipped", "blank_page")
    if probe.n_chars < min_chars and (probe.image_share >= _SCAN_SHARE or probe.is_drawn):
        route, reason = "ocr", "no_text_layer"
    elif probe.bad_share > max_bad_share:
        route, reason = "ocr", "unusable_characters"
    elif probe.hidden_text and (probe.image_share >= full_page_image_share or probe.is_drawn):
        route, reason = "ocr", "hidden_text_under_scan"
    elif probe.image_share >= _PICTURE_SHARE:
        route, reason = "mixed", "pictures_on_page"
    if route == "ocr":
        return PageInfo(probe.page_no, "ocr", "skipped", reason)
    return PageInfo(probe.page_no, route, "extracted", reason)


def _possible_tables(probe: PageProbe) -> tuple[PagePicture, ...]:
    """The pictures that are large enough for a table and on which no text is printed."""
    return tuple(p for p in probe.pictures if p.text != "shown" and _is_large(p.box))


def _is_large(box: BBox) -> bool:
    # A page may be turned, so either side may be the longer one.
    shorter, longer = sorted((box.width, box.height))
    return longer >= _LONGER_SIDE_PT and shorter >= _SHORTER_SIDE_PT


def _pages_with_tables(probes: Sequence[PageProbe]) -> set[int]:
    wanted = {p.page_no for p in probes if p.hints >= _HINTS_OF_A_TABLE}
    if not wanted:
        return {p.page_no for p in probes[:_BLIND_PAGES]}
    first, last = min(wanted), max(wanted)
    wanted |= set(range(first, last + 1))
    # Characters drawn as shapes may be a table without any word of the form.
    wanted |= {p.page_no for p in probes if p.is_drawn}
    by_no = {p.page_no: p for p in probes}
    for step, edge in ((1, last), (-1, first)):
        neighbour = edge + step
        while neighbour in by_no and neighbour not in wanted and _may_continue(by_no[neighbour]):
            wanted.add(neighbour)
            neighbour += step
    return wanted


def _may_continue(probe: PageProbe) -> bool:
    return probe.cell_numbers >= _NUMBERS_OF_A_CONTINUATION or probe.is_garbled


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
