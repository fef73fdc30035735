"""Any decisions, taken back in any order, leave the report as it was read; the audit log tells of each of them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ReviewError
from models.report import Report, UnmappedRow
from models.verdict import Action
from pipeline.config import Settings, StoreSettings
from pipeline.review.decide_item import Decision, decide, undo
from pipeline.store.audit import audit_log
from pipeline.store.documents import document, load_report
from pipeline.store.open_store import Store, open_store
from pipeline.store.verdicts import verdicts_of
from pipeline.verdicts.open_items import finding_keys, open_items
from tests.unit.review.made import GRANTED, NEW, in_store, read_report, sure, weak

ROW = UnmappedRow(page_no=1, table="requests", labels=["其他"], values=["1", "2", "3", "4", "5", "6", "7"], reason="")
READ = read_report(
    weak(NEW, "7", "1"),
    weak(GRANTED, "5", "6"),
    sure("requests.carried_out.total", "3"),
    unmapped=[ROW],
    reasons=["pages_unread"],
)
ITEMS = [
    *(f"field:{i}" for i in (NEW, GRANTED, "requests.carried_out.total", "disputes.reconsideration.total")),
    *(item.key for item in open_items(READ)),
    *(key for _, key in finding_keys(READ)),
    "row:requests.granted",
]
ACTIONS: list[Action] = ["accept", "typed", "blank", "as_printed", "confirm_finding", "waive_finding", "acknowledge"]
ACTIONS += ["remap_row", "remap_column", "accept_proven", "skip", "alternative", "confirm_row"]
DECISIONS = st.builds(
    Decision,
    action=st.sampled_from(ACTIONS),
    item=st.sampled_from(ITEMS),
    text=st.sampled_from(["1", "7", "12", "x", None]),
    to_row=st.sampled_from(["requests.denied.state_secret", "requests.new", None]),
    why=st.sampled_from(["", "看过原件"]),
)


def in_force(store: Store, number: int) -> Report:
    found = load_report(store, number)
    assert found is not None
    return found.report


@settings(max_examples=12, deadline=None)
@given(decisions=st.lists(DECISIONS, min_size=1, max_size=8), data=st.data())
def test_all_decisions_taken_back_leave_the_report_as_read(decisions: list[Decision], data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        url = f"sqlite:///{Path(name) / 'nianbao.db'}"
        with open_store(Settings(store=StoreSettings(url=url, originals=Path(name) / "originals"))) as store:
            number = in_store(store, READ)
            given_ids, reports = [], [READ]
            for decision in decisions:
                log = audit_log(store)
                try:
                    decided = decide(store, number, decision, who="zhang", version=None)
                except ReviewError:
                    assert audit_log(store) == log
                    assert in_force(store, number) == reports[-1]
                    continue
                given_ids.append(decided.verdict_id)
                after = audit_log(store)
                assert after[: len(log)] == log
                assert after[-1].action.startswith("decided: ")
                reports.append(in_force(store, number))
                found = document(store, number)
                assert found is not None
                assert (found.state == "done") == (not open_items(reports[-1])) == (decided.items_left == 0)
            assert [v.id for v in verdicts_of(store, number)] == given_ids

            if data.draw(st.booleans(), label="in the order in which they were given, backwards"):
                for place in range(len(given_ids) - 1, -1, -1):
                    undo(store, who="zhang")
                    assert in_force(store, number) == reports[place]
            else:
                for verdict_id in data.draw(st.permutations(given_ids), label="in any order"):
                    undo(store, who="zhang", verdict_id=verdict_id)

            assert in_force(store, number) == READ
            found = document(store, number)
            assert found is not None
            assert found.state == "review"
            undone = [e for e in audit_log(store, number) if e.action == "undone"]
            assert len(undone) == len(given_ids)
