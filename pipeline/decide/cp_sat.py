"""The cheapest choice of one option per cell under soft sums, by OR-Tools CP-SAT. Whole numbers only."""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence

from ortools.sat.python import cp_model

from pipeline.decide.soft_sums import SoftSums


def cheapest(part: SoftSums, *, work: float) -> list[tuple[int, int]] | None:
    """(option, margin) of each cell; None where the work allowed did not suffice.

    The margin is what the cheapest choice with another option there costs more, ``part.most`` at most.

    Args:
        part: Cells and sums.
        work: Allowed for one search, in units of the solver (about a second; the same on every machine).
    """
    model = cp_model.CpModel()
    picks = [[model.new_bool_var(f"c{k}o{o}") for o in range(len(own))] for k, own in enumerate(part.costs)]
    for own in picks:
        model.add_exactly_one(own)
    total: list[cp_model.LinearExprT] = [
        cost * pick
        for own, own_picks in zip(part.costs, picks, strict=True)
        for cost, pick in zip(own, own_picks, strict=True)
    ]
    for n, wanted in enumerate(part.sums):
        broken = model.new_bool_var(f"b{n}")
        left = [number * pick for k, numbers in wanted.terms for number, pick in zip(numbers, picks[k], strict=True)]
        model.add(cp_model.LinearExpr.sum(left) + wanted.constant == 0).only_enforce_if(broken.negated())
        total.append(part.broken_cost * broken)
    objective = cp_model.LinearExpr.sum(total)
    model.minimize(objective)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = work
    # What is not worth a look is only where a cell has to be something else. A copy of the model without it, or without
    # the option chosen, takes longer than its solution.
    domains = [[model.proto.variables[pick.index].domain for pick in own] for own in picks]
    idle = [
        [domain for o, domain in enumerate(own) if o not in options]
        for own, options in zip(domains, part.worth_a_look(), strict=True)
    ]
    for own_idle in idle:
        _set_most(own_idle, 0)
    if solver.solve(model) != cp_model.OPTIMAL:
        return None
    least = round(solver.objective_value)
    chosen = [next(o for o, pick in enumerate(own) if solver.boolean_value(pick)) for own in picks]
    model.add(objective <= least + part.most)
    margins = []
    for k, option in enumerate(chosen):
        _set_most(idle[k], 1)
        _set_most([domains[k][option]], 0)
        status = solver.solve(model)
        _set_most([domains[k][option]], 1)
        _set_most(idle[k], 0)
        if status not in {cp_model.OPTIMAL, cp_model.INFEASIBLE}:
            return None
        margins.append(part.most if status == cp_model.INFEASIBLE else round(solver.objective_value) - least)
    return list(zip(chosen, margins, strict=True))


def _set_most(domains: Sequence[MutableSequence[int]], most: int) -> None:
    """Options may be chosen (1) or not (0)."""
    for domain in domains:
        domain[1] = most
