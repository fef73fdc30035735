"""What every request passes first: strict headers, no requests of other sites, nobody without a session."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Protocol
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_COOKIE = "nianbao_session"
VISITOR = "nianbao.person"
"""Where the scope of a request holds who sent it."""

# NiceGUI runs a page by inline scripts that it evaluates, so both must be allowed. Nothing comes from elsewhere, and
# nothing of a report reaches a page unescaped.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# What may be had without a session: the log-in itself, and files that belong to the program.
_OPEN = ("/login", "/static/", "/favicon.ico", "/_nicegui/")
_CHANGE_PASSWORD = "/password"  # noqa: S105 - a path


class Visitor(Protocol):
    """Who sent a request, as far as the guard must know."""

    @property
    def must_change(self) -> bool:
        """True where a password of their own has to be chosen first."""
        ...


@dataclass(frozen=True, slots=True)
class Guard:
    """The application, guarded.

    Attributes:
        app: What is guarded.
        whose: Secret of a session -> who it is of; None where it is of nobody, or has ended.
        self_guarded: Beginnings of paths that look at tokens themselves.
    """

    app: ASGIApp
    whose: Callable[[str], Visitor | None]
    self_guarded: tuple[str, ...] = ("/api/",)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Nothing; the request was answered."""
        if scope["type"] == "http":
            await self._http(scope, receive, _with_headers(send, scope))
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        path: str = scope["path"]
        if scope["method"] not in _SAFE_METHODS and not _same_origin(headers) and not _has_token(headers, path):
            await PlainTextResponse("request from another site refused\n", 403)(scope, receive, send)
            return
        visitor = await self._visitor(headers)
        scope[VISITOR] = visitor
        if _begins(path, (*_OPEN, *self.self_guarded)):
            await self.app(scope, receive, send)
        elif visitor is None:
            await _to_login(scope)(scope, receive, send)
        elif visitor.must_change and path not in {_CHANGE_PASSWORD, "/logout"}:
            await RedirectResponse(_CHANGE_PASSWORD, 303)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        visitor = await self._visitor(headers)
        if not _same_origin(headers) or visitor is None or visitor.must_change:
            await receive()
            await send({"type": "websocket.close", "code": 4403})
            return
        scope[VISITOR] = visitor
        await self.app(scope, receive, send)

    async def _visitor(self, headers: Headers) -> Visitor | None:
        secret = session_secret(headers)
        # The database may be busy; whoever else is served does not wait for it.
        return None if secret is None else await run_in_threadpool(self.whose, secret)


def session_secret(headers: Headers) -> str | None:
    """The secret of the session that the request belongs to; None without one."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(SESSION_COOKIE)
    except CookieError:
        return None
    return None if cookie is None else cookie.value


def _same_origin(headers: Headers) -> bool:
    """True where the request comes from a page of this server. Browsers always say so for what is checked here."""
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


def _has_token(headers: Headers, path: str) -> bool:
    """True where a program sent the request: no other site can make a browser send this header."""
    return path.startswith("/api/") and headers.get("authorization", "").lower().startswith("bearer ")


def _begins(path: str, beginnings: Iterable[str]) -> bool:
    return any(path == b or (b.endswith("/") and path.startswith(b)) for b in beginnings)


def _to_login(scope: Scope) -> PlainTextResponse | RedirectResponse:
    if scope["method"] != "GET":
        return PlainTextResponse("log in first\n", 401)
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse("/login" if wanted == "/" else f"/login?next={quote(wanted, safe='')}", 303)


def _with_headers(send: Send, scope: Scope) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if not scope["path"].startswith(("/_nicegui/", "/static/")) and "cache-control" not in headers:
                headers["cache-control"] = "no-store"
        await send(message)

    return send_with_headers


def own_path(wanted: str) -> str:
    """``wanted`` where it is a path of this server, else ``/``: no log-in leads to another site."""
    parts = urlsplit(wanted)
    fine = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return wanted if fine and not any(c < " " or c == "\\" for c in wanted) else "/"
