"""Pictures inside files: which are kept, and what is told of the others."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest

from models.document import Opened
from pipeline.ingest.mhtml import SavedPage
from pipeline.ingest.open_docx import open_docx
from pipeline.ingest.open_html import open_html
from pipeline.ingest.pictures import Gathered, PictureLimits, decode_data_uri
from tests.unit import pictures
from tests.unit.ingest.conftest import SOURCE

TABLE, OTHER, ICON = (
    pictures.png(p) for p in (pictures.table(), pictures.table(3), pictures.table(1, 1, cell=(60, 30)))
)
PROSE = "<p>某区教育局2023年政府信息公开工作年度报告</p>"
ReadHtml = Callable[[str | bytes], Opened]


def data_uri(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (data_uri(TABLE), TABLE),
        (data_uri(TABLE).replace("AAAA", "AA\n  AA"), TABLE),
        (data_uri(TABLE).rstrip("=").replace(";base64", ";charset=x;BASE64"), TABLE),
        ("data:image/png," + quote_from_bytes(TABLE), TABLE),
        ("data:image/png;base64," + quote_from_bytes(base64.b64encode(TABLE)), TABLE),
        ("data:image/png;base64,A", b""),
        ("data:text/html;base64,AAAA", None),
        ("http://example.org/a.png", None),
        ("", None),
    ],
    ids=["base64", "wrapped", "no padding", "percent", "both", "broken", "no picture", "remote", "empty"],
)
def test_the_bytes_of_a_data_address(address: str, expected: bytes | None) -> None:
    assert decode_data_uri(address) == expected


def test_icons_and_repetitions_leave_no_trace() -> None:
    gathered = Gathered()
    for data in (ICON, TABLE, TABLE, OTHER):
        gathered.add(data, "三、")
    assert [p.data for p in gathered.pictures] == [TABLE, OTHER]
    assert (gathered.unseen, gathered.over_limit) == (0, False)


def test_what_cannot_be_drawn_is_counted() -> None:
    gathered = Gathered()
    wmf = b"\xd7\xcd\xc6\x9a\0\0\0\0\0\0\xe8\x03\xe8\x03\x60\0\0\0\0\0" + b"\x01\0\x09\0" + bytes(40)
    for data in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", TABLE[:20], wmf):
        gathered.add(data, "")
    assert (gathered.pictures, gathered.unseen) == ([], 3)


@pytest.mark.parametrize("limits", [PictureLimits(max_count=1), PictureLimits(max_bytes=len(TABLE) + 10)])
def test_there_are_limits_of_number_and_bytes(limits: PictureLimits) -> None:
    gathered = Gathered(limits)
    gathered.add(TABLE, "")
    gathered.add(OTHER, "")
    assert ([p.data for p in gathered.pictures], gathered.over_limit) == ([TABLE], True)


def test_pictures_of_a_page_have_their_caption_and_width(read_html: ReadHtml) -> None:
    opened = read_html(
        f"{PROSE}<p>二、主动公开</p><img src='{data_uri(TABLE)}' width=640>"
        "<table><tr><td>三、收到</td><td>x</td></tr>"
        f"<tr><td>1</td><td><img src='{data_uri(OTHER)}' width='100%'></td></tr></table>"
    )
    assert [(p.data, p.caption, p.width_pt) for p in opened.pictures] == [
        (TABLE, "二、主动公开", 480.0),
        (OTHER, "二、主动公开", None),
    ]
    assert opened.warnings == ()


def test_hidden_and_remote_pictures_are_not_kept(read_html: ReadHtml) -> None:
    page = f"{PROSE}<div style='display:none'><img src='{data_uri(TABLE)}'></div>"
    assert read_html(page).pictures == ()
    remote = read_html(PROSE + "<img src=http://example.org/a.png width=700 height=900>")
    assert (remote.pictures, remote.warnings) == ((), ("tables_may_be_pictures",))


def test_too_many_pictures_are_told() -> None:
    page = f"{PROSE}<img src='{data_uri(TABLE)}'><img src='{data_uri(OTHER)}'>".encode()
    opened = open_html(page, "a.html", SOURCE, limits=PictureLimits(max_count=1))
    assert (len(opened.pictures), opened.warnings) == (1, ("pictures_over_limit",))


def mhtml(page: str, *parts: str) -> bytes:
    head = 'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    html = "Content-Type: text/html; charset=utf-8\r\nContent-Location: http://example.org/gk/2023.html\r\n"
    encoded = base64.encodebytes(page.encode()).decode()
    main = f"--b\r\n{html}Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"
    return (head + main + "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n").encode()


def picture_part(header: str, data: bytes = TABLE, kind: str = "image/png") -> str:
    encoded = base64.encodebytes(data).decode()
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{header}\r\n\r\n{encoded}"


@pytest.mark.parametrize(
    ("address", "header"),
    [
        ("cid:p1@x", "Content-ID: <p1@x>"),
        ("http://example.org/gk/a.png", "Content-Location: http://example.org/gk/a.png"),
        ("a.png", "Content-Location: http://example.org/gk/a.png"),
        ("../pic/a.png?x=1", "Content-Location: http://example.org/pic/a.png?x=1"),
    ],
    ids=["id", "location", "relative", "up"],
)
def test_a_saved_page_has_its_pictures_beside_it(read_html: ReadHtml, address: str, header: str) -> None:
    opened = read_html(mhtml(f"{PROSE}<img src='{address}'>", picture_part(header)))
    assert [p.data for p in opened.pictures] == [TABLE]
    octets = read_html(mhtml(f"{PROSE}<img src='{address}'>", picture_part(header, kind="application/octet-stream")))
    assert [p.data for p in octets.pictures] == [TABLE]


def test_a_picture_that_was_not_saved_is_remote(read_html: ReadHtml) -> None:
    opened = read_html(
        mhtml(f"{PROSE}<img src='b.png'>", picture_part("Content-Location: http://example.org/gk/a.png"))
    )
    assert (opened.pictures, opened.warnings) == ((), ("tables_may_be_pictures",))


R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
WP = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'


def drawing(relationship: str, kind: str = "inline", attribute: str = "embed") -> str:
    return (
        f"<w:drawing><wp:{kind} {WP}><wp:extent cx='5778500' cy='2803370'/><a:graphic {A}>"
        f"<a:blip {R} r:{attribute}='{relationship}'/></a:graphic></wp:{kind}></w:drawing>"
    )


def run(content: str) -> str:
    return f"<w:p><w:r>{content}</w:r></w:p>"


TITLE = "<w:p><w:r><w:t>某区教育局2023年政府信息公开工作年度报告</w:t></w:r></w:p>"


@pytest.fixture
def docx_with(pack: Callable[..., bytes], docx_of: Callable[[str], bytes], tmp_path: Path) -> Callable[[str], bytes]:
    """``docx_with(body)``: a Word file with the pictures rId1 (table), rId2 (other), rId3 (linked), rId4 (EMF)."""

    def made(body: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(docx_of(TITLE + body))) as plain:
            document = plain.read("word/document.xml")
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
        listed = "".join(
            f'<Relationship Id="{name}" Type="{kind}" Target="{target}"{mode}/>'
            for name, target, mode in [
                ("rId1", "media/image1.png", ""),
                ("rId2", "/word/media/image2.png", ""),
                ("rId3", "file:///c:/a.png", ' TargetMode="External"'),
                ("rId4", "media/image4.emf", ""),
                ("rId5", "../../etc/passwd", ""),
            ]
        )
        return pack(
            {
                "[Content_Types].xml": "<Types/>",
                "word/document.xml": document,
                "word/_rels/document.xml.rels": (
                    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                    f"{listed}</Relationships>"
                ),
                "word/media/image1.png": TABLE,
                "word/media/image2.png": OTHER,
                "word/media/image4.emf": b"\x01\0\0\0" + bytes(100),
            }
        )

    return made


def test_pictures_of_a_word_file_in_its_order(docx_with: Callable[[str], bytes], read_docx: ReadHtml) -> None:
    body = (
        "<w:p><w:r><w:t>二、主动公开</w:t></w:r></w:p>"
        + run(drawing("rId2", "anchor"))
        + "<w:p><w:r><w:t>三、收到和处理</w:t></w:r></w:p>"
        + run(drawing("rId1"))
    )
    opened = read_docx(docx_with(body))
    assert [(p.data, p.caption, p.width_pt) for p in opened.pictures] == [
        (OTHER, "二、主动公开", 455.0),
        (TABLE, "三、收到和处理", 455.0),
    ]
    assert opened.warnings == ()


@pytest.mark.parametrize(
    "content",
    [
        f'<w:pict><v:shape><v:imagedata {R} r:id="rId1"/></v:shape></w:pict>',
        f'<w:object><v:shape><v:imagedata {R} r:id="rId1"/></v:shape></w:object>',
        "<mc:AlternateContent><mc:Choice Requires='wps'>"
        + drawing("rId1")
        + f'</mc:Choice><mc:Fallback><w:pict><v:imagedata {R} r:id="rId2"/></w:pict></mc:Fallback>'
        + "</mc:AlternateContent>",
    ],
    ids=["VML", "object", "alternative"],
)
def test_a_picture_in_any_dress(docx_with: Callable[[str], bytes], read_docx: ReadHtml, content: str) -> None:
    assert [p.data for p in read_docx(docx_with(run(content))).pictures] == [TABLE]


def test_a_picture_in_a_text_box_or_a_cell_is_kept(docx_with: Callable[[str], bytes], read_docx: ReadHtml) -> None:
    text = f"<w:txbxContent>{run(drawing('rId1'))}</w:txbxContent>"
    box = f"<w:pict><v:shape><v:textbox>{text}</v:textbox></v:shape></w:pict>"
    cell = f"<w:tbl><w:tr><w:tc>{run(drawing('rId2'))}</w:tc></w:tr></w:tbl>"
    assert [p.data for p in read_docx(docx_with(run(box) + cell)).pictures] == [TABLE, OTHER]


@pytest.mark.parametrize("relationship", ["rId3", "rId4", "rId5", "rId9"], ids=["linked", "EMF", "outside", "unknown"])
def test_what_cannot_be_looked_at_is_told(
    docx_with: Callable[[str], bytes], read_docx: ReadHtml, relationship: str
) -> None:
    opened = read_docx(docx_with(run(drawing(relationship))))
    assert (opened.pictures, opened.warnings) == ((), ("tables_may_be_pictures",))


def test_removed_and_hidden_pictures_do_not_count(docx_with: Callable[[str], bytes], read_docx: ReadHtml) -> None:
    body = (
        f"<w:p><w:del><w:r>{drawing('rId1')}</w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr>{drawing('rId2')}</w:r></w:p>"
    )
    opened = read_docx(docx_with(body))
    assert (opened.pictures, opened.warnings) == ((), ())


def test_a_picture_beyond_the_limit_is_not_unpacked(docx_with: Callable[[str], bytes]) -> None:
    data = docx_with(run(drawing("rId1")) + run(drawing("rId2")))
    opened = open_docx(data, "a.docx", SOURCE, limits=PictureLimits(max_bytes=len(TABLE)))
    assert ([p.data for p in opened.pictures], opened.warnings) == ([TABLE], ("pictures_over_limit",))


def test_a_part_that_the_page_shows_many_times_is_taken_out_once(
    read_html: ReadHtml, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    part = SavedPage.part

    def counted(saved: SavedPage, address: str) -> bytes | None:
        taken.append(address)
        return part(saved, address)

    monkeypatch.setattr(SavedPage, "part", counted)

    opened = read_html(mhtml(f"{PROSE}{'<img src=a.png>' * 20}", picture_part("Content-Location: a.png")))

    assert len(opened.pictures) == 1
    assert taken == ["a.png"]


def test_an_address_of_nothing_but_escapes_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.ingest.pictures._MOST_ESCAPES", 100)

    assert decode_data_uri("data:image/png," + "%41" * 100) == b"A" * 100
    assert decode_data_uri("data:image/png," + "%41" * 101) == b""
