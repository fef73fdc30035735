"""The recognition model alone, run by onnxruntime: crops of one line in, probabilities of each step out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray

from models.errors import MissingDependencyError, StageError
from pipeline.ocr.engine import BLANK, NUMBER_ALPHABET, OTHER, LineReading

# The model was trained on lines of this height. Pixels.
_HEIGHT = 48
# Widths are rounded up to a multiple of this, so that lines of like width share a batch and shapes are few. Pixels.
_WIDTH_STEP = 32
_LEAST_WIDTH, _MOST_WIDTH = 64, 3200
# A batch holds at most this many steps in all: the output has 18,710 probabilities a step. One step is 8 pixels.
_STEPS_A_BATCH = 320
_MOST_LINES = 32
_PX_A_STEP = 8
# The last class of a recogniser is the space. A step may show a character of a number from this on. 0..1.
_SPACE, _SEEN = -1, 0.1
# What recognisers take isolated digits and signs of a number for; Greek and Cyrillic letters among them.
_SAME_SIGN = {
    "0": "0０OoＯｏ〇○◯₀\u039f\u03bf\u041e\u043e",
    "1": "1１lI|丨｜ｌⅠ\u0131\u0406",
    "2": "2２",
    "3": "3３",
    "4": "4４",
    "5": "5５",
    "6": "6６",
    "7": "7７",
    "8": "8８",
    "9": "9９",
    ".": ".．。·",
    ",": ",，、",
    "-": "-－–—―−一_",
}


@dataclass(frozen=True)
class OnnxLines:
    """A recogniser of lines. ``groups[i]`` are the classes that count as character ``i`` of ``NUMBER_ALPHABET``."""

    name: str
    session: Any
    characters: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]

    def read_lines(self, crops: Sequence[NDArray[np.uint8]]) -> list[LineReading]:
        """One reading for each crop; see ``LineEngine``."""
        scaled = [_scale(crop) for crop in crops]
        order = sorted(range(len(crops)), key=lambda i: scaled[i].shape[1])
        found: list[LineReading | None] = [None] * len(crops)
        start = 0
        while start < len(order):
            stop = start + 1
            while stop < len(order) and stop - start < _MOST_LINES:
                width = _bucket(scaled[order[stop]].shape[1])
                if width > _bucket(scaled[order[start]].shape[1]) + _WIDTH_STEP:
                    break
                if (stop - start + 1) * width > _STEPS_A_BATCH * _PX_A_STEP:
                    break
                stop += 1
            members = order[start:stop]
            for i, reading in zip(members, self._read_batch([scaled[i] for i in members]), strict=True):
                found[i] = reading
            start = stop
        return [reading for reading in found if reading is not None]

    def _read_batch(self, lines: Sequence[NDArray[np.uint8]]) -> list[LineReading]:
        width = _bucket(max(line.shape[1] for line in lines))
        batch = np.full((len(lines), 1, _HEIGHT, width), 255, np.uint8)
        for i, line in enumerate(lines):
            batch[i, 0, :, : line.shape[1]] = line
        inputs = np.repeat(batch.astype(np.float32) / 127.5 - 1, 3, axis=1)
        try:
            (output,) = self.session.run(None, {self.session.get_inputs()[0].name: inputs})
        except Exception as exc:
            raise StageError(
                f"the recognition model {self.name} failed ({type(exc).__name__})",
                remedy="see nianbao doctor; install the ocr extra again if it reports other versions",
            ) from exc
        if output.ndim != 3 or output.shape[0] != len(lines) or output.shape[2] != len(self.characters):  # noqa: PLR2004 - [B, T, classes]
            raise StageError(
                f"the recognition model {self.name} returned an array of shape {output.shape}",
                remedy="install the ocr extra again",
            )
        return [self._to_reading(steps) for steps in output]

    def _to_reading(self, steps: NDArray[np.float32]) -> LineReading:
        best = steps.argmax(axis=1)
        picked = steps[np.arange(len(best)), best]
        text, scores = [], []
        for i, index in enumerate(best):
            if index == BLANK or (i and index == best[i - 1]):
                continue
            text.append(self.characters[index])
            scores.append(float(picked[i]))
        narrow = np.empty((len(steps), 2 + len(NUMBER_ALPHABET)), np.float32)
        narrow[:, BLANK] = steps[:, BLANK]
        for i, group in enumerate(self.groups):
            narrow[:, 2 + i] = steps[:, group].sum(axis=1)
        # A space beside a number is no character of it; one inside is.
        seen = narrow[:, 2:].sum(axis=1) > _SEEN
        beside = ~(np.logical_or.accumulate(seen) & np.logical_or.accumulate(seen[::-1])[::-1])
        narrow[beside, BLANK] += steps[beside, _SPACE]
        narrow[:, OTHER] = np.clip(1 - narrow[:, BLANK] - narrow[:, 2:].sum(axis=1), 0, 1)
        return LineReading("".join(text), min(scores, default=1.0), narrow)


def load_lines(name: str, model: Path, config: Path, *, threads: int) -> OnnxLines:
    """The recogniser of a model file; ``config`` is the inference.yml with its characters.

    Raises:
        MissingDependencyError: onnxruntime is not installed.
        StageError: the files are no recognition model.
    """
    try:
        import onnxruntime
    except ImportError as exc:
        raise MissingDependencyError(
            "onnxruntime is not installed, so scans cannot be read",
            remedy='install the ocr extra: pip install -c constraints.txt -e ".[ocr]"',
        ) from exc
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Shapes differ from batch to batch; an arena would keep the largest of all of them.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    try:
        # The list of characters is long, and the part of PyYAML in C reads it ten times as fast.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        settings = yaml.load(config.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a SafeLoader
        listed = settings["PostProcess"]["character_dict"]
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as exc:
        raise StageError(
            f"the recognition model {name} cannot be loaded ({type(exc).__name__})",
            remedy="install the ocr extra again",
        ) from exc
    characters = ("", *(str(c) for c in listed), " ")
    index = {c: i for i, c in enumerate(characters)}
    groups = tuple(tuple(index[c] for c in _SAME_SIGN[sign] if c in index) for sign in NUMBER_ALPHABET)
    return OnnxLines(name, session, characters, groups)


def _scale(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = crop.shape
    if not crop.size:
        # What lies outside of the page, or between two pixels: paper.
        return np.full((_HEIGHT, _LEAST_WIDTH), 255, np.uint8)
    wanted = min(max(round(width * _HEIGHT / max(height, 1)), 8), _MOST_WIDTH)
    method = cv2.INTER_AREA if height > 2 * _HEIGHT else cv2.INTER_CUBIC
    return cv2.resize(crop, (wanted, _HEIGHT), interpolation=method)


def _bucket(width: int) -> int:
    return max(_LEAST_WIDTH, -(-width // _WIDTH_STEP) * _WIDTH_STEP)
