"""A person decides: values, findings, states, the audit log, and all of it back again."""

from __future__ import annotations

import pytest

from models.errors import NotAllowedError, ReviewError, StaleItemError, UnknownItemError
from models.match import PrintedField
from models.report import Report, UnmappedRow
from models.verdict import PERSON_STAGE, Action
from pipeline.review.decide_item import Decided, Decision, accept_proven, decide, provable, undo
from pipeline.review.item_view import item_view
from pipeline.review.queue_of_items import items_of_document
from pipeline.store.audit import audit_log
from pipeline.store.documents import document, load_report
from pipeline.store.open_store import Store
from pipeline.store.verdicts import verdicts_of
from pipeline.store.waivers import waivers_of
from tests.unit.review.made import GRANTED, NEW, cell, in_store, read_report, reading, sure, weak

CARRIED = "requests.carried_out.total"
ME, YOU = "zhang", "li"


def report_of(store: Store, document_id: int) -> Report:
    found = load_report(store, document_id)
    assert found is not None
    return found.report


def state_of(store: Store, document_id: int) -> str:
    found = document(store, document_id)
    assert found is not None
    return found.state


def choose(store: Store, number: int, action: Action, field: str, text: str | None = None, who: str = ME) -> Decided:
    key = f"field:{field}"
    version = item_view(store, number, key).version
    return decide(store, number, Decision(action, key, text), who=who, version=version)


def test_accepting_the_only_doubtful_number_ends_the_review(store: Store) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))
    assert state_of(store, number) == "review"

    decided = choose(store, number, "accept", NEW)

    assert (decided.state, decided.items_left) == ("done", 0)
    assert state_of(store, number) == "done"
    value = report_of(store, number).fields[NEW]
    assert (value.value, value.decision, value.confidence, value.reasons) == ("7", "accept", 1.0, [])
    assert (value.evidence[-1].stage, value.evidence[-1].reader) == (PERSON_STAGE, ME)
    assert [e.reader for e in value.evidence[:-1]] == ["first", "second"]
    assert report_of(store, number).status == "ok"


def test_another_number_breaks_the_sums_over_it_at_once(store: Store) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))

    decided = choose(store, number, "alternative", NEW, "1")

    assert report_of(store, number).fields[NEW].value == "1"
    assert decided.state == "review"
    assert {key.split(":")[1] for key in decided.reopened} == {
        "requests.balance[natural_person]",
        "requests.row_total[new]",
    }
    assert {f.origin for f in report_of(store, number).findings if f.severity == "error"} == {"report"}


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [("1,234", "1234", "number"), ("12.50", "12.50", "number"), ("/", "/", "not_applicable"), ("１２", "12", "number")],
)
def test_what_is_typed_is_read_like_any_value(store: Store, text: str, value: str, kind: str) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))

    choose(store, number, "typed", NEW, text)

    found = report_of(store, number).fields[NEW]
    assert (found.value, found.kind, found.printed) == (value, kind, text)


@pytest.mark.parametrize("text", ["七", "12a", "1 2", "", "12件左右", "1e3", "<script>", "⑦"])
def test_what_is_no_number_is_refused_and_changes_nothing(store: Store, text: str) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))
    before, log = report_of(store, number), audit_log(store)

    with pytest.raises(ReviewError):
        choose(store, number, "typed", NEW, text)

    assert report_of(store, number) == before
    assert audit_log(store) == log


def test_blank_is_no_zero(store: Store) -> None:
    number = in_store(store, read_report(weak("requests.carried_in.other", "0", "8")))

    choose(store, number, "blank", "requests.carried_in.other")

    value = report_of(store, number).fields["requests.carried_in.other"]
    assert (value.kind, value.value, value.printed, value.decision) == ("blank", None, "", "accept")


def test_as_printed_accepts_a_mistake_of_the_report_and_confirms_its_findings(store: Store) -> None:
    number = in_store(store, read_report(sure(CARRIED, "3")))
    assert report_of(store, number).fields[CARRIED].decision == "review"

    decided = choose(store, number, "as_printed", CARRIED)

    report = report_of(store, number)
    assert (decided.state, decided.items_left) == ("done", 0)
    assert report.fields[CARRIED].value == "3"
    errors = [f for f in report.findings if f.severity == "error"]
    assert [f.rule for f in errors] == ["requests.balance[total]", "requests.row_total[carried_out]"]
    assert {f.confirmed.author for f in errors if f.confirmed} == {ME}
    assert (report.status, report.status_reasons) == ("ok", ["errors_confirmed"])


def test_a_confirmed_finding_is_open_again_when_its_numbers_change(store: Store) -> None:
    number = in_store(store, read_report(sure(CARRIED, "3")))
    choose(store, number, "as_printed", CARRIED)

    decided = choose(store, number, "typed", CARRIED, "4")

    assert decided.state == "review"
    assert all(f.confirmed is None for f in report_of(store, number).findings if f.left and "4" in (f.left, f.right))


