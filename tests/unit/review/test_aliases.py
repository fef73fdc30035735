"""Labels learnt from corrections: offered, refused, used, withdrawn; they change nothing but rows printed like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ReviewError, UnknownItemError
from models.form import load_form
from models.learnt_labels import check_learnt_label, forms_with
from models.report import UnmappedRow
from models.text import row_key
from models.verdict import unmapped_key
from pipeline.config import Settings
from pipeline.match.label_scores import row_keys, row_score
from pipeline.review.aliases import aliases, learn, offer, with_learnt_labels, withdraw_alias
from pipeline.store.audit import audit_log
from pipeline.store.open_store import Store
from tests.unit.review.made import FORM, in_store, read_report

ROW = "requests.denied.state_secret"
PRINTED = "涉及国家秘密而未公开的"
LEFT = UnmappedRow(page_no=1, table="requests", labels=["（三）", PRINTED], values=["1"] * 7, reason="no_row")


def test_moving_a_row_offers_its_label(store: Store) -> None:
    read = read_report(unmapped=[LEFT])

    found = offer(read, unmapped_key(LEFT), ROW)

    assert found is not None
    assert (found.form, found.row, found.label) == ("gk2021", ROW, PRINTED)
    short = replace_labels(["其他"])
    assert offer(read_report(unmapped=[short]), unmapped_key(short), ROW) is None
    official = replace_labels(["3.危及“三安全一稳定”"])
    assert offer(read_report(unmapped=[official]), unmapped_key(official), ROW) is None


def replace_labels(labels: list[str]) -> UnmappedRow:
    return LEFT.model_copy(update={"labels": labels})


def test_a_learnt_label_is_dated_reversible_and_used_from_then_on(store: Store) -> None:
    number = in_store(store, read_report(unmapped=[LEFT]))
    settings = Settings()

    alias = learn(store, number, ROW, PRINTED, who="zhang")

    assert (alias.added_by, alias.added_at, alias.document_id) == ("zhang", store.clock(), number)
    assert learn(store, number, ROW, PRINTED, who="li").id == alias.id
    assert with_learnt_labels(store, settings).mapping.row_aliases == {f"gk2021/{ROW}": (PRINTED,)}
    assert settings.mapping.row_aliases == {}
    with pytest.raises(ReviewError, match="another row"):
        learn(store, number, "requests.denied.security_and_stability", PRINTED, who="zhang")
    with pytest.raises(UnknownItemError):
        learn(store, number, "requests.none", PRINTED, who="zhang")

    withdraw_alias(store, alias.id, who="li")

    assert with_learnt_labels(store, settings).mapping.row_aliases == {}
    assert aliases(store) == []
    assert [a.withdrawn_by for a in aliases(store, withdrawn_too=True)] == ["li"]
    with pytest.raises(UnknownItemError):
        withdraw_alias(store, alias.id, who="li")
    assert [e.action for e in audit_log(store, number)][-2:] == ["label learnt", "label withdrawn"]


def scores(form_id: str, learnt: dict[str, list[str]], labels: list[str]) -> list[float]:
    form = forms_with(learnt)[form_id]
    return [row_score(labels, b.title, row_keys(r, frozenset())) for t in form.tables for b in t.blocks for r in b.rows]


def test_the_row_is_then_sure() -> None:
    keys = [f"{t.id}.{r.id}" for t in FORM.tables for b in t.blocks for r in b.rows]
    with_it = scores("gk2021", {f"gk2021/{ROW}": [PRINTED]}, [PRINTED])
    assert keys[max(range(len(keys)), key=with_it.__getitem__)] == ROW
    assert max(with_it) == 1.0
    assert max(scores("gk2021", {}, [PRINTED])) < 1.0


@given(
    printed=st.sampled_from([r.label[-1] for t in FORM.tables for b in t.blocks for r in b.rows if r.label]),
    changed=st.text("涉及国家秘密其他处理一二1.（）", max_size=4),
    learnt=st.text("涉及国家秘密其他处理不予公开法律禁止", min_size=3, max_size=10),
)
def test_no_score_changes_of_a_row_that_is_printed_otherwise(printed: str, changed: str, learnt: str) -> None:
    labels = [printed + changed]
    if row_key(labels[0]) != row_key(learnt):
        assert scores("gk2021", {f"gk2021/{ROW}": [learnt]}, labels) == scores("gk2021", {}, labels)


def test_no_label_of_a_form_can_be_learnt_for_another_row() -> None:
    for form_id in ("gk2021", "gk2019"):
        form = load_form(form_id)
        rows = [(t, r) for t in form.tables for b in t.blocks for r in b.rows if r.label]
        for table, row in rows:
            for other_table, other in rows:
                if table is other_table and row is not other and row.label[-1] != other.label[-1]:
                    with pytest.raises(ReviewError):
                        check_learnt_label(form, f"{table.id}.{other.id}", row.label[-1])


def test_labels_in_the_settings_that_fit_no_row_are_left_out() -> None:
    forms = forms_with({"gk2021/requests.none": ["某行标签"], "none/x": ["y"], f"gk2021/{ROW}": ["其他"]})
    assert forms["gk2021"].tables == load_form("gk2021").tables
    assert not any(row_keys(r, frozenset()).learnt for t in FORM.tables for b in t.blocks for r in b.rows)
