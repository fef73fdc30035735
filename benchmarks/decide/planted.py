"""Source errors planted among the printed numbers of a report: slips that offices make when they fill in the form.

Only cells that take part in a rule in force are planted, and only so that a rule breaks: of any other slip nothing in
the report tells, whoever reads it. A rule is in force where all its cells are printed, both sides have a number, and
it held before.

No sign is planted: the only columns that have one (more or fewer than the year before, 2019 form) are in no rule.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from models.form import Form, row_key
from models.rule import LinearRule, load_rules

SlipKind = Literal[
    "digit",
    "swapped_digits",
    "missing_digit",
    "extra_digit",
    "neighbour",
    "shifted_row",
    "swapped_rows",
    "wrong_total",
]
KINDS: tuple[SlipKind, ...] = get_args(SlipKind)
# Those that change more than one number.
ROW_KINDS: frozenset[SlipKind] = frozenset({"shifted_row", "swapped_rows"})
# Planted in one report.
FEWEST, MOST = 1, 5

_TRIES = 25  # draws for one slip of a kind; a report of zeros has room for few kinds
_LARGEST_SHIFT = 9  # by which a total is wrong, where it is no forgotten part
_PAIR = 2

Cells = Mapping[str, str | None]
"""Field id -> printed characters, "" for a blank cell, None where the report has no such cell."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One slip: the cells whose numbers it changed, what they should have been, what is printed in them."""

    kind: SlipKind
    cells: tuple[str, ...]
    meant: tuple[str, ...]
    printed: tuple[str, ...]


def plant(
    form: Form, cells: Cells, rng: random.Random, count: int | None = None
) -> tuple[dict[str, str | None], tuple[Planted, ...]]:
    """The cells with slips planted, and the slips. No cell is changed twice.

    Args:
        form: The form.
        cells: What is printed.
        rng: Source of chance.
        count: How many; 1 to 5 by chance where None. Fewer are planted where the report has no room for them.
    """
    sheet = _Sheet(form, cells)
    slips: list[Planted] = []
    changed: dict[str, str] = {}
    for _ in range(count or rng.randint(FEWEST, MOST)):
        slip = _draw_slip(sheet, changed, rng)
        if slip is not None:
            slips.append(slip)
            changed |= dict(zip(slip.cells, slip.printed, strict=True))
    return {**cells, **changed}, tuple(slips)


def rules_in_force(form: Form, cells: Cells) -> tuple[LinearRule, ...]:
    """The rules that a report can be held against, and that its numbers satisfy."""
    variants = frozenset(v.id for v in form.variants if any(_has_row(cells, key) for key in v.by))

    def is_told(ids: Iterable[str]) -> bool:
        return any(cells[i] for i in ids)

    return tuple(
        r
        for r in load_rules(form).rules_for(variants)
        if all(_is_plain(cells.get(i)) for i in r.fields) and is_told(r.left) and is_told(r.right) and _holds(r, cells)
    )


def _has_row(cells: Cells, key: str) -> bool:
    return any(text is not None for i, text in cells.items() if i.startswith(f"{key}."))


def _is_plain(text: str | None) -> bool:
    """True for a blank and for digits alone: numbers written otherwise are left as they are."""
    return text is not None and (not text or (text.isascii() and text.isdigit()))


def _holds(rule: LinearRule, cells: Cells) -> bool:
    left, right = (sum((Decimal(cells[i] or 0) for i in side), Decimal(0)) for side in (rule.left, rule.right))
    return left == right


class _Sheet:
    """The cells of a report that can be planted, by their places."""

    def __init__(self, form: Form, cells: Cells) -> None:
        self.cells = cells
        self.rules = rules_in_force(form, cells)
        ruled = {i for r in self.rules for i in r.fields}
        blocks = [
            [[f"{row_key(table, row)}.{column.id}" for column in block.columns] for row in block.rows]
            for table in form.tables
            for block in table.blocks
        ]
        # Rows that are not printed are no neighbours.
        self.blocks = [[row for row in rows if any(cells.get(i) is not None for i in row)] for rows in blocks]
        self.numbers = [i for rows in self.blocks for row in rows for i in row if i in ruled and cells[i]]
        self.rows = [[[i for i in row if i in ruled] for row in rows] for rows in self.blocks]
        self.totals = [(r.left[0], r.right) for r in self.rules if r.total == "left" and len(r.left) == 1]

    def text(self, field_id: str) -> str:
        return self.cells[field_id] or ""

    def breaks_a_rule(self, changes: Mapping[str, str]) -> bool:
        """True where a rule that holds without the changes does not hold with them."""
        after = {**self.cells, **changes}
        return any(not _holds(r, after) for r in self.rules if not changes.keys().isdisjoint(r.fields))


