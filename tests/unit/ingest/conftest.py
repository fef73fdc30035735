"""Inputs built in memory and opened as files are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from models.document import Opened, SourceInfo
from pipeline.ingest.open_docx import open_docx
from pipeline.ingest.open_html import open_html
from pipeline.ingest.open_text import open_text

SOURCE = SourceInfo(name="report", sha256="", media_type="", page_count=1)
W_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture(scope="session")
def read_html() -> Callable[[str | bytes], Opened]:
    """``read_html(markup)``: the page opened; text is encoded as UTF-8."""

    def read(markup: str | bytes) -> Opened:
        data = markup.encode() if isinstance(markup, str) else markup
        return open_html(data, "a.html", SOURCE)

    return read


@pytest.fixture(scope="session")
def read_text() -> Callable[[str], Opened]:
    """``read_text(text)``: the text file opened."""
    return lambda text: open_text(text.encode(), "a.txt", SOURCE)


@pytest.fixture(scope="session")
def read_docx() -> Callable[[bytes], Opened]:
    """``read_docx(data)``: the Word file opened."""
    return lambda data: open_docx(data, "a.docx", SOURCE)


@pytest.fixture(scope="session")
def pack() -> Callable[..., bytes]:
    """``pack({member: content})``: the bytes of a ZIP container."""

    def packed(members: dict[str, str | bytes]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return buffer.getvalue()

    return packed


@pytest.fixture(scope="session")
def docx_of(pack: Callable[..., bytes]) -> Callable[[str], bytes]:
    """``docx_of(body)``: a Word file whose body is the given WordprocessingML, prefix ``w``."""

    def made(body: str) -> bytes:
        return pack(
            {
                "[Content_Types].xml": "<Types/>",
                "word/document.xml": (
                    f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W_NAMESPACE}" '
                    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
                    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
                    'xmlns:v="urn:schemas-microsoft-com:vml" '
                    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
                    f"<w:body>{body}</w:body></w:document>"
                ),
            }
        )

    return made
