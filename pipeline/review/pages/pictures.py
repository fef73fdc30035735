"""Pages and crops as the browser asks for them."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Response

from models.errors import NianbaoError, UnknownItemError
from pipeline.review.page_picture import PagePicture, crop_picture, page_picture
from pipeline.review.pages.site import Site

_PX_PER_PT, _CROP_PX_PER_PT = 2.2, 6.0
_HEADERS = {"cache-control": "private, max-age=3600"}
_NUMBERS_OF_BOX = 4
_LONGEST = 1e6  # points; no page is as long


def picture_routes(site: Site) -> APIRouter:
    """The routes of pages and crops; without a picture the answer is 404, and the page says that there is none."""
    router, limits = APIRouter(), site.settings.limits

    @router.get("/page/{document_id}/{page_no}")
    def _page(document_id: int, page_no: int) -> Response:
        return _answer(lambda: page_picture(site.store, document_id, page_no, px_per_pt=_PX_PER_PT, limits=limits))

    @router.get("/crop/{document_id}/{page_no}")
    def _crop(document_id: int, page_no: int, box: str) -> Response:
        return _answer(
            lambda: crop_picture(
                site.store, document_id, page_no, box_of(box), px_per_pt=_CROP_PX_PER_PT, limits=limits
            )
        )

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
    if len(numbers) != _NUMBERS_OF_BOX or not all(abs(n) < _LONGEST for n in numbers):
        raise UnknownItemError(f"{text!r} is no box", remedy="give x0,top,x1,bottom in points")
    x0, top, x1, bottom = numbers
    return x0, top, x1, bottom


def _answer(draw: Callable[[], PagePicture]) -> Response:
    try:
        picture = draw()
    except NianbaoError as exc:
        return Response(exc.message, 404, media_type="text/plain; charset=utf-8")
    # Where the picture lies on the page as stored: the browser places the boxes.
    box = picture.box
    measures = f"{box.x1 - box.x0:.3f} {box.bottom - box.top:.3f} {picture.turned}"
    return Response(picture.data, media_type=picture.media_type, headers={**_HEADERS, "x-page": measures})
