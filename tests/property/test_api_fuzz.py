"""Whatever is sent to the API, it answers as its description says, and never with a bug."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

pytest.importorskip("fastapi", reason="the extra `review` is not installed")
schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytest.importorskip("argon2", reason="the extra `review` is not installed")

from hypothesis import HealthCheck, given, settings  # noqa: E402 - after the skip
from schemathesis.specs.openapi.checks import positive_data_acceptance  # noqa: E402 - after the skip

from pipeline.config import LimitSettings, Settings, StoreSettings  # noqa: E402 - after the skip
from pipeline.review.api import api_app  # noqa: E402 - after the skip
from pipeline.review.people import ensure_admin, new_token  # noqa: E402 - after the skip
from pipeline.store.open_store import open_store  # noqa: E402 - after the skip
from tests.unit.review.made import GRANTED, NEW, read_report, weak  # noqa: E402 - after the skip
from tests.unit.review.test_page_picture import kept, pdf_page  # noqa: E402 - after the skip

_EXAMPLES = 15
# Whether a decision fits its item, and a file is worth keeping, no description can say.
_NOT_ASKED = [positive_data_acceptance]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, str]]]:
    """(the API over a store with some documents, headers with a token)."""
    doubts = (weak(NEW, "7", "1"), weak(GRANTED, "5", "6"))
    folder: Path = tmp_path_factory.mktemp("api")
    url = f"sqlite:///{folder / 'nianbao.db'}"
    with open_store(Settings(store=StoreSettings(url=url, originals=folder / "originals"))) as store:
        for name, turned in (("a.pdf", 0), ("b.pdf", 90)):
            kept(store, pdf_page(turned), "application/pdf", read_report(*doubts, name=name))
        admin = ensure_admin(store)
        assert admin is not None
        headers = {"Authorization": f"Bearer {new_token(store, admin.person, 'fuzz')}"}
        yield api_app(store, LimitSettings(max_file_bytes=1000)), headers


_DESCRIBED = api_app(cast("Any", None), LimitSettings()).openapi()
_OPERATIONS = sorted(o["operationId"] for path in _DESCRIBED["paths"].values() for o in path.values())


@pytest.mark.parametrize("operation_id", _OPERATIONS)
def test_every_answer_is_described(operation_id: str, served: tuple[Any, dict[str, str]]) -> None:
    app, headers = served
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operation = schema.find_operation_by_id(operation_id)

    @settings(max_examples=_EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        answer = case.call(headers=headers)
        case.validate_response(answer, excluded_checks=_NOT_ASKED)
        if answer.status_code >= 400:
            assert set(answer.json()["error"]) == {"code", "message", "remedy"}

    check()
