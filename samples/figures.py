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
# Columns that count everything in force, not the work of one year: larger by far.
_STOCK_COLUMNS: tuple[str, ...] = ("in_force", "total_disclosed")


def draw_scale(style: Style, rng: random.Random) -> Scale:
    """The size of the office: as the style says, else by chance."""
    return rng.choice(_DRAWN_SCALES) if style.values.scale is None else style.values.scale


def draw_numbers(form: Form, style: Style, scale: Scale, rng: random.Random) -> Numbers:
    """Field id -> number for every cell that the report has; all sums hold."""
    leaves = leaf_rows(form, merged_other=style.tables.merged_other)
    only_people = style.values.blank == "organisations"
    return (
        _draw_proactive(form, style, scale, rng)
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
        new = rng.randint(ceiling // 3, ceiling)
        carried_in = rng.randint(0, max(ceiling // 20, min(ceiling, 1)))
        carried_out = rng.randint(0, min((new + carried_in) // 10 + 1, new + carried_in))
        results = _spread(new + carried_in - carried_out, leaves, rng)
        numbers |= {f"requests.{row}.{column}": Decimal(n) for row, n in zip(leaves, results, strict=True)}
        drawn = (new, carried_in, sum(results), carried_out)
        numbers |= {f"requests.{row}.{column}": Decimal(n) for row, n in zip(FLOW_ROWS, drawn, strict=True)}
    for row in (*FLOW_ROWS, *leaves):
        parts = (numbers[f"requests.{row}.{column}"] for column in APPLICANT_COLUMNS)
        numbers[f"requests.{row}.total"] = sum(parts, Decimal(0))
    return numbers


def _spread(total: int, leaves: Sequence[str], rng: random.Random) -> list[int]:
    """The total split over the result rows; small offices fill few rows, large ones most."""
    weights = [_RESULT_WEIGHT.get(row, 1.0) * rng.choice((0.0, 0.4, 1.0, 1.6)) for row in leaves]
    if not any(weights):
        weights[0] = 1.0
    whole = sum(weights)
    parts = [int(total * w / whole) for w in weights]
    for chosen in rng.choices(range(len(leaves)), weights=weights, k=total - sum(parts)):
        parts[chosen] += 1
    return parts


def _draw_disputes(scale: Scale, rng: random.Random) -> Numbers:
    most = max(_MOST_REQUESTS[scale] // 30, 2 if scale != "empty" else 0)
    numbers: Numbers = {}
    for kind in DISPUTE_KINDS:
        parts = [rng.randint(0, most) if rng.random() < 0.7 else 0 for _ in DISPUTE_RESULTS]
        numbers |= {f"disputes.{kind}.{r}": Decimal(n) for r, n in zip(DISPUTE_RESULTS, parts, strict=True)}
        numbers[f"disputes.{kind}.total"] = Decimal(sum(parts))
    return numbers


def _draw_proactive(form: Form, style: Style, scale: Scale, rng: random.Random) -> Numbers:
    most = _MOST_REQUESTS[scale]
    table = next(t for t in form.tables if t.id == "proactive")
    numbers: Numbers = {}
    for block in table.blocks:
        for row in block.rows:
            rulemaking = block.id == "article20_1"
            ceiling = (most // 400 if row.id == "regulations" else most // 8 + 6) if rulemaking else most * 3
            for column in block.columns:
                cell = f"proactive.{row.id}.{column.id}"
                if column.unit != "count":
                    numbers[cell] = _draw_amount(most, rng, long=style.values.long_fees)
                elif column.signed:
                    numbers[cell] = Decimal(rng.randint(-min(ceiling // 4 + 3, 90), 20))
                else:
                    stock = 8 if column.id in _STOCK_COLUMNS else 1
                    numbers[cell] = Decimal(rng.randint(0, ceiling * stock) if rng.random() < 0.85 else 0)
    return numbers


def _draw_amount(most: int, rng: random.Random, *, long: bool) -> Decimal:
    """An amount of money with up to six places; a whole number now and then."""
    places = rng.choice((4, 5, 6)) if long else rng.choice((0, 0, 1, 2, 2, 4))
    if most == 0 or (not long and rng.random() < 0.15):
        return Decimal(0)
    whole = rng.randint(1, most * 4 + 20)
    return Decimal(whole * 10**places + rng.randint(0, 10**places - 1)).scaleb(-places)
