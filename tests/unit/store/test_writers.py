"""Several processes at one store: no update is lost, nothing is claimed twice."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.config import Settings, StoreSettings
from pipeline.store.documents import documents, reports_since
from pipeline.store.open_store import open_store
from tests.unit.store import writers
from tests.unit.store.writers import NAMES, PATIENCE

WRITERS = 4


@pytest.mark.slow
def test_four_processes_share_the_work(url: str, tmp_path: Path) -> None:
    # The store is not even made before they start.
    chosen = StoreSettings(url=url, originals=tmp_path, busy_seconds=PATIENCE, retry_seconds=0, max_lapses=1000)
    settings = Settings(store=chosen)
    context = multiprocessing.get_context("spawn")
    together = (context.Barrier(WRITERS),)
    with ProcessPoolExecutor(WRITERS, context, initializer=writers.meet_at, initargs=together) as pool:
        each = list(pool.map(writers.write, [settings] * WRITERS, range(WRITERS)))

    did = sum(each, Counter())
    ends = {key: count for key, count in did.items() if key.startswith("finished")}
    assert did["new"] == len(NAMES), "a content was new to two processes, or to none"
    assert set(ends.values()) == {1}, "a document has two results"
    assert len(ends) == len(NAMES)
    with open_store(settings) as store:
        assert {d.state for d in documents(store)} <= {"done", "failed"}
        assert [s.report.source.name for s in reports_since(store)] == [d.name for d in documents(store)]
        with store.read() as session:
            counts = Counter(session.scalars(text("SELECT outcome FROM runs")).all())
            results = session.execute(text("SELECT COUNT(*), COUNT(DISTINCT document_id) FROM reports")).one()
            overlaps = session.execute(text(OVERLAPS)).scalar()
    assert counts.total() == did["claimed"], "a claim was lost"
    assert counts["finished"] == did["refused"]
    assert counts["lapsed"] == did["expired"]
    assert tuple(results) == (len(NAMES), len(NAMES))
    assert overlaps == 0, "a document was leased to two workers at the same time"


# Pairs of readings of one document of which the later began before the earlier ended.
OVERLAPS = """
    SELECT COUNT(*) FROM runs a JOIN runs b ON a.document_id = b.document_id AND a.id < b.id
    WHERE a.ended_at IS NULL OR b.started_at < a.ended_at
"""
