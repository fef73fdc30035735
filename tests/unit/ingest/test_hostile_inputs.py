"""Whatever the bytes: grids without overlaps, or an error of ours; never another exception."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.document import Opened, SourceInfo
from models.errors import InputError
from pipeline.ingest.detect import OLE_MAGIC, detect_media_type
from pipeline.ingest.open_docx import open_docx
from pipeline.ingest.open_html import open_html
from pipeline.ingest.open_text import open_text

SOURCE = SourceInfo("a", "", "", 1)
OPENERS: dict[str, Callable[[bytes, str, SourceInfo], Opened]] = {
    "text/html": open_html,
    "application/docx": open_docx,
    "text/plain": open_text,
}
MAGICS = [
    b"",
    b"%PDF-",
    b"PK\x03\x04",
    OLE_MAGIC,
    b"BM",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"<html>",
    b"<?xml ",
    b"From: ",
    b"|",
]
TAGS = [
    "table",
    "tr",
    "td",
    "thead",
    "tfoot",
    "sup",
    "p",
    "div",
    "span",
    "select",
    "option",
    "br",
    "del",
    "pre",
    "noscript",
]
SPAN = st.sampled_from(
    ["", " rowspan=0", " rowspan=2", " rowspan=9999", " colspan=2", " colspan=3 rowspan=3", " hidden"]
)
MARKUP = st.lists(
    st.one_of(
        st.builds("<{}{}>".format, st.sampled_from(TAGS), SPAN),
        st.builds("</{}>".format, st.sampled_from(TAGS)),
        st.builds("<td{}>{}".format, SPAN, st.integers(0, 99)),
        st.sampled_from(["<tr>", "总计"]),
    ),
    max_size=40,
).map("".join)
PARTS = ["tbl", "tr", "tc", "p", "r", "sdt", "ins", "del"]
MERGES = [
    "",
    "<w:gridSpan w:val='2'/>",
    "<w:vMerge/>",
    "<w:vMerge w:val='restart'/>",
    "<w:gridSpan w:val='x'/><w:vMerge/>",
]
WORD_XML = st.recursive(
    st.builds("<w:t>{}</w:t>".format, st.integers(0, 99)),
    lambda inner: st.one_of(
        st.builds(
            lambda tag, children: f"<w:{tag}>{''.join(children)}</w:{tag}>",
            st.sampled_from(PARTS),
            st.lists(inner, max_size=4),
        ),
        st.builds(lambda merge, child: f"<w:tc><w:tcPr>{merge}</w:tcPr>{child}</w:tc>", st.sampled_from(MERGES), inner),
    ),
    max_leaves=12,
)
LINES = st.lists(st.sampled_from(["|", "\t", "\n", "规章", "1", "---", "|---|", "+--+", "#", " ", "\r"]), max_size=40)


def covered(opened: Opened) -> Counter[tuple[int, int, int]]:
    slots: Counter[tuple[int, int, int]] = Counter()
    for number, grid in enumerate(opened.grids):
        for cell in grid.cells:
            assert 0 <= cell.row_start < cell.row_stop <= grid.n_rows
            assert 0 <= cell.col_start < cell.col_stop <= grid.n_cols
            slots.update(
                (number, r, c)
                for r in range(cell.row_start, cell.row_stop)
                for c in range(cell.col_start, cell.col_stop)
            )
    return slots


def assert_no_overlap(opened: Opened) -> None:
    assert all(count == 1 for count in covered(opened).values())


def open_or_refuse(data: bytes) -> Opened | InputError | None:
    """None for types that are opened elsewhere (PDF, images)."""
    try:
        opener = OPENERS.get(detect_media_type(data, "a"))
        return opener(data, "a", SOURCE) if opener else None
    except InputError as refusal:
        return refusal


@settings(max_examples=60, deadline=None)
@given(magic=st.sampled_from(MAGICS), rest=st.binary(max_size=200))
def test_any_bytes_are_opened_or_refused_with_a_remedy(magic: bytes, rest: bytes) -> None:
    outcome = open_or_refuse(magic + rest)
    if isinstance(outcome, Opened):
        assert_no_overlap(outcome)
    elif outcome is not None:
        assert outcome.source == "a"
        assert outcome.remedy


@settings(max_examples=60, deadline=None)
@given(markup=MARKUP)
def test_any_markup_gives_grids_without_overlaps(markup: str) -> None:
    assert_no_overlap(open_html(f"<html><body>{markup}".encode(), "a", SOURCE))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=WORD_XML)
def test_any_word_xml_gives_grids_without_overlaps(body: str, docx_of: Callable[[str], bytes]) -> None:
    assert_no_overlap(open_docx(docx_of(body), "a", SOURCE))


@settings(max_examples=60, deadline=None)
@given(pieces=LINES, encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_any_text_gives_grids_without_overlaps_and_keeps_its_characters(pieces: list[str], encoding: str) -> None:
    text = "".join(pieces)
    opened = open_text(text.encode(encoding), "a", SOURCE)
    assert_no_overlap(opened)
    seen = "".join([line.text for line in opened.lines] + [cell.text for grid in opened.grids for cell in grid.cells])
    for sign in "规章1":
        assert seen.count(sign) == text.count(sign)


@pytest.mark.parametrize("data", [b"<html>", b"<table>", b"<p></p>"])
def test_markup_without_text_is_reported_as_such(data: bytes) -> None:
    assert "no_text" in open_html(data, "a", SOURCE).warnings
