"""How the numbers are written into the cells: blanks, separators, slips; and what the truth file says of each cell."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.form import Form, FormField
from samples.identities import FLOW_ROWS, ORGANISATION_COLUMNS, Numbers
from samples.proactive_figures import YUAN_PER_10K
from samples.style import Oddity, Style

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_NO_BREAK_SPACE = "\u00a0"
_WIDE_SPACE = "\u3000"
_LARGEST_IN_10K = 1_000_000  # an amount beyond this is in yuan, or the office buys for billions


@dataclass(frozen=True, slots=True)
class Printed:
    """Cells of one report.

    ``truth``: field id -> characters printed ("" blank, None no such cell). ``shown``: the same with the padding that
    the file has around them; cells that do not exist are missing. ``review``: fields a person should be asked about.
    """

    truth: dict[str, str | None]
    shown: dict[str, str]
    review: tuple[str, ...]


def absent_rows(style: Style, numbers: Numbers, leaves: Sequence[str], rng: random.Random) -> frozenset[str]:
    """Row keys (``table.row``) left out of the report: only rows without a number, so that the sums still hold."""
    if not style.tables.missing_rows:
        return frozenset()
    idle = [row for row in leaves if row != "granted" and numbers[f"requests.{row}.total"] == 0]
    chosen = rng.sample(idle, min(style.tables.missing_rows, len(idle)))
    return frozenset({f"requests.{row}" for row in chosen} | {"proactive.coercion"})


def print_cells(form: Form, style: Style, numbers: Numbers, absent: frozenset[str], rng: random.Random) -> Printed:
    """The cells as written under the style's value settings."""
    truth: dict[str, str | None] = {}
    blank_rows = _rows_with_blank_zeros(form, style, rng)
    wide_rows = _rows_in_full_width(form, style, rng)
    for cell, field in form.fields.items():
        if field.row.variant is not None and not style.tables.merged_other:
            continue
        row = cell.rpartition(".")[0]
        if cell not in numbers or row in absent or (style.tables.hybrid and field.block.id == "article20_1"):
            truth[cell] = None
        elif _left_blank(cell, style) or (numbers[cell] == 0 and row in blank_rows):
            truth[cell] = ""
        else:
            text = format_number(numbers[cell], thousands=style.values.thousands)
            truth[cell] = text.translate(_FULL_WIDTH) if row in wide_rows and is_count(field) else text
    _add_procurement_unit(truth, numbers, rng)
    review: list[str] = []
    for oddity in style.values.oddities:
        review += _write_oddity(truth, form, numbers, oddity, rng)
    shown = {cell: _pad(text, style, rng) for cell, text in truth.items() if text is not None}
    return Printed(truth, shown, tuple(dict.fromkeys(review)))


def format_number(number: Decimal, *, thousands: bool = False) -> str:
    """The number in plain digits, without exponent; 1,234 where thousands are set apart."""
    return f"{number:,f}" if thousands else f"{number:f}"


def _left_blank(cell: str, style: Style) -> bool:
    table, _, rest = cell.partition(".")
    row, _, column = rest.rpartition(".")
    if table != "requests":
        return False
    match style.values.blank:
        case "organisations":
            return column in ORGANISATION_COLUMNS
        case "row_totals":
            return column == "total" and row not in FLOW_ROWS
        case "all_but_totals":
            return column != "total"
        case _:
            return False


def _row_keys(form: Form) -> list[str]:
    return list(dict.fromkeys(cell.rpartition(".")[0] for cell in form.fields))


def _rows_with_blank_zeros(form: Form, style: Style, rng: random.Random) -> frozenset[str]:
    match style.values.zero:
        case "blank":
            return frozenset(_row_keys(form))
        case "some_blank":
            return frozenset(row for row in _row_keys(form) if rng.random() < 0.5)
        case _:
            return frozenset()


def _rows_in_full_width(form: Form, style: Style, rng: random.Random) -> frozenset[str]:
    if not style.values.full_width:
        return frozenset()
    return frozenset(row for row in _row_keys(form) if rng.random() < 0.6)


def _add_procurement_unit(truth: dict[str, str | None], numbers: Numbers, rng: random.Random) -> None:
    """The 2019 form leaves the unit of the procurement amount open: offices write it into the cell."""
    cell = "proactive.procurement.amount"
    text = truth.get(cell)
    if text and text != "0":
        truth[cell] = text + rng.choice(("", "元" if numbers[cell] >= _LARGEST_IN_10K else "万元"))


def _write_oddity(
    truth: dict[str, str | None], form: Form, numbers: Numbers, oddity: Oddity, rng: random.Random
) -> list[str]:
    """Changes the cells concerned; returns their ids."""
    first = {f.column.id: f for f in form.fields.values() if f.row.id == "normative_documents"}
    match oddity:
        case "slash":
            cells = [c for c in truth if c.startswith("proactive.regulations.")]
            text = "/"
        case "dash":
            cells = [c for c in truth if c.startswith("proactive.coercion.")]
            text = rng.choice(("-", "—", "——"))
        case "none_word":
            cells = [c for c in truth if c.startswith("proactive.licensing.")]
            text = "无"
        case "note":
            cells = [next(f.id for f in first.values())]
            number = numbers[cells[0]]
            text = f"{number}（其中修订{-(-int(number) // 3)}件）"
        case "increase":
            cells = [f.id for f in form.fields.values() if f.column.signed][:1]
            number = numbers[cells[0]] if cells else Decimal(0)
            text = f"{'减少' if number < 0 else '增加'}{abs(number)}"
        case "question":
            cells = ["requests.granted.natural_person"]
            text = f"{numbers[cells[0]]}?"
        case "unit_slip":
            cells = ["proactive.fees.amount"]
            text = f"{int(numbers[cells[0]] * YUAN_PER_10K) or 152_790}元"
    present = [c for c in cells if truth.get(c) is not None]
    truth.update(dict.fromkeys(present, text))
    return present


def _pad(text: str, style: Style, rng: random.Random) -> str:
    if not style.values.padded:
        return text
    if not text:
        return rng.choice((_NO_BREAK_SPACE, _WIDE_SPACE, _NO_BREAK_SPACE * 2))
    return rng.choice(
        (f"{_NO_BREAK_SPACE}{text}{_NO_BREAK_SPACE}", f"{text}{_NO_BREAK_SPACE}", f" {text} ", f"{_WIDE_SPACE}{text}")
    )


def is_count(field: FormField) -> bool:
    """True where the cell counts things, False where it is an amount of money."""
    return field.column.unit == "count"
