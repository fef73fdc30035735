"""Word documents that no office would send. Each function returns the bytes of one."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

from tests.fault.hostile.bombs import crc32_of_zeros, deflated
from tests.fault.hostile.pages import NOWHERE
from tests.fault.hostile.pictures import png_bomb

MIB = 1 << 20
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r" Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def body(inside: str, *, before: str = "") -> str:
    """The main part with this content."""
    return f'{before}<w:document xmlns:w="{_W}" xmlns:r="{_R}" xmlns:a="{_A}"><w:body>{inside}</w:body></w:document>'


def docx(document: str | bytes, members: Mapping[str, str | bytes] | None = None) -> bytes:
    """A DOCX with this main part and these further members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONSHIPS)
        archive.writestr("word/document.xml", document)
        for name, content in (members or {}).items():
            archive.writestr(name, content)
    return stream.getvalue()


def raw_zip(members: list[tuple[str, bytes, int, int]], *, overlap: bool = False) -> bytes:
    """A ZIP of members already deflated: (name, raw stream, size stated, CRC).

    With ``overlap`` all of them are the first one.
    """
    out, central = bytearray(), bytearray()
    for number, (name, packed, size, crc) in enumerate(members):
        place = 0 if overlap else len(out)
        coded = name.encode()
        head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(packed), size, len(coded), 0)
        if not overlap or number == 0:
            out += b"PK\3\4" + head + coded + packed
        central += b"PK\1\2" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, place) + coded
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(central), len(out), 0)
    return bytes(out + central + b"PK\5\6" + end)


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def zip_bomb() -> bytes:
    size = 3 << 30
    return raw_zip([("word/document.xml", deflated(bytes(MIB), 3 << 10, wbits=-15), size, crc32_of_zeros(size))])


def zip_bomb_that_lies() -> bytes:
    """A member that states a thousand bytes and has gigabytes."""
    return raw_zip([("word/document.xml", deflated(bytes(MIB), 3 << 10, wbits=-15), 1000, crc32_of_zeros(1000))])


def many_bombs() -> bytes:
    size = 60 * MIB
    packed, crc = deflated(bytes(MIB), 60, wbits=-15), crc32_of_zeros(size)
    return raw_zip(
        [("word/document.xml", packed, size, crc), *((f"word/media/{n}.png", packed, size, crc) for n in range(40))]
    )


def overlapping_members() -> bytes:
    size = 30 * MIB
    packed, crc = deflated(bytes(MIB), 30, wbits=-15), crc32_of_zeros(size)
    return raw_zip([("word/document.xml", packed, size, crc)] * 3000, overlap=True)


def many_members() -> bytes:
    return raw_zip([("word/document.xml", b"\3\0", 0, 0), *((f"{n}", b"\3\0", 0, 0) for n in range(60_000))])


def names_that_lead_out() -> bytes:
    names = (
        "../../../../tmp/nianbao-evil",
        "/tmp/nianbao-evil",
        "C:\\nianbao-evil",
        "word/../../x",
        "word/\0x",
        "a" * 60_000,
    )
    relationships = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_R}/image" Target="../../../../tmp/nianbao-evil"/>'
        f'<Relationship Id="r2" Type="{_R}/image" Target="file:///etc/passwd"/></Relationships>'
    )
    pictures = '<w:p><w:r><a:blip r:embed="r1"/><a:blip r:embed="r2"/></w:r></w:p>'
    return docx(
        body(_paragraph("text") + pictures),
        {**dict.fromkeys(names, b"evil"), "word/_rels/document.xml.rels": relationships},
    )


def entity_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return docx(body(_paragraph("&e11;"), before=f'<!DOCTYPE d [<!ENTITY e0 "lol">{entities}]>'))


def external_entity() -> bytes:
    return docx(
        body(
            _paragraph("&x;&y;"),
            before=f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y SYSTEM "{NOWHERE}/y">]>',
        )
    )


def external_subset() -> bytes:
    return docx(body(_paragraph("text"), before=f'<!DOCTYPE d SYSTEM "{NOWHERE}/d.dtd">'))


def quadratic_entity() -> bytes:
    return docx(body(_paragraph("&e;" * 50_000), before=f'<!DOCTYPE d [<!ENTITY e "{"x" * 50_000}">]>'))


def entity_bomb_in_relationships() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    listed = f'<!DOCTYPE d [<!ENTITY e0 "lol">{entities}]><Relationships Id="&e11;">&e11;</Relationships>'
    return docx(body(_paragraph("text")), {"word/_rels/document.xml.rels": listed, "docProps/core.xml": listed})


