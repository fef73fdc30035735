"""A web page saved as one MIME message (MHTML) -> its HTML."""

from __future__ import annotations

import email
from email import policy

from models.errors import DamagedInputError
from pipeline.ingest.decode import decode_text, known_charset


def mhtml_to_html(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of the main HTML part, and the warnings of decoding it.

    Raises:
        DamagedInputError: the message has no HTML part.
    """
    # The lenient policy: headers that browsers write wrongly must not fail.
    message = email.message_from_bytes(data.lstrip(), policy=policy.compat32)
    for part in message.walk():
        if part.get_content_type() not in {"text/html", "application/xhtml+xml"}:
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or not payload.strip():
            continue
        charset = known_charset(part.get_content_charset() or "")
        text, warnings = decode_text(payload)
        if warnings and charset is not None:
            try:
                return payload.decode(charset), ()
            except UnicodeDecodeError:
                return text, warnings
        return text, warnings
    raise DamagedInputError("the saved web page has no HTML part", source=name, remedy="save the page again as HTML")
