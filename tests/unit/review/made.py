"""Reports in review, in a store, that nobody read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from models.match import Matched, PrintedField
from models.report import PageRecord, Report, SourceRecord, UnmappedRow
from pipeline.check.recheck_report import recheck_report
from pipeline.config import Settings
from pipeline.decide.decide_fields import decide_fields
from pipeline.store.documents import register
from pipeline.store.open_store import Store
from pipeline.store.queue import claim, finish, retry
from pipeline.store.records import Content
from pipeline.verdicts.lay_over import with_open_status
from tests.unit.decide.scanned import FORM, NUMBERS, cell, reading, report, sure, weak

NEW = "requests.new.natural_person"
GRANTED = "requests.granted.natural_person"
__all__ = ["FORM", "GRANTED", "NEW", "NUMBERS", "cell", "in_store", "read_report", "reading", "sure", "weak"]


def read_report(
    *changed: PrintedField,
    name: str = "a.pdf",
    unmapped: Sequence[UnmappedRow] = (),
    reasons: Sequence[str] = (),
    agency: str | None = "某区教育局",
) -> Report:
    """A scan as the reader leaves it: all sums hold but for the cells given otherwise."""
    cells = report(*changed)
    matched = Matched("gk2021", cells, (), (), (), (), (), (), 1.0)
    decided = decide_fields(FORM, matched, Settings().decide)
    made = Report(
        source=SourceRecord(
            name=name, sha256=hashlib.sha256(name.encode()).hexdigest(), media_type="application/pdf", page_count=1
        ),
        pages=[PageRecord(page_no=1, route="ocr", status="extracted")],
        form="gk2021",
        agency=agency,
        year=2023,
        fields=decided.fields,
        repairs=list(decided.repairs),
        unmapped_rows=list(unmapped),
        status_reasons=list(reasons),
    )
    result = recheck_report(made)
    made = made.model_copy(update={"findings": list(result.findings), "rules": result.outcome})
    return with_open_status(made)


def in_store(store: Store, read: Report, *tags: str) -> int:
    """The document of a report that was just read; read again where it is known."""
    content = Content(read.source.sha256, 1000, read.source.name, read.source.media_type, tags)
    registered = register(store, content, who="test")
    if not registered.is_new:
        retry(store, registered.document.id, who="test")
    claimed = claim(store, "reader")
    assert claimed is not None
    assert claimed.document_id == registered.document.id
    finish(store, claimed, read)
    return claimed.document_id
