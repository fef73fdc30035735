"""Read a PDF: route its pages, take positions where tables may be, build grids, and keep what other readers need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from models.document import Opened, SourceInfo
from models.errors import MissingDependencyError, NianbaoError, StageError
from models.grid import Grid
from models.page import PageContent, PageInfo, TextLine
from models.report import FailureRecord
from models.text import fold
from pipeline.config import Settings
from pipeline.extract.form_words import is_form_complete, is_garbled
from pipeline.extract.page_route import RoutedPage, crowded_page, probe_page, route_pages
from pipeline.extract.pdf_open import PdfDocuments, open_pdf
from pipeline.extract.render_page import render_page
from pipeline.ocr.load_engines import load_engines
from pipeline.page_tables import PageTables, page_text, pages_to_opened
from pipeline.pictures_on_pages import Chosen, choose_pictures, read_pictures
from pipeline.scan.page_image import PageImage
from pipeline.scan_pages import EngineLoader, Scanner, page_failure
from pipeline.tables.camelot_to_grids import camelot_to_grids
from pipeline.tables.join_across_pages import COLUMN_TOLERANCE_PT, join_across_pages
from pipeline.tables.words_to_grid import words_to_grids
from pipeline.text_pages import read_text_page


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


def read_pdf(
    data: bytes,
    source: SourceInfo,
    settings: Settings,
    engines: EngineLoader = load_engines,
    password: str | None = None,
) -> PdfReading:
    """Pages, running text and joined grids of a PDF.

    Args:
        data: The bytes of the file.
        source: The file.
        settings: Thresholds and limits.
        engines: Loads the OCR engines; called with the number of threads, and only where a page has to be read by OCR.
        password: Opens the file where it is encrypted.

    Raises:
        InputError: encrypted, damaged or too large; the subclasses tell which.
    """
    limits = settings.limits
    with open_pdf(
        data,
        source.name,
        max_pages=limits.max_pages,
        max_unpacked_bytes=limits.max_pdf_uncompressed_bytes,
        max_pixels=limits.max_page_pixels,
        max_objects=limits.max_page_objects,
        password=password,
    ) as documents:
        run = _Run(documents, _route(documents, settings), settings, Scanner(settings, engines, source.name))
        run.choose_pictures()
        run.read_texts()
        run.read_scans()
        run.read_pictures()
        metadata = _metadata(documents)
        page_count = documents.page_count
        data = documents.data
    opened = pages_to_opened(
        replace(source, page_count=page_count),
        list(run.infos.values()),
        run.pages,
        settings,
        run.scanner.second_reading(),
        metadata,
    )
    return PdfReading(
        opened,
        tuple(run.trusted()),
        (*run.failures, *run.scanner.failures),
        data,
        settings.tables.join_tolerance_pt,
    )


class _Run:
    """One PDF while its pages are read. ``infos`` and ``pages`` by page number; a page leaves a trace in ``infos``."""

    def __init__(
        self, documents: PdfDocuments, routed: Sequence[RoutedPage], settings: Settings, scanner: Scanner
    ) -> None:
        self.infos = {p.info.page_no: p.info for p in routed}
        self.pages: dict[int, PageTables] = {}
        self.failures: list[FailureRecord] = []
        self.scanner = scanner
        self._documents = documents
        self._routed = routed
        self._settings = settings
        self._pictures: dict[int, Chosen] = {}
        self._contents: dict[int, PageContent] = {}
        self._garbled = {p.info.page_no for p in routed if p.probe.is_garbled}

    def choose_pictures(self) -> None:
        """Looks at the pictures on text pages."""
        text = "".join(p.probe.text for p in self._routed if p.info.route in {"text", "mixed"})
        self._pictures, failures = choose_pictures(
            self._documents, self._routed, self._settings.limits, is_complete=is_form_complete(text)
        )
        self.failures += failures

    def read_texts(self) -> None:
        """Reads the pages that may hold a part of the tables from their text; of the others the lines are enough."""
        for page in self._routed:
            number = page.info.page_no
            if page.info.status != "extracted":
                continue
            wanted = self._pictures[number].wanted if number in self._pictures else []
            if not page.needs_positions and not wanted:
                self.pages[number] = PageTables(lines=tuple(_quick_lines(page)))
                continue
            try:
                found = read_text_page(self._documents, page, self._settings, wanted)
            except NianbaoError as exc:
                self.failures.append(page_failure(number, exc))
                self.infos[number] = PageInfo(number, page.info.route, "failed", exc.code)
                self.pages[number] = PageTables(lines=tuple(_quick_lines(page)))
                continue
            self.infos[number] = found.info
            if found.tables is not None:
                self.pages[number], self._contents[number] = found.tables, found.content
            elif found.is_garbled:
                self._garbled.add(number)

    def read_scans(self) -> None:
        """Reads the pages without text that can be trusted from their pixels.

        Pages in another language than Chinese look like pages whose font has no table of its characters. Where OCR of
        one of them finds no Chinese either, the others keep their text.
        """
        is_foreign = False
        for page in self._routed:
            number = page.info.page_no
            info = self.infos[number]
            if info.route != "ocr" or info.status != "skipped":
                continue
            if is_foreign and number in self._garbled:
                self.infos[number] = PageInfo(number, "text", "extracted")
                self.pages[number] = PageTables(lines=tuple(_quick_lines(page)))
                continue
            self.infos[number], found = self.scanner.read(info, partial(self._render, number))
            if found is not None:
                self.pages[number] = found
                is_foreign = is_foreign or (number in self._garbled and is_garbled(page_text(found)))

    def read_pictures(self) -> None:
        """Reads the pictures that may be tables, and says of all others what became of them."""
        for number, chosen in self._pictures.items():
            if self.infos[number].route == "mixed" and self.infos[number].status == "extracted":
                self.infos[number], self.pages[number] = read_pictures(
                    self._documents,
                    self.scanner,
                    (self.infos[number], self.pages[number]),
                    chosen,
                    self._settings.limits.max_page_pixels,
                )

    def trusted(self) -> Iterator[PageContent]:
        """The pages as their text has them, for other readers of text: without what lies where pictures were read."""
        for number, content in sorted(self._contents.items()):
            kept = content
            for placed in self.pages[number].placed:
                kept = placed.taken_out_of(kept)
            yield kept

    def _render(self, page_no: int) -> PageImage:
        pixels, scale = render_page(
            self._documents.quick,
            page_no,
            dpi=self._settings.ocr.page_dpi,
            max_pixels=self._settings.limits.max_page_pixels,
        )
        return PageImage(page_no, pixels, scale)


def _route(documents: PdfDocuments, settings: Settings) -> list[RoutedPage]:
    most = settings.limits.max_page_objects
    numbers = range(1, documents.page_count + 1)
    probes = [crowded_page(n) if n in documents.crowded else probe_page(documents.quick, n - 1, most) for n in numbers]
    return route_pages(
        probes,
        min_chars=settings.routing.min_chars_per_page,
        max_bad_share=settings.routing.max_bad_char_share,
        full_page_image_share=settings.routing.full_page_image_share,
    )


def _quick_lines(page: RoutedPage) -> list[TextLine]:
    return [TextLine(t, page.info.page_no) for t in fold(page.probe.text).splitlines() if t.strip()]


def _metadata(documents: PdfDocuments) -> dict[str, str]:
    try:
        found = documents.quick.get_metadata_dict(skip_empty=True)
    except Exception:  # noqa: BLE001 - a damaged information dictionary costs nothing but itself
        return {}
    return {key.lower(): value for key, value in found.items()}


def attempt(reader: Callable[[], tuple[Grid, ...]], stage: str) -> tuple[tuple[Grid, ...], FailureRecord | None]:
    """The grids of a reader, or none and the record of why it failed."""
    try:
        return reader(), None
    except (StageError, MissingDependencyError) as exc:
        return (), FailureRecord(stage=stage, code=exc.code, message=exc.message, remedy=exc.remedy)
