"""The report document: what ``nianbao extract`` writes as JSON. Its JSON Schema is published and versioned.

Numbers are decimals carried as strings. A blank cell has ``kind: blank`` and ``value: null``; it is not zero.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.finding import Finding, Message
from models.page import PageStatus, Route

SCHEMA_VERSION = "1.0"

# The stage that evidence names where a number was read from pixels.
OCR_STAGE = "ocr"

Kind = Literal["number", "blank", "not_applicable", "text", "absent"]
Decision = Literal["accept", "review"]
FormName = Literal["gk2021", "gk2019", "legacy", "unknown"]
# What a number in prose covers. Only "clear", "rounded", "ambiguous" and "implied" are held against the tables; of
# "office" and "wider" a difference is remarked on.
ClaimScope = Literal[
    "clear",  # the report as a whole, its year
    "rounded",  # 1.2万件
    "ambiguous",  # two readings of the words
    "implied",  # no number: all requests finished
    "office",  # the office alone, the report is about its government
    "wider",  # a wider area than the agency of the report
    "subordinate",  # other agencies
    "other_period",  # another year, a part of one, several
    "change",  # against last year
    "share",  # a part in percent
    "planned",
    "channel",  # one way in which requests come in
    "part",  # one kind of requests or cases
    "other_act",  # filed, reviewed, cleaned up: not what the table counts
    "approximate",  # 十余件
    "other_unit",  # 人次
    "outside",  # before the first section of the report: contents, links, notes of the page
    "unrelated",  # counts nothing that the form counts
]
ClaimOutcome = Literal["agrees", "explained", "differs", "not_compared"]
ReportStatus = Literal["ok", "needs_review", "partial", "failed"]


# What a whole-number column of any table holds; a document beyond it was changed by hand.
PageNumber = Annotated[int, Field(le=2**31 - 1)]


class _Doc(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Alternative(_Doc):
    """Another reading of the same cell; score 0..1, or null where the reader gives none."""

    text: str
    score: float | None = None


class Evidence(_Doc):
    """Where and how a cell was read.

    ``bbox`` is [x0, top, x1, bottom] in points, origin top left; null without geometry.
    """

    page_no: PageNumber
    bbox: list[float] | None = None
    stage: str
    reader: str
    text: str
    score: float | None = None
    alternatives: list[Alternative] = Field(default_factory=list)


class LabelMatch(_Doc):
    """How the printed row was matched: label as printed, similarity 0..1, margin to the second-best alignment 0..1."""

    printed: str
    score: float
    margin: float


class FieldValue(_Doc):
    """One number of the form.

    ``value`` is what we say is printed, ``printed`` the characters themselves. ``suggested`` is a value that a person
    may mean instead (unit converted, note removed); it is never used by the checks. ``confidence`` 0..1 is
    calibrated for numbers read from pixels; where the file states the text it is 1.0 accepted, 0.5 with a doubt.
    """

    value: str | None
    printed: str
    kind: Kind
    decision: Decision
    confidence: float
    reasons: list[str] = Field(default_factory=list)
    suggested: str | None = None
    evidence: list[Evidence] = Field(default_factory=list)
    label: LabelMatch | None = None


class UnmappedRow(_Doc):
    """A printed row that no form row explains; nothing of it is lost."""

    page_no: PageNumber
    table: str
    labels: list[str]
    values: list[str]
    reason: str


class RawTable(_Doc):
    """A table that was found but belongs to no known form (legacy reports, foreign tables)."""

    page_no: PageNumber
    reader: str
    rows: list[list[str]]


class PageRecord(_Doc):
    """How one page was treated. ``size`` is [width, height] in points of a page that was read from its pixels."""

    page_no: PageNumber
    route: Route
    status: PageStatus
    reason: str = ""
    size: list[float] | None = None


class SourceRecord(_Doc):
    """The file that was read."""

    name: str
    sha256: str
    media_type: str
    page_count: PageNumber


class FailureRecord(_Doc):
    """A caught error: ``code`` is stable, ``stage`` tells where, ``remedy`` what to do."""

    stage: str
    code: str
    message: str
    remedy: str = ""


class Claim(_Doc):
    """A number stated in prose.

    ``start``/``stop`` are character offsets in the section's text, half-open; ``text`` is what stands there, ``clause``
    the clause around it without white space. ``value`` is a decimal string; amounts are in units of 10,000 yuan.
    ``fields`` are those whose sum the number states, empty where it is about nothing that the form counts; an id with a
    minus before it is taken away. ``scope`` says what the number covers, ``outcome`` how it compares to the tables:
    ``explained`` where it is another sum of the tables than the one named (new requests with those carried in).
    """

    section: str
    start: int
    stop: int
    text: str
    clause: str
    value: str
    unit: str = ""
    fields: list[str] = Field(default_factory=list)
    scope: ClaimScope = "clear"
    outcome: ClaimOutcome = "not_compared"


class Repair(_Doc):
    """A misreading of ours that was mended: what was first read, what the value is now, and why.

    ``rules`` are ids of the edit rules over the field that hold with it. ``accepted`` is False where a person is asked.
    What is printed is never repaired: a sum that is wrong on paper stays wrong, and is a finding.
    """

    field: str
    before: str
    after: str
    rules: list[str] = Field(default_factory=list)
    accepted: bool
    message: Message


class Acknowledgement(_Doc):
    """A remark on the report (reason of its status, row without a field) that a person has seen and lets stand."""

    what: str
    author: str
    date: dt.date
    note: str = ""


class RuleOutcome(_Doc):
    """Totals of the rules evaluated on this report."""

    passed: int = 0
    failed: int = 0
    not_evaluable: int = 0


class Report(_Doc):
    """A read report."""

    schema_version: str = SCHEMA_VERSION
    source: SourceRecord
    pages: list[PageRecord] = Field(default_factory=list)
    form: FormName = "unknown"
    agency: str | None = None
    year: Annotated[int, Field(ge=0, le=9999)] | None = None
    title: str | None = None
    published: str | None = None
    document_number: str | None = None
    sections: dict[str, str] = Field(default_factory=dict)
    fields: dict[str, FieldValue] = Field(default_factory=dict)
    unmapped_rows: list[UnmappedRow] = Field(default_factory=list)
    tables: list[RawTable] = Field(default_factory=list)
    repairs: list[Repair] = Field(default_factory=list)
    claims: list[Claim] = Field(default_factory=list)
    rules: RuleOutcome = Field(default_factory=RuleOutcome)
    findings: list[Finding] = Field(default_factory=list)
    status: ReportStatus = "ok"
    status_reasons: list[str] = Field(default_factory=list)
    acknowledged: list[Acknowledgement] = Field(default_factory=list)
    failures: list[FailureRecord] = Field(default_factory=list)
    timings: dict[str, float] = Field(default_factory=dict)

    def to_json_dict(self) -> dict[str, Any]:
        """Plain JSON types, in field order."""
        return self.model_dump(mode="json")