def test_a_waived_finding_counts_no_more_and_its_undo_opens_it(store: Store) -> None:
    number = in_store(store, read_report(sure(CARRIED, "3")))
    choose(store, number, "accept", CARRIED)
    keys = [i for i in decided_keys(store, number) if i.startswith("finding:")]

    with pytest.raises(ReviewError):
        decide(store, number, Decision("waive_finding", keys[0], why="  "), who=ME, version=None)
    for key in keys:
        decide(store, number, Decision("waive_finding", key, why="已在网上更正"), who=ME, version=None)

    report = report_of(store, number)
    assert state_of(store, number) == "done"
    assert {f.waiver.reason for f in report.findings if f.waiver} == {"已在网上更正"}
    assert len(waivers_of(store, report)) == 2

    undo(store, who=ME)
    assert len(waivers_of(store, report)) == 1
    assert state_of(store, number) == "review"


def unlike(field: str, text: str) -> PrintedField:
    """A cell of a row whose label is too unlike that of the form for the sums to settle it."""
    readings = (reading(text, reader=name) for name in ("first", "second"))
    return cell(field, *readings, reasons=("label_uncertain",), label=0.3)


def decided_keys(store: Store, number: int) -> list[str]:
    return [i.item for i in items_of_document(store, number, ME)]


def test_a_decision_on_what_somebody_else_changed_is_refused(store: Store) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))
    seen = item_view(store, number, f"field:{NEW}").version
    choose(store, number, "accept", NEW, who=YOU)

    with pytest.raises(StaleItemError, match=f"decided by {YOU}"):
        decide(store, number, Decision("typed", f"field:{NEW}", "9"), who=ME, version=seen)

    assert report_of(store, number).fields[NEW].value == "7"


def test_two_persons_on_two_items_of_one_report_do_not_hinder_each_other(store: Store) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1"), weak(GRANTED, "5", "6")))
    seen = item_view(store, number, f"field:{GRANTED}").version
    choose(store, number, "accept", NEW, who=YOU)

    decide(store, number, Decision("accept", f"field:{GRANTED}"), who=ME, version=seen)

    assert state_of(store, number) == "done"
    assert [v.verdict.who for v in verdicts_of(store, number)] == [YOU, ME]


def test_reading_again_keeps_what_a_person_decided(store: Store) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))
    choose(store, number, "typed", NEW, "12")

    in_store(store, read_report(sure(NEW, "7"), weak(GRANTED, "5", "6")))

    report = report_of(store, number)
    assert report.fields[NEW].value == "12"
    assert report.fields[GRANTED].decision == "review"
    assert state_of(store, number) == "review"

    undo(store, who=ME)
    assert report_of(store, number) == read_report(sure(NEW, "7"), weak(GRANTED, "5", "6"))


def test_undo_belongs_to_whoever_decided_and_to_admins(store: Store) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))
    decided = choose(store, number, "accept", NEW, who=YOU)

    with pytest.raises(NotAllowedError):
        undo(store, who=ME, verdict_id=decided.verdict_id)
    with pytest.raises(UnknownItemError):
        undo(store, who=ME)
    undone = undo(store, who=ME, verdict_id=decided.verdict_id, is_admin=True)

    assert (undone.item, undone.state) == (f"field:{NEW}", "review")
    with pytest.raises(UnknownItemError):
        undo(store, who=YOU)


def test_each_decision_and_each_undo_stands_in_the_audit_log(store: Store) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))
    decide(store, number, Decision("typed", f"field:{NEW}", "12", why="看原件"), who=ME, version=None)
    undo(store, who=ME)

    decided, undone = audit_log(store, number)[-2:]

    assert (decided.who, decided.action, decided.why) == (ME, "decided: typed", "看原件")
    assert decided.before is not None
    assert decided.after is not None
    assert decided.before["fields"] == {NEW: {"kind": "number", "value": "7", "printed": "7", "decision": "review"}}
    assert decided.after["fields"] == {NEW: {"kind": "number", "value": "12", "printed": "12", "decision": "accept"}}
    assert (undone.who, undone.action) == (ME, "undone")
    assert undone.after is not None
    assert undone.after["fields"] == decided.before["fields"]


