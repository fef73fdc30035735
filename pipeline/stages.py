"""THE ordered list of steps from a file to a report document. Read this first.

open       bytes -> media type -> pages, running text, grids          pipeline.ingest, pipeline.extract, pipeline.tables
describe   running text -> title, agency, year, sections              pipeline.extract
print      grids and lines -> printed sections                        pipeline.tables
match      printed sections -> cells with field ids                   pipeline.match
confirm    other readers, where the first leaves doubts or on demand  pipeline.confirm
decide     cells -> values with kind, decision, reasons               pipeline.decide
check      fields, sections -> claims, findings                       pipeline.check
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from models.document import Opened, SourceInfo
from models.errors import InputError, NianbaoError
from models.form import Form, load_forms
from models.learnt_labels import forms_with
from models.match import LeftoverRow, Matched
from models.page import PageInfo
from models.report import (
    FailureRecord,
    FormName,
    PageRecord,
    RawTable,
    Report,
    ReportStatus,
    SourceRecord,
    UnmappedRow,
)
from models.vocabulary import vocabulary
from pipeline.check.check_report import check_report
from pipeline.check.form_facts import FormFacts, UnreadPage
from pipeline.config import Settings
from pipeline.confirm import Confirmed, confirm_pdf, confirm_text
from pipeline.decide.decide_fields import Decided, decide_fields
from pipeline.decide.split_glued import decide_glued
from pipeline.embedded_pictures import read_embedded
from pipeline.extract.metadata import Metadata, read_metadata
from pipeline.extract.sections import lines_to_sections as lines_to_prose
from pipeline.ingest.detect import detect_media_type
from pipeline.ingest.misnamed import refuse_misnamed
from pipeline.ingest.open_docx import open_docx
from pipeline.ingest.open_file import read_bytes, sha256_hex
from pipeline.ingest.open_html import open_html
from pipeline.ingest.open_text import open_text
from pipeline.ingest.pictures import PictureLimits
from pipeline.match.form_of_text import form_of_text
from pipeline.match.sections_to_fields import match_report
from pipeline.pictures_on_pages import UNREAD as PICTURE_UNREAD
from pipeline.read_image import read_image
from pipeline.read_pdf import PdfReading, read_pdf
from pipeline.reread_cells import CellReader
from pipeline.tables.glued_rows import lines_to_glued_rows
from pipeline.tables.lines_to_sections import is_glued
from pipeline.tables.opened_to_sections import opened_to_sections

# Distinct pre-2019 indicators that make a report a legacy one.
_LEGACY_HITS = 3


@dataclass(slots=True)
class _Run:
    """What one reading gathers on its way."""

    timings: dict[str, float] = field(default_factory=dict)
    failures: list[FailureRecord] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = round(self.timings.get(name, 0.0) + time.perf_counter() - start, 6)


def read_report(path: Path, settings: Settings, *, name: str | None = None, password: str | None = None) -> Report:
    """The report document of one file.

    Args:
        path: The file.
        settings: Thresholds and limits.
        name: The name to use in the document and in messages; the path as given where None.
        password: Opens the file where it is encrypted; it is found in no result and no message.

    Raises:
        InputError: the file cannot be read as a report, or is none under a false name; the subclasses tell why.
    """
    return read_with_cells(path, settings, name=name, password=password)[0]


def read_with_cells(
    path: Path, settings: Settings, *, name: str | None = None, password: str | None = None
) -> tuple[Report, Matched | None]:
    """The report document of one file, and the cells that it was decided from; None where no form was recognised.

    Arguments and errors are those of ``read_report``.
    """
    run = _Run()
    read = _read_cells(path, settings, name, run, password)
    return _to_report(read, settings, run), read.confirmed.matched


def match_file(path: Path, settings: Settings) -> Matched | None:
    """The cells of a file with their fields, before any value is decided; None where no form was recognised.

    Raises:
        InputError: as ``read_report``.
    """
    return _read_cells(path, settings, None, _Run()).confirmed.matched


@dataclass(frozen=True, slots=True)
class _ReadCells:
    """A file with its cells found and its values undecided."""

    opened: Opened
    metadata: Metadata
    prose: dict[str, str]
    confirmed: Confirmed


def _read_cells(path: Path, settings: Settings, name: str | None, run: _Run, password: str | None = None) -> _ReadCells:
    with run.stage("open"):
        data = read_bytes(path, settings.limits.max_file_bytes)
        file = open_bytes(data, name or str(path), settings, password)
        opened, pdf = file.opened, file.pdf
        run.failures += file.failures
    with run.stage("describe"):
        metadata = read_metadata(opened)
        prose = lines_to_prose(opened.lines, join_wrapped=any(line.bbox is not None for line in opened.lines))
    with run.stage("print"):
        sections = opened_to_sections(opened)
    with run.stage("match"):
        matched = match_report(
            sections,
            forms_with(settings.mapping.row_aliases),
            row_threshold=(settings.mapping.row_accept_score, settings.mapping.row_accept_margin),
            column_threshold=(settings.mapping.column_accept_score, settings.mapping.column_accept_margin),
            form_min_total=settings.mapping.form_min_total,
            year=metadata.year,
        )
    with run.stage("confirm"):
        confirmed = (
            confirm_pdf(pdf, matched, settings, metadata.year)
            if pdf is not None
            else confirm_text(opened, sections, matched, settings, metadata.year)
        )
        run.failures += confirmed.failures
    return _ReadCells(opened, metadata, prose, confirmed)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file after opening; ``pdf`` is what its other readers need where it is a PDF, ``failures`` what went wrong."""

    opened: Opened
    pdf: PdfReading | None = None
    failures: tuple[FailureRecord, ...] = ()


