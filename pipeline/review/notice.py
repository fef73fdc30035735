"""The findings of a report as a notice for its agency, with crops of the numbers they are about."""

from __future__ import annotations

from models.errors import InputError, StageError, StoreError, UnknownItemError
from models.finding import Finding, Severity
from models.form import FORM_IDS, load_form
from models.notice import Notice, NoticeFinding, NoticeValue
from models.report import Report
from models.rule import load_rules
from pipeline.config import LimitSettings
from pipeline.export.notice_docx import notice_docx
from pipeline.export.notice_html import notice_html
from pipeline.review.item_view import place_of
from pipeline.review.page_picture import crop_picture
from pipeline.store.open_store import Store
from pipeline.store.verdicts import review_state

__all__ = ["notice_docx", "notice_html", "notice_of"]

_SEVERITY: dict[Severity, str] = {"error": "错误", "warning": "提请核对", "info": "提示"}
# A notice with more pictures is too large to be sent; those of the first findings are the most severe.
_MOST_PICTURES = 120
_PX_PER_PT = 3.0


def notice_of(
    store: Store,
    document_id: int,
    *,
    severities: tuple[Severity, ...] = ("error", "warning"),
    with_pictures: bool = True,
    limits: LimitSettings | None = None,
) -> Notice:
    """The notice: mistakes of the report itself that are not waived. What we may have misread is not in it.

    Args:
        store: The store.
        document_id: The document.
        severities: Of the findings.
        with_pictures: False leaves crops out.
        limits: For pages that are pictures.

    Raises:
        UnknownItemError: there is no such document, or it has no report.
        StoreError: the store cannot be read.
    """
    state = review_state(store, document_id)
    report = state.report
    pictures = _Pictures(store, document_id, limits, _MOST_PICTURES if with_pictures else 0)
    chosen = [f for f in report.findings if f.severity in severities and is_of_report(report, f)]
    return Notice(
        agency=report.agency or "",
        title=report.title or "",
        year="" if report.year is None else str(report.year),
        source=report.source.name,
        date=_date(store),
        findings=tuple(_finding(report, f, pictures) for f in chosen),
    )


def is_of_report(report: Report, finding: Finding) -> bool:
    """True for a mistake of the report that nobody has waived, all of whose numbers are settled."""
    if finding.waiver is not None or finding.confirmed is not None:
        return finding.waiver is None
    values = [report.fields[i] for i in finding.fields if i in report.fields]
    return finding.origin == "report" and all(v.decision == "accept" for v in values)


class _Pictures:
    """Crops, as many as a notice may have."""

    def __init__(self, store: Store, document_id: int, limits: LimitSettings | None, left: int) -> None:
        self._store, self._document_id, self._limits, self._left = store, document_id, limits, left

    def of(self, report: Report, field_id: str) -> bytes | None:
        """The crop of a field; None where the file has no pages, or too many were drawn."""
        place = place_of(report.fields.get(field_id))
        if place is None or place.bbox is None or self._left <= 0:
            return None
        try:
            picture = crop_picture(
                self._store,
                self._document_id,
                place.page_no,
                place.bbox,
                px_per_pt=_PX_PER_PT,
                limits=self._limits,
            )
        except (UnknownItemError, InputError, StageError, StoreError):
            # The notice says where the number stands all the same.
            self._left = 0
            return None
        self._left -= 1
        return picture.data


def _finding(report: Report, finding: Finding, pictures: _Pictures) -> NoticeFinding:
    return NoticeFinding(
        severity=_SEVERITY[finding.severity],
        message=finding.message.zh,
        values=tuple(_value(report, i, pictures) for i in finding.fields if i in report.fields),
        explanations=tuple(
            "；".join(f"{_name(report, s.field)}应为 {s.suggested}" for s in group if s.suggested is not None)
            for group in finding.suspects
            if any(s.suggested is not None for s in group)
        ),
        note="" if finding.confirmed is None else finding.confirmed.note,
    )


def _value(report: Report, field_id: str, pictures: _Pictures) -> NoticeValue:
    value = report.fields[field_id]
    place = place_of(value)
    printed = "（缺）" if value.kind == "absent" else value.printed
    return NoticeValue(
        _name(report, field_id), printed, None if place is None else place.page_no, pictures.of(report, field_id)
    )


def _name(report: Report, field_id: str) -> str:
    if report.form not in FORM_IDS:
        return field_id
    label = load_rules(load_form(report.form)).labels.fields.get(field_id)
    return field_id if label is None else label.zh


def _date(store: Store) -> str:
    today = store.clock().date()
    return f"{today.year} 年 {today.month} 月 {today.day} 日"
