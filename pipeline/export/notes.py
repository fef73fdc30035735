"""Sentences that say where a number was read and why it is doubtful, for the XLSX export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.geometry import BBox, union
from models.report import Evidence
from pipeline.export.form_view import CellView, RowView
from pipeline.export.words import KIND, short_column

_LABEL_EXACT = 0.995  # similarity from which the printed label counts as the official one


def bbox_text(bbox: Sequence[float] | None) -> str:
    """``x0,top,x1,bottom`` in whole points; empty where the file has no geometry."""
    return "" if bbox is None else ",".join(f"{edge:.0f}" for edge in bbox)


def place_text(evidence: Iterable[Evidence]) -> str:
    """Pages, box and readers: ``第3页 p.3 [72,310,520,330] pdfplumber``; empty where nothing was read.

    The box is that around all evidence of a page, in points with the origin at the top left.
    """
    pages: dict[int, list[Evidence]] = {}
    for one in evidence:
        pages.setdefault(one.page_no, []).append(one)
    return ", ".join(_page_text(page_no, items) for page_no, items in pages.items())


def row_note(row: RowView) -> str:
    """What the notes column says about a row: where it was read, then each cell that needs a word."""
    parts = [place_text(e for cell in row.cells if cell.value for e in cell.value.evidence[:1])]
    parts.append(_label_text(row))
    parts.extend(_review_text(cell) for cell in row.cells if cell.review)
    parts.append(_named("不平 broken sum", (c for c in row.cells if c.mark.broken)))
    parts.append(_named("可疑 suspect", (c for c in row.cells if c.mark.suspect)))
    rules = dict.fromkeys(code for cell in row.cells for code in cell.mark.codes)
    if rules:
        parts.append(f"规则 rules: {', '.join(rules)}")
    parts.append(_named(KIND["absent"], (c for c in row.cells if c.kind == "absent")))
    return "; ".join(part for part in parts if part)


def cell_note(cell: CellView) -> str:
    """The comment of a doubtful cell: everything known about how it was read, one fact a line."""
    lines = [cell.field.id]
    value = cell.value
    if value is not None:
        lines.append(f"原文 printed: {value.printed!r}")
        if value.suggested is not None:
            lines.append(f"建议 suggested: {value.suggested}")
        lines.append(f"置信度 confidence: {value.confidence:.4g}")
        if value.reasons:
            lines.append(f"原因 reasons: {', '.join(value.reasons)}")
        for evidence in value.evidence:
            other = "".join(f" | {a.text}" for a in evidence.alternatives)
            lines.append(f"{_page_text(evidence.page_no, [evidence])}: {evidence.text}{other}")
    if cell.mark.codes:
        lines.append(f"规则 rules: {', '.join(cell.mark.codes)}")
    return "\n".join(lines)


def _page_text(page_no: int, items: Sequence[Evidence]) -> str:
    box = union(BBox(*e.bbox) for e in items if e.bbox is not None and len(e.bbox) == 4)  # noqa: PLR2004 - four edges
    place = f"第{page_no}页 p.{page_no}"
    if box is not None:
        place += f" [{bbox_text(box.as_list())}]"
    return f"{place} {'+'.join(dict.fromkeys(e.reader for e in items))}"


def _label_text(row: RowView) -> str:
    label = next((c.value.label for c in row.cells if c.value and c.value.label), None)
    if label is None or label.score >= _LABEL_EXACT:
        return ""
    return f"行名 label “{label.printed}” {label.score:.2f}"


def _review_text(cell: CellView) -> str:
    value = cell.value
    if value is None:
        return ""
    text = f"复核 review {short_column(cell.field)}"
    if value.reasons:
        text += f": {', '.join(value.reasons)}"
    if value.printed != (value.value or ""):
        text += f"; 原文 printed “{value.printed}”"
    if value.suggested is not None:
        text += f"; 建议 suggested {value.suggested}"
    return text


def _named(what: str, cells: Iterable[CellView]) -> str:
    found = list(cells)
    return f"{what}: {', '.join(short_column(c.field) for c in found)}" if found else ""
