"""What explains the rules that do not hold: the smallest sets of numbers to change, whole rows that slipped, ranked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from threading import Lock

from models.figures import number_of, plain
from models.finding import Slip, Suspect
from models.form import Form
from models.report import FieldValue
from models.rule import RuleSet
from pipeline.check.around import Around, Explanation, proposed_texts
from pipeline.check.evaluate_rules import RuleResult
from pipeline.check.localise import MOST_FIELDS, Changes, Equation, localise
from pipeline.check.plausibility import SHIFTED_ROW_COST
from pipeline.check.slipped_rows import excess_after, row_slips

# Explanations reported for one rule; more do not help a person to decide.
MAX_SUSPECTS = 12

_ZERO = Decimal(0)
_PAIR = 2
# Slips of rows that are looked at closely.
_MOST_SLIPS = 4
# Reports whose explanations are kept.
_MOST_KEPT = 64


def explain_failures(
    form: Form, rules: RuleSet, results: Sequence[RuleResult], fields: Mapping[str, FieldValue]
) -> dict[str, list[list[Suspect]]]:
    """Rule id -> the explanations of its failure, the most plausible first; each is a set of fields with values.

    Each set belongs to one of the smallest that satisfy all rules at once, or to rows whose numbers slipped; of a
    larger set only the numbers that hang together with the rule are named.
    """
    evaluated = [r for r in results if r.outcome != "not_evaluable"]
    parts = list(_connected(evaluated))
    failing = [part for part in parts if any(r.outcome == "fail" for r in part)]
    if not failing:
        return {}
    return _kept.get(
        rules,
        (form.id, tuple(r.rule.id for r in evaluated), _told_by(fields)),
        lambda: _explain(form, rules, evaluated, failing, fields),
    )


class _Kept:
    """The last explanations. A person who confirms number after number changes none that they rest on."""

    def __init__(self) -> None:
        self._found: OrderedDict[object, tuple[RuleSet, dict[str, list[list[Suspect]]]]] = OrderedDict()
        self._lock = Lock()

    def get(
        self, rules: RuleSet, key: object, explain: Callable[[], dict[str, list[list[Suspect]]]]
    ) -> dict[str, list[list[Suspect]]]:
        """What ``explain`` gives, from memory where it was asked for these rules and this key before."""
        with self._lock:
            known = self._found.get(key)
        if known is None or known[0] is not rules:
            known = rules, explain()
            with self._lock:
                self._found[key] = known
                while len(self._found) > _MOST_KEPT:
                    self._found.popitem(last=False)
        return {rule: [list(group) for group in groups] for rule, groups in known[1].items()}


_kept = _Kept()


def _told_by(fields: Mapping[str, FieldValue]) -> tuple[object, ...]:
    """All that an explanation rests on: the numbers, and what was read in their cells."""
    return tuple((i, number_of(v), v.printed, proposed_texts(v)) for i, v in fields.items())


def _explain(
    form: Form,
    rules: RuleSet,
    evaluated: Sequence[RuleResult],
    failing: Sequence[Sequence[RuleResult]],
    fields: Mapping[str, FieldValue],
) -> dict[str, list[list[Suspect]]]:
    search = _Search(form, rules, fields, evaluated)
    slips = search.slips(failing)
    told: dict[str, list[list[Suspect]]] = {}
    for part in failing:
        explanations = search.explain(part, slips)
        told |= {r.rule.id: _told_for(r, part, explanations) for r in part if r.outcome == "fail"}
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


class _Search:
    """What explanations are looked for in: the equations and numbers of one report."""

    def __init__(
        self, form: Form, rules: RuleSet, fields: Mapping[str, FieldValue], results: Sequence[RuleResult]
    ) -> None:
        self._rules = rules
        self._around = Around(form, fields, _totals(results))
        self._numbers = {f: number_of(fields.get(f)) or _ZERO for r in results for f in r.rule.fields}
        self._equations = {r.rule.id: _equation(r) for r in results}

    def slips(self, failing: Sequence[Sequence[RuleResult]]) -> list[Changes]:
        """Slips of rows after which all rules hold that share a part of the form with them, or nearly all.

        Of those that leave something open, which another mistake may explain, only the best are kept.
        """
        equations = [self._equations[r.rule.id] for part in failing for r in part]
        before = sum(bool(e.excess) for e in equations)
        over: dict[str, list[int]] = {}
        for number, equation in enumerate(equations):
            for field_id, _ in equation.terms:
                over.setdefault(field_id, []).append(number)
        ranked: list[tuple[int, int, Changes]] = []
        for n, changes in enumerate(row_slips(self._around.blocks, self._numbers, equations)):
            if not all(self._admits(f, v) for f, v in changes.items()):
                continue
            # All other equations stay as they are: there are hundreds of slips, and each touches few of them.
            touched = [equations[k] for k in {k for f in changes for k in over.get(f, ())}]
            mended = sum(bool(e.excess) - bool(excess_after(e, changes, self._numbers)) for e in touched)
            if mended >= _PAIR:
                ranked.append((before - mended, n, changes))
        ranked.sort(key=lambda slip: slip[:2])
        return [changes for _, _, changes in ranked[:_MOST_SLIPS]]

    def explain(self, part: Sequence[RuleResult], slips: Sequence[Changes]) -> list[Explanation]:
        """The explanations of one part of the form, the most plausible first."""
        equations = [self._equations[r.rule.id] for r in part]
        slipped = [found for slip in slips if (found := self._with_rest(slip, equations)) is not None]
        # A row that slipped is one mistake, however many of its numbers differ; only a few others are as likely.
        most = min((len(e.changes) - len(slip) for e, slip in slipped), default=MOST_FIELDS) + _PAIR
        smallest = localise(equations, self._numbers, self._admits, most_fields=min(most, MOST_FIELDS))
        explained = [self._around.rank(changes) for changes in smallest.sets]
        if all(len(e.changes) >= _PAIR for e in explained) or any(_spans_parts(slip, equations) for _, slip in slipped):
            explained += [e for e, _ in slipped]
        return sorted(explained, key=lambda e: e.cost)

    def _with_rest(self, slip: Changes, equations: Sequence[Equation]) -> tuple[Explanation, Changes] | None:
        """(a slip with the likeliest other changes where some equations do not hold after it, the slip alone)."""
        touched = {f for e in equations for f, _ in e.terms}
        if not touched.intersection(slip):
            return None
        numbers = {**self._numbers, **slip}
        after = [replace(e, excess=excess_after(e, slip, self._numbers)) for e in equations]
        slips: dict[str, Slip] = dict.fromkeys(slip, "shifted_row")
        if not any(e.excess for e in after):
            return Explanation(slip, slips, SHIFTED_ROW_COST), slip
        rest = localise(after, numbers, self._admits, most_fields=_PAIR)
        ranked = sorted((self._around.rank(changes) for changes in rest.sets), key=lambda e: e.cost)
        if not ranked:
            return None
        best = ranked[0]
        cost = SHIFTED_ROW_COST + best.cost
        return Explanation({**slip, **best.changes}, {**slips, **best.slips}, cost), slip

    def _admits(self, field_id: str, number: Decimal) -> bool:
        return self._rules.domains[field_id].admits(number)


def _totals(results: Sequence[RuleResult]) -> dict[str, tuple[str, ...]]:
    """Total -> its parts."""
    found: dict[str, tuple[str, ...]] = {}
    for rule in (r.rule for r in results if r.rule.total):
        totals, parts = (rule.left, rule.right) if rule.total == "left" else (rule.right, rule.left)
        found |= dict.fromkeys(totals, tuple(parts))
    return found


def _equation(result: RuleResult) -> Equation:
    terms = tuple((f, 1 if f in result.rule.left else -1) for f in result.rule.fields)
    return Equation(terms, result.difference if result.difference is not None else _ZERO)


def _spans_parts(changes: Changes, equations: Sequence[Equation]) -> bool:
    """True where some of the changes are in other parts of the form."""
    return not {f for e in equations for f, _ in e.terms}.issuperset(changes)


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
