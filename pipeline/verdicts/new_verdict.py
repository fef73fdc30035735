"""What a decision on an item comes to: the values it gives, the findings it confirms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from models.errors import ReviewError, UnknownItemError
from models.finding import Finding
from models.form import FormField
from models.report import FieldValue, Report
from models.rule import LinearRule, load_rules, variants_in_force
from models.verdict import Action, ConfirmedFinding, SetValue, Verdict, confirmed_finding, unmapped_key
from pipeline.check.evaluate_rules import evaluate_rules
from pipeline.decide.parse_value import parse_value
from pipeline.verdicts.given_values import as_it_is, field_of, form_of, typed_value
from pipeline.verdicts.open_items import (
    COLUMN_REASONS,
    LEFTOVER_CODES,
    ROW_REASONS,
    column_fields,
    finding_keys,
    open_items,
    row_fields,
)
from pipeline.verdicts.remap import remapped_column, remapped_row

# So many sums must hold over a number for it to be proven.
_PROOFS = 2
_ON_FIELDS = frozenset({"accept", "alternative", "typed", "blank", "as_printed", "confirm_repair", "reject_repair"})
_ON_PLACES = frozenset({"confirm_row", "confirm_column", "as_printed", "accept"})
_ON_FINDINGS = frozenset({"confirm_finding", "accept", "as_printed"})
# Actions of which nobody can tell later why they were right, unless it is said.
NEED_WHY = frozenset({"waive_finding", "acknowledge"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on an item.

    ``text`` is the number typed or the alternative chosen; ``to_row`` and ``to_column`` are where a row or a column
    belongs (``table.row``, ``table.column``).
    """

    action: Action
    item: str
    text: str | None = None
    to_row: str | None = None
    why: str = ""
    to_column: str | None = None


def new_verdict(report: Report, decision: Decision, *, who: str, at: dt.datetime) -> Verdict:
    """The verdict that the decision comes to on the report in force. Findings that ``as_printed`` leaves are not in it.

    Raises:
        UnknownItemError: the report has no such item.
        ReviewError: the decision does not fit the item, or the value is no number.
    """
    verdict = Verdict(action=decision.action, item=decision.item, who=who, at=at, why=decision.why.strip())
    if decision.action in NEED_WHY and not verdict.why:
        raise ReviewError("a reason is needed", remedy="say why")
    if decision.action == "skip":
        return verdict
    if decision.action == "accept_proven":
        sets = {i: as_it_is(report.fields[i]) for i in proven_fields(report)}
        if not sets:
            raise ReviewError("no doubtful number is proven by the sums")
        return verdict.model_copy(update={"sets": sets})
    return verdict.model_copy(update=_effect(report, decision))


def _effect(report: Report, decision: Decision) -> dict[str, object]:
    """What the verdict has beside its action, by name of the attribute."""
    kind, _, rest = decision.item.partition(":")
    effect: dict[str, object] | None = None
    if decision.action == "remap_row":
        effect = remapped_row(report, decision.item, decision.to_row)
    elif decision.action == "remap_column":
        effect = remapped_column(report, decision.item, decision.to_column)
    elif kind == "field" and decision.action in _ON_FIELDS:
        effect = {"sets": {rest: _value(report, decision, field_of(report, rest))}}
    elif kind in {"row", "column"} and decision.action in _ON_PLACES:
        effect = {"sets": _confirmed_cells(report, kind, rest)}
    elif kind == "finding" and decision.action in _ON_FINDINGS:
        confirmed = [confirmed_finding(f) for f, key in finding_keys(report) if key == decision.item]
        if not confirmed:
            raise UnknownItemError(f"there is no finding {rest} any more")
        effect = {"action": "confirm_finding", "confirms": confirmed}
    elif kind == "finding" and decision.action == "waive_finding":
        effect = {}
    elif kind in {"unmapped", "report"} and decision.action == "acknowledge":
        effect = _acknowledged(report, decision.item)
    if effect is None:
        raise ReviewError(f"{decision.action} is no answer to {decision.item}")
    return effect


def left_by(verdict: Verdict, report: Report) -> list[ConfirmedFinding]:
    """The findings that a verdict confirms along with the values it gives; ``report`` has these values.

    What stands in the report although a sum does not hold, or although the form asks for a cell, is its mistake.
    """
    if verdict.action not in {"as_printed", "confirm_row", "confirm_column"}:
        return []
    return [
        confirmed_finding(f)
        for f in report.findings
        if f.severity == "error" and f.waiver is None and _is_left_by(verdict, f)
    ]


