"""Web pages and texts that no office would publish. Each function returns the bytes of one."""

from __future__ import annotations

import base64
from collections.abc import Callable

from tests.fault.hostile.pictures import png_bomb

MIB = 1 << 20
_HEAD = b"<!DOCTYPE html><html><head><meta charset=utf-8></head><body>"
# Nothing may be fetched from here.
NOWHERE = "http://127.0.0.1:9"


def deep_blocks(depth: int = 100_000) -> bytes:
    return _HEAD + b"<div>" * depth + b"text" + b"</div>" * depth


def deep_tables(depth: int = 100_000) -> bytes:
    return _HEAD + b"<table><tr><td>1" * depth


def deep_within_bounds(depth: int = 400) -> bytes:
    return _HEAD + b"<table><tr><td>1 2 3<p>text" * depth


def deep_dressing(depth: int = 500_000) -> bytes:
    return _HEAD + b"<font>1" * depth


def deep_lists(depth: int = 50_000) -> bytes:
    return _HEAD + b"<ul><li>1" * depth


def huge_spans() -> bytes:
    row = b"<tr>" + b"<td colspan=1000000000 rowspan=1000000000>1</td>" * 400 + b"</tr>"
    return _HEAD + b"<table>" + row * 400 + b"</table>"


def spans_of_many_digits() -> bytes:
    digits = b"9" * MIB
    return _HEAD + b"<table><tr><td colspan=%b>1</td><td rowspan=-%b>2</td></tr></table>" % (digits, digits)


def many_cells() -> bytes:
    return _HEAD + b"<table>" + (b"<tr>" + b"<td>1" * 100) * 20_000 + b"</table>"


def many_cells_within_bounds() -> bytes:
    return _HEAD + b"<table>" + (b"<tr>" + b"<td>1" * 100) * 1_990 + b"</table>"


def many_tables() -> bytes:
    return _HEAD + b"<table><tr><td>1<td>2<tr><td>3<td>4</table>" * 40_000


def many_rowspans() -> bytes:
    """Cells that all hang down: each row looks at those of the rows above."""
    row = b"<tr>" + b"<td rowspan=1000>1</td>" * 100 + b"</tr>"
    return _HEAD + b"<table>" + row * 1_900 + b"</table>"


def many_entities() -> bytes:
    return _HEAD + b"&lt;&#x4e2d;&nbsp;&NotEqualTilde;" * 2_000_000


def entity_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e0 "lol"><!ENTITY x SYSTEM "file:///etc/passwd">{entities}]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>&e11;</p><p>&x;</p></body></html>'
    ).encode()


def gigantic_attribute() -> bytes:
    return _HEAD + b'<p style="' + b"display:none;" * (100 * MIB // 13) + b'">text</p>'


def many_attributes() -> bytes:
    return _HEAD + b"<p " + b"".join(b"a%d=1 " % n for n in range(1_000_000)) + b">text</p>"


def gigantic_style_of_many_cells() -> bytes:
    style = b"font:" + b"x" * 2_000 + b";"
    return _HEAD + b"<table>" + (b'<tr><td style="' + style + b'">1<td>2') * 40_000 + b"</table>"


def open_comment() -> bytes:
    return _HEAD + b"<!--" + b"- ->" * (25 * MIB)


def open_tag() -> bytes:
    return _HEAD + b"<span " + b"<span " * (10 * MIB)


def many_open_signs() -> bytes:
    return _HEAD + b"<" * (50 * MIB)


def external() -> bytes:
    """Everything that a browser would fetch or run."""
    tags = (
        '<base href="{0}/"><link rel=stylesheet href="{0}/a.css"><meta http-equiv=refresh content="0;url={0}/b">'
        '<script src="{0}/c.js"></script><script>location="{0}/d"</script><img src="{0}/e.png" width=500 height=500>'
        '<img srcset="{0}/f.png"><iframe src="{0}/g"></iframe><object data="{0}/h"></object><embed src="{0}/i">'
        '<video poster="{0}/j"></video><body background="{0}/k" onload="fetch(\'{0}/l\')"><a ping="{0}/m">text</a>'
        '<img src="file:///etc/passwd" width=500 height=500><img src="\\\\127.0.0.1\\n.png" width=500 height=500>'
        '<style>@import url("{0}/o.css");</style><table><tr><td>1<td>2</table>'
    )
    return ("<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0//EN' '{0}/p.dtd'><html>" + tags).format(NOWHERE).encode()


def xhtml_of_elsewhere() -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><?xml-stylesheet href="{NOWHERE}/a.xsl"?>'
        f'<!DOCTYPE html [<!ENTITY % r SYSTEM "{NOWHERE}/r.dtd">%r;<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:xi="http://www.w3.org/2001/XInclude"><body>'
        f'<xi:include href="file:///etc/passwd" parse="text"/><p>&f;</p></body></html>'
    ).encode()


def picture_bombs_in_addresses() -> bytes:
    picture = base64.b64encode(png_bomb(30_000))
    return _HEAD + b"".join(b"<img src='data:image/png;n=%d;base64,%b'>" % (n, picture) for n in range(5))


