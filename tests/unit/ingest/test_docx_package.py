"""Word containers that are broken or meant to do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from itertools import pairwise

import pytest

from models.document import Opened
from models.errors import DamagedInputError, EncryptedInputError, InputTooLargeError
from pipeline.ingest import docx_package as module
from pipeline.ingest.docx_package import read_docx_parts

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = "<w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body>"
DOCUMENT = f'<w:document xmlns:w="{NAMESPACE}">{BODY.format("正文")}</w:document>'
Pack = Callable[[dict[str, str | bytes]], bytes]


def entities(text: str, *declarations: str) -> str:
    return (
        f'<?xml version="1.0"?><!DOCTYPE d [{"".join(declarations)}]>'
        f'<w:document xmlns:w="{NAMESPACE}">{BODY.format(text)}</w:document>'
    )


def laughs() -> str:
    names = "abcdefghij"
    deeper = [f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names)]
    return entities("&j;", '<!ENTITY a "ha">', *deeper)


def test_a_part_that_would_unpack_beyond_the_limit_is_refused(pack: Pack) -> None:
    data = pack({"word/document.xml": DOCUMENT, "word/media/a.png": b"\0" * 100_000})
    assert len(data) < 5_000
    with pytest.raises(InputTooLargeError) as caught:
        read_docx_parts(data, "a.docx", max_member_bytes=99_999)
    assert caught.value.remedy
    with pytest.raises(InputTooLargeError):
        read_docx_parts(data, "a.docx", max_total_bytes=100_000)
    assert read_docx_parts(data, "a.docx", max_member_bytes=100_000).document is not None


def test_a_part_that_lies_about_its_size_is_not_inflated_beyond_it(pack: Pack) -> None:
    data = bytearray(pack({"word/document.xml": DOCUMENT + " " * 100_000}))
    size = (len(DOCUMENT.encode()) + 100_000).to_bytes(4, "little")
    assert data.count(size) == 2
    lie = bytes(data).replace(size, (500).to_bytes(4, "little"))
    with pytest.raises(DamagedInputError):
        read_docx_parts(lie, "a.docx", max_member_bytes=1_000)


def test_too_many_parts_are_refused(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    data = pack({"word/document.xml": DOCUMENT, "word/1.xml": "", "word/2.xml": ""})
    assert read_docx_parts(data, "a.docx").document is not None
    monkeypatch.setattr(module, "MAX_MEMBERS", 2)
    with pytest.raises(InputTooLargeError, match="3 parts"):
        read_docx_parts(data, "a.docx")


@pytest.mark.parametrize(
    "document",
    [
        laughs(),
        entities("&a;", '<!ENTITY a SYSTEM "file:///etc/hostname">'),
        entities("&a;", '<!ENTITY a "ha">'),
        entities("1", '<!ENTITY % a SYSTEM "http://localhost:9/x"> %a;'),
    ],
)
def test_entities_are_neither_expanded_nor_fetched(pack: Pack, document: str) -> None:
    with pytest.raises(DamagedInputError) as caught:
        read_docx_parts(pack({"word/document.xml": document}), "a.docx")
    assert caught.value.remedy


def test_entities_in_another_encoding_are_refused_too(pack: Pack) -> None:
    document = entities("&a;", '<!ENTITY a "ha">').replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")
    with pytest.raises(DamagedInputError):
        read_docx_parts(pack({"word/document.xml": document}), "a.docx")


@pytest.mark.parametrize(
    ("members", "cause"),
    [
        ({"word/styles.xml": "<a/>"}, "no main part"),
        ({"word/document.xml": ""}, "broken XML"),
        ({"word/document.xml": "<w:document"}, "broken XML"),
        ({"word/document.xml": DOCUMENT[:-20]}, "broken XML"),
        ({"word/document.xml": b"\xff\xfe\x00"}, "broken XML"),
        ({"word/document.xml": "<html>1</html>"}, "no Word document"),
        ({"word/document.xml": "<w:document xmlns:w='x'>" + "<w:p>" * 1000 + "</w:p>" * 1000 + "</w:document>"}, "XML"),
    ],
)
def test_broken_contents_are_damaged(pack: Pack, members: dict[str, str | bytes], cause: str) -> None:
    with pytest.raises(DamagedInputError, match=cause) as caught:
        read_docx_parts(pack(members), "a.docx")
    assert caught.value.source == "a.docx"
    assert caught.value.remedy


@pytest.mark.parametrize("cut", [10, 100, -60])
def test_containers_cut_off_are_damaged(pack: Pack, cut: int) -> None:
    with pytest.raises(DamagedInputError):
        read_docx_parts(pack({"word/document.xml": DOCUMENT})[:cut], "a.docx")


def test_a_container_with_changed_bytes_is_damaged(pack: Pack) -> None:
    data = pack({"word/document.xml": DOCUMENT})
    start = 30 + len("word/document.xml")
    with pytest.raises(DamagedInputError):
        read_docx_parts(data[: start + 20] + bytes(20) + data[start + 40 :], "a.docx")


def test_encrypted_members_ask_for_the_password_to_be_removed(pack: Pack) -> None:
    data = bytearray(pack({"word/document.xml": DOCUMENT}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(EncryptedInputError, match="password"):
        read_docx_parts(bytes(data), "a.docx")


def test_a_compression_that_no_docx_uses_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("word/document.xml", DOCUMENT)
    with pytest.raises(DamagedInputError):
        read_docx_parts(buffer.getvalue(), "a.docx")


def test_the_main_part_is_found_by_its_relationship(pack: Pack, read_docx: Callable[[bytes], Opened]) -> None:
    relationships = (
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='1' "
        "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' "
        "Target='/body/main.xml'/></Relationships>"
    )
    opened = read_docx(pack({"_rels/.rels": relationships, "body/main.xml": DOCUMENT}))
    assert [line.text for line in opened.lines] == ["正文"]


def test_strict_open_xml_is_read_like_the_usual_one(pack: Pack, read_docx: Callable[[bytes], Opened]) -> None:
    strict = DOCUMENT.replace(NAMESPACE, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert [line.text for line in read_docx(pack({"word/document.xml": strict})).lines] == ["正文"]


def test_broken_properties_do_not_cost_the_report(pack: Pack) -> None:
    parts = read_docx_parts(pack({"word/document.xml": DOCUMENT, "docProps/core.xml": "<cp:core"}), "a.docx")
    assert parts.properties == {}
