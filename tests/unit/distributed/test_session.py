from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.errors import ExitCode, MissingDependencyError, UsageError
from pipeline.distributed.session import ray_session


@pytest.fixture(autouse=True)
def clean_environment() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.parametrize("address", ["nonsense", "ray://10.0.0.1:10001", "127.0.0.1:", "a b:1", "host:123456"])
def test_what_is_no_address_is_a_usage_error(address: str) -> None:
    with pytest.raises(UsageError, match="no address") as caught, ray_session(address, None):
        pass

    assert caught.value.source == address
    assert "host:port" in caught.value.remedy


def test_an_address_where_nobody_answers_is_told_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(MissingDependencyError, match="no Ray cluster answers") as caught, ray_session(address, None):
        pass

    assert caught.value.exit_code is ExitCode.DEPENDENCY
    assert "ray start" in caught.value.remedy


def test_without_ray_the_remedy_is_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(MissingDependencyError, match="not installed") as caught, ray_session(None, 1):
        pass

    assert "nianbao[ray]" in caught.value.remedy


def test_what_is_started_here_asks_for_a_token_and_tells_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    tokens = []
    for _ in range(2):
        with pytest.raises(MissingDependencyError), ray_session(None, 1):
            pass
        tokens.append(os.environ["RAY_AUTH_TOKEN"])

    assert os.environ["RAY_AUTH_MODE"] == "token"
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
    assert tokens[0] != tokens[1]
    assert len(tokens[0]) == 64


def test_a_cluster_without_tokens_is_joined_only_where_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    with pytest.raises(MissingDependencyError), ray_session("auto", None):
        pass
    assert os.environ["RAY_AUTH_MODE"] == "token"

    os.environ["RAY_AUTH_MODE"] = "disabled"
    with pytest.raises(MissingDependencyError), ray_session("auto", None):
        pass
    assert os.environ["RAY_AUTH_MODE"] == "disabled"


def test_no_folder_stays_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(MissingDependencyError), ray_session(None, 1):
        pass

    assert list(tmp_path.iterdir()) == []
