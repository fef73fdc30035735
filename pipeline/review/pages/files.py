"""Files that come and go: uploads, exports of one report, the audit trail as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from urllib.parse import quote

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from models.errors import InputError, InputTooLargeError, UnknownItemError
from pipeline.export.file_names import report_file_name
from pipeline.review.export_file import EXPORT_FORMATS, export_file
from pipeline.review.notice import notice_docx, notice_html, notice_of
from pipeline.review.pages.site import Site, visit_of
from pipeline.review.upload import upload
from pipeline.store.audit import audit_log
from pipeline.store.documents import load_report
from pipeline.store.records import AuditEntry, Registered

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What a form sends around its one file. Bytes.
_AROUND_FILE = 64 * 1024
# Spreadsheets take cells that begin so for formulas.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def file_routes(site: Site) -> APIRouter:
    """The routes of uploads and downloads."""
    router = APIRouter()

    @router.post("/upload")
    def _upload(request: Request, file: UploadFile) -> Response:
        visit = visit_of(request)
        try:
            found = take_upload(site, request, file, who=visit.person.login)
        except InputError as exc:
            return JSONResponse({"message": f"{exc.message} — {exc.remedy}"}, 413)
        words = visit.words
        return JSONResponse({"message": words.uploaded if found.is_new else words.known_already})

    @router.get("/export/{document_id}.{kind}")
    def _export(document_id: int, kind: str) -> Response:
        wanted = next((k for k in EXPORT_FORMATS if k == kind), None)
        stored = None if wanted is None else load_report(site.store, document_id)
        if wanted is None or stored is None:
            return Response("no such report or format\n", 404, media_type="text/plain")
        made = export_file(document_id, stored.report, wanted)
        stem = report_file_name(stored.report.source.name, set()).removesuffix(".json")
        return Response(made.data, media_type=made.media_type, headers=_attachment(f"{stem}.{kind}"))

    @router.get("/notice/{document_id}.{kind}")
    def _notice(document_id: int, kind: str) -> Response:
        try:
            notice = notice_of(site.store, document_id, limits=site.settings.limits)
        except UnknownItemError as exc:
            return Response(exc.message, 404, media_type="text/plain; charset=utf-8")
        if kind == "html":
            return HTMLResponse(notice_html(notice))
        if kind == "docx":
            return Response(notice_docx(notice), media_type=_DOCX, headers=_attachment(f"notice-{document_id}.docx"))
        return Response("unknown format\n", 404, media_type="text/plain")

    @router.get("/audit.csv")
    def _audit() -> Response:
        entries = audit_log(site.store)
        return StreamingResponse(
            audit_lines(entries), media_type="text/csv; charset=utf-8", headers=_attachment("audit.csv")
        )

    return router


def take_upload(site: Site, request: Request, file: UploadFile, *, who: str) -> Registered:
    """The document; it waits to be read, unless its content is known.

    Raises:
        InputTooLargeError: the file is larger than ``limits.max_file_bytes``.
        InputError: it is empty.
        StoreError: it cannot be kept.
    """
    limits = site.settings.limits
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > limits.max_file_bytes + _AROUND_FILE:
        raise InputTooLargeError(
            f"the file is larger than the limit of {limits.max_file_bytes} bytes",
            remedy="split the file or raise limits.max_file_bytes",
        )
    return upload(site.store, file.file, plain_name(file.filename or ""), who=who, limits=limits)


def plain_name(name: str) -> str:
    """The name without characters that nobody sees."""
    return "".join(c for c in name if c.isprintable())


def audit_lines(entries: list[AuditEntry]) -> Iterator[str]:
    """The audit trail as lines of CSV, the oldest first, with a mark that tells spreadsheets the encoding."""
    yield "\ufeff" + _csv_line(["id", "at", "who", "action", "document", "before", "after", "why"])
    for e in entries:
        yield _csv_line(
            [
                str(e.id),
                e.at.isoformat(),
                e.who,
                e.action,
                "" if e.document_id is None else str(e.document_id),
                *("" if side is None else json.dumps(side, ensure_ascii=False) for side in (e.before, e.after)),
                e.why,
            ]
        )


def _csv_line(values: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([f"'{v}" if v.startswith(_FORMULA_STARTS) else v for v in values])
    return line.getvalue()


def _attachment(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
