"""The engines of this process, loaded when the first scan is met and kept."""

from __future__ import annotations

import os
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.ocr.engine import Engines, PlacedLine
from pipeline.ocr.onnx_lines import load_lines
from pipeline.ocr.paddle_page import PaddlePage, load_page
from pipeline.ocr.weights import find_weights


class _LazyPage:
    """PaddleOCR, started with the first page that needs it: a page that is one table does not."""

    name = "paddleocr"

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._page: PaddlePage | None = None

    def read_page(self, gray: NDArray[np.uint8]) -> list[PlacedLine]:
        """The lines of a page; see ``PageEngine``."""
        if self._page is None:
            self._page = load_page(find_weights("small_det"), find_weights("small_rec"), threads=self._threads)
        return self._page.read_page(gray)


@cache
def load_engines(threads: int) -> Engines:
    """The engines with the weights of the manifest.

    Args:
        threads: Threads of one model; 0 for as many as there are processors.

    Raises:
        MissingDependencyError: the ocr extra is not installed.
        StageError: a model cannot be loaded.
    """
    count = threads or len(os.sched_getaffinity(0))
    small, tiny = find_weights("small_rec"), find_weights("tiny_rec")
    return Engines(
        first=load_lines(small.name, small.model, small.config, threads=count),
        second=load_lines(tiny.name, tiny.model, tiny.config, threads=count),
        page=_LazyPage(count),
    )
