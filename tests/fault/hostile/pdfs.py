"""PDF files that no office would write: bombs, loops, lies about size. Each function returns the bytes of one."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

from tests.fault.hostile.bombs import deflated, twice

MIB = 1 << 20
# What a reader that holds all of it at once cannot survive.
GIB = 1 << 30
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_RESOURCES = b"/Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >>"


def pdf(objects: Mapping[int, bytes], trailer: bytes = b"", *, tail: bytes = b"") -> bytes:
    """A PDF of these numbered objects with a table of their places; object 1 is its catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out + tail)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), entries, data)


def one_page(
    content: bytes,
    *,
    box: bytes = b"0 0 595 842",
    more: bytes = b"",
    resources: bytes = _RESOURCES,
    others: Mapping[int, bytes] | None = None,
) -> bytes:
    """A PDF of one page with this content object."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R %b %b >>" % (box, resources, more)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: page,
        4: content,
        5: _FONT,
        6: stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 1 1]"),
    }
    return pdf({**objects, **(others or {})})


def _says(text: bytes = b"1234567890 " * 5) -> bytes:
    return b"BT /F 10 Tf 50 700 Td (%b) Tj ET\n" % text


def flate_bomb() -> bytes:
    return one_page(stream(deflated(b" " * MIB, 3 * GIB // MIB), b"/Filter /FlateDecode"))


def nested_filters() -> bytes:
    return one_page(stream(twice(b" " * MIB, 3 * GIB // MIB), b"/Filter [/FlateDecode /FlateDecode]"))


def many_contents() -> bytes:
    """Each stream is within bounds, all of them together are not."""
    bomb = stream(deflated(b" " * MIB, 50), b"/Filter /FlateDecode")
    return one_page(bomb).replace(b"/Contents 4 0 R", b"/Contents [%b]" % (b"4 0 R " * 1000))


def run_length_bomb() -> bytes:
    return one_page(stream(zlib.compress(b"\x81 " * (GIB // 128)), b"/Filter [/FlateDecode /RunLengthDecode]"))


def thousand_filters() -> bytes:
    return one_page(stream(b"41>" * 3, b"/Filter [%b]" % (b"/ASCIIHexDecode " * 100_000)))


def predictor_columns() -> bytes:
    parms = b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 2147483647 /Colors 4 /BitsPerComponent 16 >>"
    return one_page(stream(deflated(b"\2" * MIB, 8), parms))


def object_stream() -> bytes:
    packed = deflated(b" " * MIB, 3 * GIB // MIB)
    entries = b"/Type /ObjStm /N 1000 /First 10 /Filter /FlateDecode"
    return one_page(stream(_says()), others={7: stream(packed, entries)})


def xref_stream(*, size: int = GIB // 8) -> bytes:
    """A table of places that is itself a bomb."""
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    body += b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    entries = b"/Type /XRef /Size %d /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Index [0 %d]" % (size, size)
    packed = deflated(b"\1\0\0\0\x09\0\0" * (MIB // 8), size // (MIB // 8))
    return body + b"9 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(packed, entries), len(body))


def xref_of_any_size() -> bytes:
    return (
        one_page(stream(_says()))
        .replace(b"xref\n0 7\n", b"xref\n0 2147483640\n", 1)
        .replace(b"/Size 7", b"/Size 2147483647")
    )


def xref_loop() -> bytes:
    whole = one_page(stream(_says()))
    start = whole.rindex(b"xref\n0 7")
    return whole.replace(b"/Size 7", b"/Size 7 /Prev %d /XRefStm %d" % (start, start))


def reference_loop() -> bytes:
    """A number that is a reference to a reference to itself; a length that is its own stream."""
    others = {7: b"8 0 R", 8: b"7 0 R"}
    whole = one_page(b"<< /Length 4 0 R >>\nstream\n%b\nendstream" % _says(), others=others)
    return whole.replace(b"/MediaBox [0 0 595 842]", b"/MediaBox 7 0 R /Rotate 8 0 R")


def page_tree_loop() -> bytes:
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 400 /Parent 3 0 R >>",
            3: b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 400 /Parent 2 0 R >>",
        }
    )


def wide_page_tree_loop() -> bytes:
    """Each level names the next one ten times: 10^12 pages."""
    kids = {n: b"<< /Type /Pages /Kids [%b] /Count 300 >>" % (b"%d 0 R " % (n + 1) * 10) for n in range(2, 14)}
    return pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", **kids, 14: b"<< /Type /Page /MediaBox [0 0 9 9] >>"})


def deep_page_tree(depth: int = 20_000) -> bytes:
    kids = {n: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (n + 1, n - 1) for n in range(2, depth)}
    page = b"<< /Type /Page /MediaBox [0 0 595 842] /Parent %d 0 R >>" % (depth - 1)
    return pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", **kids, depth: page})


def many_pages(count: int = 10_000) -> bytes:
    pages = dict.fromkeys(range(3, 3 + count), b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")
    kids = b" ".join(b"%d 0 R" % n for n in pages)
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count),
            **pages,
        }
    )


def count_that_lies() -> bytes:
    return one_page(stream(_says())).replace(b"/Count 1", b"/Count 2147483647")


def small_count_of_many_pages() -> bytes:
    return many_pages().replace(b"/Count 10000", b"/Count 1")


def huge_media_box() -> bytes:
    return one_page(stream(_says() + b"0 0 9999999 9999999 re S\n"), box=b"0 0 99999999 99999999")


def absurd_media_box() -> bytes:
    return one_page(stream(_says()), box=b"-1e38 -3.4e38 9" + b"9" * 300 + b" 1e400")


def user_unit() -> bytes:
    return one_page(stream(_says()), more=b"/UserUnit 75000000")


def scan_on_a_huge_page() -> bytes:
    picture = stream(
        deflated(b"\xff" * 125, 1000),
        b"/Type /XObject /Subtype /Image /Width 1000 /Height 1000 /BitsPerComponent 1 /ColorSpace /DeviceGray"
        b" /Filter /FlateDecode",
    )
    content = stream(b"q 14400 0 0 14400 0 0 cm /X Do Q")
    return one_page(content, box=b"0 0 14400 14400", others={6: picture})


def picture_of_gigabytes(side: int = 40_000) -> bytes:
    """A page under a picture of 4.8 GB in a few megabytes."""
    picture = stream(
        deflated(bytes(side * 3), side),
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent 8 /ColorSpace /DeviceRGB"
        b" /Filter /FlateDecode" % (side, side),
    )
    return one_page(stream(b"q 595 0 0 842 0 0 cm /X Do Q"), others={6: picture})


def picture_that_lies() -> bytes:
    picture = stream(
        b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\3\1\x11\0\2\x11\0\3\x11\0\xff\xd9",
        b"/Type /XObject /Subtype /Image /Width 2000000000 /Height 2000000000 /BitsPerComponent 8"
        b" /ColorSpace /DeviceRGB /Filter /DCTDecode",
    )
    return one_page(stream(b"q 595 0 0 842 0 0 cm /X Do Q"), others={6: picture})


def many_pictures() -> bytes:
    """A thousand places of one picture on a page of text."""
    picture = stream(
        deflated(b"\x80" * 3000, 1000),
        b"/Type /XObject /Subtype /Image /Width 1000 /Height 1000 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
        b" /Filter /FlateDecode",
    )
    places = b"".join(b"q 130 0 0 130 %d %d cm /X Do Q\n" % (n % 400, n // 2) for n in range(1000))
    return one_page(stream(_says() + places), others={6: picture})


def form_that_draws_itself() -> bytes:
    form = stream(b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + _RESOURCES)
    return one_page(stream(_says() + b"/X Do"), others={6: form})


def forms_of_forms(levels: int = 12) -> bytes:
    """Each form draws the next one ten times."""
    others = {
        n: stream(
            b"/X Do " * 10,
            b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X %d 0 R >> >>" % (n + 1),
        )
        for n in range(6, 6 + levels)
    }
    others[6 + levels] = stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")
    return one_page(stream(_says() + b"/X Do"), others=others)


def deep_arrays(depth: int = 300_000) -> bytes:
    return one_page(stream(_says() + b"[" * depth + b"]" * depth + b" TJ\n" + b"<<" * depth))


def deep_object(depth: int = 300_000) -> bytes:
    return one_page(stream(_says()), more=b"/Deep " + b"[" * depth + b"]" * depth)


def many_states() -> bytes:
    return one_page(stream(b"q " * 3_000_000 + _says()))


def many_rulings(count: int = 200_000) -> bytes:
    lines = b"".join(
        b"%d.%d 0 m %d.%d 842 l S 0 %d.%d m 595 %d.%d l S\n"
        % (n % 595, n // 595, n % 595, n // 595, n % 842, n // 842, n % 842, n // 842)
        for n in range(count // 2)
    )
    return one_page(stream(zlib.compress(_says() + lines), b"/Filter /FlateDecode"))


def net_of_rulings(count: int = 400) -> bytes:
    """A net of 160,000 cells."""
    lines = b"".join(
        b"%.2f 0 m %.2f 842 l S 0 %.2f m 595 %.2f l S\n" % (n * 1.48, n * 1.48, n * 2.1, n * 2.1) for n in range(count)
    )
    return one_page(stream(_says() + lines))


def many_characters(count: int = 1_000_000) -> bytes:
    text = b"".join(
        b"1 0 0 1 %d.%d %d.%d Tm (12345678901234567890) Tj\n" % (n % 500, n % 10, n % 800, n % 7)
        for n in range(count // 20)
    )
    return one_page(stream(zlib.compress(b"BT /F 10 Tf\n" + text + b"ET"), b"/Filter /FlateDecode"))


def one_long_string(count: int = 2_000_000) -> bytes:
    return one_page(stream(zlib.compress(_says(b"7" * count)), b"/Filter /FlateDecode"))


def characters_far_away() -> bytes:
    sizes = b"BT /F 1e30 Tf 1 0 0 1 1e30 -1e30 Tm (123) Tj /F 10 Tf 1 0 0 1 3e38 3e38 Tm (456) Tj 1e30 Tz (7) Tj ET\n"
    return one_page(stream(_says() + sizes + b"0 0 m 1e38 0 l S 0 0 m 0 1e300 l S 1e38 1e38 1e38 1e38 re S\n"))


def many_curves(count: int = 500_000) -> bytes:
    return one_page(stream(_says() + b"0 0 m\n" + b"1 2 3 4 5 6 c\n" * count + b"S"))


def _with_font(font: bytes, text: bytes = b"<00010002> Tj", others: Mapping[int, bytes] | None = None) -> bytes:
    content = stream(b"BT /F 10 Tf 50 700 Td %b ET" % text)
    return one_page(content, others={5: font, **(others or {})})


def _cid_font(more: bytes, encoding: bytes = b"/Identity-H", to_unicode: bytes = b"") -> bytes:
    descendant = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        b" /Supplement 0 >> %b >>" % more
    )
    return b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding %b %b /DescendantFonts [%b] >>" % (
        encoding,
        to_unicode,
        descendant,
    )


def widths_of_all_numbers() -> bytes:
    return _with_font(_cid_font(b"/W [0 2147483647 500]"))


def vertical_widths_of_all_numbers() -> bytes:
    return _with_font(_cid_font(b"/W2 [0 2147483647 500 1 2]", encoding=b"/Identity-V"))


def map_of_all_numbers() -> bytes:
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00000000> <ffffffff>"
        b" endcodespacerange 1 beginbfrange <00000000> <ffffffff> <0030> endbfrange"
        b" 1 begincidrange <00000000> <ffffffff> 0 endcidrange endcmap"
    )
    return _with_font(_cid_font(b"", to_unicode=b"/ToUnicode 7 0 R"), others={7: stream(cmap)})


def map_as_encoding() -> bytes:
    cmap = b"begincmap 1 begincidrange <00000000> <ffffffff> 0 endcidrange 1 begincidchar <00> 1 endcidchar endcmap"
    return _with_font(
        _cid_font(b"", encoding=b"7 0 R"), others={7: stream(cmap, b"/Type /CMap /CMapName /Evil /UseCMap /Evil")}
    )


def font_file_bomb() -> bytes:
    packed = stream(deflated(b"\0" * MIB, 3 * GIB // MIB), b"/Filter /FlateDecode /Length1 100")
    font = (
        b"<< /Type /Font /Subtype /TrueType /BaseFont /A /FirstChar 0 /LastChar 2000000000 /Widths [500]"
        b" /FontDescriptor << /Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 7 0 R >> >>"
    )
    return _with_font(font, text=b"(12) Tj", others={7: packed})


def type3_loop() -> bytes:
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 49 /LastChar 49"
        b" /Widths [1] /Encoding << /Differences [49 /a] >> /CharProcs << /a 7 0 R >> /Resources"
        b" << /Font << /F 5 0 R >> >> >>"
    )
    return _with_font(
        font, text=b"(1111111111111111111111111) Tj", others={7: stream(b"BT /F 1 Tf (1111111111) Tj ET")}
    )


def long_names() -> bytes:
    return one_page(stream(_says()), more=b"/" + b"A" * 50_000_000 + b" 1")


def many_objects(count: int = 700_000) -> bytes:
    return one_page(stream(_says()), others=dict.fromkeys(range(10, count), b"0"))


def garbage_after_header() -> bytes:
    """No table of places: readers look for objects by themselves."""
    return b"%PDF-1.7\n" + b"1 0 obj << /Type /Catalog >> endobj " * 300_000 + b"trailer << /Root 1 0 R >>"


def actions() -> bytes:
    """Everything that a viewer would run or open."""
    acts = b"/OpenAction << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9/js'\\)) >> "
    acts += b"/AA << /WC << /S /Launch /F (/bin/sh) >> >>"
    names = b"/Names << /EmbeddedFiles << /Names [(a) << /F (a.sh) /EF << /F 7 0 R >> >>] >> >>"
    acro = b"/AcroForm << /XFA 8 0 R /Fields [] >>"
    whole = one_page(
        stream(_says()),
        more=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://127.0.0.1:9/uri) >> >>]",
        others={
            7: stream(b"#!/bin/sh\ntouch /tmp/run"),
            8: stream(b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/dtd"><xdp/>'),
            9: stream(b"", b"/F << /FS /URL /F (http://127.0.0.1:9/stream) >> /FFilter /FlateDecode"),
        },
    )
    return whole.replace(b"/Type /Catalog", b"/Type /Catalog " + acts + names + acro).replace(
        b"/Contents 4 0 R", b"/Contents [4 0 R 9 0 R]"
    )


def encoding_as_path() -> bytes:
    """The name of a character map that leads out of the folder of such maps."""
    return _with_font(_cid_font(b"", encoding=b"/..#2F..#2F..#2F..#2F..#2F..#2Ftmp#2Fnianbao-evil"))


PDFS: dict[str, Callable[[], bytes]] = {
    f.__name__: f
    for f in (
        flate_bomb,
        nested_filters,
        many_contents,
        run_length_bomb,
        thousand_filters,
        predictor_columns,
        object_stream,
        xref_stream,
        xref_of_any_size,
        xref_loop,
        reference_loop,
        page_tree_loop,
        wide_page_tree_loop,
        deep_page_tree,
        many_pages,
        count_that_lies,
        small_count_of_many_pages,
        huge_media_box,
        absurd_media_box,
        user_unit,
        scan_on_a_huge_page,
        picture_of_gigabytes,
        picture_that_lies,
        many_pictures,
        form_that_draws_itself,
        forms_of_forms,
        deep_arrays,
        deep_object,
        many_states,
        many_rulings,
        net_of_rulings,
        many_characters,
        one_long_string,
        characters_far_away,
        many_curves,
        widths_of_all_numbers,
        vertical_widths_of_all_numbers,
        map_of_all_numbers,
        map_as_encoding,
        font_file_bomb,
        type3_loop,
        long_names,
        many_objects,
        garbage_after_header,
        actions,
        encoding_as_path,
    )
}
