"""A column that belongs elsewhere is moved as a whole, and can be taken back."""

from __future__ import annotations

import pytest

from models.errors import ReviewError, UnknownItemError
from models.report import Report
from pipeline.review.column_match import column_candidates
from pipeline.review.decide_item import Decision, decide, undo
from pipeline.review.item_view import item_view
from pipeline.store.open_store import Store
from pipeline.store.verdicts import review_state
from tests.unit.review.made import FORM, in_store, read_report

ME = "zhang"
ONE, OTHER = "requests.natural_person", "requests.other"
ROWS = [i.removesuffix(".natural_person") for i in FORM.official_fields if i.endswith(".natural_person")]


def exchanged(report: Report, other: str = "other") -> Report:
    """The report with the two columns read in each other's place, and in doubt."""
    fields = dict(report.fields)
    for row in ROWS:
        a, b = fields[f"{row}.natural_person"], fields[f"{row}.{other}"]
        doubt = {"decision": "review", "reasons": ["column_uncertain"]}
        fields[f"{row}.natural_person"], fields[f"{row}.{other}"] = (v.model_copy(update=doubt) for v in (b, a))
    return report.model_copy(update={"fields": fields})


def with_two_kinds_of_applicants(report: Report) -> Report:
    """The report with as many applicants of another kind, so that the total is no longer one of its parts."""
    fields = dict(report.fields)
    for row in ROWS:
        own = fields[f"{row}.natural_person"]
        twice = str(2 * int(own.value or 0))
        fields[f"{row}.other"] = own
        fields[f"{row}.total"] = own.model_copy(update={"value": twice, "printed": twice})
    return report.model_copy(update={"fields": fields})


def values(report: Report, column: str) -> list[str | None]:
    return [report.fields[f"{row}.{column}"].value for row in ROWS]


def test_a_column_is_moved_and_what_stood_there_takes_its_place(store: Store) -> None:
    right = read_report()
    wrong = exchanged(right)
    number = in_store(store, wrong)

    decided = decide(store, number, Decision("remap_column", f"column:{ONE}", to_column=OTHER), who=ME, version=None)

    report = review_state(store, number).report
    for column in ("natural_person", "other"):
        assert values(report, column) == values(right, column)
    assert {report.fields[f"{row}.other"].decision for row in ROWS} == {"accept"}
    assert (decided.state, set(decided.fields)) == (
        "done",
        {f"{r}.{c}" for r in ROWS for c in ("natural_person", "other")},
    )
    undo(store, who=ME)
    assert review_state(store, number).report == wrong


def test_a_number_moves_its_whole_column(store: Store) -> None:
    right = read_report()
    number = in_store(store, exchanged(right))
    decision = Decision("remap_column", f"field:{ROWS[0]}.natural_person", to_column=OTHER)
    decide(store, number, decision, who=ME, version=None)
    assert values(review_state(store, number).report, "natural_person") == values(right, "natural_person")


def test_the_other_column_is_empty_where_nothing_took_its_place(store: Store) -> None:
    right = read_report()
    fields = {i: v for i, v in right.fields.items() if not i.endswith(".other")}
    number = in_store(store, right.model_copy(update={"fields": fields}))
    decide(store, number, Decision("remap_column", f"column:{ONE}", to_column=OTHER), who=ME, version=None)
    report = review_state(store, number).report
    assert values(report, "other") == values(right, "natural_person")
    assert {report.fields[f"{row}.natural_person"].kind for row in ROWS} == {"absent"}


@pytest.mark.parametrize(
    ("item", "to", "error"),
    [
        (f"column:{ONE}", "requests.none", UnknownItemError),
        ("column:requests.none", ONE, UnknownItemError),
        ("field:no.such", ONE, UnknownItemError),
        (f"column:{ONE}", ONE, ReviewError),
        (f"column:{ONE}", "disputes.reconsideration.upheld", ReviewError),
        (f"column:{ONE}", None, ReviewError),
        (f"row:{ROWS[0]}", ONE, ReviewError),
    ],
)
def test_what_cannot_be_moved_is_refused(
    store: Store, item: str, to: str | None, error: type[ReviewError | UnknownItemError]
) -> None:
    number = in_store(store, read_report())
    with pytest.raises(error):
        decide(store, number, Decision("remap_column", item, to_column=to), who=ME, version=None)


def test_the_right_column_comes_first_because_its_sums_hold(store: Store) -> None:
    # Among the columns of a row that is added up no sum tells which is which; it does tell the total.
    number = in_store(store, exchanged(with_two_kinds_of_applicants(read_report()), "total"))
    view = item_view(store, number, f"column:{ONE}")
    assert view.column is not None
    assert (view.column.key, view.column.candidates[0].key, view.column.candidates[0].score) == (
        ONE,
        "requests.total",
        1.0,
    )
    assert [key for key, _, _ in view.column.neighbours] == [ONE, "requests.commercial_enterprise"]


def test_only_columns_of_the_same_rows_and_kind_are_offered() -> None:
    keys = {c.key for c in column_candidates(read_report(), FORM, ONE)}
    assert keys == {f"requests.{c.id}" for b in FORM.tables[1].blocks for c in b.columns}
    amount = column_candidates(read_report(), FORM, "proactive.amount")
    assert [c.key for c in amount] == ["proactive.amount"]
