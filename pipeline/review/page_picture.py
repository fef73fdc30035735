"""Pages as stored, and crops of them, as pictures, turned to stand upright."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from models.errors import UnknownItemError
from models.form import FORM_IDS, load_form, row_key
from models.geometry import BBox
from models.report import Report
from pipeline.config import LimitSettings
from pipeline.extract.draw_page import draw_page
from pipeline.ingest.draw_image import cut, read_page_image, to_picture
from pipeline.ingest.open_image import Frame
from pipeline.store.open_store import Store
from pipeline.store.records import Document
from pipeline.store.verdicts import review_state

T = TypeVar("T")
# Around a cell, so that its borders and neighbours are seen. Points.
CROP_RIM = 6.0
# A picture has no more pixels than this; whatever is larger is drawn coarser.
_MOST_PIXELS = 8_000_000
_QUARTER, _FULL_TURN = 90, 360
# Pictures kept for whoever goes back and forth, and pages drawn in advance.
_KEPT = 64
# Pages of picture files kept as pixels, some tens of megabytes each: after the page its cells are asked for.
_KEPT_FRAMES = 4
# Originals of which is known that they are whole; to hash some tens of megabytes takes longer than to draw a page.
_KEPT_CHECKS = 1000


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of a page or of a part of it.

    ``data`` are its bytes: PNG, and JPEG of a whole page that was scanned. ``width`` and ``height`` are in pixels;
    ``px_per_pt`` is pixels a point (1/72 inch).
    ``box`` is the part of the page as stored that it shows, in points; ``turned`` is by how many degrees clockwise it
    was turned to stand upright.
    """

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    px_per_pt: float
    box: BBox
    turned: int = 0

    def to_pixels(self, bbox: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """A box of the report document (points, as stored) as (left, top, right, bottom) in pixels of this picture."""
        corners = [self._point(x, y) for x, y in ((bbox[0], bbox[1]), (bbox[2], bbox[3]))]
        xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
        return xs[0], ys[0], xs[1], ys[1]

    def _point(self, x: float, y: float) -> tuple[float, float]:
        across, down = (x - self.box.x0) * self.px_per_pt, (y - self.box.top) * self.px_per_pt
        for _ in range(self.turned // _QUARTER):
            # A quarter turn clockwise: what is at the left comes to the top.
            across, down = -down, across
        if self.turned in {90, 180}:
            across += self.width
        if self.turned in {180, 270}:
            down += self.height
        return across, down


def page_picture(
    store: Store, document_id: int, page_no: int, *, px_per_pt: float = 2.0, limits: LimitSettings | None = None
) -> PagePicture:
    """The whole page.

    Raises:
        UnknownItemError: there is no such page, or the file has none (HTML, DOCX, text).
        InputError: the file cannot be drawn.
        StageError: the page cannot be drawn.
        StoreError: the original cannot be read.
    """
    return _picture(store, document_id, page_no, None, px_per_pt, limits or LimitSettings())


def crop_picture(
    store: Store,
    document_id: int,
    page_no: int,
    bbox: tuple[float, float, float, float],
    *,
    px_per_pt: float = 4.0,
    rim: float = CROP_RIM,
    limits: LimitSettings | None = None,
) -> PagePicture:
    """The part of the page around a box, in points with the origin top left, with a rim around it.

    Raises:
        UnknownItemError: there is no such page, or the file has none.
        InputError: the file cannot be drawn.
        StageError: the page cannot be drawn.
        StoreError: the original cannot be read.
    """
    part = BBox(bbox[0] - rim, bbox[1] - rim, bbox[2] + rim, bbox[3] + rim)
    return _picture(store, document_id, page_no, part, px_per_pt, limits or LimitSettings())


def turn_of_page(report: Report, page_no: int) -> int:
    """By how many degrees clockwise the page as stored must be turned so that its rows run from left to right.

    Told by the numbers found on it: in a row, the next column lies to the right. 0 where nothing tells.
    """
    if report.form not in FORM_IDS:
        return 0
    rows: dict[str, list[tuple[float, float]]] = {}
    for i, form_field in load_form(report.form).fields.items():
        value = report.fields.get(i)
        place = next((e for e in value.evidence if e.bbox is not None), None) if value is not None else None
        if place is not None and place.bbox is not None and place.page_no == page_no:
            x0, top, x1, bottom = place.bbox
            key = row_key(form_field.table, form_field.row)
            rows.setdefault(key, []).append(((x0 + x1) / 2, (top + bottom) / 2))
    across = sum(b[0] - a[0] for cells in rows.values() for a, b in pairwise(cells))
    down = sum(b[1] - a[1] for cells in rows.values() for a, b in pairwise(cells))
    if not across and not down:
        return 0
    runs = round(math.degrees(math.atan2(down, across)) / _QUARTER) * _QUARTER
    return -runs % _FULL_TURN


class _Kept(Generic[T]):
    """What was made last; it costs some tenths of a second to make."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[object, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object, make: Callable[[], T]) -> T:
        """What ``make`` gives, from memory where it was made for this key before."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return made


_pictures = _Kept[PagePicture](_KEPT)
_frames = _Kept[Frame](_KEPT_FRAMES)
_checked = _Kept[Path](_KEPT_CHECKS)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be drawn of a page; all that the picture depends on, beside the file."""

    page_no: int
    part: BBox | None
    px_per_pt: float
    turned: int
    is_photo: bool


def _picture(
    store: Store, document_id: int, page_no: int, part: BBox | None, px_per_pt: float, limits: LimitSettings
) -> PagePicture:
    state = review_state(store, document_id)
    routes = {p.route for p in state.as_read.pages if p.page_no == page_no}
    is_photo = part is None and (state.document.media_type == "image" or "ocr" in routes)
    wanted = _Wanted(page_no, part, px_per_pt, turn_of_page(state.as_read, page_no), is_photo)
    return _pictures.get((state.document.sha256, wanted), lambda: _draw(store, state.document, wanted, limits))


def _draw(store: Store, document: Document, wanted: _Wanted, limits: LimitSettings) -> PagePicture:
    page_no, part, px_per_pt, turned = wanted.page_no, wanted.part, wanted.px_per_pt, wanted.turned
    media_type = "image/jpeg" if wanted.is_photo else "image/png"
    if document.media_type == "application/pdf":
        data = _content(store, document)
        drawn = draw_page(data, document.name, page_no, px_per_pt=px_per_pt, max_pixels=_MOST_PIXELS, part=part)
        made, width, height = to_picture(drawn.pixels, turned=turned, is_photo=wanted.is_photo)
        return PagePicture(made, media_type, width, height, drawn.px_per_pt, drawn.box, turned)
    if document.media_type == "image":
        frame = _frames.get((document.sha256, page_no), lambda: _frame(store, document, page_no, limits))
        pixels, box = cut(frame, part)
        factor = min(px_per_pt / frame.px_per_pt, (_MOST_PIXELS / max(pixels.shape[0] * pixels.shape[1], 1)) ** 0.5)
        made, width, height = to_picture(pixels, factor=factor, turned=turned, is_photo=wanted.is_photo)
        return PagePicture(made, media_type, width, height, frame.px_per_pt * factor, box, turned)
    raise UnknownItemError("a file of this type has no pages to look at", source=document.name)


def _content(store: Store, document: Document) -> bytes:
    """The original, held against its hash once in the life of the file as it lies there."""
    path = store.originals.path(document.sha256)
    try:
        status = path.stat()
    except OSError:
        return store.originals.checked_path(document.sha256).read_bytes()
    as_it_lies = (document.sha256, status.st_mtime_ns, status.st_size)
    return _checked.get(as_it_lies, lambda: store.originals.checked_path(document.sha256)).read_bytes()


def _frame(store: Store, document: Document, page_no: int, limits: LimitSettings) -> Frame:
    data = _content(store, document)
    return read_page_image(data, document.name, page_no, max_pages=limits.max_pages, max_pixels=limits.max_page_pixels)
