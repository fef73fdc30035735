"""Files that are not what their name says, and hold no report either: an error page saved as a PDF, a note."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from models.errors import UnsupportedTypeError

if TYPE_CHECKING:
    from models.document import Opened

_PICTURE = "a picture"
# Endings that promise something else than text, and what that is.
_PROMISED = {
    ".pdf": "a PDF",
    ".docx": "a Word document",
    ".doc": "a Word document",
    ".wps": "a WPS document",
    ".ofd": "an OFD document",
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp"), _PICTURE),
}
# Office programs save web pages under these endings, and open them again.
_OFTEN_HTML = frozenset({".doc", ".wps"})


def refuse_misnamed(opened: Opened) -> None:
    """Nothing, where the file is what its name says, or may hold a report; for a file with no form that is known.

    Raises:
        UnsupportedTypeError: it is text under the name of something else.
    """
    name = opened.source.name
    ending = PurePath(name).suffix.lower()
    promised = _PROMISED.get(ending)
    if promised is None:
        return
    if opened.source.media_type == "text/plain":
        what = "plain text"
    elif opened.source.media_type == "text/html" and ending not in _OFTEN_HTML and not _may_hold_tables(opened):
        what = "a web page"
    else:
        return
    raise UnsupportedTypeError(
        f"the name says {promised}, but this is {what}, and it has no table of a known form",
        source=name,
        remedy="fetch the report again; what is there may be an error page or a note",
    )


def _may_hold_tables(opened: Opened) -> bool:
    # A picture that was looked at is a page of its own.
    return bool(opened.grids) or len(opened.pages) > 1 or "tables_may_be_pictures" in opened.warnings
