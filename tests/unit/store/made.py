"""Documents and reports that nobody read."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from models.errors import EncryptedInputError
from models.finding import Finding, Message
from models.page import PageStatus
from models.report import (
    Evidence,
    FailureRecord,
    FieldValue,
    LabelMatch,
    PageRecord,
    Repair,
    Report,
    ReportStatus,
    SourceRecord,
)
from pipeline.store.documents import register
from pipeline.store.open_store import Store
from pipeline.store.records import Content, Document

START = dt.datetime(2024, 1, 31, 8, tzinfo=dt.UTC)


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: dt.datetime = field(default=START)

    def __call__(self) -> dt.datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


def content(name: str = "a.pdf", *tags: str) -> Content:
    """A content of its own for each name."""
    return Content(hashlib.sha256(name.encode()).hexdigest(), 1000, name, "application/pdf", tags)


def registered(store: Store, name: str = "a.pdf", *tags: str) -> Document:
    return register(store, content(name, *tags), who="test").document


def report(
    name: str = "a.pdf", *, status: ReportStatus = "ok", agency: str | None = "某区教育局", year: int | None = 2023
) -> Report:
    """A small report that has something of everything that becomes a row."""
    return Report(
        source=SourceRecord(name=name, sha256=content(name).sha256, media_type="application/pdf", page_count=2),
        pages=[
            PageRecord(page_no=1, route="text", status=_extracted()),
            PageRecord(page_no=2, route="none", status="skipped", reason="no tables"),
        ],
        form="gk2021",
        agency=agency,
        year=year,
        title="年度报告\x00",
        fields={
            "requests.new.total": FieldValue(
                value="123456789012345678901234567890.50",
                printed="1２3",
                kind="number",
                decision="accept",
                confidence=0.99975,
                evidence=[Evidence(page_no=1, bbox=[1.5, 2, 3, 4], stage="print", reader="pdfplumber", text="123")],
                label=LabelMatch(printed="一、本年新收", score=1, margin=0.5),
            ),
            "requests.new.other": FieldValue(value=None, printed="", kind="blank", decision="review", confidence=0.5),
        },
        repairs=[
            Repair(
                field="requests.new.total",
                before="12",
                after="123",
                rules=["r1"],
                accepted=True,
                message=Message(zh="改", en="mended"),
            )
        ],
        findings=[
            Finding(
                rule="sum.new",
                severity="error",
                fields=["requests.new.total"],
                left="1",
                right="2",
                difference="-1",
                message=Message(zh="不等", en="differs"),
            )
        ],
        status=status,
        timings={"open": 0.25},
    )


def failed(code: str = "stage_timeout", name: str = "a.pdf") -> Report:
    failure = FailureRecord(stage="read", code=code, message=f"{code}: took too long", remedy="split the file")
    return Report(
        source=SourceRecord(name=name, sha256=content(name).sha256, media_type="", page_count=0),
        status="failed",
        status_reasons=[code],
        failures=[failure],
    )


def encrypted(name: str = "a.pdf") -> Report:
    return failed(EncryptedInputError.code, name)


def _extracted() -> PageStatus:
    return "extracted"