def _draw_slip(sheet: _Sheet, taken: Mapping[str, str], rng: random.Random) -> Planted | None:
    if not sheet.numbers:
        return None
    for kind in (kind for kind in rng.sample(KINDS, len(KINDS)) for _ in range(_TRIES)):
        drawn = _DRAW[kind](sheet, rng)
        changes = {i: text for i, text in drawn.items() if text != sheet.text(i)}
        if changes and taken.keys().isdisjoint(changes) and sheet.breaks_a_rule(changes):
            meant = tuple(sheet.text(i) for i in changes)
            return Planted(kind, tuple(changes), meant, tuple(changes.values()))
    return None


def _change_number(
    change: Callable[[str, random.Random], str], digits: int
) -> Callable[[_Sheet, random.Random], dict[str, str]]:
    """A slip in one number other than 0 of at least so many digits."""

    def draw(sheet: _Sheet, rng: random.Random) -> dict[str, str]:
        long_enough = [i for i in sheet.numbers if sheet.text(i) != "0" and len(sheet.text(i)) >= digits]
        if not long_enough:
            return {}
        chosen = rng.choice(long_enough)
        return _numbers_only({chosen: change(sheet.text(chosen), rng)})

    return draw


def _numbers_only(changes: dict[str, str]) -> dict[str, str]:
    """The changes; none where a number would begin with 0: nobody prints such a one."""
    return {} if any(len(text) > 1 and text.startswith("0") for text in changes.values()) else changes


def _other_digit(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text))
    return text[:place] + rng.choice([d for d in "0123456789" if d != text[place]]) + text[place + 1 :]


def _swapped_digits(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _missing_digit(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text))
    return text[:place] + text[place + 1 :]


def _extra_digit(text: str, rng: random.Random) -> str:
    """A digit typed twice, or another one in between."""
    place = rng.randrange(len(text))
    return text[: place + 1] + rng.choice((text[place], str(rng.randrange(10)))) + text[place + 1 :]


def _neighbour(sheet: _Sheet, rng: random.Random) -> dict[str, str]:
    rows = rng.choice(sheet.blocks)
    y = rng.randrange(len(rows)) if rows else 0
    x = rng.randrange(len(rows[y])) if rows else 0
    around = [(y, x - 1), (y, x + 1), (y - 1, x), (y + 1, x)]
    beside = [rows[r][c] for r, c in around if 0 <= r < len(rows) and 0 <= c < len(rows[r])]
    sources = [i for i in beside if sheet.text(i) and _is_plain(sheet.text(i))]
    if not sources or rows[y][x] not in sheet.numbers:
        return {}
    return {rows[y][x]: sheet.text(rng.choice(sources))}


def _shifted_row(sheet: _Sheet, rng: random.Random) -> dict[str, str]:
    """A row typed one column too far to the right or left: with its total, which is then lost, or without it."""
    row = _full_row(sheet, rng.choice(sheet.rows), rng)
    if rng.random() < 0.5:
        row = row[:-1]
    texts = [sheet.text(i) for i in row]
    if len(set(texts)) < _PAIR:
        return {}
    moved = ["0", *texts[:-1]] if rng.random() < 0.5 else [*texts[1:], "0"]
    return dict(zip(row, moved, strict=True))


def _swapped_rows(sheet: _Sheet, rng: random.Random) -> dict[str, str]:
    """The numbers of two rows, one below the other, exchanged."""
    rows = rng.choice(sheet.rows)
    if len(rows) < _PAIR:
        return {}
    n = rng.randrange(len(rows) - 1)
    upper, lower = rows[n], rows[n + 1]
    if not _is_full(sheet, upper) or not _is_full(sheet, lower) or len(upper) != len(lower):
        return {}
    texts = [sheet.text(i) for i in (*lower, *upper)]
    return dict(zip((*upper, *lower), texts, strict=True))


def _full_row(sheet: _Sheet, rows: Sequence[Sequence[str]], rng: random.Random) -> list[str]:
    full = [row for row in rows if _is_full(sheet, row)]
    return list(rng.choice(full)) if full else []


def _is_full(sheet: _Sheet, row: Sequence[str]) -> bool:
    return bool(row) and all(sheet.text(i) for i in row)


def _wrong_total(sheet: _Sheet, rng: random.Random) -> dict[str, str]:
    """A total that is a little wrong, or from which a part was forgotten."""
    if not sheet.totals:
        return {}
    total, parts = rng.choice(sheet.totals)
    number = int(sheet.text(total) or 0)
    forgotten = [int(sheet.text(i)) for i in parts if sheet.text(i) not in {"", "0"}]
    if forgotten and rng.random() < 0.5:
        return {total: str(number - rng.choice(forgotten))}
    shift = rng.randint(1, _LARGEST_SHIFT) * rng.choice((1, -1))
    return {total: str(abs(number + shift))}


_DRAW: dict[SlipKind, Callable[[_Sheet, random.Random], dict[str, str]]] = {
    "digit": _change_number(_other_digit, 1),
    "swapped_digits": _change_number(_swapped_digits, 2),
    "missing_digit": _change_number(_missing_digit, 2),
    "extra_digit": _change_number(_extra_digit, 1),
    "neighbour": _neighbour,
    "shifted_row": _shifted_row,
    "swapped_rows": _swapped_rows,
    "wrong_total": _wrong_total,
}
