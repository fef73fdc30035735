"""Reads the pages of a PDF whose text the file states, and finds out where that text cannot be trusted after all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from models.geometry import BBox
from models.grid import Cell, Grid
from models.page import PageContent, PageInfo
from models.value_text import is_blank
from pipeline.config import Settings
from pipeline.extract.form_words import is_garbled
from pipeline.extract.layer_ink import check_ink
from pipeline.extract.page_pictures import PagePicture
from pipeline.extract.page_route import RoutedPage
from pipeline.extract.pdf_open import PdfDocuments
from pipeline.extract.pdf_to_page import pdf_to_page
from pipeline.page_tables import PageTables, text_page

# Characters that pdfminer could not decode are written like this.
_CID = "(cid:"
UNUSABLE, MISMATCH = "unusable_characters", "layer_does_not_match"
# Something is printed in a cell that holds no text.
INK_WITHOUT_TEXT = "ink_without_text"


@dataclass(frozen=True)
class TextPage:
    """A page as read from its text. ``tables`` is None where the text cannot be trusted: ``info`` then says why.

    ``is_garbled``: the text is no Chinese.
    """

    info: PageInfo
    content: PageContent
    tables: PageTables | None = None
    is_garbled: bool = False


def read_text_page(
    documents: PdfDocuments, page: RoutedPage, settings: Settings, pictures: Sequence[PagePicture] = ()
) -> TextPage:
    """The tables and lines of a page, or the reason for which it has to be read from its pixels.

    Args:
        documents: The opened PDF.
        page: The page with its route.
        settings: Thresholds.
        pictures: Those that are read on their own: nothing in them is held against the text, and text that lies hidden
            under them is left out.

    Raises:
        StageError: the page cannot be interpreted or rendered.
    """
    number = page.info.page_no
    content = pdf_to_page(documents.exact_page(number))
    undecoded = sum(1 for c in content.chars if c.text.startswith(_CID))
    garbled = is_garbled("".join(c.text for c in content.chars))
    if garbled or undecoded > settings.routing.max_bad_char_share * len(content.chars):
        return TextPage(PageInfo(number, "ocr", "skipped", UNUSABLE), content, is_garbled=garbled)
    content = _without_hidden(content, [p.box for p in pictures if p.text == "hidden"])
    tables = text_page(content, snap=settings.tables.snap_tolerance_pt)
    cells = [(c.bbox, not is_blank(c.text)) for c in _cells(tables) if c.bbox is not None]
    check = check_ink(documents.quick, content, cells, [p.box for p in pictures], is_drawn=page.probe.is_drawn)
    if not check.matches:
        return TextPage(PageInfo(number, "ocr", "skipped", MISMATCH), content)
    return TextPage(page.info, content, _with_marks(tables, check.marked))


def shown_box(box: BBox, content: PageContent | None) -> BBox:
    """A box as stored, on the page with its text upright."""
    if content is None:
        return box
    height, width = content.height, content.width
    if content.quarter_turns % 2:
        height, width = width, height
    for _ in range(content.quarter_turns):
        box = BBox(height - box.bottom, box.x0, height - box.top, box.x1)
        height, width = width, height
    return box


def _without_hidden(content: PageContent, pictures: Sequence[BBox]) -> PageContent:
    if not pictures:
        return content
    boxes = [shown_box(box, content) for box in pictures]
    kept = (c for c in content.chars if not any(box.contains_point(*c.bbox.center) for box in boxes))
    return replace(content, chars=tuple(kept))


def _cells(tables: PageTables) -> Iterable[Cell]:
    return (cell for grid in tables.ruled for cell in grid.cells)


def _with_marks(tables: PageTables, marked: frozenset[int]) -> PageTables:
    """The page with the cells flagged in which something else than text is printed; counted over all tables."""
    if not marked:
        return tables
    grids: list[Grid] = []
    first = 0
    for grid in tables.ruled:
        cells = tuple(
            replace(c, flags=c.flags | {INK_WITHOUT_TEXT}) if first + i in marked else c
            for i, c in enumerate(grid.cells)
        )
        first += len(grid.cells)
        grids.append(replace(grid, cells=cells))
    return replace(tables, ruled=tuple(grids))
