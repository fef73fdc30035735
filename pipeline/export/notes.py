"""Sentences that say where a number was read and why it is doubtful, for the XLSX export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from models.geometry import BBox, union
from models.reasons import reasons_text
from models.report import Evidence, FieldValue
from pipeline.export.form_view import CellView, RowView
from pipeline.export.words import KIND, WAIVED, short_column

_LABEL_EXACT = 0.98  # similarity from which the printed label counts as the official one


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
    parts.extend(_review_texts(row))
    parts.append(_named("不平 broken sum", row, lambda c: c.mark.broken))
    parts.append(_named("可疑 suspect", row, lambda c: c.mark.suspect))
    rules = dict.fromkeys(code for cell in row.cells for code in cell.mark.codes)
    if rules:
        parts.append(f"规则 rules: {', '.join(rules)}")
    parts += [f"{WAIVED} {text}" for text in dict.fromkeys(t for cell in row.cells for t in cell.mark.waived)]
    parts.append(_named(KIND["absent"], row, lambda c: c.kind == "absent"))
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
            lines.append(f"原因 reasons: {reasons_text(value.reasons)}")
        for evidence in value.evidence:
            other = "".join(f" | {a.text}" for a in evidence.alternatives)
            lines.append(f"{_page_text(evidence.page_no, [evidence])}: {evidence.text}{other}")
    if cell.mark.codes:
        lines.append(f"规则 rules: {', '.join(cell.mark.codes)}")
    lines += [f"{WAIVED} {text}" for text in cell.mark.waived]
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


def _review_texts(row: RowView) -> Iterator[str]:
    # Cells that are doubtful for the same reasons are named together: often it is a whole row.
    alike: dict[str, list[CellView]] = {}
    for cell in row.cells:
        if cell.review and cell.value is not None:
            alike.setdefault(_why(cell.value), []).append(cell)
    for why, cells in alike.items():
        yield f"复核 review {_columns(row, cells)}" + (f": {why}" if why else "")


def _why(value: FieldValue) -> str:
    parts = [reasons_text(value.reasons, ", ")] if value.reasons else []
    if value.printed != (value.value or ""):
        parts.append(f"原文 printed “{value.printed}”")
    if value.suggested is not None:
        parts.append(f"建议 suggested {value.suggested}")
    return "; ".join(parts)


def _named(what: str, row: RowView, wanted: Callable[[CellView], bool]) -> str:
    found = [cell for cell in row.cells if wanted(cell)]
    return f"{what}: {_columns(row, found)}" if found else ""


def _columns(row: RowView, cells: Sequence[CellView]) -> str:
    whole = len(cells) == len(row.cells) > 1
    return "整行 whole row" if whole else ", ".join(short_column(c.field) for c in cells)
