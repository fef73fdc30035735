"""What opening a file yields, whatever its type: the common input of all later stages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from models.grid import Grid
from models.page import PageInfo, TextLine

MediaType = Literal["application/pdf", "text/html", "application/docx", "text/plain", "image"]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """The file itself: name as given, sha256 (hex) of its bytes, media type, number of pages."""

    name: str
    sha256: str
    media_type: str
    page_count: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside a web page or a DOCX: its bytes, the text line before it, and the width stated for it in points.

    ``width_pt`` is None where none is stated.
    """

    data: bytes = field(repr=False)
    caption: str = ""
    width_pt: float | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A file after reading: its pages, its running text outside tables, its grids, in reading order.

    ``metadata`` holds what the file states about itself outside the running text (HTML <title> and <meta>, PDF Title,
    DOCX core properties), lower-case keys such as ``title``, ``author``, ``date``. ``warnings`` are reason codes for
    the whole file, e.g. ``encoding_guessed``, ``tables_may_be_pictures``. ``pictures`` are those inside the file that
    nobody has looked at yet; each that is read becomes a page of its own.
    """

    source: SourceInfo
    pages: tuple[PageInfo, ...]
    lines: tuple[TextLine, ...]
    grids: tuple[Grid, ...]
    metadata: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
