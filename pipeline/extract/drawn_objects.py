"""What pdfminer finds on a page, with the few facts that are needed of each object.

pdfplumber gives every object all its facts, resolved one by one, which takes a sixth of the time of a whole reading.
Places are worked out the way pdfplumber does, to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pdfplumber
from pdfminer.layout import LTChar, LTComponent, LTContainer, LTCurve, LTImage, LTLine, LTRect
from pdfplumber.utils.pdfinternals import resolve_all

Drawn = dict[str, Any]
"""Facts of an object: ``x0, top, x1, bottom`` in points, origin top left, and those that its kind has."""


@dataclass(slots=True)
class DrawnObjects:
    """The objects of a page by kind, each in the order in which they are drawn."""

    chars: list[Drawn] = field(default_factory=list)
    lines: list[Drawn] = field(default_factory=list)
    rects: list[Drawn] = field(default_factory=list)
    curves: list[Drawn] = field(default_factory=list)
    images: list[Drawn] = field(default_factory=list)


def drawn_objects(page: pdfplumber.page.Page) -> DrawnObjects:
    """The objects of a page. Whatever pdfminer meets in a broken page is raised as it is."""
    found = DrawnObjects()
    left, top = page.mediabox[:2]
    height = page.height
    for item in _leaves(page.layout):
        if isinstance(item, LTChar):
            colour = item.graphicstate.ncolor
            drawn = _place(item, left, top, height)
            drawn["text"] = item.get_text()
            drawn["size"] = item.size
            drawn["matrix"] = item.matrix
            drawn["non_stroking_color"] = colour if isinstance(colour, tuple) else (colour,)
            found.chars.append(drawn)
        elif isinstance(item, LTCurve):
            drawn = _place(item, left, top, height)
            drawn["width"], drawn["height"] = item.width, item.height
            drawn["pts"] = [(left + x, top + height - y) for x, y in item.pts]
            drawn["fill"], drawn["stroke"] = item.fill, item.stroke
            drawn["non_stroking_color"] = resolve_all(item.non_stroking_color)
            kind = (
                found.lines if isinstance(item, LTLine) else found.rects if isinstance(item, LTRect) else found.curves
            )
            kind.append(drawn)
        elif isinstance(item, LTImage):
            found.images.append(_place(item, left, top, height))
    return found


def _leaves(container: Iterable[Any]) -> Iterator[Any]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from _leaves(item)
        else:
            yield item


def _place(item: LTComponent, left: float, top: float, height: float) -> Drawn:
    x0, x1 = (item.x0 + left, item.x1 + left) if left != 0 else (item.x0, item.x1)
    return {"x0": x0, "top": (height - item.y1) + top, "x1": x1, "bottom": (height - item.y0) + top}
