"""The tables and the running text of pages, whoever read them, put together to one opened file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from models.document import Opened, SourceInfo
from models.errors import NianbaoError, StageError
from models.geometry import BBox
from models.grid import Grid
from models.page import PageContent, PageInfo, TextLine
from models.vocabulary import vocabulary
from pipeline.config import OcrSettings, Settings
from pipeline.ocr.engine import Engines
from pipeline.placed_scan import PlacedScan
from pipeline.read_scan import UNRULED_HINTS, ScannedPage, to_stored
from pipeline.tables.chars_to_cells import lattice_to_grid, page_to_lines
from pipeline.tables.join_across_pages import join_across_pages
from pipeline.tables.rulings_to_grid import rulings_to_lattices
from pipeline.tables.words_to_grid import words_to_grids
from pipeline.unruled_values import reread_values

# A net of fewer cells is a frame around text. A row of two cells may be what a page break has left of a table.
_FEWEST_CELLS = 2
TEXT_READER = "pdfplumber"


@dataclass(frozen=True)
class PageTables:
    """What was found on one page: ruled tables, text outside them, and all characters for tables without rulings.

    ``scan`` is set where the page was read from its pixels; boxes are then those of the upright page. ``placed`` are
    pictures on a page of text that were read, what they hold already among the rest.
    """

    ruled: tuple[Grid, ...] = ()
    boxes: tuple[BBox, ...] = ()
    lines: tuple[TextLine, ...] = ()
    content: PageContent | None = None
    scan: ScannedPage | None = field(default=None, repr=False)
    placed: tuple[PlacedScan, ...] = ()


def text_page(content: PageContent, *, snap: float) -> PageTables:
    """The tables and lines of a page whose characters and rulings the file states. ``snap`` in points."""
    lattices = [
        lattice for lattice in rulings_to_lattices(content.rulings, snap=snap) if len(lattice.cells) >= _FEWEST_CELLS
    ]
    boxes = tuple(lattice.bbox for lattice in lattices)
    lines = tuple(page_to_lines(content, boxes))
    ruled = tuple(lattice_to_grid(lattice, content, TEXT_READER) for lattice in lattices)
    return PageTables(ruled, boxes, lines, content)


def with_picture(page: PageTables, placed: PlacedScan) -> PageTables:
    """The page with what was read in a picture on it, in reading order."""
    grids = placed.grids()
    kept = [line for line in page.lines if line.bbox is None or not placed.shown.contains_point(*line.bbox.center)]
    return replace(
        page,
        ruled=(*page.ruled, *grids),
        boxes=(*page.boxes, *(g.bbox for g in grids if g.bbox is not None)),
        lines=tuple(sorted([*kept, *placed.lines()], key=lambda line: line.bbox.top if line.bbox else 0.0)),
        content=placed.added_to(page.content) if page.content is not None else None,
        placed=(*page.placed, placed),
    )


def page_text(page: PageTables) -> str:
    """All text of a page, tables included."""
    return "\n".join([*(line.text for line in page.lines), *(c.text for grid in page.ruled for c in grid.cells)])


def scanned_page(scan: ScannedPage) -> PageTables:
    """The tables and lines of a page that was read from its pixels."""
    boxes = tuple(g.bbox for g in scan.grids if g.bbox is not None)
    return PageTables(scan.grids, boxes, scan.lines, scan.content, scan)


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What reads numbers of scanned tables without rulings one by one, and where a page that fails is told."""

    engines: Engines
    failed: Callable[[int, NianbaoError], None]


def pages_to_opened(
    source: SourceInfo,
    infos: Sequence[PageInfo],
    pages: Mapping[int, PageTables],
    settings: Settings,
    second: SecondReading | None,
    metadata: dict[str, str] | None = None,
) -> Opened:
    """The opened file: grids joined over page breaks, running text, all in reading order.

    Args:
        source: The file.
        infos: How each page was treated, in order.
        pages: Page number -> what was found on it; pages without an entry have neither tables nor text.
        settings: Tolerances.
        second: Reads numbers of scanned tables without rulings; None where no page was scanned.
        metadata: What the file states about itself.
    """
    scans = {n: page.scan for n, page in pages.items() if page.scan is not None}
    unruled: dict[int, list[Grid]] = {}
    for grid in _unruled(pages):
        read = _reread(grid, pages, scans, second, settings.ocr) if second is not None else grid
        unruled.setdefault(grid.page_no, []).append(read)
    grids: list[Grid] = []
    running: list[TextLine] = []
    for info in infos:
        page = pages.get(info.page_no, PageTables())
        running += page.lines
        both = [*(_with_caption(g, page.lines) for g in page.ruled), *unruled.get(info.page_no, ())]
        grids += sorted(both, key=lambda g: g.bbox.top if g.bbox else 0.0)
    heights = {n: page.content.height for n, page in pages.items() if page.content is not None}
    elastic = frozenset(scans) | {n for n, page in pages.items() if page.placed}
    joined = join_across_pages(
        grids, running, heights, column_tolerance=settings.tables.join_tolerance_pt, elastic=elastic
    )
    return Opened(
        source=source,
        pages=tuple(infos),
        lines=tuple(running),
        grids=tuple(to_stored(g, scans) for g in joined),
        metadata=metadata or {},
    )


def _reread(
    grid: Grid,
    pages: Mapping[int, PageTables],
    scans: Mapping[int, ScannedPage],
    second: SecondReading,
    settings: OcrSettings,
) -> Grid:
    """A grid found by word positions with the numbers read one by one that stand on scans or in pictures.

    Where that fails, the numbers stay as the engine for pages read them, and are doubted.
    """
    try:
        read = reread_values(grid, scans, second.engines, settings)
        for page_no in {c.page_no for c in grid.cells}:
            for placed in pages.get(page_no, PageTables()).placed:
                reader = partial(reread_values, pages={page_no: placed.scan}, engines=second.engines, settings=settings)
                read = placed.reread(read, reader)
    except StageError as exc:
        second.failed(grid.page_no, exc)
        return replace(grid, cells=tuple(replace(c, flags=c.flags | {"low_score"}) for c in grid.cells))
    return read


def _unruled(pages: Mapping[int, PageTables]) -> list[Grid]:
    """Tables without rulings: on pages with form words outside all ruled tables, and on their neighbours."""
    words = vocabulary()
    found = [
        n for n, page in pages.items() if words.telling_hits("".join(line.text for line in page.lines)) >= UNRULED_HINTS
    ]
    wanted = {n + step for n in found for step in (-1, 0, 1)}
    contents = [page.content for n, page in sorted(pages.items()) if n in wanted and page.content is not None]
    return words_to_grids(contents, {n: page.boxes for n, page in pages.items()})


def _with_caption(grid: Grid, lines: Sequence[TextLine]) -> Grid:
    if grid.bbox is None:
        return grid
    above = [line for line in lines if line.bbox is not None and line.bbox.bottom <= grid.bbox.top + 1]
    return replace(grid, caption=above[-1].text) if above else grid
