"""What a file is, decided by its content alone: names and extensions lie."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from typing import TYPE_CHECKING

from models.errors import DamagedInputError, EncryptedInputError, UnsupportedTypeError
from pipeline.ingest.decode import REPLACEMENT, decode_text

if TYPE_CHECKING:
    from models.document import MediaType

# Bytes at the start of a file among which the PDF header may stand (PDF 1.7, annex H, note 13).
PDF_HEADER_WINDOW = 1024
# Bytes read to tell markup from text from binary rubbish.
SNIFF_WINDOW = 65536
# Bytes of an OLE file searched for the names of its streams.
OLE_WINDOW = 4 * 1024 * 1024
# Share of characters (controls, undecodable bytes) above which a file is not text.
MAX_RUBBISH_SHARE = 0.02
# Closing tags that make a file markup although it begins with plain text.
MIN_CLOSING_TAGS = 3

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
SAVE_AS = "save it as DOCX or PDF"
_REMEDY_ANY = "give a PDF, DOCX, HTML or text file"

_IMAGE_MAGICS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
)
_FOREIGN_MAGICS = (
    (b"{\\rtf", "an RTF document", SAVE_AS),
    (b"%!PS", "a PostScript file", "save it as PDF"),
    (b"Rar!", "a RAR archive", "unpack it and give the files in it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and give the files in it"),
    (b"\x1f\x8b", "a gzip archive", "unpack it and give the files in it"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 image", "convert it to PNG"),
    (b"\x7fELF", "a program", _REMEDY_ANY),
    (b"MZ", "a program", _REMEDY_ANY),
)
_HTML_TAGS = (
    "html head body title meta link style script base p div span table caption colgroup thead tbody tfoot tr td th "
    "h1 h2 h3 h4 h5 h6 br hr center font b strong i em u a ul ol li dl dt dd img form article section main header "
    "footer nav aside frameset iframe pre blockquote ucapcontent ucaptitle"
)
_STARTS_WITH_TAG = re.compile(rf"<(?:!doctype\s+html|(?:{'|'.join(_HTML_TAGS.split())})(?=[\s>/]))", re.IGNORECASE)
_CLOSING_TAG = re.compile(r"</(?:p|div|td|tr|table|span|body|html)\s*>", re.IGNORECASE)
_MHTML_HEADER = re.compile(
    r"(?:From|MIME-Version|Subject|Date|Content-Type|Snapshot-Content-Location)\s*:", re.IGNORECASE
)
_CONTENT_TYPES = "[content_types].xml"
_RUBBISH = re.compile(rf"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f{REPLACEMENT}]")
_INVISIBLE = " \t\r\n\f\v\0\ufeff\u200b\u00a0\u3000"


def detect_media_type(data: bytes, name: str) -> MediaType:
    """The media type of the content; MHTML counts as HTML.

    Args:
        data: The whole file.
        name: The file as the user named it, for messages only.

    Raises:
        DamagedInputError: empty, or a ZIP container that cannot be opened.
        EncryptedInputError: an Office file that asks for a password.
        UnsupportedTypeError: a type that no reader knows; the message says which and what to do.
    """
    if not data.strip(b" \t\r\n\f\v\0"):
        raise DamagedInputError("the file is empty", source=name, remedy="fetch it again")
    if _is_pdf(data):
        return "application/pdf"
    if data.startswith(ZIP_MAGICS):
        return _zip_type(data, name)
    if data.startswith(OLE_MAGIC):
        raise _ole_error(data, name)
    if _is_image(data):
        return "image"
    for magic, what, remedy in _FOREIGN_MAGICS:
        if data.startswith(magic) and not (magic == b"MZ" and b"\0" not in data[:SNIFF_WINDOW]):
            raise UnsupportedTypeError(f"this is {what}, which cannot be read", source=name, remedy=remedy)
    return _text_type(data, name)


def _is_pdf(data: bytes) -> bool:
    offset = data[:PDF_HEADER_WINDOW].find(b"%PDF-")
    if offset < 0 or data.startswith((*ZIP_MAGICS, OLE_MAGIC)):
        return False
    # A page or a text may talk about PDF; a file with something before the header must also have PDF structure.
    return not data[:offset].strip(b" \t\r\n\f\v\0\xef\xbb\xbf") or any(
        sign in data for sign in (b"endobj", b"startxref", b"%%EOF")
    )


def _is_image(data: bytes) -> bool:
    if data.startswith(_IMAGE_MAGICS) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return True
    # "BM" begins words too, so the header sizes of a bitmap must make sense.
    bitmap_header = struct.Struct("<2sIHHII")
    if not data.startswith(b"BM") or len(data) < bitmap_header.size:
        return False
    _, _, reserved1, reserved2, offset, info_size = bitmap_header.unpack_from(data)
    return reserved1 == reserved2 == 0 and offset < len(data) and info_size in {12, 16, 40, 52, 56, 64, 108, 124}


def _zip_type(data: bytes, name: str) -> MediaType:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError) as exc:
        raise DamagedInputError(
            "a ZIP container (DOCX or similar) that is cut off or broken", source=name, remedy="fetch it again"
        ) from exc
    lower = {n.lower() for n in names}
    if any(n.startswith("xl/") for n in lower):
        what, remedy = "an Excel workbook", "save it as PDF"
    elif any(n.startswith("ppt/") for n in lower):
        what, remedy = "a PowerPoint file", "save it as PDF"
    elif "ofd.xml" in lower:
        what, remedy = "an OFD document (GB/T 33190)", "convert it to PDF with an OFD reader"
    elif "mimetype" in lower and "content.xml" in lower:
        what, remedy = "an OpenDocument file", SAVE_AS
    elif _CONTENT_TYPES in lower or any(n.startswith("word/") for n in lower):
        # Whether its main part is there is for the reader to say: it may have any name.
        return "application/docx"
    else:
        what, remedy = "a ZIP archive", "unpack it and give the files in it"
    raise UnsupportedTypeError(f"this is {what}, which cannot be read", source=name, remedy=remedy)


def _ole_error(data: bytes, name: str) -> UnsupportedTypeError | EncryptedInputError:
    head = data[:OLE_WINDOW]
    streams = {s: s.encode("utf-16-le") in head for s in ("EncryptedPackage", "WordDocument", "Workbook", "PowerPoint")}
    if streams["EncryptedPackage"]:
        return EncryptedInputError(
            "the document asks for a password", source=name, remedy="remove the password and try again"
        )
    if streams["WordDocument"]:
        what, remedy = "an old Word document (.doc, .wps)", SAVE_AS
    elif streams["Workbook"] or "Book".encode("utf-16-le") in head:
        what, remedy = "an old Excel workbook (.xls)", "save it as PDF"
    elif streams["PowerPoint"]:
        what, remedy = "an old PowerPoint file (.ppt)", "save it as PDF"
    else:
        what, remedy = "an old office document (.doc, .xls or .wps)", SAVE_AS
    return UnsupportedTypeError(f"this is {what}, which cannot be read", source=name, remedy=remedy)


def _text_type(data: bytes, name: str) -> MediaType:
    text, _ = decode_text(data[:SNIFF_WINDOW])
    start = text.lstrip(_INVISIBLE)
    if not start:
        raise DamagedInputError("the file holds nothing but white space", source=name, remedy="fetch it again")
    rubbish = len(_RUBBISH.findall(start)) / len(start)
    if rubbish > MAX_RUBBISH_SHARE:
        raise UnsupportedTypeError("this is binary data of an unknown type", source=name, remedy=_REMEDY_ANY)
    start, had_xml_prolog = _skip_prolog(start)
    if _STARTS_WITH_TAG.match(start):
        return "text/html"
    if had_xml_prolog:
        raise UnsupportedTypeError("this is an XML document, which cannot be read", source=name, remedy=SAVE_AS)
    if is_mhtml(data):
        return "text/html"
    if len(_CLOSING_TAG.findall(text)) >= MIN_CLOSING_TAGS:
        return "text/html"
    return "text/plain"


def is_mhtml(data: bytes) -> bool:
    """True where the file is a web page saved with its parts in one MIME message."""
    head = data[:4096].decode("latin-1").lstrip()
    return (
        _MHTML_HEADER.match(head) is not None
        and re.search(r"multipart/(related|alternative)", head, re.IGNORECASE) is not None
    )


def _skip_prolog(text: str) -> tuple[str, bool]:
    """The text after leading comments and processing instructions, and whether an XML declaration was among them."""
    had_xml_prolog = False
    while True:
        text = text.lstrip(_INVISIBLE)
        if text.startswith("<!--"):
            end = text.find("-->")
            skip = 3
        elif text.startswith("<?"):
            had_xml_prolog = had_xml_prolog or text[:5].lower() == "<?xml"
            end = text.find(">")
            skip = 1
        elif text.startswith("<!["):
            end = text.find(">")
            skip = 1
        else:
            return text, had_xml_prolog
        if end < 0:
            return "", had_xml_prolog
        text = text[end + skip :]
