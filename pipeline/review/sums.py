"""The sums over a field, as they are and as they would be with another number; how each cell of the form stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from models.errors import ReviewError
from models.figures import exact_difference, plain
from models.form import Form, load_form
from models.report import FieldValue, Report
from models.rule import LinearRule, load_rules
from models.verdict import PERSON_STAGE
from pipeline.check.evaluate_rules import side_sum
from pipeline.review.item_parts import CellState, SumTerm, SumView
from pipeline.verdicts.given_values import typed_value
from pipeline.verdicts.new_verdict import rules_over


def sums_with(report: Report, field_id: str, text: str) -> tuple[SumView, ...]:
    """The sums over a field as they would be with this text in it; with nothing in it where it is no number."""
    fields = dict(report.fields)
    fields[field_id] = _as_value(report, field_id, text)
    return sums_over(report.model_copy(update={"fields": fields}), (field_id,), ())


def cell_states(report: Report) -> dict[str, CellState]:
    """Field id -> how its cell is to be coloured, for every field of the report."""
    broken: set[str] = set()
    suspect: set[str] = set()
    for finding in report.findings:
        if finding.severity == "error" and finding.waiver is None and finding.confirmed is None:
            broken.update(finding.fields)
            smallest = min((len(s) for s in finding.suspects), default=0)
            suspect.update(s.field for group in finding.suspects if len(group) == smallest for s in group)
    return {i: _cell_state(i, v, broken, suspect) for i, v in report.fields.items()}


def _cell_state(field_id: str, value: FieldValue, broken: set[str], suspect: set[str]) -> CellState:
    if value.decision == "review":
        return "review"
    if field_id in suspect:
        return "suspect"
    if field_id in broken:
        return "broken"
    if any(e.stage == PERSON_STAGE for e in value.evidence):
        return "person"
    return "absent" if value.kind == "absent" else "accepted"


def sums_over(report: Report, fields: Sequence[str], candidates: Sequence[str]) -> tuple[SumView, ...]:
    """The sums over some fields; ``candidates`` are tried in the first of them."""
    states = cell_states(report)
    form = load_form(report.form)
    first = fields[0] if fields else ""
    tried = [{**report.fields, first: _as_value(report, first, text)} for text in candidates]
    return tuple(_sum(rule, report, form, states, fields, tried) for rule in rules_over(report, fields))


def _sum(
    rule: LinearRule,
    report: Report,
    form: Form,
    states: Mapping[str, CellState],
    here: Sequence[str],
    tried: Iterable[Mapping[str, FieldValue]],
) -> SumView:
    labels = load_rules(form).labels

    def terms(ids: Sequence[str]) -> tuple[SumTerm, ...]:
        return tuple(
            SumTerm(i, labels.fields[i], value_words(report.fields.get(i)), states.get(i, "absent"), i in here)
            for i in ids
        )

    left, right = side_sum(rule.left, report.fields), side_sum(rule.right, report.fields)
    return SumView(
        rule=rule.id,
        name=rule.label,
        left=terms(rule.left),
        right=terms(rule.right),
        left_sum=None if left is None else plain(left),
        right_sum=None if right is None else plain(right),
        difference=None if left is None or right is None else plain(exact_difference(left, right)),
        holds=_holds(left, right),
        with_candidates=tuple(_holds(side_sum(rule.left, f), side_sum(rule.right, f)) for f in tried),
    )


def _holds(left: Decimal | None, right: Decimal | None) -> bool | None:
    return None if left is None or right is None else left == right


def _as_value(report: Report, field_id: str, text: str) -> FieldValue:
    form = load_form(report.form)
    try:
        value = typed_value(form.fields[field_id], text)
    except ReviewError:
        kind: Literal["blank", "text"] = "text" if text.strip() else "blank"
        return FieldValue(value=None, printed=text, kind=kind, decision="review", confidence=0)
    return FieldValue(value=value.value, printed=value.printed, kind=value.kind, decision="accept", confidence=1)


def value_words(value: FieldValue | None) -> str:
    """The number, else what is printed; empty for blank and absent cells."""
    if value is None or value.kind == "absent":
        return ""
    return value.printed if value.value is None else value.value
