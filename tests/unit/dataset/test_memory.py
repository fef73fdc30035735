"""Memory does not grow with the number of reports."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.report import Report
from pipeline.dataset import write_table
from pipeline.dataset.build import build_panel
from tests.unit.invented_reports import cell, make_report

# A tenth of what the prose alone of the reports that are added would take.
_ALLOWED = 1024 * 1024  # bytes
_FIELDS = {f"requests.new.{c}": cell("12") for c in ("natural_person", "commercial_enterprise", "other", "total")}


def reports(count: int) -> Iterator[tuple[str, Report]]:
    for number in range(count):
        report = make_report(f"第{number}中学", form="unknown", file=f"{number}.pdf")
        changes = {"form": "gk2021", "fields": _FIELDS, "sections": {"overview": "文" * 5_000 + str(number)}}
        yield f"{number}.json", report.model_copy(update=changes)


def peak(count: int, folder: Path) -> int:
    """The most bytes that Python held while a panel of so many reports was made."""
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    panel = build_panel(reports(count), folder)
    assert panel is not None
    assert panel.rows["gk2021_requests"] == count
    return tracemalloc.get_traced_memory()[1] - before


@pytest.mark.slow
def test_many_times_the_reports_take_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Buffers are full from the first reports on; what is loaded once is loaded by the first panel.
    monkeypatch.setattr(write_table, "_CELLS_AT_ONCE", 4_000)
    tracemalloc.start()
    try:
        peak(200, tmp_path)
        few = peak(500, tmp_path)
        many = peak(1_500, tmp_path)
    finally:
        tracemalloc.stop()

    assert many - few < _ALLOWED
