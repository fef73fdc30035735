"""Outcome of every edit rule on the fields of one report, in exact decimals.

What a blank cell means depends on its neighbours. Many offices leave zeros out, so a blank beside numbers counts as 0.
A side of a rule that is blank as a whole says nothing: the rule is not evaluable. Where such a side faces a sum other
than 0, its blanks stand for numbers that were left out; in every other rule they are then unknown as well, not 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from models.figures import exact_difference, exact_sum, is_absent, is_blank, number_of
from models.finding import Origin, OutcomeKind
from models.form import Form, row_key
from models.report import FieldValue, RuleOutcome
from models.rule import LinearRule, RuleSet, expected_rows, variants_in_force
from models.rule_file import Side

# Why a rule cannot be evaluated: no such cell; a cell with words in it; a whole side blank; a blank hiding a number.
NotEvaluable = Literal["", "absent", "no_number", "side_blank", "hidden_number"]


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The outcome of one rule.

    ``left`` and ``right`` are the sums of the sides, None where a side has none. ``origin`` matters for failures:
    ``report`` where every operand was accepted, ``undetermined`` where one is under review. ``blank_side`` is the side
    that is blank as a whole while the other adds up to something other than 0. ``applies`` is False for rules over rows
    that this variant of the form does not have.
    """

    rule: LinearRule
    outcome: OutcomeKind
    left: Decimal | None
    right: Decimal | None
    origin: Origin
    reason: NotEvaluable = ""
    blank_side: Side | None = None
    applies: bool = True

    @property
    def difference(self) -> Decimal | None:
        """Left minus right; None where a side has no sum."""
        return None if self.left is None or self.right is None else exact_difference(self.left, self.right)


def evaluate_rules(
    form: Form, rules: RuleSet, fields: Mapping[str, FieldValue]
) -> tuple[RuleOutcome, tuple[RuleResult, ...]]:
    """Totals, and the result of every rule in the order of the rule file.

    The totals leave out rules that do not apply, so that a complete report of the official form counts none as not
    evaluable.
    """
    variants = variants_in_force(form, fields)
    rows = expected_rows(form, variants)
    expected = {f.id for f in form.fields.values() if row_key(f.table, f.row) in rows}
    ruled = rules.rules_for(variants)
    hidden = hidden_numbers(ruled, fields)
    results = tuple(_evaluate(rule, fields, hidden, expected) for rule in ruled)
    counted = [r.outcome for r in results if r.applies]
    totals = RuleOutcome(
        passed=counted.count("pass"), failed=counted.count("fail"), not_evaluable=counted.count("not_evaluable")
    )
    return totals, results


def hidden_numbers(rules: Sequence[LinearRule], fields: Mapping[str, FieldValue]) -> frozenset[str]:
    """Blank fields that cannot all be 0: those of a wholly blank side that faces a sum other than 0."""
    hidden: set[str] = set()
    for rule in rules:
        side = _blank_side(rule, fields)
        if side is not None:
            hidden.update(rule.left if side == "left" else rule.right)
    return frozenset(hidden)


def side_sum(ids: Sequence[str], fields: Mapping[str, FieldValue]) -> Decimal | None:
    """The sum of one side, blanks as 0; None where it holds no number at all, or a cell that is neither."""
    numbers: list[Decimal] = []
    for field_id in ids:
        value = fields.get(field_id)
        number = number_of(value)
        if number is not None:
            numbers.append(number)
        elif not is_blank(value):
            return None
    return exact_sum(numbers) if numbers else None


def _blank_side(rule: LinearRule, fields: Mapping[str, FieldValue]) -> Side | None:
    """The side that is blank as a whole while the other adds up to something other than 0."""
    sides: tuple[tuple[Side, Sequence[str], Sequence[str]], ...] = (
        ("left", rule.left, rule.right),
        ("right", rule.right, rule.left),
    )
    for side, ids, facing in sides:
        if all(is_blank(fields.get(i)) for i in ids) and side_sum(facing, fields):
            return side
    return None


def _evaluate(
    rule: LinearRule, fields: Mapping[str, FieldValue], hidden: frozenset[str], expected: set[str]
) -> RuleResult:
    values = [fields.get(i) for i in rule.fields]
    left, right = side_sum(rule.left, fields), side_sum(rule.right, fields)
    reviewed = any(v is not None and v.kind != "absent" and v.decision == "review" for v in values)
    applies = any(i in expected or not is_absent(fields.get(i)) for i in rule.fields)
    reason: NotEvaluable = ""
    if any(is_absent(v) for v in values):
        reason = "absent"
    elif any(number_of(v) is None and not is_blank(v) for v in values):
        reason = "no_number"
    elif left is None or right is None:
        reason = "side_blank"
    elif any(i in hidden for i in rule.fields):
        reason = "hidden_number"
    outcome: OutcomeKind = "not_evaluable" if reason else ("pass" if left == right else "fail")
    return RuleResult(
        rule=rule,
        outcome=outcome,
        left=left,
        right=right,
        origin="undetermined" if reviewed else "report",
        reason=reason,
        blank_side=_blank_side(rule, fields),
        applies=applies,
    )