def many_small_pictures(count: int = 100_000) -> bytes:
    tiny = base64.b64encode(b"\x89PNG\r\n\x1a\n")
    return _HEAD + b"".join(b"<img src='data:image/png;base64,%bAA%d'>" % (tiny, n) for n in range(count))


def broken_address() -> bytes:
    return _HEAD + b"<img src='data:image/png;base64," + b"%" * (50 * MIB) + b"'>"


def nested_parts(depth: int = 20_000) -> bytes:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a0\r\n\r\n"
    parts = b"".join(
        b"--a%d\r\nContent-Type: multipart/related; boundary=a%d\r\n\r\n" % (n, n + 1) for n in range(depth)
    )
    return head + parts + b"--a%d\r\nContent-Type: text/html\r\n\r\n<p>text</p>\r\n" % depth


def nested_messages(depth: int = 5_000) -> bytes:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n--a\r\n"
    return head + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"<p>text</p>"


def many_parts(count: int = 200_000) -> bytes:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n"
    page = b"--a\r\nContent-Type: text/html\r\n\r\n<p>text</p>\r\n"
    return head + page + b"".join(b"--a\r\nContent-Location: %d\r\n\r\nx\r\n" % n for n in range(count))


def part_without_end() -> bytes:
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="' + b"a" * MIB + b'"\r\n\r\n'
    return head + b"--" * (50 * MIB)


def one_line() -> bytes:
    return b"a1 " * (200 * MIB // 3)


def many_empty_lines() -> bytes:
    return b"a" + b"\n" * (150 * MIB)


def many_pipes() -> bytes:
    return b"|1" * (50 * MIB)


def many_rows_of_pipes() -> bytes:
    return b"| 1 | 2 |\n" * (5 * MIB)


def many_tabs() -> bytes:
    return b"1\t" * (50 * MIB)


def one_long_number() -> bytes:
    return "一、总体情况\n2023年收到申请 ".encode() + b"7" * 1_900_000 + "件。\n".encode()


def numbers_too_long_for_python() -> bytes:
    """A table whose cells have more digits than int() takes."""
    rows = b"".join(b"<tr><td>1</td><td>" + b"9" * 5000 + b"</td><td>1e999999999</td></tr>" for _ in range(5))
    text = "<p>本年收到申请".encode() + b"8" * 6000 + "件，收费".encode() + b"1" * 5000 + "万元</p>".encode()
    return _HEAD + text + b"<table>" + rows + b"</table>"


def long_chinese_number() -> bytes:
    return ("一、总体情况\n收到申请" + "九千万亿兆" * 100_000 + "件。" + "十" * 300_000 + "百件").encode()


def many_brackets() -> bytes:
    return "一、总体情况（".encode() + "（".encode() * 300_000 + "“".encode() * 200_000


def many_headings() -> bytes:
    return "一、总体情况\n二、主动公开\n".encode() * 60_000


def many_clauses() -> bytes:
    return "一、总体情况\n".encode() + "收到申请3件，办结2件，结转1件；".encode() * 40_000


def many_years() -> bytes:
    return "二〇二三年2023年1月1日至2024年12月31日".encode() * 40_000


def many_form_words() -> bytes:
    return "第二十条第（一）项 规章 12 3 商业企业 法律服务机构 结果维持 尚未审结 结转下年度继续办理 ".encode() * 15_000


def many_dates_of_spaces() -> bytes:
    return "一、总体情况\n2023".encode() + b" " * 1_000_000 + "年".encode() + b" 1" * 400_000


def utf16_of_halves() -> bytes:
    return b"\xff\xfe" + b"\x00\xd8" * (20 * MIB)


def utf7() -> bytes:
    return b"<html><head><meta charset=utf-7></head><body>+ADw-script+AD4-" + b"+" * MIB + "年报".encode("gb18030")


def shifted_states() -> bytes:
    return b"<meta charset=hz-gb-2312>" + b"~{~}" * (5 * MIB) + b"\xff"


def unknown_encoding() -> bytes:
    return b"<meta charset=" + b"x" * 200 + b"><p>" + bytes(range(128, 256)) * 1000


PAGES: dict[str, Callable[[], bytes]] = {
    f.__name__: f
    for f in (
        deep_blocks,
        deep_tables,
        deep_within_bounds,
        deep_dressing,
        deep_lists,
        huge_spans,
        spans_of_many_digits,
        many_cells,
        many_cells_within_bounds,
        many_tables,
        many_rowspans,
        many_entities,
        entity_bomb,
        gigantic_attribute,
        many_attributes,
        gigantic_style_of_many_cells,
        open_comment,
        open_tag,
        many_open_signs,
        external,
        xhtml_of_elsewhere,
        picture_bombs_in_addresses,
        many_small_pictures,
        broken_address,
        nested_parts,
        nested_messages,
        many_parts,
        part_without_end,
    )
}
TEXTS: dict[str, Callable[[], bytes]] = {
    f.__name__: f
    for f in (
        one_line,
        many_empty_lines,
        many_pipes,
        many_rows_of_pipes,
        many_tabs,
        one_long_number,
        numbers_too_long_for_python,
        long_chinese_number,
        many_brackets,
        many_headings,
        many_clauses,
        many_years,
        many_form_words,
        many_dates_of_spaces,
        utf16_of_halves,
        utf7,
        shifted_states,
        unknown_encoding,
    )
}