def test_a_settled_number_settles_others_in_the_same_sums(store: Store) -> None:
    # The four fit together as they are, and as well if all are misread: the sums cannot tell, a person can.
    one = "requests.new.commercial_enterprise"
    others = {"requests.carried_out.commercial_enterprise": ("1", "7"), "requests.carried_out.total": ("3", "9")}
    others["requests.new.total"] = ("8", "14")
    read = read_report(unsure(one, "1", "7"), *(unsure(i, *texts) for i, texts in others.items()))
    number = in_store(store, read)
    assert {i for i, v in read.fields.items() if v.decision == "review"} == {one, *others}

    decided = choose(store, number, "accept", one)

    assert (set(decided.settled), decided.state) == (set(others), "done")
    fields = report_of(store, number).fields
    assert {i: (fields[i].value, fields[i].decision) for i in others} == {
        i: (text, "accept") for i, (text, _) in others.items()
    }


def test_no_other_number_changes_when_a_person_chose_against_the_sums(store: Store) -> None:
    one = "requests.new.commercial_enterprise"
    other = "requests.carried_out.commercial_enterprise"
    number = in_store(store, read_report(unsure(one, "1", "7"), unsure(other, "1", "7")))

    decided = choose(store, number, "alternative", one, "7")

    assert other not in decided.settled
    assert report_of(store, number).fields[other].value == "1"


def unsure(field: str, text: str, other: str) -> PrintedField:
    readings = (reading(text, 0.7, (other, 0.25), reader=name) for name in ("first", "second"))
    return cell(field, *readings, reasons=("low_score",))


def test_confirming_a_row_accepts_the_cells_whose_only_doubt_it_was(store: Store) -> None:
    # No sum is over these: none can tell which row they are.
    row = "proactive.regulations"
    columns = ("issued", "repealed", "in_force")
    cells = [unlike(f"{row}.{c}", "0") for c in columns[:2]]
    number = in_store(store, read_report(*cells, weak(f"{row}.in_force", "0", "6", "value_beside")))
    assert set(decided_keys(store, number)) == {f"row:{row}", f"field:{row}.in_force"}

    decided = decide(store, number, Decision("confirm_row", f"row:{row}"), who=ME, version=None)

    assert set(decided.fields) == {f"{row}.{c}" for c in columns[:2]}
    assert decided_keys(store, number) == [f"field:{row}.in_force"]


def test_a_row_is_moved_with_all_its_values(store: Store) -> None:
    one, other = "requests.denied.state_secret", "requests.denied.security_and_stability"
    read = read_report(unlike(f"{one}.natural_person", "2"))
    number = in_store(store, read)

    decide(store, number, Decision("remap_row", f"row:{one}", to_row=other), who=ME, version=None)

    fields = report_of(store, number).fields
    assert fields[f"{other}.natural_person"].value == "2"
    assert fields[f"{one}.natural_person"].kind == "absent"
    with pytest.raises(ReviewError):
        decide(store, number, Decision("remap_row", f"row:{one}", to_row="disputes"), who=ME, version=None)
    with pytest.raises(UnknownItemError):
        decide(store, number, Decision("remap_row", f"row:{one}", to_row="no.such"), who=ME, version=None)
    undo(store, who=ME)
    assert report_of(store, number) == read


def test_a_printed_row_without_a_field_is_mapped_or_acknowledged(store: Store) -> None:
    row = UnmappedRow(
        page_no=1, table="requests", labels=["3．其他<b>"], values=["1", "0", "0", "0", "0", "0", "1"], reason=""
    )
    number = in_store(store, read_report(unmapped=[row]))
    (key,) = decided_keys(store, number)

    with pytest.raises(ReviewError, match="reason"):
        decide(store, number, Decision("acknowledge", key), who=ME, version=None)
    decided = decide(store, number, Decision("acknowledge", key, why="页脚"), who=ME, version=None)
    assert decided.state == "done"
    undo(store, who=ME)

    decide(store, number, Decision("remap_row", key, to_row="requests.denied.state_secret"), who=ME, version=None)
    report = report_of(store, number)
    assert report.fields["requests.denied.state_secret.total"].value == "1"
    assert report.unmapped_rows == []


def test_bulk_accept_takes_what_two_sums_prove_and_is_one_decision(store: Store) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1"), weak(GRANTED, "5", "6")))
    proven = provable(report_of(store, number))

    decided = accept_proven(store, number, who=ME)

    assert set(proven) == set(decided.fields) == {NEW, GRANTED}
    assert state_of(store, number) == "done"
    undo(store, who=ME)
    assert state_of(store, number) == "review"
    assert len(verdicts_of(store, number)) == 1


def test_unknown_documents_and_items_are_told(store: Store) -> None:
    number = in_store(store, read_report(weak(NEW, "7", "1")))
    for item in ("field:no.such", "row:x", "column:y", "finding:z", "unmapped:0", "nonsense"):
        with pytest.raises(UnknownItemError):
            item_view(store, number, item)
        with pytest.raises(ReviewError):
            decide(store, number, Decision("accept", item), who=ME, version=None)
    with pytest.raises(UnknownItemError):
        item_view(store, 99, f"field:{NEW}")
