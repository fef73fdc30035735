"""A drawn report with source errors: planted in its tables and its truth, before any producer writes it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from benchmarks.decide.planted import Planted, plant
from models.form import load_form
from samples.document import Document, Item
from samples.drawing import draw_report
from samples.identities import broken_sums, leaf_rows
from samples.sheet import Box, Sheet
from samples.style import Style


def draw_planted(style: Style, seed: int, count: int | None = None) -> tuple[Document, tuple[Planted, ...]]:
    """The report of a style and a seed with slips planted, and the slips. Faults of the style itself are left out.

    The truth of the document is what is printed; its violations are the sums that are broken by it.
    """
    whole = draw_report(replace(style, values=replace(style.values, faults=())), seed)
    form = load_form(whole.style.form)
    cells, slips = plant(form, whole.truth, random.Random(f"slips:{style.name}:{seed}"), count)
    changes = {i: text for slip in slips for i, text in zip(slip.cells, slip.printed, strict=True)}
    numbers = whole.numbers | {i: Decimal(text) for i, text in changes.items()}
    leaves = leaf_rows(form, merged_other=whole.style.tables.merged_other)
    planted = replace(
        whole,
        items=tuple(_reprinted(item, whole.truth, changes) for item in whole.items),
        truth=cells,
        numbers=numbers,
        violations=tuple(broken_sums(numbers, leaves)),
    )
    return planted, slips


def _reprinted(item: Item, before: Mapping[str, str | None], changes: Mapping[str, str]) -> Item:
    if not isinstance(item, Sheet):
        return item
    boxes = tuple(_reprinted_box(box, before, changes) for box in item.boxes)
    return replace(item, boxes=boxes)


def _reprinted_box(box: Box, before: Mapping[str, str | None], changes: Mapping[str, str]) -> Box:
    if box.field is None or box.field not in changes:
        return box
    # What stands around the number, such as padding, stays.
    return replace(box, text=box.text.replace(before[box.field] or "", changes[box.field]))


def to_json(slips: Sequence[Planted]) -> list[dict[str, Any]]:
    """The slips as a truth file lists them under ``planted``."""
    return [asdict(slip) for slip in slips]


def of_truth(truth: Mapping[str, Any]) -> tuple[Planted, ...]:
    """The slips that a truth file lists; none where it lists none."""
    return tuple(
        Planted(p["kind"], tuple(p["cells"]), tuple(p["meant"]), tuple(p["printed"])) for p in truth.get("planted", ())
    )
