"""A store full of reports in review: a few that were really read, under many agencies, with doubts put on them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from sqlalchemy import event

from models.report import OCR_STAGE, Alternative, Evidence, FieldValue, Report
from pipeline.check.recheck_report import recheck_report
from pipeline.config import Settings, StoreSettings
from pipeline.store.documents import register
from pipeline.store.open_store import Store
from pipeline.store.queue import claim, finish
from pipeline.store.records import Content
from pipeline.verdicts.lay_over import with_open_status

# Each so many doubtful numbers the likelier reading is the wrong one.
_MISREAD_EVERY = 7
_FIRST_YEAR, _YEARS = 2019, 7
# How sure two models that differ are: of the first reading, of the second one. 0..1.
_FIRST, _SECOND = 0.8, 0.15
_CONFIDENCE = 0.71


def settings_in(folder: Path) -> Settings:
    """Settings with a store in the folder."""
    return Settings(store=StoreSettings(url=f"sqlite:///{folder / 'nianbao.db'}", originals=folder / "originals"))


def with_doubts(report: Report, doubts: int, *, seed: int = 0) -> Report:
    """The report as a scan on which two models differ in ``doubts`` of its numbers, chosen by ``seed``."""
    chance = random.Random(seed)
    numbers = [i for i, v in report.fields.items() if v.kind == "number" and (v.value or "").isdecimal()]
    chosen = chance.sample(numbers, min(doubts, len(numbers)))
    doubted = {
        i: _doubted(report.fields[i], chance.randrange(1, 10), is_misread=n % _MISREAD_EVERY == _MISREAD_EVERY - 1)
        for n, i in enumerate(chosen)
    }
    changed = report.model_copy(update={"fields": {**report.fields, **doubted}, "status_reasons": []})
    result = recheck_report(changed)
    return with_open_status(
        changed.model_copy(
            update={"findings": list(result.findings), "rules": result.outcome, "status": "needs_review"}
        )
    )


def put_in_review(store: Store, report: Report, content: Content) -> int:
    """The id of a new document of this content, with its report, as if it had just been read.

    Raises:
        StoreError: the store cannot be written.
    """
    document_id = register(store, content, who="bench").document.id
    claimed = claim(store, "bench")
    while claimed is not None and claimed.document_id != document_id:
        claimed = claim(store, "bench")
    if claimed is not None:
        source = report.source.model_copy(update={"name": content.name, "sha256": content.sha256})
        finish(store, claimed, report.model_copy(update={"source": source}))
    return document_id


def fill_store(store: Store, reports: Sequence[Report], count: int, doubts: int) -> list[int]:
    """The ids of ``count`` documents in review: a few reports under other agencies and years, with other doubts each.

    Raises:
        StoreError: the store cannot be written.
    """

    def no_wait(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    # What is only built up here need not outlive a power cut. Connections made before and after it do wait.
    store.engine.dispose()
    event.listen(store.engine, "connect", no_wait)
    try:
        return [
            put_in_review(
                store,
                with_doubts(reports[n % len(reports)], doubts, seed=n).model_copy(
                    update={"agency": f"第{n // _YEARS:04d}局", "year": _FIRST_YEAR + n % _YEARS}
                ),
                Content(sha256(f"copy {n}".encode()).hexdigest(), 1, f"{n:05d}.pdf", "application/pdf"),
            )
            for n in range(count)
        ]
    finally:
        event.remove(store.engine, "connect", no_wait)
        store.engine.dispose()


def _doubted(value: FieldValue, step: int, *, is_misread: bool) -> FieldValue:
    right = value.value or ""
    wrong = right[:-1] + str((int(right[-1]) + step) % 10)
    first, second = (wrong, right) if is_misread else (right, wrong)
    place = value.evidence[0]

    def read(reader: str, text: str, other: str) -> Evidence:
        return Evidence(
            page_no=place.page_no,
            bbox=place.bbox,
            stage=OCR_STAGE,
            reader=reader,
            text=text,
            score=_FIRST,
            alternatives=[Alternative(text=other, score=_SECOND)],
        )

    changes = {
        "value": first,
        "printed": first,
        "decision": "review",
        "confidence": _CONFIDENCE,
        "reasons": ["models_differ"],
        "evidence": [read("first", first, second), read("second", second, first)],
    }
    return value.model_copy(update=changes)
