"""Log-in, log-out, change of password: plain forms, which work before anything else does."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import LoginError, NianbaoError, ReviewError, TooManyTriesError
from pipeline.review.pages.guard import SESSION_COOKIE, own_path, session_secret
from pipeline.review.pages.site import THEME_SCRIPT, Site, language_of, static_url, theme_of, visit_of
from pipeline.review.pages.templates import render
from pipeline.review.pages.words import WORDS
from pipeline.review.people import LoggedIn, change_password, log_in, log_out

_SHORTEST = 10  # characters; browsers say so before the server does
_Text = Annotated[str, Form()]


def account_routes(site: Site) -> APIRouter:
    """The routes of log-in, log-out and change of password."""
    router = APIRouter()

    @router.get("/login")
    def _login_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
        return _gate(request, "log_in", next_path=own_path(next))

    @router.post("/login")
    def _login(request: Request, login: _Text, password: _Text, next: _Text = "/") -> Response:  # noqa: A002
        try:
            session = log_in(site.store, login, password, address=_address(request))
        except LoginError as exc:
            status = 429 if isinstance(exc, TooManyTriesError) else 401
            return _gate(request, "log_in", problem=exc, login=login, next_path=own_path(next), status=status)
        return _with_session(request, session, own_path(next))

    @router.post("/logout")
    def _logout(request: Request) -> Response:
        secret = session_secret(request.headers)
        if secret is not None:
            log_out(site.store, secret, who=visit_of(request).person.login)
        response = RedirectResponse("/login", 303)
        response.delete_cookie(SESSION_COOKIE)
        return response

    @router.get("/password")
    def _password_page(request: Request) -> Response:
        return _gate(request, "change_password")

    @router.post("/password")
    def _password(request: Request, old: _Text, new: _Text, again: _Text) -> Response:
        words = WORDS[language_of(request)]
        if new != again:
            return _gate(request, "change_password", problem=ReviewError(words.password_differs), status=400)
        login, address = visit_of(request).person.login, _address(request)
        try:
            change_password(site.store, login, old=old, new=new, address=address)
            # All sessions have ended, on other machines too; this one goes on.
            session = log_in(site.store, login, new, address=address)
        except ReviewError as exc:
            return _gate(request, "change_password", problem=exc, status=400)
        return _with_session(request, session, "/")

    return router


def _with_session(request: Request, session: LoggedIn, path: str) -> RedirectResponse:
    response = RedirectResponse(path, 303)
    response.set_cookie(
        SESSION_COOKIE,
        session.secret,
        expires=session.expires_at,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _gate(
    request: Request,
    what: str,
    *,
    problem: NianbaoError | None = None,
    login: str = "",
    next_path: str = "",
    status: int = 200,
) -> HTMLResponse:
    words = WORDS[language_of(request)]

    def field(name: str, word: str, autocomplete: str, value: str = "", shortest: int = 0) -> dict[str, object]:
        kind = "text" if name == "login" else "password"
        return {
            "name": name,
            "label": words[word],
            "type": kind,
            "autocomplete": autocomplete,
            "value": value,
            "shortest": shortest,
        }

    if what == "log_in":
        action, lead = "/login", words.log_in_lead
        fields = [field("login", "login", "username", login), field("password", "password", "current-password")]
    else:
        action = "/password"
        login = visit_of(request).person.login
        lead = words.must_change if visit_of(request).person.must_change else words.change_password
        fields = [
            field("old", "old_password", "current-password"),
            field("new", "new_password", "new-password", shortest=_SHORTEST),
            field("again", "again_password", "new-password", shortest=_SHORTEST),
        ]
    page = render(
        "gate",
        lang=words.language,
        theme=theme_of(request),
        theme_script=THEME_SCRIPT,
        css=static_url("review.css"),
        js=static_url("review.js"),
        title=words[what],
        lead=lead,
        action=action,
        fields=fields,
        button=words[what] if what == "log_in" else words.save,
        next=next_path,
        login="" if what == "log_in" else login,
        problem="" if problem is None else " ".join(filter(None, (problem.message, problem.remedy))),
    )
    return HTMLResponse(page, status)
