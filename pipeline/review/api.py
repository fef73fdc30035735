"""The review by HTTP: documents, fields, findings, decisions, exports, uploads. Mounted under ``/api``.

Bearer tokens only: a cookie of the pages counts for nothing here, so no other site can make a browser decide.
"""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from models.errors import (
    InputError,
    InputTooLargeError,
    LoginError,
    NianbaoError,
    NotAllowedError,
    ReviewError,
    StaleItemError,
    StoreUnavailableError,
    TooManyTriesError,
    UnknownItemError,
    UsageError,
)
from models.report import Decision as FieldDecision
from models.report import Report
from pipeline.config import LimitSettings
from pipeline.review.aliases import aliases, learn, offer, withdraw
from pipeline.review.api_access import PersonDep, StoreDep
from pipeline.review.api_figures import add_figures
from pipeline.review.api_models import (
    AliasesOut,
    AliasIn,
    AliasOut,
    AuditOut,
    AuditPage,
    DecidedOut,
    DecisionIn,
    DocumentOut,
    DocumentPage,
    FieldsOut,
    FindingOut,
    FindingsOut,
    Id,
    ItemOut,
    Problem,
    QueueItemOut,
    QueuePage,
    UndoneOut,
    Uploaded,
    VerdictOut,
    VerdictsOut,
)
from pipeline.review.decide_item import Decision, decide, undo
from pipeline.review.export_file import MEDIA_TYPES, ExportFormat, export_file
from pipeline.review.item_view import item_view
from pipeline.review.notice import notice_docx, notice_html, notice_of
from pipeline.review.page_picture import page_picture
from pipeline.review.queue_of_items import QueueFilter, count_items, queue_items
from pipeline.review.upload import upload
from pipeline.store.audit import audit_page
from pipeline.store.documents import document, find_documents
from pipeline.store.open_store import Store
from pipeline.store.records import Document, State
from pipeline.store.verdicts import review_state, verdicts_of
from pipeline.verdicts.open_items import ItemKind, finding_keys

# The first that fits counts.
_STATUS: tuple[tuple[type[NianbaoError], int], ...] = (
    (UnknownItemError, 404),
    (StaleItemError, 409),
    (TooManyTriesError, 429),
    (LoginError, 401),
    (NotAllowedError, 403),
    (InputTooLargeError, 413),
    (ReviewError, 422),
    (InputError, 422),
    (UsageError, 422),
    (StoreUnavailableError, 503),
)
_INTERNAL, _UNPROCESSABLE = 500, 422
_MOST = 500
# An upload is kept in memory up to this size, on the disk beyond. Bytes.
_IN_MEMORY = 4 * 1024 * 1024

NoticeFormat = Literal["html", "docx"]
_NOTICES: dict[NoticeFormat, str] = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
Limit = Annotated[int, Query(ge=1, le=_MOST)]
# Nobody pages on for so long; a larger number would be an error of the database.
Offset = Annotated[int, Query(ge=0, lt=2**31)]
Text = Annotated[str | None, Query(max_length=200)]
Year = Annotated[int | None, Query(ge=1900, le=2200)]


def api_app(store: Store, limits: LimitSettings) -> FastAPI:
    """The API over a store, with its OpenAPI at ``openapi.json``; ``limits`` are those of the inbox."""
    app = FastAPI(
        title="Nianbao review",
        version="1",
        # Their pages would load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        responses={code: {"model": Problem} for code in (401, 403, 404, 409, 413, 422, 500, 503)},
    )
    app.state.store, app.state.limits = store, limits
    app.add_exception_handler(NianbaoError, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_request)
    app.add_exception_handler(HTTPException, _refuse_http)
    _add_reading(app)
    _add_deciding(app)
    _add_aliases(app)
    add_figures(app)
    return app


def _add_reading(app: FastAPI) -> None:
    app.get("/documents", operation_id="list_documents")(_list_documents)
    app.get("/documents/{document_id}", operation_id="get_document")(_get_document)
    app.get("/documents/{document_id}/report", operation_id="get_report")(_get_report)
    app.get("/documents/{document_id}/fields", operation_id="list_fields")(_list_fields)
    app.get("/documents/{document_id}/findings", operation_id="list_findings")(_list_findings)
    app.get("/documents/{document_id}/item", operation_id="get_item")(_get_item)
    app.get("/documents/{document_id}/verdicts", operation_id="list_verdicts")(_list_verdicts)
    files = _of_types(*MEDIA_TYPES.values())
    app.get(
        "/documents/{document_id}/export", operation_id="export_document", response_class=Response, responses=files
    )(_export)
    notices = _of_types(*_NOTICES.values())
    app.get("/documents/{document_id}/notice", operation_id="get_notice", response_class=Response, responses=notices)(
        _notice
    )
    pictures = _of_types("image/png", "image/jpeg")
    app.get(
        "/documents/{document_id}/pages/{page_no}",
        operation_id="get_page",
        response_class=Response,
        responses=pictures,
    )(_get_page)
    app.get("/queue", operation_id="list_queue")(_list_queue)
    app.get("/audit", operation_id="list_audit")(_list_audit)


