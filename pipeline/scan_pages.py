"""Reads the pages of one file that need OCR, and keeps a record of each that could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path, PurePath

from models.errors import NianbaoError, StageError
from models.page import PageInfo
from models.report import FailureRecord
from pipeline.config import Settings
from pipeline.export.atomic import write_bytes
from pipeline.export.file_names import report_file_name
from pipeline.ocr.checked import checked_engines, error_words
from pipeline.ocr.engine import Engines
from pipeline.page_tables import PageTables, SecondReading, scanned_page
from pipeline.picture_rim import with_rim, without_rim
from pipeline.read_scan import ScannedPage, read_scan
from pipeline.scan.draw_debug import draw_debug
from pipeline.scan.page_image import PageImage

# A name has at most so many bytes of the file's own, and so many hexadecimal digits that tell files of one name apart.
_LONGEST_STEM, _MARK = 200, 6

EngineLoader = Callable[[int], Engines]
"""Number of threads of one model -> the engines."""


class Scanner:
    """Reads pages by OCR. The engines are loaded with the first page; a failed one costs that page alone.

    Args:
        settings: Thresholds, and the folder for pictures of what was read.
        loader: Loads the engines.
        name: The file, as the user named it.
    """

    def __init__(self, settings: Settings, loader: EngineLoader, name: str = "") -> None:
        self.failures: list[FailureRecord] = []
        self.engines: Engines | None = None
        self._settings = settings
        self._loader = loader
        self._unusable = not settings.ocr.enabled
        self._name = name
        self._drawn: Counter[int] = Counter()

    def second_reading(self) -> SecondReading | None:
        """What reads numbers once more where a table has no rulings; None where no page was read."""
        return None if self.engines is None else SecondReading(self.engines, self.fail)

    def fail(self, page_no: int, error: NianbaoError) -> None:
        """Records what went wrong on a page."""
        self.failures.append(page_failure(page_no, error))

    def read(
        self, info: PageInfo, picture: Callable[[], PageImage], *, is_cropped: bool = False
    ) -> tuple[PageInfo, PageTables | None]:
        """(how the page was treated, what was found on it; None where it could not be read).

        Args:
            info: The page; its reason is kept where it can be read.
            picture: Renders it.
            is_cropped: It is no whole page: rulings may lie at its very edge.
        """
        found, code = self.scan(info.page_no, picture, is_cropped=is_cropped)
        if found is None:
            return (PageInfo(info.page_no, info.route, "failed", code) if code else info), None
        return PageInfo(info.page_no, info.route, "extracted", info.reason, found.stored_size), scanned_page(found)

    def scan(
        self, page_no: int, picture: Callable[[], PageImage], *, is_cropped: bool = False
    ) -> tuple[ScannedPage | None, str]:
        """(what was read, why it could not be). Both are empty where no engine is there: that is recorded once.

        Raises:
            OutputError: the picture of what was read cannot be written.
        """
        found, code = self._scan(page_no, picture, is_cropped=is_cropped)
        if found is not None and self._settings.output.debug_dir is not None:
            self._draw(found, self._settings.output.debug_dir)
        return found, code

    def _scan(
        self, page_no: int, picture: Callable[[], PageImage], *, is_cropped: bool
    ) -> tuple[ScannedPage | None, str]:
        engines = self._load()
        if engines is None:
            return None, ""
        try:
            image = picture()
            if not is_cropped:
                return read_scan(image, engines, self._settings.ocr), ""
            return without_rim(read_scan(with_rim(image), engines, self._settings.ocr), image.px_per_pt), ""
        except NianbaoError as exc:
            self.fail(page_no, exc)
            return None, exc.code
        except Exception as exc:  # noqa: BLE001 - an engine may raise anything; one page must not cost the others
            error = StageError(f"cannot be read ({error_words(exc)})", remedy="see nianbao doctor")
            self.fail(page_no, error)
            return None, error.code

    def _draw(self, page: ScannedPage, folder: Path) -> None:
        number = page.upright.page_no
        self._drawn[number] += 1
        cells = [cell for grid in page.grids for cell in grid.cells]
        name = debug_name(self._name, number, self._drawn[number])
        write_bytes(folder / name, draw_debug(page.upright.unpack(), page.content.rulings, cells))

    def _load(self) -> Engines | None:
        """The engines; None where there are none. What keeps them from loading is recorded once."""
        if self.engines is None and not self._unusable:
            try:
                self.engines = checked_engines(self._loader(self._settings.ocr.threads))
            except NianbaoError as exc:
                self._give_up(exc)
            except Exception as exc:  # noqa: BLE001 - what a damaged package raises; text pages can be read without it
                text = f"the OCR engines cannot be loaded ({error_words(exc)})"
                self._give_up(StageError(text, remedy="see nianbao doctor"))
        return self.engines

    def _give_up(self, error: NianbaoError) -> None:
        self._unusable = True
        self.failures.append(FailureRecord(stage="ocr", code=error.code, message=error.message, remedy=error.remedy))


def debug_name(source: str, page_no: int, count: int) -> str:
    """The name of the picture of a page, safe on every file system; files of one name in two folders have two.

    Args:
        source: The file, as the user named it.
        page_no: 1-based.
        count: How many pictures of this page there are with this one.
    """
    stem = report_file_name(PurePath(source).name, set()).removesuffix(".json")
    stem = stem.encode("utf-8")[:_LONGEST_STEM].decode("utf-8", errors="ignore")
    mark = sha256(source.encode("utf-8", "replace")).hexdigest()[:_MARK]
    return f"{stem}-{mark}-p{page_no}{f'-{count}' if count > 1 else ''}.png"


def page_failure(page_no: int, error: NianbaoError) -> FailureRecord:
    """The record of a page that could not be read."""
    return FailureRecord(
        stage="extract", code=error.code, message=f"page {page_no}: {error.message}", remedy=error.remedy
    )
