"""Bytes to characters: declared, undeclared and wrongly declared encodings."""

from __future__ import annotations

import codecs

import pytest

from pipeline.ingest.decode import ENCODING_DAMAGED, ENCODING_GUESSED, declared_charset, decode_text, known_charset

TEXT = "政府信息公开工作年度报告：收到申请 35 件，予以公开 9 件。"
# In GBK and GB18030, not in GB2312.
GBK_ONLY = "朱镕基、李喆，收到申请 35 件。"
# Four bytes in GB18030, not in GBK.
GB18030_ONLY = "㐂镇政府信息公开 35 件。"


def html(charset: str, text: str = TEXT) -> str:
    return f'<html><head><meta charset="{charset}"></head><body><p>{text}</p></body></html>'


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_taken_off(mark: bytes, encoding: str) -> None:
    assert decode_text(mark + TEXT.encode(encoding)) == (TEXT, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark_is_recognised(encoding: str) -> None:
    assert decode_text(TEXT.encode(encoding)) == (TEXT, (ENCODING_GUESSED,))


def test_undeclared_utf8_is_certain_because_it_is_valid() -> None:
    assert decode_text(TEXT.encode()) == (TEXT, ())


@pytest.mark.parametrize("text", [TEXT, GBK_ONLY, GB18030_ONLY])
def test_undeclared_gb18030_is_read_and_called_a_guess(text: str) -> None:
    assert decode_text(text.encode("gb18030")) == (text, (ENCODING_GUESSED,))


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030", "GB_2312-80", "x-gbk"])
@pytest.mark.parametrize("text", [TEXT, GBK_ONLY, GB18030_ONLY])
def test_every_declared_gb_is_read_as_the_largest(declared: str, text: str) -> None:
    page = html(declared, text)
    assert decode_text(page.encode("gb18030")) == (page, ())


def test_utf8_wins_over_a_wrong_declaration() -> None:
    page = html("gb2312")
    assert decode_text(page.encode()) == (page, ())


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1252", "no-such-charset"])
def test_gb18030_declared_as_something_else_is_still_read(declared: str) -> None:
    page = html(declared)
    assert decode_text(page.encode("gb18030")) == (page, (ENCODING_GUESSED,))


def test_declared_big5_is_read() -> None:
    page = html("big5", "政府資訊公開 35 件")
    assert decode_text(page.encode("big5")) == (page, ())


def test_a_byte_lost_from_utf8_does_not_turn_the_rest_into_another_encoding() -> None:
    data = (TEXT * 5).encode()
    text, warnings = decode_text(data[:31] + data[32:])
    assert text.endswith(TEXT)
    assert warnings == (ENCODING_DAMAGED,)


def test_a_character_cut_off_at_the_end_is_reported() -> None:
    text, warnings = decode_text(TEXT.encode()[:-1])
    assert text == TEXT[:-1]
    assert warnings == (ENCODING_DAMAGED,)


def test_a_broken_byte_in_gb18030_stands_as_a_replacement_character() -> None:
    data = html("gbk").encode("gb18030").replace("公开".encode("gb18030"), "公".encode("gb18030") + b"\xff", 1)
    text, warnings = decode_text(data)
    assert "\ufffd" in text
    assert "收到申请 35 件" in text
    assert ENCODING_DAMAGED in warnings


def test_characters_lost_by_others_are_reported() -> None:
    assert ENCODING_DAMAGED in decode_text("政府信息锟斤拷公开".encode())[1]


@pytest.mark.parametrize(
    "head",
    [
        b'<meta charset="gb2312">',
        b"<meta charset=GBK>",
        b'<META http-equiv="Content-Type" content="text/html; charset=gb2312" />',
        b"<?xml version='1.0' encoding='gb2312'?>",
    ],
)
def test_declarations_are_found_in_all_their_forms(head: bytes) -> None:
    assert declared_charset(head + b"<p>1</p>") == "gb18030"


def test_charsets_that_say_nothing_count_as_undeclared() -> None:
    assert known_charset("latin-1") is None
    assert known_charset("") is None
    assert known_charset("UTF8") == "utf-8"
