from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import MissingDependencyError, StageError
from models.geometry import BBox
from pipeline.ocr.checked import checked_engines
from pipeline.ocr.engine import Engines, LineReading, PlacedLine
from tests.unit.fake_engines import FakeLines, FakePage, reading

CROP = np.zeros((4, 4), np.uint8)
GOOD = reading("12")


class Lines:
    name = "lines"

    def __init__(self, answer: Callable[[], Any]) -> None:
        self.answer = answer

    def read_lines(self, crops: Sequence[NDArray[np.uint8]]) -> list[LineReading]:
        return self.answer()  # type: ignore[no-any-return]


class Page(Lines):
    def read_page(self, gray: NDArray[np.uint8]) -> list[PlacedLine]:
        return self.answer()  # type: ignore[no-any-return]


def ask_lines(answer: Callable[[], Any]) -> list[LineReading]:
    engines = checked_engines(Engines(Lines(answer), FakeLines("second"), FakePage()))
    return engines.first.read_lines([CROP, CROP])


def ask_page(answer: Callable[[], Any]) -> list[PlacedLine]:
    return checked_engines(Engines(FakeLines("a"), FakeLines("b"), Page(answer))).page.read_page(CROP)


def nan_steps() -> LineReading:
    steps = GOOD.steps.copy()
    steps[1, 3] = np.nan
    return replace(GOOD, steps=steps)


def fails(error: BaseException) -> Callable[[], Any]:
    def raise_it() -> None:
        raise error

    return raise_it


def test_good_answers_pass() -> None:
    assert ask_lines(lambda: [GOOD, GOOD]) == [GOOD, GOOD]
    line = PlacedLine("标题", 0.9, BBox(0, 0, 3, 3))
    assert ask_page(lambda: [line]) == [line]


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [GOOD],
        [GOOD] * 3,
        [GOOD, None],
        [GOOD, "12"],
        [GOOD, replace(GOOD, score=float("nan"))],
        [GOOD, replace(GOOD, score=17.0)],
        [GOOD, replace(GOOD, score="high")],  # type: ignore[arg-type]
        [GOOD, replace(GOOD, text=None)],  # type: ignore[arg-type]
        [GOOD, replace(GOOD, text="\ud800")],
        [GOOD, replace(GOOD, steps=None)],  # type: ignore[arg-type]
        [GOOD, replace(GOOD, steps=GOOD.steps[:, :4])],
        [GOOD, replace(GOOD, steps=GOOD.steps[0])],
        [GOOD, replace(GOOD, steps=GOOD.steps * 9)],
        [GOOD, nan_steps()],
    ],
)
def test_rubbish_of_a_line_engine_is_a_failed_stage(answer: Any) -> None:
    with pytest.raises(StageError, match="lines gave an answer that is none"):
        ask_lines(lambda: answer)


@pytest.mark.parametrize(
    "line",
    [
        None,
        ("text", 0.9, (0, 0, 1, 1)),
        PlacedLine("a", float("nan"), BBox(0, 0, 1, 1)),
        PlacedLine("a", 0.9, BBox(0, float("inf"), 1, 1)),
        PlacedLine(5, 0.9, BBox(0, 0, 1, 1)),  # type: ignore[arg-type]
    ],
)
def test_rubbish_of_a_page_engine_is_a_failed_stage(line: Any) -> None:
    with pytest.raises(StageError, match="lines gave an answer that is none"):
        ask_page(lambda: [line])


@pytest.mark.parametrize("ask", [ask_lines, ask_page])
def test_whatever_an_engine_raises_is_a_failed_stage(ask: Callable[[Callable[[], Any]], Any]) -> None:
    with pytest.raises(StageError, match=r"lines failed \(ZeroDivisionError: by nothing\)"):
        ask(fails(ZeroDivisionError("by nothing")))
    with pytest.raises(StageError, match="lines failed"):
        ask(lambda: None)


@pytest.mark.parametrize("error", [MissingDependencyError("not there"), MemoryError(), KeyboardInterrupt()])
def test_what_says_more_is_left_as_it_is(error: BaseException) -> None:
    with pytest.raises(type(error)):
        ask_lines(fails(error))
