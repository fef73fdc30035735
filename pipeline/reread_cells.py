"""Cells of scans read once more from other crops, where the first reading is doubted or a sum does not hold."""

from __future__ import annotations

import time
from collections.abc import Sequence

from models.errors import NianbaoError
from models.match import PrintedField
from models.reading import CellPicture, Reading
from models.report import FailureRecord
from pipeline.config import OcrSettings
from pipeline.ocr.checked import checked_engines
from pipeline.ocr.engine import Engines
from pipeline.ocr.load_engines import load_engines
from pipeline.ocr.vote import to_reading
from pipeline.scan.cell_variants import cell_variants


class CellReader:
    """Reads cells again with the engines of this process. What fails is recorded; the first readings then stand.

    ``seconds``: spent on it so far.
    """

    def __init__(self, settings: OcrSettings) -> None:
        self.failures: list[FailureRecord] = []
        self.seconds = 0.0
        self._settings = settings

    def __call__(self, cells: Sequence[PrintedField]) -> list[tuple[Reading, ...]]:
        """What was read in other crops of each cell; nothing where its pixels are not known or hold no ink."""
        start = time.perf_counter()
        try:
            return self._read(cells)
        finally:
            self.seconds += time.perf_counter() - start

    def _read(self, cells: Sequence[PrintedField]) -> list[tuple[Reading, ...]]:
        pictures = [c.picture for c in cells if c.picture is not None]
        if not pictures or self.failures:
            return [() for _ in cells]
        try:
            found = iter(reread_pictures(pictures, checked_engines(load_engines(self._settings.threads))))
        except NianbaoError as exc:
            record = FailureRecord(stage="decide", code=exc.code, message=exc.message, remedy=exc.remedy)
            self.failures.append(record)
            return [() for _ in cells]
        return [next(found) if c.picture is not None else () for c in cells]


def reread_pictures(pictures: Sequence[CellPicture], engines: Engines) -> list[tuple[Reading, ...]]:
    """What both engines read in other crops of each cell; nothing where it holds no ink.

    Raises:
        StageError: an engine failed.
    """
    variants = [cell_variants(p) for p in pictures]
    crops = [crop for named in variants for crop in named.values()]
    if not crops:
        return [() for _ in pictures]
    read = [(engine.name, iter(engine.read_lines(crops))) for engine in (engines.first, engines.second)]
    found = [
        [to_reading(f"{engine}/{name}", next(lines)) for name in named for engine, lines in read] for named in variants
    ]
    # There is ink in each crop; an engine that sees nothing in it does not say that the cell is blank.
    return [tuple(r for r in readings if r.text.strip()) for readings in found]
