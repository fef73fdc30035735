"""Lines and tables in reading order -> the parts of an opened file, and what is suspicious about them as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.document import Opened, SourceInfo
from models.errors import InputTooLargeError
from models.grid import Grid
from models.page import PageInfo, TextLine
from pipeline.ingest.pictures import PICTURES_OVER_LIMIT, Gathered
from pipeline.ingest.table_builder import is_number
from pipeline.ingest.text_sink import Block

TABLES_MAY_BE_PICTURES = "tables_may_be_pictures"
NO_TEXT = "no_text"

# A report has less than a fiftieth of it; a book or a whole site would keep the later stages busy for hours.
MAX_TEXT_CHARS = 2_000_000
# A report has some hundred lines and some ten tables.
MAX_LINES, MAX_TABLES = 200_000, 5_000
# A report is thousands of characters; a frame set or a page waiting for its script has a word or two.
MIN_TEXT_CHARS = 20
# A table of a report before the national forms, which carries none of their words.
MIN_LEGACY_NUMBERS = 6
# Words that stand in the tables of every national form, not in its prose.
_FORM_WORDS = ("第二十条第", "商业企业", "法律服务机构", "结果维持", "尚未审结", "结转下年度继续办理")
MIN_FORM_WORDS = 2


def blocks_to_opened(
    blocks: Iterable[Block],
    source: SourceInfo,
    *,
    gathered: Gathered | None = None,
    metadata: dict[str, str] | None = None,
    warnings: Sequence[str] = (),
) -> Opened:
    """The opened file of a type without pages: one page, every grid captioned with the nearest text line before it.

    ``tables_may_be_pictures`` tells of pictures that are not in the file; those that are can be looked at.

    Args:
        blocks: Lines and grids in reading order.
        source: The file.
        gathered: The pictures inside the file.
        metadata: What the file states about itself.
        warnings: Reason codes found so far; ``no_text``, ``tables_may_be_pictures`` and ``pictures_over_limit`` are
            added here.

    Raises:
        InputTooLargeError: more than two million characters, 200,000 lines or 5,000 tables.
    """
    lines: list[TextLine] = []
    grids: list[Grid] = []
    for block in blocks:
        if isinstance(block, Grid):
            grids.append(replace(block, caption=lines[-1].text if lines else ""))
        else:
            lines.append(TextLine(block, page_no=1))
        check_count(len(lines), MAX_LINES, "lines", source.name)
        check_count(len(grids), MAX_TABLES, "tables", source.name)
    found = list(warnings)
    chars = sum(len(line.text) for line in lines) + sum(len(c.text) for g in grids for c in g.cells)
    check_chars(chars, source.name)
    if chars < MIN_TEXT_CHARS:
        found.append(NO_TEXT)
    pictures = gathered or Gathered()
    if pictures.unseen and not _has_form(lines, grids):
        found.append(TABLES_MAY_BE_PICTURES)
    if pictures.over_limit:
        found.append(PICTURES_OVER_LIMIT)
    return Opened(
        source=source,
        pages=(PageInfo(1, "text", "extracted"),),
        lines=tuple(lines),
        grids=tuple(grids),
        metadata=metadata or {},
        warnings=tuple(found),
        pictures=tuple(pictures.pictures),
    )


def check_chars(chars: int, name: str) -> None:
    """None; text that is longer than any report is refused.

    Raises:
        InputTooLargeError: more than two million characters.
    """
    check_count(chars, MAX_TEXT_CHARS, "characters of text", name)


def check_count(count: int, most: int, what: str, name: str) -> None:
    """None; more than ``most`` of something is refused.

    Raises:
        InputTooLargeError: there is more.
    """
    if count > most:
        raise InputTooLargeError(f"holds more than {most:,} {what}", source=name, remedy="give the report alone")


def _has_form(lines: Sequence[TextLine], grids: Sequence[Grid]) -> bool:
    cells = [c.text for g in grids for c in g.cells]
    text = "".join("".join(t.split()) for t in (*cells, *(line.text for line in lines)))
    if sum(word in text for word in _FORM_WORDS) >= MIN_FORM_WORDS:
        return True
    return sum(is_number(t) for t in cells) >= MIN_LEGACY_NUMBERS
