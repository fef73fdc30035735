"""The pictures of a PDF page: where they are, how fine they are, and whether text that can be trusted lies on them.

Works on the objects of pypdfium2 alone. All boxes are in points of the page as shown, origin at the top left corner of
its media box: those of the exact reader.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pypdfium2 as pdfium
from pypdfium2 import raw

from models.geometry import BBox, union

TextOnPicture = Literal["none", "hidden", "shown"]
"""No text, text that nobody sees (an OCR layer, text under the picture), or text printed on the picture."""

# Pictures nearer than this are pieces of one: producers cut large pictures into strips and tiles. Points.
_TOUCHING_PT = 1.5
# More pictures than this are not put together piece by piece: the box around all of them counts as one.
_MOST_PIECES = 300
# This many characters on a picture are text printed on it; fewer are a page number or a mark.
_TEXT_ON_PICTURE = 20
# A picture of which more than this share is not transparent hides what lies under it, 0..1.
_SOLID_SHARE = 0.8
# Channels of white, of 255.
_WHITE = 250
# Levels of nested forms in which objects are looked for.
_DEPTH = 4
# Points of curves from which on a page counts as drawn: characters as shapes. Rulings have none, a logo has some, a
# Chinese character has about a hundred.
MANY_CURVES = 1200
# A path with no more segments than this is a ruling, a frame or an arrow.
_SIMPLE_PATH = 8
# Device units a point for exact positions.
_FINE = 100

_Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture, or pieces of one that touch. ``px_per_pt`` is that of its largest piece."""

    box: BBox
    px_per_pt: float
    text: TextOnPicture = "none"


@dataclass(frozen=True, slots=True)
class PageObjects:
    """What is drawn on a page.

    ``share`` is the share of the page under its largest picture, 0..1. ``hidden_text`` is True where most of the text
    is invisible or lies under pictures, ``many_curves`` where characters may be drawn as shapes, ``is_crowded`` where
    more is drawn than anybody wanted to count.
    """

    pictures: tuple[PagePicture, ...] = ()
    share: float = 0.0
    hidden_text: bool = False
    many_curves: bool = False
    is_crowded: bool = False


@dataclass(frozen=True, slots=True)
class _Placed:
    """An object with its place in the order of drawing; ``weight`` is about the number of its characters."""

    order: int
    box: BBox
    weight: float = 0.0
    px_per_pt: float = 0.0
    is_unseen: bool = False


@dataclass(slots=True)
class _Found:
    pictures: list[tuple[int, Any]] = field(default_factory=list)
    texts: list[tuple[int, Any]] = field(default_factory=list)
    curves: int = 0
    is_crowded: bool = False


def page_objects(page: pdfium.PdfPage, most: int) -> PageObjects:
    """The pictures of a page, and what their drawing says about its text; not looked for beyond ``most`` objects."""
    found = _walk(page, most)
    if found.is_crowded:
        return PageObjects(is_crowded=True)
    many_curves = found.curves >= MANY_CURVES
    if not found.pictures and not many_curves:
        return PageObjects()
    frame = _Frame(page)
    pictures = [p for order, obj in found.pictures if (p := _placed(order, obj, frame)) is not None]
    texts = [t for order, obj in found.texts if (t := _placed(order, obj, frame)) is not None]
    by_order = dict(found.pictures)
    covering = [p for p in pictures if any(_lies_over(p, t) for t in texts) and _is_solid(by_order[p.order])]
    hidden = {t.order for t in texts if t.is_unseen or any(_lies_over(p, t) for p in covering)}
    merged = _merged(pictures, [t for t in texts if t.order not in hidden])
    return PageObjects(
        pictures=tuple(PagePicture(p.box, p.px_per_pt, _text_on(p, texts, hidden)) for p in merged),
        share=max((frame.share(p.box) for p in merged), default=0.0),
        hidden_text=2 * len(hidden) > len(texts),
        many_curves=many_curves,
    )


def media_offset(page: pdfium.PdfPage) -> tuple[float, float]:
    """Where the upper left corner of the shown page lies on its media box, in points from the upper left corner."""
    frame = _Frame(page)
    return -frame.left, -frame.top


