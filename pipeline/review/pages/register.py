"""All pages and their addresses."""

from __future__ import annotations

from fastapi import Request
from nicegui import ui

from pipeline.review.pages.item_page import build_item_page
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