def open_bytes(data: bytes, name: str, settings: Settings, password: str | None = None) -> OpenedFile:
    """The opened file.

    Raises:
        InputError: as ``read_report``.
    """
    media_type = detect_media_type(data, name)
    source = SourceInfo(name=name, sha256=sha256_hex(data), media_type=media_type, page_count=1)
    if media_type == "application/pdf":
        reading = read_pdf(data, source, settings, password=password)
        return OpenedFile(reading.opened, reading, failures=reading.failures)
    if media_type == "image":
        image = read_image(data, source, settings)
        return OpenedFile(image.opened, failures=image.failures)
    if media_type == "text/plain":
        return OpenedFile(open_text(data, name, source))
    pictures = PictureLimits(settings.limits.max_pictures, settings.limits.max_picture_bytes)
    if media_type == "text/html":
        opened = open_html(data, name, source, limits=pictures)
    else:
        most = settings.limits.max_docx_uncompressed_bytes
        opened = open_docx(data, name, source, max_total_bytes=most, limits=pictures)
    opened, failures = read_embedded(opened, settings)
    return OpenedFile(opened, failures=failures)


def _to_report(read: _ReadCells, settings: Settings, run: _Run) -> Report:
    opened, metadata, matched, forms = read.opened, read.metadata, read.confirmed.matched, load_forms()
    reader = CellReader(settings.ocr)
    with run.stage("decide"):
        form_name, form, decided, leftovers = _decide(opened, metadata, forms, matched, settings, reader)
        run.failures += reader.failures
    if form_name == "unknown":
        refuse_misnamed(opened)
    if reader.seconds:
        run.timings["decide"] = round(run.timings["decide"] - reader.seconds, 6)
        run.timings["reread"] = round(reader.seconds, 6)
    fields = decided.fields
    glued = matched is None and any(f.decision == "review" for f in fields.values())
    unmapped = [
        UnmappedRow(page_no=r.page_no, table=r.table, labels=list(r.labels), values=list(r.values), reason=r.reason)
        for r in leftovers
    ]
    facts = FormFacts(
        form=form_name,
        year=metadata.year,
        period_years=tuple(y for y in metadata.period_years or () if y is not None),
        unmapped_rows=tuple(unmapped),
        unread_pages=tuple(UnreadPage(p.page_no, p.reason) for p in opened.pages if _is_unread(p)),
        tables_may_be_pictures="tables_may_be_pictures" in opened.warnings and matched is None,
        glued=glued,
        agency=metadata.agency,
        sections=read.prose,
    )
    with run.stage("check"):
        result = check_report(form, fields, facts)
    report = Report(
        source=SourceRecord(
            name=opened.source.name,
            sha256=opened.source.sha256,
            media_type=opened.source.media_type,
            page_count=opened.source.page_count,
        ),
        pages=[_page_record(page) for page in opened.pages],
        form=form_name,
        agency=metadata.agency,
        year=metadata.year,
        title=metadata.title,
        published=metadata.published,
        document_number=metadata.document_number,
        sections=read.prose,
        fields=fields,
        unmapped_rows=unmapped,
        repairs=list(decided.repairs),
        tables=_raw_tables(opened) if matched is None or matched.missing_tables else [],
        claims=list(result.claims),
        rules=result.outcome,
        findings=list(result.findings),
        failures=run.failures,
        timings=run.timings,
    )
    report.status, report.status_reasons = _status(report, opened)
    return report


