"""The type of a file by its content; what cannot be read is named, with what to do about it."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from models.errors import DamagedInputError, EncryptedInputError, UnsupportedTypeError
from pipeline.ingest.detect import OLE_MAGIC, detect_media_type


def zipped(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return buffer.getvalue()


def ole(stream: str) -> bytes:
    return OLE_MAGIC + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 100


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", "application/pdf"),
        (b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n1 0 obj\nendobj", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image"),
        (b"\xff\xd8\xff\xe0....", "image"),
        (b"II*\0....", "image"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image"),
        (struct.pack("<2sIHHII", b"BM", 80, 0, 0, 54, 40) + b"\0" * 60, "image"),
        (b"<!DOCTYPE html><html></html>", "text/html"),
        (b"\xef\xbb\xbf  <HTML lang=zh>", "text/html"),
        (b"<!-- saved from url -->\n<?xml version='1.0'?>\n<html>", "text/html"),
        (b"<table><tr><td>1</td></tr></table>", "text/html"),
        ("<P>政府信息公开</P>".encode("gb18030"), "text/html"),
        ("正文<td>1</td><td>2</td><td>3</td>".encode(), "text/html"),
        (
            b'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n',
            "text/html",
        ),
        ("政府信息公开工作年度报告".encode(), "text/plain"),
        ("政府信息公开工作年度报告".encode("gb18030"), "text/plain"),
        ("政府信息公开工作年度报告".encode("utf-16"), "text/plain"),
        ("a < b，见 %PDF- 文件".encode(), "text/plain"),
        ("BM 是一个缩写".encode(), "text/plain"),
        ("MZ 是一个缩写".encode(), "text/plain"),
        (zipped("[Content_Types].xml", "word/document.xml"), "application/docx"),
        (zipped("[Content_Types].xml", "word/document2.xml"), "application/docx"),
    ],
)
def test_type_is_told_by_content(data: bytes, media_type: str) -> None:
    assert detect_media_type(data, "report.dat") == media_type


@pytest.mark.parametrize(
    ("data", "named", "remedy"),
    [
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "Excel", "PDF"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "PowerPoint", "PDF"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "OFD", "PDF"),
        (zipped("mimetype", "content.xml"), "OpenDocument", "DOCX"),
        (zipped("report.pdf"), "ZIP archive", "unpack"),
        (zipped(), "ZIP archive", "unpack"),
        (ole("WordDocument"), ".doc", "DOCX"),
        (ole("Workbook"), ".xls", "PDF"),
        (ole("Book"), ".xls", "PDF"),
        (ole("PowerPoint Document"), ".ppt", "PDF"),
        (ole("Contents"), "old office document", "DOCX"),
        (b"{\\rtf1\\ansi 1}", "RTF", "DOCX"),
        (b"Rar!\x1a\x07\x01\0", "RAR", "unpack"),
        (b"7z\xbc\xaf\x27\x1c\0", "7z", "unpack"),
        (b"\x1f\x8b\x08\0", "gzip", "unpack"),
        (b"MZ\x90\0\x03\0", "program", "PDF"),
        (b"\x7fELF\x02\x01", "program", "PDF"),
        (b"<?xml version='1.0'?><data>1</data>", "XML", "DOCX"),
        (bytes(range(256)) * 8, "binary data", "PDF"),
    ],
)
def test_types_without_reader_are_named_with_a_remedy(data: bytes, named: str, remedy: str) -> None:
    with pytest.raises(UnsupportedTypeError) as caught:
        detect_media_type(data, "报告.docx")
    assert named in caught.value.message
    assert remedy in caught.value.remedy
    assert caught.value.source == "报告.docx"


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\0" * 100, b"\xef\xbb\xbf", "\u3000\u3000\n".encode()])
def test_empty_and_blank_files_are_damaged(data: bytes) -> None:
    with pytest.raises(DamagedInputError) as caught:
        detect_media_type(data, "a.txt")
    assert caught.value.remedy


def test_a_zip_cut_off_is_damaged() -> None:
    with pytest.raises(DamagedInputError, match="cut off"):
        detect_media_type(zipped("[Content_Types].xml", "word/document.xml")[:-30], "a.docx")


def test_an_office_file_with_password_is_encrypted() -> None:
    with pytest.raises(EncryptedInputError, match="password"):
        detect_media_type(ole("EncryptedPackage"), "a.docx")


def test_a_docx_without_main_part_goes_to_the_reader_that_can_say_so() -> None:
    assert detect_media_type(zipped("[Content_Types].xml", "word/styles.xml"), "a.docx") == "application/docx"
