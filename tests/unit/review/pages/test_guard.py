from __future__ import annotations

from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from pipeline.review.pages.guard import SESSION_COOKIE, VISITOR, Guard, own_path

HOST = "testserver"
SAME = {"origin": f"http://{HOST}"}


@dataclass(frozen=True)
class Someone:
    must_change: bool = False


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse("in" if request.scope.get(VISITOR) else "open")


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def client(*, secret: str | None = None) -> TestClient:
    app = Starlette(
        routes=[
            Route("/{path:path}", _echo, methods=["GET", "POST"]),
            WebSocketRoute("/_nicegui_ws/socket.io", _socket),
        ]
    )
    people = {"good": Someone(), "new": Someone(must_change=True)}
    cookies = {} if secret is None else {SESSION_COOKIE: secret}
    return TestClient(Guard(app, people.get), cookies=cookies, follow_redirects=False)


@pytest.mark.parametrize("path", ["/login", "/static/abc/review.css", "/_nicegui/3/static/x.js", "/favicon.ico"])
def test_what_belongs_to_the_program_is_open(path: str) -> None:
    assert client().get(path).text == "open"


@pytest.mark.parametrize("secret", [None, "bad", ""])
def test_nobody_sees_a_page_without_a_session(secret: str | None) -> None:
    answer = client(secret=secret).get("/d/1?item=field:a")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fd%2F1%3Fitem%3Dfield%3Aa"


def test_somebody_with_a_session_goes_on() -> None:
    assert client(secret="good").get("/").text == "in"


def test_a_one_time_password_is_good_for_changing_it_only() -> None:
    new = client(secret="new")

    assert new.get("/").headers["location"] == "/password"
    assert new.get("/password").text == "in"
    assert new.post("/logout", headers=SAME).text == "in"
    with pytest.raises(WebSocketDisconnect), new.websocket_connect("/_nicegui_ws/socket.io", headers=SAME):
        pass


@pytest.mark.parametrize(
    "origin", [None, "http://evil.example", "null", f"http://{HOST}.evil.example", f"http://{HOST}:1"]
)
def test_changes_asked_by_another_site_are_refused(origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}

    assert client(secret="good").post("/upload", headers=headers).status_code == 403
    assert client(secret="good").post("/login", headers=headers).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client(secret="good").websocket_connect("/_nicegui_ws/socket.io", headers=headers),
    ):
        pass
    assert refused.value.code == 4403


def test_changes_of_our_own_pages_go_on() -> None:
    assert client(secret="good").post("/upload", headers=SAME).text == "in"
    with client(secret="good").websocket_connect("/_nicegui_ws/socket.io", headers=SAME) as socket:
        assert socket.receive_text() == "hello"


def test_a_change_without_a_session_is_refused() -> None:
    assert client().post("/upload", headers=SAME).status_code == 401


def test_programs_with_a_token_need_no_origin() -> None:
    bearer = {"authorization": "Bearer abc"}

    assert client().post("/api/items", headers=bearer).text == "open"
    assert client().post("/api/items").status_code == 403
    assert client(secret="good").post("/upload", headers=bearer).status_code == 403


def test_every_answer_has_strict_headers() -> None:
    for answer in (client().get("/login"), client().get("/"), client().post("/upload"), client(secret="good").get("/")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"


def test_a_broken_cookie_is_no_session() -> None:
    answer = client().get("/", headers={"cookie": f'{SESSION_COOKIE}="\\x; a b=;;'})

    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/d/1?item=a", "/d/1?item=a"),
        ("/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nSet-Cookie: x", "/"),
        ("", "/"),
    ],
)
def test_a_log_in_leads_to_no_other_site(wanted: str, path: str) -> None:
    assert own_path(wanted) == path
