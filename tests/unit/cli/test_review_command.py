from __future__ import annotations

import sys
from pathlib import Path

import pytest

from models.errors import ExitCode
from pipeline.cli.app import run
from pipeline.config import Settings
from pipeline.review.pages import serve as served


def test_the_server_gets_address_and_store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: dict[str, object] = {}

    def serve(settings: Settings, *, host: str, port: int, tell: served.Tell) -> None:
        seen.update(url=settings.store.url, originals=settings.store.originals, host=host, port=port)
        tell("http://here")

    monkeypatch.setattr(served, "serve", serve)
    url = f"sqlite:///{tmp_path / 's.db'}"

    code = run(["review", "--port", "81", "--store", url, "--originals", str(tmp_path / "o")])

    assert code == ExitCode.OK
    assert seen == {"url": url, "originals": tmp_path / "o", "host": "127.0.0.1", "port": 81}
    assert capsys.readouterr().out == "http://here\n"


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "pipeline.review.pages.serve")
    monkeypatch.setitem(sys.modules, "nicegui", None)

    assert run(["review"]) == ExitCode.DEPENDENCY
    said = capsys.readouterr().err
    assert "the package nicegui is not installed" in said
    assert "[review]" in said