def external_relationships() -> bytes:
    """A template, a frame, a picture and a chunk that Word would fetch; a macro that it would run."""
    external = "".join(
        f'<Relationship Id="r{n}" Type="{_R}/{kind}" Target="{NOWHERE}/{kind}" TargetMode="External"/>'
        for n, kind in enumerate(("attachedTemplate", "frame", "image", "aFChunk", "oleObject", "hyperlink"))
    )
    inside = (
        _paragraph("text")
        + '<w:p><w:r><a:blip r:link="r2"/><a:blip r:embed="r2"/></w:r><w:r><w:instrText>INCLUDETEXT "'
        + f'{NOWHERE}/field"</w:instrText></w:r></w:p><w:altChunk r:id="r3"/><w:altChunk r:id="r9"/>'
    )
    inner = f'<Relationship Id="r9" Type="{_R}/aFChunk" Target="chunk.html"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return docx(
        body(inside),
        {
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{space}">{external}{inner}</Relationships>',
            "word/chunk.html": f'<script src="{NOWHERE}/chunk"></script>',
            "word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"AutoOpen",
        },
    )


def deep_nesting(depth: int = 100_000) -> bytes:
    return docx(body("<w:sdt><w:sdtContent>" * depth + _paragraph("text") + "</w:sdtContent></w:sdt>" * depth))


def deep_tables(depth: int = 60) -> bytes:
    return docx(body("<w:tbl><w:tr><w:tc>" * depth + _paragraph("1") + "<w:p/></w:tc></w:tr></w:tbl>" * depth))


def deep_alternatives(depth: int = 120) -> bytes:
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    first, last = f'<mc:AlternateContent xmlns:mc="{space}"><mc:Choice>', "</mc:Choice></mc:AlternateContent>"
    return docx(body("<w:p><w:r>" + first * depth + "<w:t>1</w:t>" + last * depth + "</w:r></w:p>"))


def huge_spans() -> bytes:
    spans = '<w:tcPr><w:gridSpan w:val="999999999999"/><w:vMerge/></w:tcPr>'
    row = (
        f'<w:tr><w:trPr><w:gridBefore w:val="{"9" * 6000}"/></w:trPr>'
        + f"<w:tc>{spans}{_paragraph('1')}</w:tc>" * 50
        + "</w:tr>"
    )
    return docx(body(f"<w:tbl>{row * 200}</w:tbl>"))


def many_cells(rows: int = 5000, columns: int = 60) -> bytes:
    row = "<w:tr>" + f"<w:tc>{_paragraph('1')}</w:tc>" * columns + "</w:tr>"
    return docx(body(f"<w:tbl>{row * rows}</w:tbl>"))


def many_paragraphs() -> bytes:
    return docx(body(_paragraph("1") * 1_000_000))


def many_empty_elements() -> bytes:
    return docx(body("<w:p/>" * 8_000_000))


def one_long_text() -> bytes:
    return docx(body(_paragraph("7" * 50_000_000)))


def many_text_boxes(depth: int = 60) -> bytes:
    """Text boxes in paragraphs of text boxes: each level is looked through by all levels above."""
    box = "<w:p><w:r><w:pict><w:txbxContent>"
    end = "</w:txbxContent></w:pict></w:r></w:p>"
    return docx(body(box * depth + _paragraph("1") + end * depth))


def picture_bombs() -> bytes:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    listed = "".join(f'<Relationship Id="r{n}" Type="{_R}/image" Target="media/{n}.png"/>' for n in range(20))
    blips = "".join(f'<w:p><w:r><a:blip r:embed="r{n}"/></w:r></w:p>' for n in range(20))
    picture = png_bomb(20_000)
    return docx(
        body(_paragraph("text") + blips),
        {
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{space}">{listed}</Relationships>',
            **{f"word/media/{n}.png": picture + bytes([n]) for n in range(20)},
        },
    )


def one_picture_many_times(count: int = 200_000) -> bytes:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    listed = f'<Relationship Id="r" Type="{_R}/image" Target="media/a.png"/>'
    blips = '<w:p><w:r><a:blip r:embed="r"/></w:r></w:p>' * count
    return docx(
        body(_paragraph("text") + blips),
        {
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{space}">{listed}</Relationships>',
            "word/media/a.png": png_bomb(5_000) + bytes(10 * MIB),
        },
    )


def odd_members() -> bytes:
    """The same member twice, and a size that is a lie."""
    good = zipfile.ZipFile(io.BytesIO(docx(body(_paragraph("text"))))).read("word/document.xml")
    import zlib

    packed = zlib.compress(good)[2:-4]
    return raw_zip(
        [("word/document.xml", packed, len(good), zlib.crc32(good)), ("word/document.xml", packed, 4_000_000_000, 0)]
    )


DOCXS: dict[str, Callable[[], bytes]] = {
    f.__name__: f
    for f in (
        zip_bomb,
        zip_bomb_that_lies,
        many_bombs,
        overlapping_members,
        many_members,
        names_that_lead_out,
        entity_bomb,
        external_entity,
        external_subset,
        quadratic_entity,
        entity_bomb_in_relationships,
        external_relationships,
        deep_nesting,
        deep_tables,
        deep_alternatives,
        huge_spans,
        many_cells,
        many_paragraphs,
        many_empty_elements,
        one_long_text,
        many_text_boxes,
        picture_bombs,
        one_picture_many_times,
        odd_members,
    )
}