def _of_types(*types: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {name: {} for name in types}}}


def _add_deciding(app: FastAPI) -> None:
    body = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}}
    app.post("/documents", operation_id="upload_document", status_code=201, openapi_extra=body)(_upload)
    app.post("/documents/{document_id}/decisions", operation_id="decide")(_decide)
    app.post("/documents/{document_id}/undo", operation_id="undo")(_undo)


def _add_aliases(app: FastAPI) -> None:
    app.get("/aliases", operation_id="list_aliases")(_list_aliases)
    app.post("/aliases", operation_id="learn_alias", status_code=201)(_learn_alias)
    app.delete("/aliases/{alias_id}", operation_id="withdraw_alias")(_withdraw_alias)


def _list_documents(
    store: StoreDep,
    _: PersonDep,
    state: Annotated[list[State] | None, Query()] = None,
    agency: Text = None,
    year: Year = None,
    tag: Text = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> DocumentPage:
    """Documents in the order in which they came."""
    total, found = find_documents(
        store, states=state or (), agency=agency, year=year, tag=tag, limit=limit, offset=offset
    )
    return DocumentPage(total=total, offset=offset, documents=[DocumentOut.of(d) for d in found])


def _get_document(store: StoreDep, _: PersonDep, document_id: Id) -> DocumentOut:
    """One document."""
    return DocumentOut.of(_known(store, document_id))


def _get_report(store: StoreDep, _: PersonDep, document_id: Id) -> Report:
    """The report document in force, with all decisions."""
    return review_state(store, document_id).report


def _list_fields(store: StoreDep, _: PersonDep, document_id: Id, decision: FieldDecision | None = None) -> FieldsOut:
    """The fields of a report, or those accepted, or those in review."""
    fields = review_state(store, document_id).report.fields
    return FieldsOut(fields={i: v for i, v in fields.items() if decision is None or v.decision == decision})


def _list_findings(store: StoreDep, _: PersonDep, document_id: Id) -> FindingsOut:
    """The findings of a report, waived and confirmed ones too."""
    report = review_state(store, document_id).report
    return FindingsOut(findings=[FindingOut(item=key, finding=f) for f, key in finding_keys(report)])


def _get_item(store: StoreDep, _: PersonDep, document_id: Id, item: Annotated[str, Query(max_length=500)]) -> ItemOut:
    """All that one item shows, with its version."""
    return ItemOut.of(item_view(store, document_id, item))


def _list_verdicts(store: StoreDep, _: PersonDep, document_id: Id) -> VerdictsOut:
    """All decisions on a document, undone ones too."""
    _known(store, document_id)
    return VerdictsOut(verdicts=[VerdictOut.of(v) for v in verdicts_of(store, document_id)])


def _export(
    store: StoreDep, _: PersonDep, document_id: Id, kind: Annotated[ExportFormat, Query(alias="format")]
) -> Response:
    """The report in force as a file."""
    made = export_file(document_id, review_state(store, document_id).report, kind)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "X-Content-Type-Options": "nosniff"}
    return Response(made.data, media_type=made.media_type, headers=headers)


def _notice(
    request: Request,
    store: StoreDep,
    _: PersonDep,
    document_id: Id,
    kind: Annotated[NoticeFormat, Query(alias="format")],
) -> Response:
    """The findings as a notice for the agency, in Chinese, with pictures of the numbers."""
    notice = notice_of(store, document_id, limits=request.app.state.limits)
    data = notice_html(notice).encode() if kind == "html" else notice_docx(notice)
    name = f"notice-{document_id}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(data, media_type=_NOTICES[kind], headers=headers)


def _get_page(
    request: Request,
    store: StoreDep,
    _: PersonDep,
    document_id: Id,
    page_no: Annotated[int, Path(ge=1, le=100_000)],
    px_per_pt: Annotated[float, Query(ge=0.1, le=4.0)] = 2.0,
) -> Response:
    """A page as stored, upright: PNG, JPEG where it was scanned."""
    limits: LimitSettings = request.app.state.limits
    picture = page_picture(store, document_id, page_no, px_per_pt=px_per_pt, limits=limits)
    return Response(picture.data, media_type=picture.media_type)


