"""The reports that are measured: drawn anew for each run, and published ones where a folder of them is named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from models.errors import UsageError
from samples.generate import build_set
from samples.truth import TRUTH_SUFFIX

# Reports of a quick run: the first styles of the catalogue already cover all formats.
_QUICK_COUNT = 16
_TRUTH_FOLDER = "truth"
PUBLISHED = "published"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Case:
    """A report with its truth. ``group`` is ``exact`` or ``review`` for drawn reports, ``published`` for others."""

    path: Path
    truth: dict[str, Any]
    group: str

    @property
    def has_text_layer(self) -> bool:
        """False for a drawn scan. Not known of a published report, which then counts as True."""
        pages = self.truth.get("style", {}).get("pages", {})
        return not pages.get("raster")


@dataclass(slots=True)
class Inputs:
    """All inputs of one run. Drawn sets are kept in ``folder`` and drawn once. ``scans``: how many damaged ones."""

    folder: Path
    quick: bool = False
    corpus: Path | None = None
    scans: int | None = None
    _drawn: dict[int, tuple[Case, ...]] = field(default_factory=dict)

    def drawn(self, seed: int = 0) -> tuple[Case, ...]:
        """One report of each style, or the first few of them in a quick run.

        Raises:
            MissingDependencyError: a font or a program that draws reports is not installed.
            OutputError: a report could not be drawn.
        """
        if seed not in self._drawn:
            count = _QUICK_COUNT if self.quick else None
            samples = build_set(self.folder / f"seed-{seed}", seed, count)
            self._drawn[seed] = tuple(Case(s.path, _read_truth(s.truth_path), s.expect) for s in samples)
        return self._drawn[seed]

    def published(self) -> tuple[Case, ...]:
        """The published reports; none where no folder of them was named.

        Raises:
            UsageError: the folder holds no report with a truth file.
        """
        return find_published(self.corpus) if self.corpus is not None else ()


def find_published(folder: Path) -> tuple[Case, ...]:
    """The reports below ``folder`` that have a truth file, sorted by path.

    The truth of ``pdf/name.pdf`` or ``text/name.glued.txt`` is ``truth/name.json``, or ``name.truth.json`` beside it.

    Raises:
        UsageError: no report with a truth file, or a truth file that is no JSON.
    """
    by_stem = {p.stem: p for p in (folder / _TRUTH_FOLDER).glob("*.json")}
    cases = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".json"):
        stem = path.name.partition(".")[0]
        beside = path.parent / f"{stem}{TRUTH_SUFFIX}"
        truth = beside if beside.is_file() else by_stem.get(stem)
        if truth is not None:
            cases.append(Case(path, _read_truth(truth), PUBLISHED))
    if not cases:
        raise UsageError(
            "no report with a truth file", source=str(folder), remedy="put truth/NAME.json beside the folders of NAME.*"
        )
    return tuple(cases)


def evenly(items: Sequence[T], count: int) -> tuple[T, ...]:
    """At most ``count`` of the items, evenly spaced, the first among them."""
    if count >= len(items):
        return tuple(items)
    return tuple(items[i * len(items) // count] for i in range(count))


def _read_truth(path: Path) -> dict[str, Any]:
    try:
        truth = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise UsageError(f"the truth file cannot be read: {exc}", source=str(path)) from exc
    if not isinstance(truth, dict) or not isinstance(truth.get("fields"), dict):
        raise UsageError("the truth file has no object of fields", source=str(path))
    return truth
