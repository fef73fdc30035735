"""Single fields that explain a failed rule: one number changed, the rule holds and no other rule breaks.

Simple and exact: each operand of the rule is tried with the one value that would mend it. Explanations by several
fields are not looked for here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.figures import exact_difference, exact_sum, number_of, plain
from models.finding import Suspect
from models.report import FieldValue
from models.rule import RuleSet
from pipeline.check.evaluate_rules import RuleResult

# Explanations reported for one rule; more do not help a person to decide.
MAX_SUSPECTS = 5

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Candidate:
    field: str
    value: Decimal
    mended: int  # other failed rules that would hold as well
    still_failing: int  # rules over this field that would fail still


def single_field_suspects(
    failed: RuleResult, results: Sequence[RuleResult], fields: Mapping[str, FieldValue], rules: RuleSet
) -> list[list[Suspect]]:
    """Explanations of a failed rule by one field each, the most convincing first; empty where none explains it alone.

    First come those that satisfy every rule of the field, then those that mend the most rules, then the operands in the
    order of the rule, printed totals first. Values that the column cannot hold are not suggested.
    """
    difference = failed.difference
    if difference is None or not difference:
        return []
    others = [r for r in results if r.outcome != "not_evaluable" and r.rule.id != failed.rule.id]
    candidates: list[_Candidate] = []
    for field_id in failed.rule.fields:
        shift = exact_difference(_ZERO, difference) if field_id in failed.rule.left else difference
        value = exact_sum((number_of(fields.get(field_id)) or _ZERO, shift))
        if not rules.domains[field_id].admits(value):
            continue
        after = [(r, _holds_after(r, field_id, shift)) for r in others if field_id in r.rule.fields]
        if any(r.outcome == "pass" and not holds for r, holds in after):
            continue
        candidates.append(
            _Candidate(
                field=field_id,
                value=value,
                mended=sum(r.outcome == "fail" and holds for r, holds in after),
                still_failing=sum(not holds for _, holds in after),
            )
        )
    candidates.sort(key=lambda c: (c.still_failing > 0, -c.mended, c.still_failing))
    return [[Suspect(field=c.field, suggested=plain(c.value))] for c in candidates[:MAX_SUSPECTS]]


def _holds_after(result: RuleResult, field_id: str, shift: Decimal) -> bool:
    """True where a rule holds once a field has been changed by ``shift``."""
    difference = result.difference or _ZERO
    if field_id in result.rule.left:
        return exact_sum((difference, shift)) == 0
    return exact_difference(difference, shift) == 0
