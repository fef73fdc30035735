"""Writes a report as text saved from a web page: a cell a line, cells set apart by bars or tabs, or glued together."""

from __future__ import annotations

from pathlib import Path

from samples.document import Document, NewPage, Para
from samples.sheet import Sheet

_CODECS = {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "gb18030": "gb18030", "gb18030_undeclared": "gb18030"}


def write_text(document: Document, path: Path) -> None:
    """Writes the report as a text file."""
    text = "\n".join(_item_to_text(item, document) for item in document.items) + "\n"
    if document.style.file.cells == "glued":
        text = "".join(line for line in text.split("\n"))
        text = text.replace(document.agency.title, document.agency.title + "\n", 1) + "\n"
    if document.style.file.crlf:
        text = text.replace("\n", "\r\n")
    path.write_bytes(text.encode(_CODECS[document.style.file.encoding]))


def _item_to_text(item: object, document: Document) -> str:
    if isinstance(item, Para):
        return item.text
    if isinstance(item, NewPage):
        return ""
    return sheet_to_text(item, document)  # type: ignore[arg-type]  # the third kind of item is a sheet


def sheet_to_text(sheet: Sheet, document: Document) -> str:
    """The cells of a sheet in reading order, as the style separates them."""
    match document.style.file.cells:
        case "line_bar":
            return _lines_with_bars(sheet)
        case "bars":
            return "\n".join(f"| {' | '.join(row)} |" for row in _filled_rows(sheet))
        case "tabs":
            return "\n".join("\t".join(row) for row in _filled_rows(sheet))
        case "glued":
            return "".join(_flat(box.text) for boxes in sheet.starting for box in boxes)
        case _:
            return "\n".join(_flat(box.text) for boxes in sheet.starting for box in boxes if box.text)


def _lines_with_bars(sheet: Sheet) -> str:
    """Each cell on a line of its own that ends in a bar; then one bar for each column that a span swallowed."""
    lines: list[str] = []
    for boxes in sheet.starting:
        lines += [f"{_flat(box.text)} |" for box in boxes]
        swallowed = sheet.n_cols - len(boxes)
        if swallowed:
            lines.append("|" * swallowed)
    return "\n".join(lines)


def _filled_rows(sheet: Sheet) -> list[list[str]]:
    """Rows with one text for each column; a spanning cell stands in its first slot, the others are empty."""
    rows = [["" for _ in range(sheet.n_cols)] for _ in range(sheet.n_rows)]
    for box in sheet.boxes:
        rows[box.row][box.col] = _flat(box.text)
    return rows


def _flat(text: str) -> str:
    return text.replace("\n", "")