def _list_queue(  # noqa: PLR0913, PLR0917 - each is a parameter of the query
    store: StoreDep,
    person: PersonDep,
    agency: Text = None,
    year: Year = None,
    tag: Text = None,
    kind: ItemKind | None = None,
    rule: Text = None,
    document_id: Id | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> QueuePage:
    """Open items, the heaviest first."""
    chosen = QueueFilter(agency=agency, year=year, tag=tag, kind=kind, rule=rule, document_id=document_id)
    found = queue_items(store, chosen, person.login, limit=limit, offset=offset)
    total = count_items(store, chosen, person.login)
    return QueuePage(total=total, offset=offset, items=[QueueItemOut.of(i) for i in found])


def _list_audit(
    store: StoreDep,
    _: PersonDep,
    document_id: Id | None = None,
    who: Text = None,
    action: Text = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> AuditPage:
    """The audit log, the oldest entries first."""
    total, found = audit_page(store, document_id=document_id, who=who, action=action, limit=limit, offset=offset)
    return AuditPage(total=total, offset=offset, entries=[AuditOut.of(e) for e in found])


async def _upload(
    request: Request,
    store: StoreDep,
    person: PersonDep,
    name: Annotated[str, Query(min_length=1, max_length=500)],
    tag: Annotated[list[str] | None, Query(max_length=20)] = None,
) -> Uploaded:
    """The body is the file itself; ``name`` is what it is called."""
    limits: LimitSettings = request.app.state.limits
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
        received = 0
        async for chunk in request.stream():
            received += len(chunk)
            if received > limits.max_file_bytes:
                raise InputTooLargeError(
                    f"the file is larger than the limit of {limits.max_file_bytes} bytes", remedy="split the file"
                )
            kept.write(chunk)
        kept.seek(0)
        done = await run_in_threadpool(upload, store, kept, name, who=person.login, limits=limits, tags=tag or [])
    return Uploaded(document=DocumentOut.of(done.document), is_new=done.is_new)


def _decide(store: StoreDep, person: PersonDep, document_id: Id, decision: DecisionIn) -> DecidedOut:
    """Decides an item; refused with 409 where it has changed since ``version`` was read."""
    offered = None
    if decision.action == "remap_row" and decision.to_row is not None:
        offered = offer(review_state(store, document_id).report, decision.item, decision.to_row)
    made = Decision(decision.action, decision.item, decision.text, decision.to_row, decision.why, decision.to_column)
    decided = decide(store, document_id, made, who=person.login, version=decision.version)
    return DecidedOut.of(decided, offered)


def _undo(store: StoreDep, person: PersonDep, document_id: Id, verdict_id: Id | None = None) -> UndoneOut:
    """Takes back a decision: the one named, or the last one of the person on this document."""
    return UndoneOut.of(
        undo(store, who=person.login, document_id=document_id, verdict_id=verdict_id, is_admin=person.is_admin)
    )


def _list_aliases(store: StoreDep, _: PersonDep, *, withdrawn: bool = False) -> AliasesOut:
    """The learnt labels in force, and those withdrawn where asked for."""
    return AliasesOut(aliases=[AliasOut.of(a) for a in aliases(store, withdrawn_too=withdrawn)])


def _learn_alias(store: StoreDep, person: PersonDep, alias: AliasIn) -> AliasOut:
    """Learns a label for reports to come; refused where it is too short, or stands for another row."""
    return AliasOut.of(learn(store, alias.document_id, alias.row, alias.label, who=person.login))


def _withdraw_alias(store: StoreDep, person: PersonDep, alias_id: Id) -> AliasOut:
    """Withdraws a learnt label: later readings are as if it had never been learnt."""
    return AliasOut.of(withdraw(store, alias_id, by=person))


def _known(store: Store, document_id: int) -> Document:
    found = document(store, document_id)
    if found is None:
        raise UnknownItemError(f"there is no document {document_id}")
    return found


def _refuse(_: Request, exc: Exception) -> JSONResponse:
    error = exc if isinstance(exc, NianbaoError) else NianbaoError("a bug in this program")
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), _INTERNAL)
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, LoginError) else None
    return _problem(status, error.code, error.message, error.remedy, headers)


def _refuse_request(_: Request, exc: Exception) -> JSONResponse:
    errors = exc.errors() if isinstance(exc, RequestValidationError) else []
    said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in errors)
    return _problem(_UNPROCESSABLE, UsageError.code, said, "see openapi.json")


def _refuse_http(_: Request, exc: Exception) -> JSONResponse:
    if not isinstance(exc, HTTPException):
        return _problem(_INTERNAL, NianbaoError.code, "a bug in this program", "")
    return _problem(exc.status_code, "http", str(exc.detail), "see openapi.json", dict(exc.headers or {}))


def _problem(status: int, code: str, message: str, remedy: str, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"error": {"code": code, "message": message, "remedy": remedy}}
    return JSONResponse(body, status_code=status, headers=headers)
