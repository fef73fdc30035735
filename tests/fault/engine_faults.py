"""OCR engines with a fault, chosen by the name of the file. Imported by the workers, so it is a module and no test."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from models.errors import ExitCode, MissingDependencyError
from models.geometry import BBox
from models.report import Report
from pipeline.ocr.engine import Engines, LineReading, PlacedLine
from pipeline.read_apart import child
from pipeline.read_apart.child import Job
from pipeline.read_image import read_image
from pipeline.read_scan import ScannedPage, read_scan
from pipeline.scan.page_image import PageImage
from tests.unit.fake_engines import reading

# The page on which the engine has its fault; the others are read.
FAULTY_PAGE = 2
GOOD = reading("7")
RUBBISH: dict[str, Any] = {
    "nothing": None,
    "too_few": [GOOD],
    "not_readings": "7",
}


@dataclass
class FaultyLines:
    """Reads 7 everywhere, and does what its fault says on one page of the file."""

    name: str
    fault: str
    page: list[int]

    def read_lines(self, crops: Sequence[NDArray[np.uint8]]) -> list[LineReading]:
        if self.fault != "none" and self.page[0] == FAULTY_PAGE and crops:
            return self.fail(len(crops))
        return [GOOD] * len(crops)

    def fail(self, count: int) -> list[LineReading]:
        match self.fault:
            case "raise":
                raise ZeroDivisionError("half a surrogate \ud800")
            case "crash":
                os._exit(9)
            case "stall":
                threading.Event().wait()
            case "nan_steps":
                return [replace(GOOD, steps=np.full_like(GOOD.steps, np.nan))] * count
        rubbish: list[LineReading] = RUBBISH[self.fault]
        return rubbish


class FaultyPage:
    """Finds a title on each page."""

    name = "page"

    def __init__(self, fault: str, page: list[int]) -> None:
        self.fault, self.page = fault, page

    def read_page(self, gray: NDArray[np.uint8]) -> list[PlacedLine]:
        if self.page[0] == FAULTY_PAGE and self.fault == "page_rubbish":
            return [PlacedLine("标题", 0.9, BBox(0, np.nan, 1, 1))]
        return [PlacedLine("标题", 0.9, BBox(0, 0, 50, 20))]


def load(fault: str, page: list[int], threads: int) -> Engines:
    """The engines of a fault."""
    match fault:
        case "missing":
            raise MissingDependencyError("onnxruntime is not installed", remedy="install the ocr extra")
        case "unloadable":
            raise OSError("libgomp.so.1: cannot open shared object file")
    lines = "" if fault == "page_rubbish" else fault
    return Engines(
        FaultyLines("first", lines or "none", page), FaultyLines("second", "none", page), FaultyPage(fault, page)
    )


def read(job: Job) -> tuple[Report, ExitCode]:
    """Reads the file with the engines of its fault."""
    page = [0]

    def counted(image: PageImage, *args: Any) -> ScannedPage:
        page[0] = image.page_no
        return read_scan(image, *args)

    engines = partial(load, job.path.stem, page)
    with (
        mock.patch("pipeline.scan_pages.read_scan", counted),
        mock.patch("pipeline.stages.read_image", partial(read_image, engines=engines)),
    ):
        return child.read_file(job)
