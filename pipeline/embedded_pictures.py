"""Pictures inside web pages and DOCX files that may be tables: each that is read becomes a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from models.document import Opened, Picture
from models.errors import NianbaoError
from models.geometry import BBox
from models.grid import Grid
from models.page import PageInfo, TextLine
from models.report import FailureRecord
from pipeline.config import Settings
from pipeline.extract.form_words import is_form_complete
from pipeline.ingest.assemble import NO_TEXT, TABLES_MAY_BE_PICTURES
from pipeline.ingest.open_image import count_frames, read_frame
from pipeline.ocr.load_engines import load_engines
from pipeline.page_tables import PageTables, pages_to_opened
from pipeline.scan.page_image import PageImage
from pipeline.scan_pages import EngineLoader, Scanner
from pipeline.tables.grid_to_sections import begins_with_header
from pipeline.tables.join_across_pages import join_without_geometry

EMBEDDED = "embedded_picture"
# A picture for which no width is stated is taken to be as wide as the text of an A4 page, or as the page where it has
# the shape of one. Points; height by width.
_TEXT_WIDTH_PT, _PAGE_WIDTH_PT, _PAGE_SHAPE = 470.0, 595.3, 1.2
# Widths stated outside of these bounds are for the screen, not for paper. Points.
_CREDIBLE_WIDTH_PT = (250.0, 900.0)
# Text of its own from which on a file does not need the lines beside the tables of its pictures. Characters.
_OWN_TEXT_CHARS = 300
# The line before a picture stands this far above it. Points.
_CAPTION_PT = 20.0


@dataclass(frozen=True, slots=True)
class _Found:
    """A picture worth reading: its place among the frames of its file, and its caption."""

    picture: Picture
    frame: int
    name: str
    max_pixels: int

    def render(self, page_no: int) -> PageImage:
        """The picture as a page.

        Raises:
            InputError: it cannot be decoded, or is too large.
        """
        pixels = read_frame(self.picture.data, self.name, self.frame, max_pixels=self.max_pixels).pixels
        return PageImage(page_no, pixels, pixels.shape[1] / _width_pt(self.picture.width_pt, *pixels.shape[:2]))


def read_embedded(
    opened: Opened, settings: Settings, engines: EngineLoader = load_engines
) -> tuple[Opened, tuple[FailureRecord, ...]]:
    """(the file with the tables of its pictures after those of its text, what went wrong).

    A picture is read where it holds a net of rulings, or lines of text while the form is not complete in the text of
    the file. Its page has boxes in points of that picture.

    Args:
        opened: The file; its pictures have not been looked at.
        settings: Thresholds and limits.
        engines: Loads the OCR engines; called with the number of threads, and only where a picture is read.
    """
    if not opened.pictures:
        return opened, ()
    text = "\n".join([*(line.text for line in opened.lines), *(c.text for g in opened.grids for c in g.cells)])
    is_complete = is_form_complete(text)
    found: list[_Found] = []
    is_unseen = False
    for picture in opened.pictures:
        try:
            found += _worth_reading(picture, opened.source.name, settings, is_complete=is_complete)
        except NianbaoError:
            # A browser shows no more of it than a frame. It matters where the form is not in the text.
            is_unseen = is_unseen or not is_complete
    warnings = (*opened.warnings, *([TABLES_MAY_BE_PICTURES] if is_unseen else []))
    opened = replace(opened, pictures=(), warnings=tuple(dict.fromkeys(warnings)))
    if not found:
        return opened, ()
    return _read(opened, found, settings, Scanner(settings, engines, opened.source.name), own_chars=len(text))


def _worth_reading(picture: Picture, name: str, settings: Settings, *, is_complete: bool) -> Iterator[_Found]:
    # OpenCV is loaded with the first picture.
    from pipeline.look_at_picture import look_at_picture

    limits = settings.limits
    for frame in range(count_frames(picture.data, name, max_pages=limits.max_pages)):
        found = _Found(picture, frame, name, limits.max_page_pixels)
        look = look_at_picture(found.render(1))
        if look == "table" or (look == "text" and not is_complete):
            yield found


def _read(
    opened: Opened, found: Sequence[_Found], settings: Settings, scanner: Scanner, *, own_chars: int
) -> tuple[Opened, tuple[FailureRecord, ...]]:
    first = len(opened.pages) + 1
    infos: list[PageInfo] = []
    pages: dict[int, PageTables] = {}
    captions: set[TextLine] = set()
    before = ""
    for page_no, picture in enumerate(found, start=first):
        render = partial(picture.render, page_no)
        info, tables = scanner.read(PageInfo(page_no, "ocr", "skipped", EMBEDDED), render, is_cropped=True)
        infos.append(info)
        caption = picture.picture.caption
        if tables is not None:
            # What stands between two pictures keeps the tables in them apart; pieces of one picture are joined.
            line = TextLine(caption, page_no, BBox(0, -_CAPTION_PT, _TEXT_WIDTH_PT, -_CAPTION_PT / 2))
            if caption and caption != before:
                captions.add(line)
                tables = replace(tables, lines=(line, *tables.lines))
            pages[page_no] = tables
        before = caption
    part = pages_to_opened(opened.source, infos, pages, settings, scanner.second_reading())
    lines = [line for line in part.lines if line not in captions]
    has_own_text = own_chars >= _OWN_TEXT_CHARS
    warnings = [w for w in opened.warnings if w != NO_TEXT or not lines]
    merged = replace(
        opened,
        source=replace(opened.source, page_count=len(opened.pages) + len(infos)),
        pages=(*opened.pages, *infos),
        lines=opened.lines if has_own_text else (*opened.lines, *lines),
        grids=(*_joined(opened.grids), *part.grids),
        warnings=tuple(warnings),
    )
    return merged, tuple(scanner.failures)


def _joined(grids: Sequence[Grid]) -> list[Grid]:
    """Tables of the text that continue each other, before tables with boxes come among them."""
    return join_without_geometry(grids, [begins_with_header(g) for g in grids])


def _width_pt(stated: float | None, height_px: int, width_px: int) -> float:
    if stated is not None and _CREDIBLE_WIDTH_PT[0] <= stated <= _CREDIBLE_WIDTH_PT[1]:
        return stated
    return _PAGE_WIDTH_PT if height_px >= _PAGE_SHAPE * width_px else _TEXT_WIDTH_PT
