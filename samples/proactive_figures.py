"""Draws the numbers of table two: documents in force, decisions, fees and purchases, by the size of the office."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from models.form import Form, FormBlock, FormRow
from samples.identities import Numbers
from samples.style import Scale


@dataclass(frozen=True, slots=True)
class _Size:
    """Highest figures of an office in one year; ``idle`` is the share of its rows that stay zero."""

    regulations: int
    normative: int
    decisions: int
    items: int
    money: int  # 10,000 yuan
    idle: float


_SIZES: dict[Scale, _Size] = {
    "empty": _Size(0, 0, 0, 0, 0, 1.0),
    "tiny": _Size(0, 3, 60, 20, 15, 0.5),
    "office": _Size(0, 9, 2_600, 60, 400, 0.35),
    "district": _Size(0, 40, 52_000, 300, 26_000, 0.1),
    "city": _Size(6, 140, 640_000, 700, 180_000, 0.05),
    "province": _Size(12, 620, 4_100_000, 900, 900_000, 0.0),
}
_YEARS_IN_FORCE = 12  # documents in force, in years' work at most
# What a row counts against licensing decisions: coercion is rarer than penalties, penalties rarer than licences.
_SHARE: dict[str, float] = {"licensing": 1.0, "other_services": 0.7, "penalties": 0.3, "coercion": 0.05}
_UNCHANGED = 0.4  # share of the rows whose number of items is that of the year before
YUAN_PER_10K = 10_000


def draw_proactive(form: Form, scale: Scale, rng: random.Random, *, long_fees: bool) -> Numbers:
    """Field id -> number for every cell of table two. ``long_fees``: amounts have four to six places."""
    size = _SIZES[scale]
    numbers: Numbers = {}
    for block in next(t for t in form.tables if t.id == "proactive").blocks:
        for row in block.rows:
            if block.id == "article20_1":
                drawn = _draw_documents(row, size, rng)
            else:
                drawn = _draw_work(block, row, size, rng, long_fees=long_fees)
            numbers |= {f"proactive.{row.id}.{column.id}": drawn[column.id] for column in block.columns}
    return numbers


def draw_count(least: int, most: int, rng: random.Random) -> int:
    """A number from ``least`` to ``most``, each order of magnitude as likely as the next: small ones prevail."""
    return min(int((least + 1) * ((most + 1) / (least + 1)) ** rng.random()) - 1 + rng.randint(0, 1), most)


def _draw_documents(row: FormRow, size: _Size, rng: random.Random) -> dict[str, Decimal]:
    """Rules or normative documents of one year and all that are in force, in the words of both forms."""
    most = size.regulations if row.id == "regulations" else size.normative
    made, repealed = draw_count(most // 8, most, rng), draw_count(0, most * 2, rng)
    disclosed = made - draw_count(0, made // 6, rng)
    in_force = made + draw_count(most, most * _YEARS_IN_FORCE, rng)
    return {
        "issued": Decimal(made),
        "repealed": Decimal(repealed),
        "in_force": Decimal(in_force),
        "made": Decimal(made),
        "newly_disclosed": Decimal(disclosed),
        "total_disclosed": Decimal(in_force - (made - disclosed)),
    }


def _draw_work(
    block: FormBlock, row: FormRow, size: _Size, rng: random.Random, *, long_fees: bool
) -> dict[str, Decimal]:
    """Decisions, items and money of one kind; all zero where the office has no such power."""
    columns = {column.id for column in block.columns}
    long = long_fees and "amount" in columns
    if rng.random() < size.idle and not long:
        return dict.fromkeys(columns, Decimal(0))
    most = int(size.decisions * _SHARE.get(row.id, 1.0))
    prior = draw_count(size.items // 20, size.items, rng)
    change = 0 if rng.random() < _UNCHANGED else rng.randint(-min(prior, prior // 3 + 2), prior // 5 + 2)
    return {
        "decisions": Decimal(draw_count(most // 400, most, rng)),
        "prior_items": Decimal(prior),
        "change": Decimal(change),
        "items": Decimal(draw_count(1, size.items * 3, rng)),
        "amount": _draw_amount(size.money, rng, long=long, in_yuan=row.id == "procurement" and rng.random() < 0.5),
    }


def _draw_amount(most: int, rng: random.Random, *, long: bool, in_yuan: bool) -> Decimal:
    """An amount of money: up to six places in 10,000 yuan, up to two in yuan."""
    whole = draw_count(most // 100, most, rng)
    if in_yuan:
        whole, places = whole * YUAN_PER_10K + rng.randrange(YUAN_PER_10K), rng.choice((0, 0, 1, 2))
    else:
        places = rng.choice((4, 5, 6) if long else (0, 1, 2, 2, 2, 4))
    return Decimal(whole * 10**places + rng.randrange(10**places)).scaleb(-places)
