"""All pages and their addresses."""

from __future__ import annotations

from fastapi import Request
from nicegui import ui

from pipeline.review.pages.audit_page import build_audit_page
from pipeline.review.pages.dashboard_page import build_dashboard_page
from pipeline.review.pages.findings_page import build_findings_page, build_report_findings_page
from pipeline.review.pages.item_page import build_item_page
from pipeline.review.pages.people_page import build_account_page, build_people_page
from pipeline.review.pages.queue_page import build_queue_page
from pipeline.review.pages.site import Site, visit_of

# Drawing a page may take as long as a busy database lets it wait. Seconds.
_PATIENCE = 30.0


def register_pages(site: Site) -> None:
    """Nothing; NiceGUI then knows the pages of the site."""

    @ui.page("/", response_timeout=_PATIENCE)
    async def _queue(request: Request) -> None:
        await build_queue_page(site, visit_of(request), request.query_params)

    @ui.page("/d/{document_id}", response_timeout=_PATIENCE)
    async def _item(request: Request, document_id: int, item: str | None = None) -> None:
        await build_item_page(site, visit_of(request), document_id, item)

    @ui.page("/d/{document_id}/findings", response_timeout=_PATIENCE)
    async def _report_findings(request: Request, document_id: int) -> None:
        await build_report_findings_page(site, visit_of(request), document_id)

    @ui.page("/findings", response_timeout=_PATIENCE)
    async def _findings(request: Request) -> None:
        await build_findings_page(site, visit_of(request), request.query_params)

    @ui.page("/audit", response_timeout=_PATIENCE)
    async def _audit(request: Request) -> None:
        await build_audit_page(site, visit_of(request), request.query_params)

    @ui.page("/people", response_timeout=_PATIENCE)
    async def _people(request: Request) -> None:
        await build_people_page(site, visit_of(request))

    @ui.page("/account", response_timeout=_PATIENCE)
    async def _account(request: Request) -> None:
        await build_account_page(site, visit_of(request))

    @ui.page("/dashboards", response_timeout=_PATIENCE)
    async def _dashboards(request: Request) -> None:
        await build_dashboard_page(site, visit_of(request), request.query_params)
