"""Read a picture file: each of its pages is a scan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from models.document import Opened, SourceInfo
from models.page import PageInfo
from models.report import FailureRecord
from pipeline.config import Settings
from pipeline.ingest.open_image import count_frames, read_frame
from pipeline.ocr.load_engines import load_engines
from pipeline.page_tables import PageTables, pages_to_opened
from pipeline.scan.page_image import PageImage
from pipeline.scan_pages import EngineLoader, Scanner


@dataclass(frozen=True)
class ImageReading:
    """A picture file after reading; ``failures`` are pages that could not be read."""

    opened: Opened
    failures: tuple[FailureRecord, ...] = ()


def read_image(
    data: bytes, source: SourceInfo, settings: Settings, engines: EngineLoader = load_engines
) -> ImageReading:
    """Pages, running text and joined grids of a picture file.

    Args:
        data: The bytes of the file.
        source: The file.
        settings: Thresholds and limits.
        engines: Loads the OCR engines; called with the number of threads.

    Raises:
        InputError: damaged or too large; the subclasses tell which.
    """
    limits = settings.limits
    count = count_frames(data, source.name, max_pages=limits.max_pages)
    scanner = Scanner(settings, engines, source.name)
    pages: dict[int, PageTables] = {}
    infos: list[PageInfo] = []

    def picture(number: int) -> PageImage:
        frame = read_frame(data, source.name, number - 1, max_pixels=limits.max_page_pixels)
        return PageImage(number, frame.pixels, frame.px_per_pt)

    # One page that cannot be decoded is a file that cannot be read.
    only = picture(1) if count == 1 else None
    for number in range(1, count + 1):
        render = partial(picture, number) if only is None else (lambda: only)
        info, found = scanner.read(PageInfo(number, "ocr", "skipped", "picture_file"), render)
        infos.append(info)
        if found is not None:
            pages[number] = found
    opened = pages_to_opened(replace(source, page_count=count), infos, pages, settings, scanner.second_reading())
    return ImageReading(opened, tuple(scanner.failures))
