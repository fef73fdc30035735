from __future__ import annotations

import os
from pathlib import Path

from benchmarks import memory
from benchmarks.memory import Look, copy_reports, look_at, quarters


def test_copies_alternate_in_the_order_of_names(tmp_path: Path) -> None:
    sources = [tmp_path / "a.pdf", tmp_path / "b.html"]
    for source in sources:
        source.write_text(source.name, encoding="utf-8")
    copy_reports(sources, tmp_path / "in", 5)
    names = sorted(p.name for p in (tmp_path / "in").iterdir())
    assert names == ["00000-a.pdf", "00001-b.html", "00002-a.pdf", "00003-b.html", "00004-a.pdf"]
    assert (tmp_path / "in" / names[3]).read_text(encoding="utf-8") == "b.html"


def test_quarters_are_medians_of_both_ends() -> None:
    assert quarters([1, 2, 9, 9, 9, 9, 5, 7]) == (1.5, 6.0)
    assert quarters([4]) == (4, 4)


def test_lines_of_reports_end_at_the_empty_line_or_the_end() -> None:
    assert list(memory._count_reports(iter(["a\n", "b\n", "\n", "total\n"]), 9)) == [1, 2]
    assert list(memory._count_reports(iter(["a\n", "b\n", "c\n"]), 2)) == [1, 2]
    assert list(memory._count_reports(iter([]), 2)) == []


def test_a_look_at_this_process_sees_its_memory() -> None:
    assert look_at(os.getpid(), 7).parent > 1


def test_children_are_summed_and_compared() -> None:
    look = Look(25, 80.0, {11: 50.0, 12: 70.5})
    assert (look.workers, look.largest) == (120.5, 70.5)
    assert (Look(0, 80.0, {}).workers, Look(0, 80.0, {}).largest) == (0, 0.0)


def test_growth_compares_the_quarters() -> None:
    looks = [Look(n, 100.0 if n < 4 else 110.0, {}) for n in range(8)]
    assert round(memory._growth(looks, lambda look: look.parent), 6) == 0.1


def test_a_short_batch_has_no_target() -> None:
    assert memory._targets("json", [Look(n, 100.0, {1: 50.0}) for n in (25, 50, 75)]) == []


def test_growth_of_any_process_misses_the_target() -> None:
    steady = [Look(n, 100.0, {1: 50.0}) for n in range(25, 525, 25)]
    growing = [Look(n, 100.0, {1: 50.0 + n / 10}) for n in range(25, 525, 25)]
    assert [t.met for t in memory._targets("json", steady)] == [True]
    assert [t.met for t in memory._targets("json", growing)] == [False]


def test_a_workbook_may_grow_until_it_has_its_report_sheets() -> None:
    bounded = [Look(n, 60.0 + min(n, 200) / 5, {1: 50.0}) for n in range(25, 525, 25)]
    endless = [Look(n, 60.0 + n / 5, {1: 50.0}) for n in range(25, 525, 25)]
    assert [t.met for t in memory._targets("json,xlsx", bounded)] == [True]
    assert [t.met for t in memory._targets("json", bounded)] == [False]
    assert [t.met for t in memory._targets("json,xlsx", endless)] == [False]
    assert memory._targets("json,xlsx", bounded[:8]) == []
