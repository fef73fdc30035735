"""The audit trail in words."""

from __future__ import annotations

import pytest

pytest.importorskip("nicegui", reason="the extra `review` is not installed")

from pipeline.config import Settings
from pipeline.review.decide_item import Decision, decide
from pipeline.review.pages.audit_page import audit_context
from pipeline.review.pages.site import Site, Visit
from pipeline.review.people import add_person, ensure_admin
from pipeline.store.open_store import Store
from tests.unit.review.made import NEW, in_store, read_report, weak


def test_fields_states_and_roles_are_in_the_language_of_the_reader(store: Store) -> None:
    admin = ensure_admin(store)
    assert admin is not None
    number = in_store(store, read_report(weak(NEW, "7", "1")))
    decide(store, number, Decision("accept", f"field:{NEW}"), who="admin", version=None)
    add_person(store, login="li", name="", role="reviewer", by=admin.person)

    rows = audit_context(Site(store, Settings()), Visit(admin.person, "zh", "light"), {})["rows"]

    assert isinstance(rows, list)
    added, decided = (row["changes"] for row in rows[:2])
    assert ("角色", "—", "复核员") in added
    assert ("状态", "待复核", "完成") in decided
    assert ("一、本年新收·自然人", "7 (待复核)", "7 (已定)") in decided
    assert ("事项", "—", "一、本年新收·自然人") in decided
