"""Draws the numbers of one report so that every sum of the form holds, and plants source errors where asked."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from decimal import Decimal

from models.form import Form
from samples.identities import (
    APPLICANT_COLUMNS,
    DISPUTE_KINDS,
    DISPUTE_RESULTS,
    FLOW_ROWS,
    Numbers,
    leaf_rows,
)
from samples.proactive_figures import draw_count, draw_proactive
from samples.style import Fault, Scale, Style

# Highest number of new requests from natural persons, by size of the office.
_MOST_REQUESTS: dict[Scale, int] = {
    "empty": 0,
    "tiny": 4,
    "office": 45,
    "district": 420,
    "city": 4_800,
    "province": 46_000,
}
_DRAWN_SCALES: tuple[Scale, ...] = ("tiny", "office", "office", "district", "district", "city", "province")
# Share of each organisation column in the requests of natural persons, at most.
_ORGANISATION_SHARE: dict[str, float] = {
    "commercial_enterprise": 0.3,
    "research_institution": 0.03,
    "social_organization": 0.05,
    "legal_service": 0.12,
    "other": 0.06,
}
# How often each result is drawn; rows not named have weight 1.
_RESULT_WEIGHT: dict[str, float] = {
    "granted": 14,
    "partially_granted": 4,
    "unavailable.not_held": 8,
    "unavailable.needs_creation": 3,
    "not_processed.petition_or_complaint": 3,
    "denied.state_secret": 0.3,
    "denied.security_and_stability": 0.3,
}
_RESULT_DEVIATION = 0.8  # of the logarithm of a weight: offices differ in what they answer
_IDLE_RESULT = 0.2  # share of the result rows that an office never uses
# Disputes in a hundred requests at most, and how they end.
_DISPUTE_SHARE: dict[str, float] = {
    "reconsideration": 0.09,
    "litigation_direct": 0.03,
    "litigation_after_reconsideration": 0.04,
}
_DISPUTE_WEIGHT: dict[str, float] = {"upheld": 5, "corrected": 1, "other": 3, "pending": 2}


def draw_scale(style: Style, rng: random.Random) -> Scale:
    """The size of the office: as the style says, else by chance."""
    return rng.choice(_DRAWN_SCALES) if style.values.scale is None else style.values.scale


def draw_numbers(form: Form, style: Style, scale: Scale, rng: random.Random) -> Numbers:
    """Field id -> number for every cell that the report has; all sums hold."""
    leaves = leaf_rows(form, merged_other=style.tables.merged_other)
    only_people = style.values.blank == "organisations"
    return (
        draw_proactive(form, scale, rng, long_fees=style.values.long_fees)
        | _draw_requests(leaves, _MOST_REQUESTS[scale], rng, only_people=only_people)
        | _draw_disputes(scale, rng)
    )


def plant_faults(numbers: Numbers, leaves: Sequence[str], faults: Iterable[Fault], rng: random.Random) -> Numbers:
    """A copy of the numbers with each fault planted once: the mistakes that offices make when they fill in the form."""
    planted = dict(numbers)
    for fault in faults:
        _plant(planted, leaves, fault, rng)
    return planted


def _plant(numbers: Numbers, leaves: Sequence[str], fault: Fault, rng: random.Random) -> None:
    extra = Decimal(rng.randint(1, 9))
    match fault:
        case "flow":
            for column in ("natural_person", "total"):
                numbers[f"requests.carried_out.{column}"] += extra
        case "column_sum":
            row = rng.choice(list(leaves))
            for column in ("natural_person", "total"):
                numbers[f"requests.{row}.{column}"] += extra
        case "row_sum":
            numbers["requests.new.total"] += extra
        case "leaf":
            numbers[f"requests.{rng.choice(list(leaves))}.natural_person"] += extra
        case "dispute_zero":
            numbers["disputes.reconsideration.upheld"] += extra
            numbers["disputes.reconsideration.total"] = Decimal(0)
        case "dispute_sum":
            numbers[f"disputes.{rng.choice(DISPUTE_KINDS)}.total"] += extra


def _draw_requests(leaves: Sequence[str], most: int, rng: random.Random, *, only_people: bool) -> Numbers:
    numbers: Numbers = {}
    for column in APPLICANT_COLUMNS:
        ceiling = most if column == "natural_person" else int(most * _ORGANISATION_SHARE[column])
        if only_people and column != "natural_person":
            ceiling = 0
        new = draw_count(ceiling // 8, ceiling, rng)
        carried_in = rng.randint(0, max(ceiling // 20, min(ceiling, 1)))
        carried_out = rng.randint(0, min((new + carried_in) // 10 + 1, new + carried_in))
        results = split_count(new + carried_in - carried_out, [_draw_weight(row, rng) for row in leaves], rng)
        numbers |= {f"requests.{row}.{column}": Decimal(n) for row, n in zip(leaves, results, strict=True)}
        drawn = (new, carried_in, sum(results), carried_out)
        numbers |= {f"requests.{row}.{column}": Decimal(n) for row, n in zip(FLOW_ROWS, drawn, strict=True)}
    for row in (*FLOW_ROWS, *leaves):
        parts = (numbers[f"requests.{row}.{column}"] for column in APPLICANT_COLUMNS)
        numbers[f"requests.{row}.total"] = sum(parts, Decimal(0))
    return numbers


def _draw_weight(row: str, rng: random.Random) -> float:
    idle = rng.random() < _IDLE_RESULT
    weight = _RESULT_WEIGHT.get(row, 1.0) * rng.lognormvariate(0.0, _RESULT_DEVIATION)
    return 0.0 if idle and row != "granted" else weight


def split_count(total: int, weights: Sequence[float], rng: random.Random) -> list[int]:
    """The total split in proportion to the weights, what is left over by chance: a small total fills few parts."""
    whole = sum(weights)
    parts = [int(total * w / whole) for w in weights]
    for chosen in rng.choices(range(len(parts)), weights=weights, k=total - sum(parts)):
        parts[chosen] += 1
    return parts


def _draw_disputes(scale: Scale, rng: random.Random) -> Numbers:
    numbers: Numbers = {}
    for kind in DISPUTE_KINDS:
        most = int(_MOST_REQUESTS[scale] * _DISPUTE_SHARE[kind])
        total = draw_count(0, max(most, 2 if scale != "empty" else 0), rng)
        weights = [_DISPUTE_WEIGHT[result] * rng.lognormvariate(0.0, 0.5) for result in DISPUTE_RESULTS]
        parts = split_count(total, weights, rng)
        numbers |= {f"disputes.{kind}.{r}": Decimal(n) for r, n in zip(DISPUTE_RESULTS, parts, strict=True)}
        numbers[f"disputes.{kind}.total"] = Decimal(total)
    return numbers
