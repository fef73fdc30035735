"""Web pages saved as one MIME message."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable

import pytest

from models.document import Opened
from models.errors import DamagedInputError

HEAD = 'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
PAGE = "<html><body><p>政府信息公开工作年度报告已经发布</p></body></html>"


def message(content_type: str, transfer: str, body: bytes) -> bytes:
    part = f"--b\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n".encode()
    return HEAD.encode() + part + body + b"\r\n--b--\r\n"


@pytest.mark.parametrize(
    "data",
    [
        message("text/html; charset=utf-8", "quoted-printable", quopri.encodestring(PAGE.encode())),
        message("text/html; charset=gb2312", "base64", base64.encodebytes(PAGE.encode("gbk"))),
        message("text/html", "base64", base64.encodebytes(PAGE.encode())),
        message("application/xhtml+xml; charset=utf-8", "8bit", PAGE.encode()),
    ],
)
def test_the_html_part_is_read(read_html: Callable[[bytes], Opened], data: bytes) -> None:
    opened = read_html(data)
    assert [line.text for line in opened.lines] == ["政府信息公开工作年度报告已经发布"]
    assert "encoding_guessed" not in opened.warnings


def test_a_message_without_html_is_damaged(read_html: Callable[[bytes], Opened]) -> None:
    with pytest.raises(DamagedInputError, match="no HTML part"):
        read_html(message("image/png", "base64", b"AAAA"))
