from __future__ import annotations

from benchmarks.decide.outcomes import from_cells
from pipeline.config import load_settings


def test_reports_from_cells_have_one_to_five_errors_in_turn_and_all_numbers_right() -> None:
    outcomes = list(from_cells(6, load_settings()))
    assert [o.slips for o in outcomes] == [1, 2, 3, 4, 5, 1]
    assert all(o.score.exact == o.score.fields > 100 for o in outcomes)
    assert not any(o.score.silent or o.score.review or o.score.false_errors for o in outcomes)
    assert all(p.to_report for o in outcomes for p in o.planted if p.found)
