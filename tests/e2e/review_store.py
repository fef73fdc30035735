"""A store with reports in review: sample reports that were really read, with doubts put on some of their numbers."""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from pathlib import Path

from models.report import OCR_STAGE, Alternative, Evidence, FieldValue, Report
from pipeline.check.recheck_report import recheck_report
from pipeline.config import Settings, StoreSettings
from pipeline.store.documents import register
from pipeline.store.open_store import Store
from pipeline.store.queue import claim, finish
from pipeline.store.records import Content

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "reports" / "row-cut-by-page.pdf"
# Each so many doubtful numbers one is misread: the right number is its second reading.
_MISREAD_EVERY = 7
_numbers = itertools.count()


def settings_in(folder: Path) -> Settings:
    """Settings with a store in the folder."""
    url = f"sqlite:///{folder / 'nianbao.db'}"
    return Settings(store=StoreSettings(url=url, originals=folder / "originals"))


def numbers_of(report: Report) -> list[str]:
    """Fields that hold a number above nine, whose digits can be confused."""
    return [i for i, v in report.fields.items() if v.kind == "number" and len(v.value or "") > 1]


def with_doubts(report: Report, fields: Sequence[str]) -> Report:
    """The report as a scan on which two models differ in these fields; in some the likelier reading is wrong."""
    doubted = {
        i: _doubted(report.fields[i], misread=number % _MISREAD_EVERY == _MISREAD_EVERY - 1)
        for number, i in enumerate(fields)
    }
    changed = report.model_copy(update={"fields": {**report.fields, **doubted}, "status_reasons": []})
    result = recheck_report(changed)
    return changed.model_copy(
        update={
            "findings": list(result.findings),
            "rules": result.outcome,
            "status": "needs_review",
            "status_reasons": ["fields_to_review"],
        }
    )


def put(store: Store, path: Path, report: Report, *, name: str | None = None, tags: tuple[str, ...] = ()) -> int:
    """A new document of a PDF with its report, as if it had just been read."""
    # What follows the end of a PDF is not looked at, and makes another content of it.
    different = path.read_bytes() + f"\n%{next(_numbers)}\n".encode()
    original = store.originals.add(io.BytesIO(different))
    shown = name or path.name
    content = Content(original.sha256, original.byte_size, shown, report.source.media_type, tags)
    document = register(store, content, who="test").document
    claimed = claim(store, "test")
    while claimed is not None and claimed.document_id != document.id:
        # Another test has uploaded it.
        claimed = claim(store, "test")
    assert claimed is not None
    source = report.source.model_copy(update={"name": shown, "sha256": original.sha256})
    finish(store, claimed, report.model_copy(update={"source": source}))
    return document.id


def right_value(value: FieldValue) -> str:
    """The number that is really printed in a doubted field."""
    return value.evidence[0].alternatives[-1].text


def _doubted(value: FieldValue, *, misread: bool) -> FieldValue:
    right = value.value or ""
    wrong = right[:-1] + str((int(right[-1]) + 3) % 10)
    first, second = (wrong, right) if misread else (right, wrong)
    place = value.evidence[0]

    def read(reader: str, text: str, other: str) -> Evidence:
        return Evidence(
            page_no=place.page_no,
            bbox=place.bbox,
            stage=OCR_STAGE,
            reader=reader,
            text=text,
            score=0.8,
            alternatives=[Alternative(text=other, score=0.15), Alternative(text=right, score=0.01)],
        )

    return value.model_copy(
        update={
            "value": first,
            "printed": first,
            "decision": "review",
            "confidence": 0.71,
            "reasons": ["models_differ"],
            "evidence": [read("first", first, second), read("second", second, first)],
        }
    )
