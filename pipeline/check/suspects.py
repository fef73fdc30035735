"""What explains the rules that do not hold: the smallest sets of numbers to change, whole rows that slipped, ranked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.figures import number_of, plain
from models.finding import Slip, Suspect
from models.form import Form
from models.report import FieldValue
from models.rule import RuleSet
from pipeline.check.evaluate_rules import RuleResult
from pipeline.check.localise import MOST_FIELDS, Changes, Equation, localise
from pipeline.check.plausibility import slip_cost, slip_of

# Explanations reported for one rule; more do not help a person to decide.
MAX_SUSPECTS = 12

_ZERO = Decimal(0)
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Explanation:
    """Changes that satisfy every rule of their part of the form; ``cost`` ranks it, ``slips`` say how each came."""

    changes: Mapping[str, Decimal]
    slips: Mapping[str, Slip]
    cost: float


def explain_failures(
    form: Form, rules: RuleSet, results: Sequence[RuleResult], fields: Mapping[str, FieldValue]
) -> dict[str, list[list[Suspect]]]:
    """Rule id -> the explanations of its failure, the most plausible first; each is a set of fields with values.

    Each set belongs to one of the smallest that satisfy all rules at once, or to rows whose numbers slipped; of a
    larger set only the numbers that hang together with the rule are named.
    """
    told: dict[str, list[list[Suspect]]] = {}
    for part in _connected([r for r in results if r.outcome != "not_evaluable"]):
        failed = [r for r in part if r.outcome == "fail"]
        if not failed:
            continue
        explanations = _explain(form, rules, part, fields)
        for result in failed:
            told[result.rule.id] = _told_for(result, part, explanations)
    return told


def _connected(results: Sequence[RuleResult]) -> Iterator[list[RuleResult]]:
    """The rules in groups that share no field."""
    rest = list(results)
    while rest:
        group, known = [rest.pop(0)], set[str]()
        while True:
            known |= {f for r in group for f in r.rule.fields}
            more = [r for r in rest if known.intersection(r.rule.fields)]
            if not more:
                break
            group += more
            rest = [r for r in rest if r not in more]
        yield group


def _explain(
    form: Form, rules: RuleSet, part: Sequence[RuleResult], fields: Mapping[str, FieldValue]
) -> list[Explanation]:
    numbers = {f: number_of(fields.get(f)) or _ZERO for r in part for f in r.rule.fields}
    equations = [
        Equation(
            tuple((f, 1 if f in r.rule.left else -1) for f in r.rule.fields),
            r.difference if r.difference is not None else _ZERO,
        )
        for r in part
    ]
    around = _Around(form, fields)

    def admits(field_id: str, number: Decimal) -> bool:
        return rules.domains[field_id].admits(number)

    slipped = [
        Explanation(changes, dict.fromkeys(changes, "shifted_row"), slip_cost("shifted_row"))
        for changes in around.slipped_rows(numbers)
        if all(admits(f, n) for f, n in changes.items()) and _satisfies(changes, equations, numbers)
    ]
    # A row that slipped is one mistake, however many of its numbers differ; only a few others are as likely.
    found = localise(equations, numbers, admits, most_fields=_PAIR if slipped else MOST_FIELDS)
    explained = [around.rank(changes) for changes in found.sets]
    if all(len(e.changes) >= _PAIR for e in explained):
        explained += slipped
    return sorted(explained, key=lambda e: e.cost)


def _satisfies(changes: Changes, equations: Sequence[Equation], numbers: Mapping[str, Decimal]) -> bool:
    return all(
        e.excess + sum(sign * (changes[f] - numbers[f]) for f, sign in e.terms if f in changes) == 0 for e in equations
    )


def _told_for(
    result: RuleResult, part: Sequence[RuleResult], explanations: Sequence[Explanation]
) -> list[list[Suspect]]:
    told: list[list[Suspect]] = []
    for explanation in explanations:
        ids = _hanging_together(result, part, explanation)
        suspects = [Suspect(field=f, suggested=plain(explanation.changes[f]), slip=explanation.slips[f]) for f in ids]
        if suspects and suspects not in told:
            told.append(suspects)
    return told[:MAX_SUSPECTS]


def _hanging_together(result: RuleResult, part: Sequence[RuleResult], explanation: Explanation) -> list[str]:
    """The changed fields of the rule, and those that share a rule with them, and so on."""
    reached = [f for f in result.rule.fields if f in explanation.changes]
    for field_id in reached:
        linked = [r for r in part if field_id in r.rule.fields]
        reached += [f for r in linked for f in r.rule.fields if f in explanation.changes and f not in reached]
    return reached


class _Around:
    """The cells of a form by their places."""

    def __init__(self, form: Form, fields: Mapping[str, FieldValue]) -> None:
        self._fields = fields
        self._blocks = [
            [
                [f"{key}.{c.id}" for c in block.columns]
                for row in block.rows
                for key in [f"{table.id}.{row.id}".rstrip(".")]
            ]
            for table in form.tables
            for block in table.blocks
        ]
        self._place = {
            f: (b, r, c)
            for b, rows in enumerate(self._blocks)
            for r, row in enumerate(rows)
            for c, f in enumerate(row)
            if f in fields
        }

    def rank(self, changes: Changes) -> Explanation:
        """The explanation with its slips. Two numbers that changed places are one slip."""
        printed = {f: number_of(self._fields.get(f)) or _ZERO for f in changes}
        if len(changes) == _PAIR and sorted(changes.values()) == sorted(printed.values()):
            slips: dict[str, Slip] = dict.fromkeys(changes, "swapped_cells")
        else:
            slips = {f: self._slip(f, number) for f, number in changes.items()}
        return Explanation(changes, slips, sum(slip_cost(s) for s in slips.values()))

    def slipped_rows(self, numbers: Mapping[str, Decimal]) -> Iterator[Changes]:
        """Rows shifted by one column, and neighbouring rows that changed places, as the changes that undo it."""
        for rows in self._blocks:
            ruled = [[f for f in row if f in numbers] for row in rows]
            for n, row in enumerate(ruled):
                values = [numbers[f] for f in row]
                for moved in ([*values[1:], values[-1]], [*values[1:], _ZERO], [_ZERO, *values[:-1]]) if row else ():
                    yield _changed(row, moved, numbers)
                below = ruled[n + 1] if n + 1 < len(ruled) else []
                if row and len(below) == len(row):
                    yield _changed([*row, *below], [*(numbers[f] for f in below), *values], numbers)

    def _slip(self, field_id: str, meant: Decimal) -> Slip:
        value = self._fields[field_id]
        printed = number_of(value) or _ZERO
        proposed = {t for e in value.evidence for t in (e.text, *(a.text for a in e.alternatives))}
        return slip_of(printed, meant, self._neighbours(field_id), proposed - {value.printed, plain(printed)})

    def _neighbours(self, field_id: str) -> set[Decimal]:
        b, r, c = self._place[field_id]
        rows = self._blocks[b]
        ids = [
            rows[y][x]
            for y, x in ((r, c - 1), (r, c + 1), (r - 1, c), (r + 1, c))
            if 0 <= y < len(rows) and 0 <= x < len(rows[y])
        ]
        return {number for i in ids if (number := number_of(self._fields.get(i))) is not None}


def _changed(ids: Sequence[str], values: Sequence[Decimal], numbers: Mapping[str, Decimal]) -> Changes:
    return {f: v for f, v in zip(ids, values, strict=True) if v != numbers[f]}
