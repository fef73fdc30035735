"""Pages as stored, and crops of them, as PNG."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.store.open_store import Store
from pipeline.store.records import Document

# Around a cell, so that its borders and neighbours are seen. Points.
CROP_RIM = 6.0


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of a page or of a part of it.

    ``png`` are its bytes; ``width`` and ``height`` are in pixels; ``px_per_pt`` is pixels a point (1/72 inch);
    ``left`` and ``top`` are the corner of the part in points of the page as stored. A box of the report document lies
    at ``((x0 - left) * px_per_pt, (top_of_box - top) * px_per_pt)``, as long as ``turned`` is 0: ``turned`` is by how
    many degrees clockwise the picture was turned to stand upright.
    """

    png: bytes
    width: int
    height: int
    px_per_pt: float
    left: float
    top: float
    turned: int


def page_picture(store: Store, document: Document, page_no: int, *, px_per_pt: float = 2.0) -> PagePicture:
    """The whole page.

    Raises:
        UnknownItemError: there is no such page, or the file has none (HTML, DOCX, text).
        InputError: the file cannot be drawn.
        StoreError: the original cannot be read.
    """
    raise NotImplementedError


def crop_picture(
    store: Store,
    document: Document,
    page_no: int,
    bbox: tuple[float, float, float, float],
    *,
    px_per_pt: float = 6.0,
    rim: float = CROP_RIM,
) -> PagePicture:
    """The part of the page around a box, in points with the origin top left, with a rim around it.

    Raises:
        UnknownItemError: there is no such page, or the file has none.
        InputError: the file cannot be drawn.
        StoreError: the original cannot be read.
    """
    raise NotImplementedError
