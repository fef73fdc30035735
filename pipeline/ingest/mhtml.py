"""A web page saved as one MIME message (MHTML) -> its HTML and the pictures saved with it."""

from __future__ import annotations

import email
from dataclasses import dataclass, field
from email import policy
from email.message import Message
from urllib.parse import urljoin

from models.errors import DamagedInputError
from pipeline.ingest.decode import decode_text, known_charset


@dataclass(frozen=True)
class SavedPage:
    """The text of the main HTML part, warnings of decoding it, and the other parts by their names in the page."""

    text: str
    warnings: tuple[str, ...]
    base: str = ""
    parts: dict[str, Message] = field(default_factory=dict, repr=False)

    def part(self, address: str) -> bytes | None:
        """The bytes of the part that an address in the page means; None where the message has no such part."""
        wanted = address.strip()
        found = self.parts.get(wanted)
        if found is None:
            try:
                found = self.parts.get(urljoin(self.base, wanted))
            except ValueError:
                return None
        payload = found.get_payload(decode=True) if found is not None else None
        return payload if isinstance(payload, bytes) else None


def read_mhtml(data: bytes, name: str) -> SavedPage:
    """The main HTML part of a message, with what was saved beside it.

    Raises:
        DamagedInputError: the message has no HTML part, or parts nested beyond all measure.
    """
    try:
        return _main_part(data, name)
    except RecursionError as exc:
        raise DamagedInputError(
            "the parts of the saved web page are nested too deeply", source=name, remedy="save the page again as HTML"
        ) from exc


def _main_part(data: bytes, name: str) -> SavedPage:
    # The lenient policy: headers that browsers write wrongly must not fail.
    message = email.message_from_bytes(data.lstrip(), policy=policy.compat32)
    page: SavedPage | None = None
    parts: dict[str, Message] = {}
    for part in message.walk():
        is_html = part.get_content_type() in {"text/html", "application/xhtml+xml"}
        if page is None and is_html:
            page = _decoded(part)
        elif not part.is_multipart() and not is_html:
            parts |= dict.fromkeys(_names(part), part)
    if page is None:
        raise DamagedInputError(
            "the saved web page has no HTML part", source=name, remedy="save the page again as HTML"
        )
    return SavedPage(page.text, page.warnings, page.base, parts)


def _decoded(part: Message) -> SavedPage | None:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return None
    base = _header(part, "Content-Location")
    charset = known_charset(part.get_content_charset() or "")
    text, warnings = decode_text(payload)
    if warnings and charset is not None:
        try:
            return SavedPage(payload.decode(charset), (), base)
        except UnicodeDecodeError:
            pass
    return SavedPage(text, warnings, base)


def _names(part: Message) -> list[str]:
    """What a page may call a part: its location, and its id as a ``cid:`` address."""
    location = _header(part, "Content-Location")
    content_id = _header(part, "Content-ID").strip("<>")
    return [name for name in (location, f"cid:{content_id}" if content_id else "") if name]


def _header(part: Message, name: str) -> str:
    value = part.get(name)
    # A header with broken bytes comes as an object of its own.
    return "".join(str(value).split()) if value is not None else ""
