"""Pages and crops as the browser asks for them, kept for a while: the next person looks at the same page."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from fastapi import APIRouter, Response

from models.errors import NianbaoError, UnknownItemError
from pipeline.review.page_picture import PagePicture, crop_picture, page_picture
from pipeline.review.pages.site import Site
from pipeline.store.documents import document
from pipeline.store.records import Document

# Pictures kept in memory; a page has some 300 kB.
_MOST_KEPT = 150
_PX_PER_PT, _CROP_PX_PER_PT = 2.2, 6.0
_HEADERS = {"cache-control": "private, max-age=3600"}
_NUMBERS_OF_BOX = 4

_Key = tuple[object, ...]


class KeptPictures:
    """The last pictures that were drawn. Drawing is done by one thread at a time: PDFium allows no more."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[_Key, PagePicture] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: _Key, draw: Callable[[], PagePicture]) -> PagePicture:
        """The picture with this key, drawn where it is not there."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = draw()
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return found


def picture_routes(site: Site) -> APIRouter:
    """The routes of pages and crops; without a picture the answer is 404, and the page says that there is none."""
    router, kept = APIRouter(), KeptPictures()

    @router.get("/page/{document_id}/{page_no}")
    def _page(document_id: int, page_no: int) -> Response:
        def draw() -> PagePicture:
            return page_picture(site.store, _known(site, document_id), page_no, px_per_pt=_PX_PER_PT)

        return _answer(lambda: kept.get((document_id, page_no), draw))

    @router.get("/crop/{document_id}/{page_no}")
    def _crop(document_id: int, page_no: int, box: str) -> Response:
        def draw() -> PagePicture:
            return crop_picture(
                site.store, _known(site, document_id), page_no, box_of(box), px_per_pt=_CROP_PX_PER_PT
            )

        return _answer(lambda: kept.get((document_id, page_no, box), draw))

    return router


def box_of(text: str) -> tuple[float, float, float, float]:
    """The box ``x0,top,x1,bottom`` of an address, in points.

    Raises:
        UnknownItemError: it is no box.
    """
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != _NUMBERS_OF_BOX or not all(abs(n) < 1e6 for n in numbers):  # noqa: PLR2004 - no page is as large
        raise UnknownItemError(f"{text!r} is no box", remedy="give x0,top,x1,bottom in points")
    x0, top, x1, bottom = numbers
    return x0, top, x1, bottom


def _known(site: Site, document_id: int) -> Document:
    found = document(site.store, document_id)
    if found is None:
        raise UnknownItemError(f"there is no document {document_id}")
    return found


def _answer(draw: Callable[[], PagePicture]) -> Response:
    try:
        picture = draw()
    except NianbaoError as exc:
        return Response(exc.message, 404, media_type="text/plain; charset=utf-8")
    # Measures of the page as stored, whichever way the picture was turned.
    across = picture.turned % 180 != 0
    width, height = (picture.height, picture.width) if across else (picture.width, picture.height)
    measures = f"{width / picture.px_per_pt:.3f} {height / picture.px_per_pt:.3f} {picture.turned}"
    return Response(picture.png, media_type="image/png", headers={**_HEADERS, "x-page": measures})
