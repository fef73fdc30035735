from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import StageError
from pipeline.ocr.engine import BLANK, NUMBER_ALPHABET, OTHER
from pipeline.ocr.onnx_lines import OnnxLines, _scale, load_lines

CHARACTERS = ("", "0", "O", "1", "7", "好", " ")
GROUPS = tuple(tuple(i for i, c in enumerate(CHARACTERS) if c == s or (s == "0" and c == "O")) for s in NUMBER_ALPHABET)


class Session:
    """Reads the mean darkness of each picture: the darker it is, the later in ``CHARACTERS`` the one character."""

    def __init__(self, *, classes: int = len(CHARACTERS), error: Exception | None = None) -> None:
        self.batches: list[tuple[int, ...]] = []
        self.classes = classes
        self.error = error

    def get_inputs(self) -> list[Any]:
        return [SimpleNamespace(name="x")]

    def run(self, _: None, inputs: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        if self.error is not None:
            raise self.error
        pictures = inputs["x"]
        self.batches.append(pictures.shape)
        assert pictures.dtype == np.float32
        assert pictures.min() >= -1
        assert pictures.max() <= 1
        output = np.zeros((len(pictures), 3, self.classes), np.float32)
        output[:, ::2, BLANK] = 1
        for i, picture in enumerate(pictures):
            output[i, 1, character_of(float(picture[0, 24, 4]) * 127.5 + 127.5)] = 0.9
            output[i, 1, BLANK] = 0.1
        return [output]


def character_of(tone: float) -> int:
    return 1 + round(tone / 50) % 5


def engine(session: Session) -> OnnxLines:
    return OnnxLines("fake", session, CHARACTERS, GROUPS)


def crop(tone: int, width: int = 40, height: int = 24) -> NDArray[np.uint8]:
    return np.full((height, width), tone, np.uint8)


def test_readings_stand_in_the_order_of_the_crops() -> None:
    # Lines of like width share a batch, so that crops are read in another order than they are given.
    chance = np.random.default_rng(5)
    tones = [int(t) * 50 for t in chance.integers(0, 5, 70)]
    widths = [int(w) for w in chance.integers(10, 900, 70)]
    session = Session()

    found = engine(session).read_lines([crop(t, w) for t, w in zip(tones, widths, strict=True)])

    assert [r.text for r in found] == [CHARACTERS[character_of(t)] for t in tones]
    assert 1 < len(session.batches) < 70
    assert all(shape[1:3] == (3, 48) and shape[3] % 32 == 0 for shape in session.batches)
    assert max(shape[0] * shape[3] for shape in session.batches if shape[0] > 1) <= 640 * 8


def test_nothing_to_read_asks_nobody() -> None:
    session = Session()

    assert engine(session).read_lines([]) == []
    assert session.batches == []


def test_signs_that_look_alike_count_together_and_the_rest_is_other() -> None:
    steps = np.array([[0.1, 0.2, 0.3, 0.05, 0.0, 0.25, 0.1]], np.float32)

    class Fixed(Session):
        def run(self, _: None, inputs: dict[str, NDArray[np.float32]]) -> list[NDArray[np.float32]]:
            return [np.repeat(steps[None], len(inputs["x"]), axis=0)]

    [found] = engine(Fixed()).read_lines([crop(0)])

    assert found.text == "O"
    assert found.score == pytest.approx(0.3)
    assert found.steps.shape == (1, 2 + len(NUMBER_ALPHABET))
    assert found.steps[0, BLANK] == pytest.approx(0.1)
    assert found.steps[0, 2] == pytest.approx(0.5)
    assert found.steps[0, 3] == pytest.approx(0.05)
    assert found.steps[0, OTHER] == pytest.approx(0.35)


def test_a_session_that_fails_is_a_failed_stage() -> None:
    with pytest.raises(StageError, match="fake failed \\(RuntimeError\\)"):
        engine(Session(error=RuntimeError("out of threads"))).read_lines([crop(0)])


def test_an_output_of_another_shape_is_a_failed_stage() -> None:
    with pytest.raises(StageError, match="shape"):
        engine(Session(classes=3)).read_lines([crop(0)])


def test_files_that_are_no_model(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    (tmp_path / "rec.onnx").write_bytes(b"no model")
    (tmp_path / "inference.yml").write_text("PostProcess: {character_dict: [a, b]}", encoding="utf-8")

    with pytest.raises(StageError, match="broken cannot be loaded"):
        load_lines("broken", tmp_path / "rec.onnx", tmp_path / "inference.yml", threads=1)


def test_a_crop_without_pixels_is_paper() -> None:
    scaled = _scale(np.zeros((0, 12), np.uint8))
    assert scaled.size
    assert (scaled == 255).all()


@pytest.mark.parametrize(
    ("steps", "text", "other"),
    [
        (("1", "7", " "), "17", 0.0),
        ((" ", "1", "7"), "17", 0.0),
        (("1", " ", "7"), "17", 0.9),
        ((" ", "好", " "), "", 0.9),
    ],
)
def test_a_space_beside_a_number_is_blank_and_one_inside_is_a_character(
    steps: tuple[str, ...], text: str, other: float
) -> None:
    output = np.zeros((1, len(steps), len(CHARACTERS)), np.float32)
    output[0, :, BLANK] = 0.1
    for i, character in enumerate(steps):
        output[0, i, CHARACTERS.index(character)] = 0.9
    session = SimpleNamespace(get_inputs=lambda: [SimpleNamespace(name="x")], run=lambda *_: [output])

    [found] = OnnxLines("fake", session, CHARACTERS, GROUPS).read_lines([crop(0)])

    columns = found.steps[:, 2:].argmax(axis=1)[found.steps[:, 2:].max(axis=1) > 0.5]
    assert "".join(NUMBER_ALPHABET[i] for i in columns) == text
    assert found.steps[:, OTHER].max() == pytest.approx(other)
    assert found.steps.sum(axis=1) == pytest.approx(1)
