"""The ink of cells as text: all by one model, what may be a number by two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.reading import COVERED, SCAN_READER, Reading
from models.value_text import looks_like_value
from pipeline.config import OcrSettings
from pipeline.ocr.engine import Engines, LineReading
from pipeline.ocr.vote import LOW_SCORE, MODELS_DIFFER, Vote, is_number, vote
from pipeline.scan.cell_ink import CellInk

READER = SCAN_READER
# A mark such as / is read by one engine; below this it is unsure, 0..1.
_SURE_MARK = 0.95
# Digits further apart than this share of their height are of two numbers, for instance where a ruling is lost.
_WORD_GAP = 1.0
# A line of its own that is read as one of these, and is small beside the other lines of its cell, is dirt. Share of
# their height.
_DIRT, _MOST_OF_LINE = frozenset("●•·‧∙・。.,、▪■◆°˙'`´‘’“”"), 0.45
# Words are taken for a number only where both engines see one through what lies over them.
_BOTH = 2
# What is longer in proportion to its height is no number.
_LONGEST_NUMBER = 8.0
# Inner margin of a cell on one side, at most. Points.
_WIDEST_PADDING_PT = 6.0

CellText = tuple[str, tuple[Reading, ...], frozenset[str]]
"""Text of a cell with line feeds between its lines, what each engine read, reason codes."""


def read_cells(inks: Sequence[CellInk], engines: Engines, settings: OcrSettings) -> list[CellText]:
    """The text of each cell; cells that may be numbers are read by both engines.

    Raises:
        StageError: an engine failed.
    """
    readings = iter(engines.first.read_lines([line.crop for ink in inks for line in ink.lines]))
    clean = [_without_dirt(ink, [next(readings) for _ in ink.lines]) for ink in inks]
    inks, first = [ink for ink, _ in clean], [lines for _, lines in clean]
    through = _read_through(inks, engines)
    numbers = [i for i, lines in enumerate(first) if lines and all(is_number(line) for line in lines)]
    again = iter(engines.second.read_lines([line.clean for i in numbers for line in inks[i].lines]))
    second = {i: [next(again) for _ in inks[i].lines] for i in numbers}
    found: list[CellText] = []
    for i, lines in enumerate(first):
        doubts = ink_doubts(inks[i])
        if i in second:
            more = through.get(i, []) if len(lines) == 1 else []
            votes = [
                vote([(engines.first.name, a), (engines.second.name, b), *more], accept_score=settings.accept_score)
                for a, b in zip(lines, second[i], strict=True)
            ]
            text, voices, flags = _joined(inks[i], votes)
            apart = {"inner_space"} if any(line.gap > _WORD_GAP * line.box.height for line in inks[i].lines) else set()
            found.append((text, voices, flags | doubts | apart))
        else:
            score = min((line.score for line in lines), default=1.0)
            # What is faint and no number gives no text, but it may have been a number.
            text = "" if inks[i].is_faint else "\n".join(line.text for line in lines)
            reading = Reading(engines.first.name if lines else READER, text, round(score, 4))
            if len(through.get(i, ())) == _BOTH:
                seen = vote(through[i], accept_score=settings.accept_score)
                found.append((seen.text, (reading, *seen.readings), seen.flags | doubts | {MODELS_DIFFER}))
            else:
                found.append((text, (reading,), doubts | _text_doubts(inks[i], text, score)))
    return found


def _read_through(inks: Sequence[CellInk], engines: Engines) -> dict[int, list[tuple[str, LineReading]]]:
    """Index of a cell -> numbers that the engines read through a stamp or a pen that lies over it."""
    covered = {i: ink.covered for i, ink in enumerate(inks) if ink.covered is not None and ink.covered.size}
    crops = {i: crop for i, crop in covered.items() if crop.shape[1] <= _LONGEST_NUMBER * crop.shape[0]}
    found: dict[int, list[tuple[str, LineReading]]] = {}
    for engine in (engines.first, engines.second) if crops else ():
        for i, line in zip(crops, engine.read_lines(list(crops.values())), strict=True):
            if is_number(line):
                found.setdefault(i, []).append((f"{engine.name}/{COVERED}", line))
    return found


def _without_dirt(ink: CellInk, lines: list[LineReading]) -> tuple[CellInk, list[LineReading]]:
    """(ink, readings) of a cell without lines that are no more than a speck above or below a number."""
    if len(lines) == 1 or not any(is_number(line) for line in lines):
        return ink, lines
    most = _MOST_OF_LINE * max((line.box.height for line in ink.lines), default=0.0)
    kept = [
        n
        for n, (line, read) in enumerate(zip(ink.lines, lines, strict=True))
        if not set(read.text.strip()) <= _DIRT or max(line.box.width, line.box.height) > most
    ]
    return replace(ink, lines=tuple(ink.lines[n] for n in kept)), [lines[n] for n in kept]


def _text_doubts(ink: CellInk, text: str, score: float) -> frozenset[str]:
    """Reason codes of a cell that was read by one engine as text: ink that gives none, a number, an unsure mark."""
    is_lost = bool(ink.lines) and not text.strip()
    is_unsure = looks_like_value(text) and (score < _SURE_MARK or any(c.isdigit() for c in text))
    return frozenset({LOW_SCORE} if is_lost or is_unsure else ())


def ink_doubts(ink: CellInk) -> frozenset[str]:
    """Reason codes of what is seen in a cell before anything is read."""
    return frozenset(
        code for code, holds in (("faint_ink", ink.is_faint), ("stamp_over_cell", ink.is_stamped)) if holds
    )


def _joined(ink: CellInk, votes: Sequence[Vote]) -> CellText:
    """The text of a cell of numbers; several lines are one number where the cell was too narrow for it."""
    if len(votes) == 1:
        return votes[0].text, votes[0].readings, votes[0].flags
    between = "" if _is_wrapped(ink, votes) else "\n"
    readings = tuple(
        Reading(parts[0].reader, between.join(p.text for p in parts), min(p.score for p in parts))
        for parts in zip(*(v.readings for v in votes), strict=True)
    )
    return between.join(v.text for v in votes), readings, frozenset().union(*(v.flags for v in votes))


def _is_wrapped(ink: CellInk, votes: Sequence[Vote]) -> bool:
    """True where each line but the last is so long that the next digit would not have fitted into the cell."""
    return all(
        line.box.width * (len(v.text) + 1) / max(len(v.text), 1) > ink.width - 2 * _WIDEST_PADDING_PT
        for line, v in zip(ink.lines[:-1], votes[:-1], strict=True)
    )