class _Frame:
    """Places of the page's user space on the page as shown."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self.width, self.height = page.get_size()
        self._size = (round(self.width * _FINE), round(self.height * _FINE))
        self.left = self.top = 0.0
        media = self.box(page.get_mediabox())
        self.left, self.top = media.x0, media.top

    def box(self, bounds: Sequence[float]) -> BBox:
        """The box of bounds (left, bottom, right, top in user space)."""
        left, bottom, right, top = bounds
        corners = [self._point(x, y) for x in (left, right) for y in (bottom, top)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return BBox(min(xs) - self.left, min(ys) - self.top, max(xs) - self.left, max(ys) - self.top)

    def share(self, box: BBox) -> float:
        """Share of the shown page under a box, 0..1."""
        inside = self.cut(box)
        area = self.width * self.height
        return inside.width * inside.height / area if area and inside.width > 0 and inside.height > 0 else 0.0

    def cut(self, box: BBox) -> BBox:
        """The part of a box that is shown; its width or height is negative where nothing is."""
        x0, top = -self.left, -self.top
        return BBox(
            max(box.x0, x0), max(box.top, top), min(box.x1, x0 + self.width), min(box.bottom, top + self.height)
        )

    def _point(self, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(self._page, 0, 0, *self._size, 0, x, y, across, down)
        return across.value / _FINE, down.value / _FINE


def _walk(page: pdfium.PdfPage, most: int) -> _Found:
    found = _Found()
    for order, obj in enumerate(page.get_objects(max_depth=_DEPTH)):
        if order >= most:
            found.is_crowded = True
            break
        if obj.type == raw.FPDF_PAGEOBJ_TEXT:
            found.texts.append((order, obj))
        elif obj.type == raw.FPDF_PAGEOBJ_IMAGE:
            found.pictures.append((order, obj))
        elif obj.type == raw.FPDF_PAGEOBJ_PATH and found.curves < MANY_CURVES:
            found.curves += _curves(obj)
    return found


def _curves(path: pdfium.PdfObject) -> int:
    count = raw.FPDFPath_CountSegments(path)
    if count <= _SIMPLE_PATH:
        return 0
    kinds = (
        raw.FPDFPathSegment_GetType(raw.FPDFPath_GetPathSegment(path, i)) for i in range(min(count, 2 * MANY_CURVES))
    )
    return sum(1 for kind in kinds if kind == raw.FPDF_SEGMENT_BEZIERTO)


def _placed(order: int, obj: pdfium.PdfObject, frame: _Frame) -> _Placed | None:
    """A picture or a text with its place; None where it has none on the page."""
    try:
        whole = _box(obj, frame)
        box = frame.cut(whole)
        if box.width <= 0 or box.height <= 0:
            return None
        if obj.type == raw.FPDF_PAGEOBJ_TEXT:
            shorter, longer = sorted((box.width, box.height))
            return _Placed(order, box, weight=max(1.0, longer / shorter), is_unseen=_is_unseen(obj))
        columns, rows = obj.get_px_size()
    except pdfium.PdfiumError:
        return None
    px_per_pt = (columns * rows / whole.area) ** 0.5
    return _Placed(order, box, px_per_pt=px_per_pt)


def _is_unseen(obj: pdfium.PdfObject) -> bool:
    """True for text in the invisible mode of OCR layers, and for white text: the exact reader drops both or should."""
    if raw.FPDFTextObj_GetTextRenderMode(obj) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return True
    channels = [ctypes.c_uint() for _ in range(4)]
    has_fill = raw.FPDFPageObj_GetFillColor(obj, *channels)
    return bool(has_fill) and all(channel.value >= _WHITE for channel in channels[:3])


def _box(obj: pdfium.PdfObject, frame: _Frame) -> BBox:
    """The box of an object; bounds of one in a form are those of the form."""
    left, bottom, right, top = obj.get_bounds()
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    for form in _containers(obj):
        matrix = form.get_matrix()
        corners = [matrix.on_point(x, y) for x, y in corners]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return frame.box((min(xs), min(ys), max(xs), max(ys)))


def _containers(obj: pdfium.PdfObject) -> Iterator[pdfium.PdfObject]:
    while obj.container is not None:
        obj = obj.container
        yield obj


def _lies_over(picture: _Placed, text: _Placed) -> bool:
    return picture.order > text.order and picture.box.contains_point(*text.box.center)


def _is_solid(picture: pdfium.PdfImage) -> bool:
    """False for a picture through which one sees the page: stamps, watermarks."""
    if raw.FPDFPageObj_HasTransparency(picture):
        return False
    try:
        pixels = picture.get_bitmap(render=True).to_numpy()
    except (pdfium.PdfiumError, ValueError):
        return True
    has_alpha = pixels.ndim == 3 and pixels.shape[2] == 4  # noqa: PLR2004 - colours and alpha
    return not has_alpha or float((pixels[:, :, 3] > 0).mean()) > _SOLID_SHARE


def _merged(pictures: Sequence[_Placed], shown: Sequence[_Placed]) -> list[_Placed]:
    """Touching pictures as one; backgrounds, on which text is printed, stay by themselves."""
    backgrounds = [p for p in pictures if _weight_on(p, shown) >= _TEXT_ON_PICTURE]
    pieces = [p for p in pictures if p not in backgrounds]
    if len(pieces) > _MOST_PIECES:
        return [*backgrounds, _around(pieces)]
    groups: list[list[_Placed]] = []
    for piece in sorted(pieces, key=lambda p: (p.box.top, p.box.x0)):
        near = [g for g in groups if any(_touch(piece.box, other.box) for other in g)]
        groups = [g for g in groups if g not in near]
        groups.append([*(p for g in near for p in g), piece])
    return [*backgrounds, *sorted((_around(g) for g in groups), key=lambda p: (p.box.top, p.box.x0))]


def _touch(a: BBox, b: BBox) -> bool:
    reach = _TOUCHING_PT
    return a.x0 - reach <= b.x1 and b.x0 - reach <= a.x1 and a.top - reach <= b.bottom and b.top - reach <= a.bottom


def _around(pieces: Sequence[_Placed]) -> _Placed:
    largest = max(pieces, key=lambda p: p.box.area)
    box = union(p.box for p in pieces) or largest.box
    return _Placed(min(p.order for p in pieces), box, px_per_pt=largest.px_per_pt)


def _weight_on(picture: _Placed, texts: Sequence[_Placed]) -> float:
    return sum(t.weight for t in texts if picture.box.contains_point(*t.box.center))


def _text_on(picture: _Placed, texts: Sequence[_Placed], hidden: set[int]) -> TextOnPicture:
    if _weight_on(picture, [t for t in texts if t.order not in hidden]) >= _TEXT_ON_PICTURE:
        return "shown"
    return "hidden" if _weight_on(picture, [t for t in texts if t.order in hidden]) >= _TEXT_ON_PICTURE else "none"
