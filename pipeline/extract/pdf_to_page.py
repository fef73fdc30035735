"""From a pdfplumber page to characters and rulings, turned upright, freed of doubles and of what nobody can see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import pdfplumber

from models.errors import StageError
from models.geometry import BBox
from models.page import Char, PageContent, Ruling, horizontal_ruling, vertical_ruling
from pipeline.extract.drawn_objects import drawn_objects

# A filled rectangle thinner than this is a drawn line; thicker ones are shading. Points.
_RULING_THICKNESS = 3.2
# A line may lean by this much and still count as horizontal or vertical. Points.
_LEAN = 1.0
# The same character drawn twice nearer than this share of its size is fake bold, not two characters.
_DOUBLE_SHARE = 0.25
# Characters smaller than this cannot be read on paper. Points.
_SMALLEST_TYPE = 1.0
_WHITE = 0.98

_Obj = Mapping[str, Any]


def pdf_to_page(page: pdfplumber.page.Page) -> PageContent:
    """Characters, rulings and picture boxes of a page, upright, boxes in points with origin top left.

    Raises:
        StageError: the content of the page cannot be interpreted.
    """
    try:
        drawn = drawn_objects(page)
    except Exception as exc:  # pdfminer raises whatever its interpreter meets in a broken content stream.
        raise StageError(
            f"page {page.page_number} cannot be interpreted ({type(exc).__name__})",
            remedy="print the file to a new PDF and read that",
        ) from exc
    finally:
        page.flush_cache()
    x_shift, y_shift = float(page.bbox[0]), float(page.bbox[1])
    rulings = [*_line_rulings(drawn.lines), *_line_rulings(drawn.curves), *_rect_rulings(drawn.rects)]
    dark = [r for r in drawn.rects if r.get("fill") and not _is_white(r.get("non_stroking_color"))]
    kept = _visible(drawn.chars, dark, page)
    content = PageContent(
        page_no=page.page_number,
        width=float(page.width),
        height=float(page.height),
        chars=tuple(_without_doubles(_char(c) for c in kept)),
        rulings=tuple(rulings),
        images=tuple(BBox(i["x0"], i["top"], i["x1"], i["bottom"]) for i in drawn.images),
    )
    if x_shift or y_shift:
        content = _shifted(content, -x_shift, -y_shift)
    return _upright(content, _quarter_turns(kept))


def _char(obj: _Obj) -> Char:
    return Char(obj["text"], obj["x0"], obj["top"], obj["x1"], obj["bottom"], obj["size"])


def _visible(chars: Sequence[_Obj], dark: Sequence[_Obj], page: pdfplumber.page.Page) -> list[_Obj]:
    # What lies outside the crop box is in the file and on no screen.
    limits = zip((max, max, min, min), page.bbox, page.cropbox, strict=True)
    x0, top, x1, bottom = (limit(a, b) for limit, a, b in limits)
    kept = []
    for c in chars:
        if not c["text"].strip() or c["size"] < _SMALLEST_TYPE:
            continue
        x, y = (c["x0"] + c["x1"]) / 2, (c["top"] + c["bottom"]) / 2
        if not (x0 <= x <= x1 and top <= y <= bottom):
            continue
        if _is_white(c.get("non_stroking_color")) and not any(
            r["x0"] <= x <= r["x1"] and r["top"] <= y <= r["bottom"] for r in dark
        ):
            continue
        kept.append(c)
    return kept


def _is_white(color: object) -> bool:
    """True for white in DeviceGray or DeviceRGB, and for no ink in DeviceCMYK."""
    if isinstance(color, (int, float)):
        return color >= _WHITE
    if not isinstance(color, (tuple, list)) or not all(isinstance(v, (int, float)) for v in color):
        return False
    if len(color) == 4:  # noqa: PLR2004 - CMYK has four components
        return all(v <= 1 - _WHITE for v in color)
    return bool(color) and all(v >= _WHITE for v in color)


def _without_doubles(chars: Iterable[Char]) -> list[Char]:
    """Characters, each once: fake bold and shadows draw the same one twice, a fraction of its width apart."""
    kept: list[Char] = []
    seen: dict[tuple[str, int, int], list[Char]] = {}
    for char in chars:
        reach = max(char.size * _DOUBLE_SHARE, 0.5)
        column, row = int(char.x0 // reach), int(char.top // reach)
        near = (
            other
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in seen.get((char.text, column + dx, row + dy), ())
        )
        if any(abs(o.x0 - char.x0) < reach and abs(o.top - char.top) < reach for o in near):
            continue
        seen.setdefault((char.text, column, row), []).append(char)
        kept.append(char)
    return kept


def _line_rulings(objs: Iterable[_Obj]) -> list[Ruling]:
    rulings = []
    for o in objs:
        points = o.get("pts") or [(o["x0"], o["top"]), (o["x1"], o["bottom"])]
        if o["width"] <= _RULING_THICKNESS and o["height"] <= _RULING_THICKNESS:
            rulings += _dot(o)
            continue
        if o.get("fill") and not o.get("stroke") and len(points) > 2:  # noqa: PLR2004 - a filled outline, not a line
            rulings += _thin(o)
            continue
        for (xa, ya), (xb, yb) in pairwise(points):
            if abs(ya - yb) <= _LEAN and abs(xa - xb) > _LEAN:
                rulings.append(horizontal_ruling((ya + yb) / 2, min(xa, xb), max(xa, xb)))
            elif abs(xa - xb) <= _LEAN and abs(ya - yb) > _LEAN:
                rulings.append(vertical_ruling((xa + xb) / 2, min(ya, yb), max(ya, yb)))
    return rulings


def _rect_rulings(rects: Iterable[_Obj]) -> list[Ruling]:
    """Thin filled rectangles are lines; stroked ones are four lines; filled ones without stroke are shading."""
    rulings: list[Ruling] = []
    for r in rects:
        thin = _thin(r)
        if thin:
            rulings += thin
        elif r["width"] <= _RULING_THICKNESS and r["height"] <= _RULING_THICKNESS:
            rulings += _dot(r)
        elif r.get("stroke"):
            x0, top, x1, bottom = r["x0"], r["top"], r["x1"], r["bottom"]
            rulings += [horizontal_ruling(top, x0, x1), horizontal_ruling(bottom, x0, x1)]
            rulings += [vertical_ruling(x0, top, bottom), vertical_ruling(x1, top, bottom)]
    return rulings


def _thin(o: _Obj) -> list[Ruling]:
    if o["height"] <= _RULING_THICKNESS < o["width"]:
        return [horizontal_ruling((o["top"] + o["bottom"]) / 2, o["x0"], o["x1"])]
    if o["width"] <= _RULING_THICKNESS < o["height"]:
        return [vertical_ruling((o["x0"] + o["x1"]) / 2, o["top"], o["bottom"])]
    return []


def _dot(o: _Obj) -> list[Ruling]:
    """A dot of a dotted line, in both directions; merging keeps the direction in which its neighbours lie."""
    x, y = (o["x0"] + o["x1"]) / 2, (o["top"] + o["bottom"]) / 2
    return [horizontal_ruling(y, o["x0"], o["x1"]), vertical_ruling(x, o["top"], o["bottom"])]


def _quarter_turns(chars: Sequence[_Obj]) -> int:
    """Clockwise quarter turns that make most characters upright; 0 where they are or nothing is to be told."""
    votes: Counter[int] = Counter()
    for c in chars:
        a, b = c["matrix"][0], c["matrix"][1]
        if abs(a) >= abs(b):
            votes[0 if a >= 0 else 2] += 1
        else:
            # b > 0: the baseline runs upwards on the page, so a clockwise turn brings it level.
            votes[1 if b > 0 else 3] += 1
    return votes.most_common(1)[0][0] if votes else 0


def _upright(content: PageContent, turns: int) -> PageContent:
    for _ in range(turns):
        height = content.height
        content = PageContent(
            page_no=content.page_no,
            width=height,
            height=content.width,
            chars=tuple(Char(c.text, height - c.bottom, c.x0, height - c.top, c.x1, c.size) for c in content.chars),
            rulings=tuple(
                Ruling(not r.horizontal, height - r.position, r.start, r.stop)
                if r.horizontal
                else horizontal_ruling(r.position, height - r.stop, height - r.start)
                for r in content.rulings
            ),
            images=tuple(BBox(height - b.bottom, b.x0, height - b.top, b.x1) for b in content.images),
            quarter_turns=content.quarter_turns + 1,
        )
    return content


def _shifted(content: PageContent, dx: float, dy: float) -> PageContent:
    """The content with the page's own corner as origin (pages whose boxes do not begin at 0, 0)."""
    return PageContent(
        page_no=content.page_no,
        width=content.width,
        height=content.height,
        chars=tuple(Char(c.text, c.x0 + dx, c.top + dy, c.x1 + dx, c.bottom + dy, c.size) for c in content.chars),
        rulings=tuple(
            Ruling(
                r.horizontal,
                r.position + (dy if r.horizontal else dx),
                r.start + (dx if r.horizontal else dy),
                r.stop + (dx if r.horizontal else dy),
            )
            for r in content.rulings
        ),
        images=tuple(BBox(b.x0 + dx, b.top + dy, b.x1 + dx, b.bottom + dy) for b in content.images),
    )
