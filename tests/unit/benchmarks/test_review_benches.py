"""What the benchmarks of the review are made of: reports in review, odd labels, figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.learnt_aliases import learn, odd_report
from benchmarks.review_load import percentiles
from benchmarks.review_reports import fill_store, settings_in, with_doubts
from models.form import load_form
from models.text import row_key
from pipeline.config import Settings
from pipeline.stages import read_report
from pipeline.store.documents import documents
from pipeline.store.items import QueueFilter, queue_counts
from pipeline.store.open_store import open_store
from samples.generate import COMMITTED_FOLDER

FORM = load_form("gk2021")
ROW, BESIDE = "requests.denied.state_secret", "requests.denied.prohibited_by_law"


def test_percentiles() -> None:
    assert percentiles([5.0]) == (5.0, 5.0, 5.0)
    assert percentiles([float(n) for n in range(101)]) == (50.0, 95.0, 99.0)


def test_a_store_is_filled_with_reports_in_review(tmp_path: Path) -> None:
    report = read_report(COMMITTED_FOLDER / "row-cut-by-page.pdf", Settings())
    with open_store(settings_in(tmp_path)) as store:
        numbers = fill_store(store, [report], 3, 5)
        assert [d.state for d in documents(store)] == ["review"] * 3
        assert len({d.agency for d in documents(store)} | {d.year for d in documents(store)}) > 3
        assert queue_counts(store, QueueFilter(), "x").documents == len(numbers) == 3
    doubted = {i for i, v in with_doubts(report, 5).fields.items() if v.decision == "review"}
    assert len(doubted) == 5
    assert doubted != {i for i, v in with_doubts(report, 5, seed=1).fields.items() if v.decision == "review"}


@pytest.mark.slow
def test_an_odd_report_prints_other_labels_and_keeps_its_truth(tmp_path: Path) -> None:
    report = odd_report(FORM, tmp_path, 1)
    text = report.path.read_text(encoding="utf-8")
    assert report.odd
    for label, row in report.odd.items():
        assert label in text
        official = {row_key(r.label[-1]) for t in FORM.tables for b in t.blocks for r in b.rows if r.label}
        assert row_key(label) not in official
        assert all(i in report.truth["fields"] for i in FORM.rows[row])
    assert odd_report(FORM, tmp_path, 1).odd == report.odd


def test_the_careless_reviewer_is_wrong_as_often_as_told() -> None:
    labels = {"涉密而不公开的情形": ROW, "别的法律禁止的那种": BESIDE}
    right, wrong = learn(FORM, labels, careless_share=0.0)
    assert (right, wrong) == ({f"gk2021/{row}": [label] for label, row in labels.items()}, 0)
    given, wrong = learn(FORM, labels, careless_share=1.0)
    assert wrong == 2
    assert f"gk2021/{ROW}" not in given
