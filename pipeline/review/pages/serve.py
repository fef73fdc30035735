"""The server of ``nianbao review``: API, pages, guard, put together and run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Thread

import uvicorn
from fastapi import APIRouter, FastAPI, HTTPException, Response
from nicegui import ui
from starlette.types import ASGIApp

from models.errors import LoginError, UsageError
from pipeline.config import Settings
from pipeline.decide.values_under_rules import load_solver
from pipeline.review.api import api_app
from pipeline.review.pages.accounts import account_routes
from pipeline.review.pages.files import file_routes
from pipeline.review.pages.guard import Guard
from pipeline.review.pages.pictures import picture_routes
from pipeline.review.pages.queue_page import queue_routes
from pipeline.review.pages.register import register_pages
from pipeline.review.pages.site import Site, static_file
from pipeline.review.people import Person, ensure_admin, person_of_session
from pipeline.store.open_store import open_store

_STATIC = {"review.css": "text/css", "review.js": "text/javascript"}
_FOREVER = "public, max-age=31536000, immutable"
# A browser that was away for less than this, as a laptop that slept, goes on where it was. Seconds.
_RECONNECT_SECONDS = 30.0

Tell = Callable[[str], None]


def serve(settings: Settings, *, host: str, port: int, tell: Tell) -> None:
    """Nothing; the pages were served until the program was asked to stop.

    Args:
        settings: With the store that is worked on.
        host: Address to listen on.
        port: As well.
        tell: Prints a line for the person who started the program.

    Raises:
        UsageError: nothing can be served at that address.
        StoreError: the store cannot be used.
    """
    with open_store(settings) as store:
        first = ensure_admin(store)
        if first is not None:
            tell(f"first log-in: {first.person.login}, one-time password: {first.password}")
        server = uvicorn.Server(
            uvicorn.Config(
                build_app(Site(store, settings)),
                host=host,
                port=port,
                log_level=logging.WARNING,
                access_log=False,
                server_header=False,
                # Addresses that callers claim for themselves are not believed: log-ins are counted by address.
                proxy_headers=False,
                # Pages that stay open in browsers keep no one from stopping the server.
                timeout_graceful_shutdown=2,
            )
        )
        Thread(target=load_solver, daemon=True).start()
        tell(f"http://{f'[{host}]' if ':' in host else host}:{port}  (Ctrl+C stops)")
        try:
            server.run()
        except KeyboardInterrupt:
            return  # asked to stop: the server has said good-bye to everybody
        except SystemExit as exc:  # uvicorn says so where it could not start
            raise UsageError(
                f"nothing can be served at {host}:{port}", remedy="choose another --port, or an address of this machine"
            ) from exc
        if not server.started:
            raise UsageError(
                f"nothing can be served at {host}:{port}", remedy="choose another --port, or an address of this machine"
            )


def build_app(site: Site) -> ASGIApp:
    """The whole application. One for each process: the pages are registered with NiceGUI, which knows one server."""
    app = FastAPI(title="Nianbao", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(_static_routes())
    app.include_router(account_routes(site))
    app.include_router(file_routes(site))
    app.include_router(picture_routes(site))
    app.include_router(queue_routes(site))
    app.mount("/api", api_app(site.store, site.settings.limits))
    register_pages(site)
    ui.run_with(
        app,
        title="Nianbao",
        favicon="📘",
        tailwind=False,
        reconnect_timeout=_RECONNECT_SECONDS,
        show_welcome_message=False,
    )

    def whose(secret: str) -> Person | None:
        try:
            return person_of_session(site.store, secret)
        except LoginError:
            return None

    return Guard(app, whose)


def _static_routes() -> APIRouter:
    router = APIRouter()

    @router.get("/static/{digest}/{name}")
    def _static(digest: str, name: str) -> Response:
        del digest  # a browser's reason to ask again
        if name not in _STATIC:
            raise HTTPException(404)
        return Response(static_file(name), media_type=_STATIC[name], headers={"cache-control": _FOREVER})

    return router
