from __future__ import annotations

import json

import pytest

from models.report import Report
from pipeline.review.decide_item import Decision, decide
from pipeline.review.item_view import ItemView, item_view
from pipeline.review.pages.form_table import form_tables
from pipeline.review.pages.item_context import desk_context, paper_data, sums_context, token_of
from pipeline.review.pages.item_options import candidate_at, options_of
from pipeline.review.pages.site import Visit
from pipeline.review.pages.templates import render
from pipeline.review.people import Person
from pipeline.store.open_store import Store
from tests.unit.review.made import GRANTED, in_store, read_report, weak

VISIT = Visit(Person(1, "li", "", "reviewer", must_change=False, active=True), "zh", "")
EVIL = "<img src=x onerror=alert(1)>"


def seen(store: Store, report: Report, key: str = f"field:{GRANTED}") -> ItemView:
    return item_view(store, in_store(store, report), key)


def test_the_value_is_the_first_option_and_enter_takes_it(store: Store) -> None:
    view = seen(store, read_report(weak(GRANTED, "5", "6")))
    options = options_of(view, VISIT)

    first = candidate_at(view, 0)
    assert first is not None
    assert view.value is not None
    assert first.text == view.value.value == options[0]["text"]
    assert candidate_at(view, len(options)) is None


def test_each_option_says_how_many_sums_hold_with_it(store: Store) -> None:
    view = seen(store, read_report(weak(GRANTED, "5", "6")))

    for number, option in enumerate(options_of(view, VISIT)):
        held = [s.with_candidates[number] for s in view.sums]
        assert (option["yes"], option["no"]) == (held.count(True), held.count(False))


def test_sums_that_fail_come_first(store: Store) -> None:
    view = seen(store, read_report(weak(GRANTED, "5", "6")))

    looks = [s["holds"] for s in sums_context(view.sums, VISIT, say_none=True)["sums"]]  # type: ignore[attr-defined]

    assert looks
    assert looks == sorted(looks, key=["no", "open", "yes"].index)


def test_a_token_changes_with_a_decision(store: Store) -> None:
    view = seen(store, read_report(weak(GRANTED, "5", "6")))
    before = token_of(view)

    decide(store, view.document.id, Decision("typed", view.key, text="7"), who="li", version=view.version)

    after = item_view(store, view.document.id, view.key)
    assert token_of(after) != before
    assert "li" in str(desk_context(after, VISIT, chosen=0)["decided"])


def test_what_the_browser_is_told_of_the_page(store: Store) -> None:
    view = seen(store, read_report(weak(GRANTED, "5", "6")))

    told = json.loads(paper_data(view, ahead=["/page/1/2", ""]))

    assert told["fields"] == [GRANTED]
    assert told["ahead"] == ["/page/1/2"]
    assert told["path"] == f"/d/{view.document.id}?item=field:{GRANTED}"
    assert {kind for kind, _ in told["marks"]} <= {"box", "lit"}


def test_nothing_of_a_report_is_markup(store: Store) -> None:
    report = read_report(weak(GRANTED, "5", "6"), agency=EVIL, name=f"{EVIL}.pdf")
    value = report.fields[GRANTED].model_copy(update={"reasons": [EVIL], "printed": EVIL})
    view = seen(store, report.model_copy(update={"fields": {**report.fields, GRANTED: value}}))

    context = desk_context(view, VISIT, chosen=0)
    drawn = render(
        "desk",
        **{
            **context,
            "place": EVIL,
            "done_share": None,
            "held": EVIL,
            "proven": 0,
            "paper": paper_data(view, ahead=[EVIL]),
        },
    )
    form = render("form", w=VISIT.words, tables=form_tables(view.report), current=(), no_form="")

    assert "<img src=x" not in drawn + form
    assert "&lt;img src=x" in drawn


@pytest.mark.parametrize("key", ["row:requests.granted", "column:requests.natural_person", f"field:{GRANTED}"])
def test_rows_and_columns_are_shown_too(store: Store, key: str) -> None:
    view = seen(store, read_report(weak(GRANTED, "5", "6")), key)

    context = desk_context(view, VISIT, chosen=0)
    drawn = render("desk", **{**context, "place": "", "done_share": 50, "held": "", "proven": 3, "paper": "{}"})

    assert str(context["name"]) in drawn
    assert token_of(view) in drawn


def test_the_form_has_a_cell_for_each_number(store: Store) -> None:
    report = read_report(weak(GRANTED, "5", "6"))
    cells = [c for t in form_tables(report) for b in t.blocks for r in b.rows for c in r.cells]

    assert len(cells) == 200
    assert len({c.field for c in cells}) == 200
    assert next(c for c in cells if c.field == GRANTED).look == "review"
    for table in form_tables(report):
        for block in table.blocks:
            assert {sum(c.columns for c in r.cells) + block.depth for r in block.rows} == {block.width}
            assert sum(h.columns for h in block.header[0]) + block.depth == block.width
