"""Glued reports for the benchmark: their truth is what their text holds, slips and all."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks import glued_accuracy
from benchmarks.glued_reports import KINDS, draw_glued, slip
from benchmarks.inputs import Inputs
from models.form import load_form
from samples.figures import draw_numbers
from samples.identities import broken_sums, leaf_rows
from samples.style import Style

FORM = load_form("gk2021")
LEAVES = leaf_rows(FORM, merged_other=False)


def test_the_same_kind_and_seed_give_the_same_report() -> None:
    assert draw_glued(KINDS[0], 3) == draw_glued(KINDS[0], 3)
    assert draw_glued(KINDS[0], 3) != draw_glued(KINDS[0], 4)


def test_cells_stand_without_anything_between_them() -> None:
    report = draw_glued(KINDS[0], 0)
    row = "".join(str(t) for i, t in report.truth["fields"].items() if i.startswith("requests.new."))
    assert row in report.text


@pytest.mark.parametrize("seed", range(20))
def test_a_slip_changes_little_and_mostly_breaks_a_sum(seed: int) -> None:
    rng = random.Random(seed)
    numbers = draw_numbers(FORM, Style("s", "text"), "district", rng)
    changed = slip(numbers, LEAVES, rng)
    differing = [i for i in numbers if numbers[i] != changed[i]]
    assert len(differing) <= 2
    assert bool(broken_sums(changed, LEAVES)) == bool(differing)
    assert all(n >= Decimal(0) for n in changed.values())


def test_the_benchmark_counts_what_passes_unseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glued_accuracy, "KINDS", KINDS[:1])
    result = glued_accuracy.measure(Inputs(tmp_path, quick=True))
    assert [row[0] for row in result.rows] == ["office", "all"]
    assert result.rows[-1][4] == "0"
    assert result.targets[0].met
