"""Pages of a PDF as a person looks at them."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from models.errors import DamagedInputError, UnknownItemError
from models.geometry import BBox
from pipeline.extract.page_pictures import media_offset
from pipeline.extract.pdf_open import open_quick
from pipeline.extract.render_page import render_region

# pdfium must not be entered by two threads at once.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """Pixels, uint8 (H, W, 3) RGB; ``box`` is the part of the page that they show, in points, origin top left."""

    pixels: NDArray[np.uint8]
    box: BBox
    px_per_pt: float


def draw_page(
    data: bytes, name: str, page_no: int, *, px_per_pt: float, max_pixels: int, part: BBox | None = None
) -> DrawnPart:
    """The page, or a part of it.

    Args:
        data: The bytes of the PDF.
        name: The file name for messages.
        page_no: 1-based.
        px_per_pt: Pixels a point; 300 dots an inch are the most.
        max_pixels: What would have more is drawn coarser.
        part: In points of the page as shown, origin at the top left corner of its media box; cut to the page.

    Raises:
        UnknownItemError: there is no such page.
        EncryptedInputError: a password is needed.
        DamagedInputError: the file is broken.
        StageError: the page cannot be rendered.
    """
    with _ONE_AT_A_TIME:
        document, _ = open_quick(data, name, None)
        try:
            if not 1 <= page_no <= len(document):
                raise UnknownItemError(f"there is no page {page_no}", source=name)
            box = _within(_shown(document, page_no, name), part)
            pixels, scale = render_region(document, page_no, box, px_per_pt=px_per_pt, max_pixels=max_pixels, least=0.0)
        finally:
            document.close()
    return DrawnPart(pixels, box, scale)


def _shown(document: pdfium.PdfDocument, page_no: int, name: str) -> BBox:
    try:
        page = document[page_no - 1]
        width, height = page.get_size()
        left, top = media_offset(page)
        page.close()
    except (pdfium.PdfiumError, ValueError) as exc:
        raise DamagedInputError(f"page {page_no} cannot be opened", source=name) from exc
    return BBox(left, top, left + width, top + height)


def _within(page: BBox, part: BBox | None) -> BBox:
    """The part that lies on the page; the page where none does."""
    if part is None:
        return page
    cut = BBox(max(part.x0, page.x0), max(part.top, page.top), min(part.x1, page.x1), min(part.bottom, page.bottom))
    return cut if cut.x0 < cut.x1 and cut.top < cut.bottom else page
