"""Runs of a Word paragraph -> visible text: tracked changes accepted, hidden text left out, raised text bracketed."""

from __future__ import annotations

from collections.abc import Iterator

from docx.oxml.ns import qn
from lxml import etree

from pipeline.ingest.text_sink import SUPERSCRIPT, TextSink

SYMBOL_CHAR = "symbol_char"

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VAL = qn("w:val")
_FALSE = frozenset({"0", "false", "off", "none"})
# Symbol fonts keep their glyphs in a private area at U+F000; only the font Symbol has digits where ASCII has them.
_SYMBOL_AREA = range(0xF020, 0xF100)
_SYMBOL_DIGITS = range(0xF030, 0xF03A)
_ASCII_OFFSET = 0xF000
# English metric units, in which drawings are measured; no width has more digits.
_EMU_A_POINT, _MOST_DIGITS = 12700, 12

TABLE = f"{W}tbl"
PARAGRAPH = f"{W}p"
RUN = f"{W}r"
TEXT_BOX = f"{W}txbxContent"
# Deleted or moved away by a tracked change; properties; the codes of fields; hints for pronunciation.
_SKIPPED = frozenset(
    f"{W}{n}"
    for n in [
        "del",
        "moveFrom",
        "delText",
        "delInstrText",
        "instrText",
        "pPr",
        "rPr",
        "sectPr",
        "tblPr",
        "tblGrid",
        "trPr",
        "tcPr",
        "sdtPr",
        "sdtEndPr",
        "smartTagPr",
        "rt",
        "customXmlPr",
        "bookmarkStart",
        "bookmarkEnd",
        "proofErr",
        "commentReference",
        "annotationRef",
    ]
)
_BREAKS = frozenset(f"{W}{n}" for n in ("br", "cr"))
_REFERENCES = frozenset(f"{W}{n}" for n in ("footnoteReference", "endnoteReference"))
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MATH_TEXT = f"{_MATH}t"
MATH_RAISED = frozenset({f"{_MATH}sup", f"{_MATH}sub"})
_DRAWINGS = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATIONSHIPS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)
_BLIPS = frozenset({f"{_DRAWINGS}blip", "{http://purl.oclc.org/ooxml/drawingml/main}blip"})
_VML_PICTURE = "{urn:schemas-microsoft-com:vml}imagedata"
_EXTENT = "extent"


def shown_children(element: etree._Element) -> Iterator[etree._Element]:
    """Children that count: of alternative contents the first choice only, nothing that a tracked change removed."""
    for child in element:
        if child.tag == f"{MC}AlternateContent":
            chosen = child.find(f"{MC}Choice")
            if chosen is None:
                chosen = child.find(f"{MC}Fallback")
            if chosen is not None:
                yield from shown_children(chosen)
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield child


def is_on(properties: etree._Element | None, *names: str) -> bool:
    """True where one of the toggle properties (``vanish``, ``strike`` ...) is present and not switched off."""
    if properties is None:
        return False
    found = (properties.find(f"{W}{name}") for name in names)
    return any(e is not None and (e.get(VAL) or "true").lower() not in _FALSE for e in found)


def add_run(run: etree._Element, sink: TextSink) -> None:
    """Append the visible text of one run (w:r) to the sink; text boxes in it are left to the caller."""
    properties = run.find(f"{W}rPr")
    if is_on(properties, "vanish"):
        return
    struck = is_on(properties, "strike", "dstrike")
    align = properties.find(f"{W}vertAlign") if properties is not None else None
    raised = align is not None and align.get(VAL) in {"superscript", "subscript"}
    if raised:
        sink.raise_start()
    for child in shown_children(run):
        _add_run_child(child, sink, struck=struck)
    if raised:
        sink.raise_end()


def run_pictures(run: etree._Element) -> Iterator[tuple[str, float | None]]:
    """(relationship, width in points) of each picture in a run; "" for one that is linked, None for no stated width.

    Text boxes in the run have runs of their own.
    """
    if is_on(run.find(f"{W}rPr"), "vanish"):
        return
    waiting: list[tuple[etree._Element, float | None]] = [(run, None)]
    while waiting:
        element, width = waiting.pop()
        if element.tag in _BLIPS:
            yield _relationship(element, "embed"), width
        elif element.tag == _VML_PICTURE:
            yield _relationship(element, "id"), width
        for child in element:
            if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == _EXTENT:
                width = _emu_to_points(child.get("cx"))
        waiting += [(child, width) for child in reversed(list(shown_children(element))) if child.tag != TEXT_BOX]


def _relationship(element: etree._Element, name: str) -> str:
    return next((value for space in _RELATIONSHIPS if (value := element.get(space + name))), "")


def _emu_to_points(text: str | None) -> float | None:
    digits = text or ""
    return int(digits) / _EMU_A_POINT if digits.isascii() and digits.isdigit() and len(digits) < _MOST_DIGITS else None


def _add_run_child(child: etree._Element, sink: TextSink, *, struck: bool) -> None:
    tag = child.tag
    if tag in {f"{W}t", MATH_TEXT}:
        sink.add(child.text or "", struck=struck)
    elif tag in {f"{W}tab", f"{W}ptab"}:
        sink.add(" ")
    elif tag in _BREAKS:
        sink.break_line()
    elif tag == f"{W}noBreakHyphen":
        sink.add("-", struck=struck)
    elif tag == f"{W}sym":
        _add_symbol(child, sink, struck=struck)
    elif tag in _REFERENCES:
        sink.add(f"[{child.get(qn('w:id')) or '*'}]")
        sink.flags.add(SUPERSCRIPT)
    elif tag == f"{W}ruby":
        for base in child.iterfind(f"{W}rubyBase/{RUN}"):
            add_run(base, sink)


def _add_symbol(symbol: etree._Element, sink: TextSink, *, struck: bool) -> None:
    try:
        code = int(symbol.get(qn("w:char")) or "", 16)
        text = chr(code)
    except (ValueError, OverflowError):
        return
    if code in _SYMBOL_DIGITS and (symbol.get(qn("w:font")) or "").lower() == "symbol":
        text = chr(code - _ASCII_OFFSET)
    elif code in _SYMBOL_AREA:
        sink.flags.add(SYMBOL_CHAR)
    sink.add(text, struck=struck)