def _decide(
    opened: Opened,
    metadata: Metadata,
    forms: dict[str, Form],
    matched: Matched | None,
    settings: Settings,
    reader: CellReader,
) -> tuple[FormName, Form | None, Decided, tuple[LeftoverRow, ...]]:
    if matched is not None:
        form = forms[matched.form_id]
        return _form_name(form), form, decide_fields(form, matched, settings.decide, reader), matched.leftovers
    text = "\n".join(line.text for line in opened.lines)
    if is_glued(opened.lines):
        glued_form = form_of_text(text, forms, metadata.year)
        if glued_form is not None:
            others = [f for f in forms.values() if f.id != glued_form.id]
            rows = lines_to_glued_rows(opened.lines, glued_form, others)
            return _form_name(glued_form), glued_form, Decided(decide_glued(glued_form, rows)), rows.leftovers
    cells = "\n".join(c.text for g in opened.grids for c in g.cells)
    if vocabulary().legacy_hits(text + cells) >= _LEGACY_HITS:
        return "legacy", None, Decided({}), ()
    return "unknown", None, Decided({}), ()


def _page_record(page: PageInfo) -> PageRecord:
    size = None if page.size is None else [round(v, 2) for v in page.size]
    return PageRecord(page_no=page.page_no, route=page.route, status=page.status, reason=page.reason, size=size)


def _form_name(form: Form) -> FormName:
    return "gk2021" if form.id == "gk2021" else "gk2019"


def _raw_tables(opened: Opened) -> list[RawTable]:
    return [RawTable(page_no=g.page_no, reader=g.reader, rows=g.texts()) for g in opened.grids]


def _is_unread(page: PageInfo) -> bool:
    if page.status == "extracted":
        return page.reason == PICTURE_UNREAD
    return page.status == "failed" or page.reason != "blank_page"


def _status(report: Report, opened: Opened) -> tuple[ReportStatus, list[str]]:
    reasons: dict[str, None] = {}
    if any(_is_unread(p) for p in opened.pages):
        reasons["pages_unread"] = None
    if report.form in {"unknown", "legacy"}:
        reasons[f"form_{report.form}"] = None
    if any(f.rule == "form.blank" for f in report.findings):
        reasons["form_blank"] = None
    if any(f.decision == "review" for f in report.fields.values()):
        reasons["fields_to_review"] = None
    if report.unmapped_rows:
        reasons["unmapped_rows"] = None
    if any(f.severity == "error" for f in report.findings):
        reasons["errors_found"] = None
    for warning in opened.warnings:
        if warning != "tables_may_be_pictures" or report.form == "unknown":
            reasons[warning] = None
    if report.failures:
        reasons["failures"] = None
        return "partial", list(reasons)
    return ("needs_review" if reasons else "ok"), list(reasons)


def failed_report(name: str, error: NianbaoError, data_sha256: str = "") -> Report:
    """The report document of a file that could not be read at all: nothing but the reason."""
    stage = "open" if isinstance(error, InputError) else "read"
    return Report(
        source=SourceRecord(name=name, sha256=data_sha256, media_type="", page_count=0),
        status="failed",
        status_reasons=[error.code],
        failures=[FailureRecord(stage=stage, code=error.code, message=error.message, remedy=error.remedy)],
    )
