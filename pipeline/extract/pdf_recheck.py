"""A second reading of single cells by pypdfium2, whose decoding of fonts is independent of pdfminer's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pypdfium2 as pdfium

from models.geometry import BBox
from models.text import squeeze

# The box is drawn in by this, so that characters of the neighbouring cells stay outside. Points.
_INSET_PT = 0.6


def reread_cells(
    data: bytes, cells: Sequence[tuple[str, int, BBox, str]], *, password: str | None = None
) -> Mapping[str, str]:
    """Cells that pypdfium2 reads differently: key -> its text, without white space.

    Args:
        data: The bytes of the PDF.
        cells: (key, page number, box in points with origin top left, text read before).
        password: As for opening the file.

    Pages that are turned or whose boxes do not begin at the origin are left out: their coordinates differ.
    """
    differing: dict[str, str] = {}
    document = pdfium.PdfDocument(data, password=password)
    try:
        by_page: dict[int, list[tuple[str, BBox, str]]] = {}
        for key, page_no, box, text in cells:
            by_page.setdefault(page_no, []).append((key, box, text))
        for page_no, members in by_page.items():
            page = document[page_no - 1]
            if (
                page.get_rotation()
                or tuple(page.get_mediabox()[:2]) != (0.0, 0.0)
                or page.get_cropbox() != page.get_mediabox()
            ):
                continue
            height = page.get_height()
            textpage = page.get_textpage()
            for key, box, text in members:
                found = textpage.get_text_bounded(
                    left=box.x0 + _INSET_PT,
                    bottom=height - box.bottom + _INSET_PT,
                    right=box.x1 - _INSET_PT,
                    top=height - box.top - _INSET_PT,
                )
                flat = squeeze(found)
                if flat != squeeze(text):
                    differing[key] = flat
            textpage.close()
            page.close()
    finally:
        document.close()
    return differing
