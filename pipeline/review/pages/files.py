"""Files that come and go: uploads, exports of one report, the audit trail as CSV."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import quote

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import JSONResponse, Response, StreamingResponse

from models.errors import InputTooLargeError, NianbaoError, UnknownItemError
from pipeline.export.file_names import report_file_name
from pipeline.export.json_export import write_report_json
from pipeline.export.table_files import table_files, table_paths
from pipeline.review.pages.site import Site, visit_of
from pipeline.store.audit import audit_log
from pipeline.store.documents import load_report, register
from pipeline.store.records import AuditEntry, Content, StoredReport

_MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
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
            name, is_new = take_upload(site, request, file, who=visit.person.login)
        except NianbaoError as exc:
            return JSONResponse({"message": f"{exc.message} — {exc.remedy}"}, _STATUS.get(type(exc), 500))
        words = visit.words
        return JSONResponse({"message": words.uploaded if is_new else words.known_already, "name": name})

    @router.get("/export/{document_id}.{kind}")
    def _export(document_id: int, kind: str) -> Response:
        if kind not in _MEDIA_TYPES:
            return Response("unknown format\n", 404, media_type="text/plain")
        stored = load_report(site.store, document_id)
        if stored is None:
            return Response("no such report\n", 404, media_type="text/plain")
        return _as_file(stored, kind)

    @router.get("/audit.csv")
    def _audit() -> Response:
        entries = audit_log(site.store)
        return StreamingResponse(
            audit_lines(entries), media_type="text/csv; charset=utf-8", headers=_attachment("audit.csv")
        )

    return router


_STATUS: dict[type[NianbaoError], int] = {InputTooLargeError: 413, UnknownItemError: 404}


def take_upload(site: Site, request: Request, file: UploadFile, *, who: str) -> tuple[str, bool]:
    """(Name of the document, True where its content is new); it waits to be read then.

    Raises:
        InputTooLargeError: the file is larger than ``limits.max_file_bytes``.
        StoreError: it cannot be kept.
    """
    most = site.settings.limits.max_file_bytes
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > most + _AROUND_FILE or (file.size or 0) > most:
        raise InputTooLargeError(
            f"the file is larger than the limit of {most} bytes",
            remedy="split the file or raise limits.max_file_bytes in config.yaml",
        )
    name = plain_name(file.filename or "")
    original = site.store.originals.add(file.file)
    content = Content(original.sha256, original.byte_size, name)
    found = register(site.store, content, who=who)
    return name, found.is_new


def plain_name(name: str) -> str:
    """The name without folders and characters that nobody sees."""
    last = PurePosixPath(PureWindowsPath(name).as_posix()).name
    return "".join(c for c in last if c.isprintable())[:200] or "upload"


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


def _as_file(stored: StoredReport, kind: str) -> Response:
    report = stored.report
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if kind == "json":
            path = folder / "report.json"
            write_report_json(report, path)
        else:
            with table_files(folder, [kind]) as tables:
                for table in tables:
                    table.add(report)
            path = table_paths(folder, [kind])[0]
        content = path.read_bytes()
    stem = report_file_name(report.source.name, set()).removesuffix(".json")
    return Response(content, media_type=_MEDIA_TYPES[kind], headers=_attachment(f"{stem}.{kind}"))


def _attachment(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