def _is_left_by(verdict: Verdict, finding: Finding) -> bool:
    if verdict.action == "as_printed" and finding.origin == "report":
        return any(i in verdict.sets for i in finding.fields)
    absent = {i for i, value in verdict.sets.items() if value.kind == "absent"}
    return bool(finding.fields) and set(finding.fields) <= absent


def proven_fields(report: Report) -> tuple[str, ...]:
    """Doubtful numbers all of whose sums hold, at least two of them, with no other doubtful number in one of the two.

    Two sums that hold over one unsure number leave no room for another one.
    """
    form = form_of(report)
    rules = load_rules(form)
    _, results = evaluate_rules(form, rules, report.fields)
    doubted = {i for i, v in report.fields.items() if v.decision == "review" and v.kind != "absent"}
    found = []
    for i in report.fields:
        if i not in doubted or report.fields[i].kind != "number":
            continue
        over = [r for r in results if i in r.rule.fields]
        alone = [r for r in over if r.outcome == "pass" and not doubted.intersection(r.rule.fields) - {i}]
        if len(alone) >= _PROOFS and not any(r.outcome == "fail" for r in over):
            found.append(i)
    return tuple(found)


def rules_over(report: Report, fields: Collection[str]) -> Sequence[LinearRule]:
    """The rules in force over one of the fields, in the order of the rule file."""
    form = form_of(report)
    rules = load_rules(form).rules_for(variants_in_force(form, report.fields))
    return [r for r in rules if any(i in fields for i in r.fields)]


def _value(report: Report, decision: Decision, field: FormField) -> SetValue:
    value = report.fields.get(field.id)
    if decision.action == "blank" or (decision.action == "alternative" and decision.text == ""):
        return SetValue(kind="blank", value=None, printed="")
    if decision.action in {"typed", "alternative"}:
        if decision.text is None:
            raise ReviewError(f"{decision.action} needs the number", remedy="give it as text")
        return typed_value(field, decision.text)
    if decision.action == "reject_repair":
        return _before_repair(report, field)
    if value is None:
        return SetValue(kind="absent", value=None, printed="")
    if decision.action == "as_printed":
        return _as_printed(value, field)
    if value.kind == "text":
        raise ReviewError(f"{value.printed!r} is no number", remedy="type the number, or take it as printed")
    return as_it_is(value)


def _before_repair(report: Report, field: FormField) -> SetValue:
    repair = next((r for r in report.repairs if r.field == field.id), None)
    if repair is None:
        raise ReviewError(f"{field.id} was not repaired")
    parsed = parse_value(repair.before, field.column.unit, signed=field.column.signed)
    return SetValue(kind=parsed.kind, value=parsed.value, printed=repair.before)


def _as_printed(value: FieldValue, field: FormField) -> SetValue:
    """What stands on the paper: the first reading, where a value came of the sums or of a repair."""
    if value.printed or value.kind in {"blank", "absent"}:
        return as_it_is(value)
    text = next((e.text for e in value.evidence), "")
    parsed = parse_value(text, field.column.unit, signed=field.column.signed)
    return SetValue(kind=parsed.kind, value=parsed.value, printed=text)


def _confirmed_cells(report: Report, kind: str, key: str) -> dict[str, SetValue]:
    """The cells of a row or column whose only doubt was which one it is."""
    form = form_of(report)
    ids = row_fields(form, key) if kind == "row" else column_fields(form, key)
    if not ids:
        raise UnknownItemError(f"the form has no {kind} {key}")
    asked = ROW_REASONS | COLUMN_REASONS
    return {
        i: as_it_is(v)
        for i in ids
        if (v := report.fields.get(i)) is not None
        and v.decision == "review"
        and v.kind != "text"
        and set(v.reasons) <= asked
    }


def _acknowledged(report: Report, key: str) -> dict[str, object]:
    if not any(item.key == key for item in open_items(report)):
        raise UnknownItemError(f"{key} is not open")
    known = {key, *(a.what for a in report.acknowledged)}
    last = key.startswith("unmapped:") and all(unmapped_key(row) in known for row in report.unmapped_rows)
    # The findings say once more that these rows are there.
    said = [confirmed_finding(f) for f in report.findings if f.rule in LEFTOVER_CODES and f.severity == "error"]
    return {"acknowledges": [key], "confirms": said if last else []}
