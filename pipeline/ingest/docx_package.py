"""Opens the ZIP container of a DOCX within limits and parses the parts that are needed."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field

from docx.oxml.coreprops import CT_CoreProperties
from docx.oxml.parser import parse_xml
from lxml import etree

from models.errors import DamagedInputError, EncryptedInputError, InputTooLargeError

# Bytes after decompression. A report with pictures has a few MiB; these refuse ZIP bombs before anything is inflated.
MAX_MEMBER_BYTES = 64 * 1024 * 1024
MAX_TOTAL_BYTES = 256 * 1024 * 1024
MAX_MEMBERS = 5000

_ENCRYPTED_BIT = 0x1
_ROOT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}document"
_DEFAULT_BODY = "word/document.xml"
_CORE_PROPERTIES = "docProps/core.xml"
_PACKAGE_RELATIONSHIPS = "_rels/.rels"
# "Strict Open XML" differs in nothing that matters here but the names of its namespaces.
_STRICT_TO_TRANSITIONAL = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)


@dataclass(frozen=True, slots=True)
class DocxParts:
    """The parsed main part and what the file states about itself, keys in lower case.

    ``targets`` has the member of the container for each relationship of the main part that stays inside it.
    """

    document: etree._Element
    properties: dict[str, str]
    targets: dict[str, str] = field(default_factory=dict)
    data: bytes = field(default=b"", repr=False)

    def read(self, relationship: str, most: int) -> bytes | None:
        """The bytes of the member that a relationship names; None where there is none or it has more than ``most``."""
        member = self.targets.get(relationship)
        if member is None:
            return None
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                return _read(archive, member) if archive.getinfo(member).file_size <= most else None
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
            return None


def read_docx_parts(
    data: bytes,
    name: str,
    *,
    max_member_bytes: int = MAX_MEMBER_BYTES,
    max_total_bytes: int = MAX_TOTAL_BYTES,
) -> DocxParts:
    """The main part and the core properties of a DOCX.

    Only these two and the list of relationships are inflated. python-docx's own package loader is not used: it reads
    every part, and refuses files with dangling relationships that Word opens.

    Raises:
        InputTooLargeError: a member, or all together, would exceed the limits when inflated.
        EncryptedInputError: members are encrypted.
        DamagedInputError: no ZIP, no main part, broken XML, or XML with a document type (forbidden in DOCX, and the
            vehicle of entity bombs).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_limits(archive, name, max_member_bytes, max_total_bytes)
            members = set(archive.namelist())
            body = _body_member(archive, members, name)
            if body not in members:
                raise DamagedInputError(
                    "the DOCX has no main part, so it holds no text", source=name, remedy="save it again in Word"
                )
            document = _parse(_read(archive, body), name)
            if document.tag != _ROOT:
                raise DamagedInputError(
                    "the main part is no Word document", source=name, remedy="save it again in Word"
                )
            core = _read(archive, _CORE_PROPERTIES) if _CORE_PROPERTIES in members else b""
            listed = posixpath.join(posixpath.dirname(body), "_rels", posixpath.basename(body) + ".rels")
            targets = _targets(_read(archive, listed), body, members, name) if listed in members else {}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as exc:
        raise DamagedInputError(
            "the DOCX container is cut off or broken", source=name, remedy="fetch it again or save it again in Word"
        ) from exc
    return DocxParts(document, _properties(core, name), targets, data)


def _read(archive: zipfile.ZipFile, member: str) -> bytes:
    """The member, as far as its stated size goes: ``ZipFile.read`` would unpack a bomb whole before it is cut off."""
    with archive.open(member) as stream:
        return stream.read(archive.getinfo(member).file_size)


def _check_limits(archive: zipfile.ZipFile, name: str, max_member: int, max_total: int) -> None:
    members = archive.infolist()
    if any(m.flag_bits & _ENCRYPTED_BIT for m in members):
        raise EncryptedInputError("the document asks for a password", source=name, remedy="remove the password")
    # The only two methods a DOCX may use, and the only ones that zipfile can inflate no further than it is asked to.
    if any(m.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for m in members):
        raise DamagedInputError("the DOCX container is not a valid one", source=name, remedy="save it again in Word")
    largest = max((m.file_size for m in members), default=0)
    total = sum(m.file_size for m in members)
    if largest > max_member or total > max_total or len(members) > MAX_MEMBERS:
        raise InputTooLargeError(
            f"unpacked, the DOCX would have {total} bytes in {len(members)} parts, the largest {largest}",
            source=name,
            remedy="remove large pictures, or save it as PDF",
        )


def _body_member(archive: zipfile.ZipFile, members: set[str], name: str) -> str:
    if _PACKAGE_RELATIONSHIPS in members:
        for relationship in _parse(_read(archive, _PACKAGE_RELATIONSHIPS), name):
            if (relationship.get("Type") or "").endswith("/officeDocument"):
                target = posixpath.normpath(relationship.get("Target") or "").lstrip("/")
                if target in members:
                    return target
    return _DEFAULT_BODY


def _targets(xml: bytes, body: str, members: set[str], name: str) -> dict[str, str]:
    try:
        listed = _parse(xml, name)
    except DamagedInputError:
        # They lead to pictures only; a report is not refused for them.
        return {}
    found = {}
    for relationship in listed:
        if (relationship.get("TargetMode") or "").lower() == "external":
            continue
        target = relationship.get("Target") or ""
        member = posixpath.normpath(posixpath.join("/", posixpath.dirname(body), target)).lstrip("/")
        if member in members:
            found[relationship.get("Id") or ""] = member
    return found


def _parse(xml: bytes, name: str) -> etree._Element:
    for strict, transitional in _STRICT_TO_TRANSITIONAL:
        xml = xml.replace(strict, transitional)
    try:
        # python-docx's parser: entities are not expanded, nothing is fetched, libxml2's size limits hold.
        root: etree._Element = parse_xml(xml)
    except etree.LxmlError as exc:
        raise DamagedInputError(
            "a part of the DOCX is broken XML", source=name, remedy="save it again in Word"
        ) from exc
    if root.getroottree().docinfo.internalDTD:
        raise DamagedInputError(
            "a part of the DOCX declares a document type, which no DOCX may",
            source=name,
            remedy="save it again in Word",
        )
    return root


def _properties(core: bytes, name: str) -> dict[str, str]:
    if not core:
        return {}
    try:
        root = _parse(core, name)
    except DamagedInputError:
        # They only help with the metadata; a report is not refused for them.
        return {}
    if not isinstance(root, CT_CoreProperties):
        return {}
    created = root.created_datetime
    stated = {
        "title": root.title_text,
        "subject": root.subject_text,
        "keywords": root.keywords_text,
        "author": root.author_text,
        "created": created.isoformat() if created else "",
    }
    return {key: value.strip() for key, value in stated.items() if value.strip()}
