"""Read a PDF: route its pages, take positions where tables may be, build grids, and keep what other readers need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from models.document import Opened, SourceInfo
from models.errors import MissingDependencyError, NianbaoError, StageError
from models.geometry import BBox
from models.grid import Grid
from models.page import PageContent, PageInfo, TextLine
from models.report import FailureRecord
from models.text import fold
from models.vocabulary import vocabulary
from pipeline.config import Settings
from pipeline.extract.page_route import RoutedPage, probe_page, route_pages
from pipeline.extract.pdf_open import PdfDocuments, open_pdf
from pipeline.extract.pdf_to_page import pdf_to_page
from pipeline.tables.camelot_to_grids import camelot_to_grids
from pipeline.tables.chars_to_cells import lattice_to_grid, page_to_lines
from pipeline.tables.join_across_pages import COLUMN_TOLERANCE_PT, join_across_pages
from pipeline.tables.rulings_to_grid import rulings_to_lattices
from pipeline.tables.words_to_grid import words_to_grids

# A net of fewer cells is a frame around text. A row of two cells may be what a page break has left of a table.
_FEWEST_CELLS = 2
# Text outside all grids with this many form words is a table without rulings.
_UNRULED_HINTS = 3
# Characters that pdfminer could not decode are written like this.
_CID = "(cid:"
_READER = "pdfplumber"


@dataclass(frozen=True)
class PdfReading:
    """A PDF after reading. ``contents`` holds the pages with positions; ``failures`` pages that could not be read."""

    opened: Opened
    contents: tuple[PageContent, ...]
    failures: tuple[FailureRecord, ...] = ()
    data: bytes = field(default=b"", repr=False)
    column_tolerance: float = COLUMN_TOLERANCE_PT

    def with_camelot(self) -> tuple[Grid, ...]:
        """Joined grids of camelot lattice over the pages that hold the tables.

        Raises:
            MissingDependencyError: camelot is not installed.
            StageError: camelot failed.
        """
        heights = {c.page_no: c.height for c in self.contents if not c.quarter_turns}
        grids = camelot_to_grids(self.data, heights, sorted(heights))
        return tuple(join_across_pages(grids, self.opened.lines, heights, column_tolerance=self.column_tolerance))

    def with_words_alone(self) -> tuple[Grid, ...]:
        """Grids from word positions alone, as if no ruling were drawn."""
        return tuple(words_to_grids(self.contents, {}))


def read_pdf(data: bytes, source: SourceInfo, settings: Settings) -> PdfReading:
    """Pages, running text and joined grids of a PDF.

    Raises:
        InputError: encrypted, damaged or too large; the subclasses tell which.
    """
    failures: list[FailureRecord] = []
    contents: dict[int, PageContent] = {}
    with open_pdf(data, source.name, max_pages=settings.limits.max_pages) as documents:
        routed = _route(documents, settings)
        infos = {p.info.page_no: p.info for p in routed}
        for page in routed:
            number = page.info.page_no
            if not page.needs_positions or page.info.status != "extracted":
                continue
            try:
                content = pdf_to_page(documents.exact.pages[number - 1])
            except NianbaoError as exc:
                failures.append(_failure(number, exc))
                infos[number] = PageInfo(number, page.info.route, "failed", exc.code)
                continue
            share = sum(1 for c in content.chars if c.text.startswith(_CID)) / max(1, len(content.chars))
            if share > settings.routing.max_bad_char_share:
                infos[number] = PageInfo(number, "ocr", "skipped", "unusable_characters")
            else:
                contents[number] = content
        metadata = _metadata(documents)
        page_count = documents.page_count
    grids, lines = _pages_to_grids(routed, contents, settings)
    heights = {n: c.height for n, c in contents.items()}
    tolerance = settings.tables.join_tolerance_pt
    opened = Opened(
        source=replace(source, page_count=page_count),
        pages=tuple(infos[p.info.page_no] for p in routed),
        lines=tuple(lines),
        grids=tuple(join_across_pages(grids, lines, heights, column_tolerance=tolerance)),
        metadata=metadata,
    )
    return PdfReading(opened, tuple(contents[n] for n in sorted(contents)), tuple(failures), data, tolerance)


def _route(documents: PdfDocuments, settings: Settings) -> list[RoutedPage]:
    probes = [probe_page(documents.quick, index) for index in range(documents.page_count)]
    return route_pages(
        probes,
        min_chars=settings.routing.min_chars_per_page,
        max_bad_share=settings.routing.max_bad_char_share,
        full_page_image_share=settings.routing.full_page_image_share,
    )


def _pages_to_grids(
    routed: Sequence[RoutedPage], contents: Mapping[int, PageContent], settings: Settings
) -> tuple[list[Grid], list[TextLine]]:
    """(grids in reading order, running text outside them)."""
    ruled: dict[int, list[Grid]] = {}
    boxes: dict[int, list[BBox]] = {}
    lines: dict[int, list[TextLine]] = {}
    for number, content in contents.items():
        lattices = [
            lattice
            for lattice in rulings_to_lattices(content.rulings, snap=settings.tables.snap_tolerance_pt)
            if len(lattice.cells) >= _FEWEST_CELLS
        ]
        ruled[number] = [lattice_to_grid(lattice, content, _READER) for lattice in lattices]
        boxes[number] = [lattice.bbox for lattice in lattices]
        lines[number] = page_to_lines(content, boxes[number])
    unruled: dict[int, list[Grid]] = {}
    for grid in words_to_grids(_pages_with_unruled_tables(contents, lines), boxes):
        unruled.setdefault(grid.page_no, []).append(grid)
    grids: list[Grid] = []
    running: list[TextLine] = []
    for page in routed:
        number = page.info.page_no
        if number not in contents:
            running += _quick_lines(page)
            continue
        running += lines[number]
        captioned = [_with_caption(g, lines[number]) for g in ruled[number]]
        both = [*captioned, *unruled.get(number, ())]
        grids += sorted(both, key=lambda g: g.bbox.top if g.bbox else 0.0)
    return grids, running


def _pages_with_unruled_tables(
    contents: Mapping[int, PageContent], lines: Mapping[int, Sequence[TextLine]]
) -> list[PageContent]:
    """The pages on which form words stand outside all ruled tables, and their neighbours."""
    words = vocabulary()
    found = [n for n in contents if words.telling_hits("".join(line.text for line in lines[n])) >= _UNRULED_HINTS]
    wanted = {n + step for n in found for step in (-1, 0, 1)}
    return [contents[n] for n in sorted(contents) if n in wanted]


def _with_caption(grid: Grid, lines: list[TextLine]) -> Grid:
    if grid.bbox is None:
        return grid
    above = [line for line in lines if line.bbox is not None and line.bbox.bottom <= grid.bbox.top + 1]
    return replace(grid, caption=above[-1].text) if above else grid


def _quick_lines(page: RoutedPage) -> list[TextLine]:
    return [TextLine(t, page.info.page_no) for t in fold(page.probe.text).splitlines() if t.strip()]


def _metadata(documents: PdfDocuments) -> dict[str, str]:
    try:
        found = documents.quick.get_metadata_dict(skip_empty=True)
    except Exception:  # noqa: BLE001 - a damaged information dictionary costs nothing but itself
        return {}
    return {key.lower(): value for key, value in found.items()}


def _failure(page_no: int, error: NianbaoError) -> FailureRecord:
    return FailureRecord(
        stage="extract", code=error.code, message=f"page {page_no}: {error.message}", remedy=error.remedy
    )


def attempt(reader: Callable[[], tuple[Grid, ...]], stage: str) -> tuple[tuple[Grid, ...], FailureRecord | None]:
    """The grids of a reader, or none and the record of why it failed."""
    try:
        return reader(), None
    except (StageError, MissingDependencyError) as exc:
        return (), FailureRecord(stage=stage, code=exc.code, message=exc.message, remedy=exc.remedy)
