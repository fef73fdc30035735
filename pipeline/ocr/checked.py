"""Engines whose answers are looked at: what fails, or answers with rubbish, is a failed stage and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.errors import NianbaoError, StageError
from pipeline.ocr.engine import NUMBER_ALPHABET, Engines, LineEngine, LineReading, PageEngine, PlacedLine

_REMEDY = "see nianbao doctor; install the ocr extra again if it reports other versions"
_COLUMNS = 2 + len(NUMBER_ALPHABET)
_Answer = TypeVar("_Answer")
# Rounding may lead this far out of 0..1.
_ROUNDING = 1e-3


def checked_engines(engines: Engines) -> Engines:
    """The same engines; all that goes wrong in them, and each answer that is none, is a ``StageError``."""
    return Engines(CheckedLines(engines.first), CheckedLines(engines.second), CheckedPage(engines.page))


@dataclass(frozen=True, slots=True)
class CheckedLines:
    """A ``LineEngine`` that gives one reading for each crop, with probabilities, or fails."""

    engine: LineEngine

    @property
    def name(self) -> str:
        """The name of the engine."""
        return self.engine.name

    def read_lines(self, crops: Sequence[NDArray[np.uint8]]) -> list[LineReading]:
        """One reading for each crop; see ``LineEngine``."""
        found = _asked(self.name, lambda: self.engine.read_lines(crops))
        if len(found) != len(crops) or not all(_is_reading(reading) for reading in found):
            raise _rubbish(self.name)
        return found


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """A ``PageEngine`` that gives lines inside the page, or fails."""

    engine: PageEngine

    @property
    def name(self) -> str:
        """The name of the engine."""
        return self.engine.name

    def read_page(self, gray: NDArray[np.uint8]) -> list[PlacedLine]:
        """The lines of a page; see ``PageEngine``."""
        found = _asked(self.name, lambda: self.engine.read_page(gray))
        if not all(_is_placed(line) for line in found):
            raise _rubbish(self.name)
        return found


def _asked(name: str, ask: Callable[[], list[_Answer]]) -> list[_Answer]:
    try:
        return list(ask())
    except (NianbaoError, MemoryError):
        raise
    except Exception as exc:
        raise StageError(f"the OCR engine {name} failed ({error_words(exc)})", remedy=_REMEDY) from exc


def error_words(error: Exception) -> str:
    """What an error of somebody else says, without halves of characters: they can be written to no file."""
    return f"{type(error).__name__}: {error}".encode("utf-8", "replace").decode("utf-8")


def _rubbish(name: str) -> StageError:
    return StageError(f"the OCR engine {name} gave an answer that is none", remedy=_REMEDY)


def _is_reading(reading: object) -> bool:
    if not isinstance(reading, LineReading) or not _is_text(reading.text) or not _is_share(reading.score):
        return False
    steps: object = reading.steps
    return (
        isinstance(steps, np.ndarray)
        and np.issubdtype(steps.dtype, np.floating)
        and steps.ndim == 2  # noqa: PLR2004 - steps by symbols
        and steps.shape[1] == _COLUMNS
        and bool(((steps >= -_ROUNDING) & (steps <= 1 + _ROUNDING)).all())
    )


def _is_placed(line: object) -> bool:
    return (
        isinstance(line, PlacedLine)
        and _is_text(line.text)
        and _is_share(line.score)
        and bool(np.isfinite(line.box.as_list()).all())
    )


def _is_text(text: object) -> bool:
    # Halves of characters can be written to no file.
    return isinstance(text, str) and not any("\ud800" <= c <= "\udfff" for c in text)


def _is_share(score: object) -> bool:
    return isinstance(score, int | float) and -_ROUNDING <= score <= 1 + _ROUNDING
