"""Invented reports as text whose cells run together, with the truth of every cell and, on demand, slips of the office.

The tables are those of the sample generator; here their cells are joined without anything between them, or with blanks
between some, as text copied from web pages has them. Source of every number: a pseudo-random generator.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from models.form import load_form
from samples.drawing import resolve_style
from samples.figures import draw_numbers, draw_scale
from samples.identities import APPLICANT_COLUMNS, REQUEST_COLUMNS, Numbers, leaf_rows
from samples.labels import print_labels
from samples.printing import absent_rows, print_cells
from samples.sheet import Sheet
from samples.sheets import SheetInput, build_sheets
from samples.style import FormId, LabelStyle, Scale, Style, TableStyle, ValueStyle

Gaps = Literal["none", "some", "rows_on_lines", "before_numbers"]
# Between how many cells out of a hundred a blank stands where some do.
_SOME = 30


@dataclass(frozen=True, slots=True)
class GluedKind:
    """A kind of glued report: how the tables look, how many slips are planted, where blanks stand."""

    name: str
    style: Style
    slips: int = 0
    gaps: Gaps = "none"


@dataclass(frozen=True, slots=True)
class GluedReport:
    """A text with its truth (``fields``: id -> as printed, "" blank, None no such cell)."""

    name: str
    text: str
    truth: dict[str, Any]


def _style(name: str, form: FormId = "gk2021", **parts: Any) -> Style:  # noqa: ANN401 - parts of a style by name
    return Style(name, "text", form=form, **parts)


KINDS: tuple[GluedKind, ...] = (
    GluedKind("office", _style("g-office", values=ValueStyle(scale="office"))),
    GluedKind("district", _style("g-district", values=ValueStyle(scale="district"))),
    GluedKind("city", _style("g-city", values=ValueStyle(scale="city", long_fees=True))),
    GluedKind("province", _style("g-province", values=ValueStyle(scale="province", thousands=True))),
    GluedKind("form-2019", _style("g-2019", "gk2019")),
    GluedKind("some-blanks-between", _style("g-some"), gaps="some"),
    GluedKind("rows-on-lines", _style("g-lines"), gaps="rows_on_lines"),
    GluedKind("merged-row", _style("g-merged", tables=TableStyle(merged_other=True))),
    GluedKind("rows-missing", _style("g-missing", values=ValueStyle(scale="tiny"), tables=TableStyle(missing_rows=3))),
    GluedKind("extra-rows", _style("g-extra", tables=TableStyle(extra_rows=True))),
    GluedKind("labels-worn", _style("g-worn", labels=LabelStyle(dropped=5, typos=True, renumbered=True))),
    GluedKind("labels-short", _style("g-short", labels=LabelStyle(short=True, caption="missing", spread="wide"))),
    GluedKind("hybrid", _style("g-hybrid", tables=TableStyle(hybrid=True))),
    GluedKind("zeros-blank", _style("g-blank", values=ValueStyle(zero="blank"))),
    GluedKind("some-zeros-blank", _style("g-some-blank", values=ValueStyle(zero="some_blank"))),
    GluedKind("organisations-blank", _style("g-org", values=ValueStyle(blank="organisations"))),
    GluedKind("row-totals-blank", _style("g-totals", values=ValueStyle(blank="row_totals"))),
    GluedKind("marks", _style("g-marks", values=ValueStyle(oddities=("slash", "dash", "none_word")))),
    GluedKind("full-width", _style("g-wide", values=ValueStyle(full_width=True))),
    GluedKind("one-slip", _style("g-slip1"), slips=1),
    GluedKind("one-slip-city", _style("g-slip1-city", values=ValueStyle(scale="city")), slips=1),
    GluedKind("three-slips", _style("g-slip3"), slips=3),
    GluedKind("three-slips-blanks", _style("g-slip3-blanks"), slips=3, gaps="some"),
    GluedKind("eight-slips", _style("g-slip8", values=ValueStyle(scale="district")), slips=8),
    GluedKind("slips-2019", _style("g-slip2019", "gk2019"), slips=2),
    GluedKind("slips-merged-row", _style("g-slipm", tables=TableStyle(merged_other=True)), slips=2),
)


def draw_glued(kind: GluedKind, seed: int) -> GluedReport:
    """The report of this kind and seed; the same pair gives the same report."""
    rng = random.Random(f"{kind.name}:{seed}")
    style = resolve_style(kind.style, rng)
    form = load_form(style.form)
    scale: Scale = draw_scale(style, rng)
    leaves = leaf_rows(form, merged_other=style.tables.merged_other)
    numbers = draw_numbers(form, style, scale, rng)
    absent = absent_rows(style, numbers, leaves, rng)
    for _ in range(kind.slips):
        numbers = slip(numbers, leaves, rng)
    printed = print_cells(form, style, numbers, absent, rng)
    labels = print_labels(form, style.labels, rng)
    sheets = build_sheets(SheetInput(form, style, labels, printed.shown, absent), rng)
    year = 2019 if style.form == "gk2019" else 2022
    parts = [f"某市某局{year}年政府信息公开工作年度报告\n", "一、总体情况", _prose(year, rng)]
    for table in form.tables:
        parts.append(labels[table.heading])
        parts += [glue(sheet, kind.gaps, rng) for sheet in sheets[table.id]]  # type: ignore[index]  # ids of tables
    parts.append("五、存在的主要问题及改进情况无。")
    truth: dict[str, Any] = {"form": style.form, "year": year, "fields": printed.truth, "violations": []}
    return GluedReport(f"{kind.name}-{seed}", "".join(parts) + "\n", truth)


def glue(sheet: Sheet, gaps: Gaps, rng: random.Random) -> str:
    """The cells of a table one behind the other, as a page that lost its cell borders has them."""
    parts: list[str] = []
    for boxes in sheet.starting:
        spaced = gaps == "some" and rng.random() < 0.5
        for box in boxes:
            is_value = box.kind == "value"
            if is_value and spaced and rng.randrange(100) < _SOME:
                parts.append(" ")
            parts.append(box.text.replace("\n", ""))
        if gaps == "rows_on_lines":
            parts.append("\n")
    return "".join(parts)


def slip(numbers: Numbers, leaves: Sequence[str], rng: random.Random) -> Numbers:
    """The numbers with one mistake of the office in the table of requests or of disputes."""
    changed = dict(numbers)
    rows = ("new", "carried_in", *leaves, "results_total", "carried_out")
    filled = [r for r in rows if numbers[f"requests.{r}.total"] > 0] or ["new"]
    row = rng.choice([*filled, rng.choice(rows)])
    kinds: tuple[Callable[[Numbers, str, random.Random], None], ...] = (
        _mistype,
        _mistype,
        _misplace,
        _wrong_total,
        _wrong_throughout,
        _copy_total,
        _mistype_dispute,
        _zero_dispute,
    )
    rng.choice(kinds)(changed, row, rng)
    return changed


def _mistype(numbers: Numbers, row: str, rng: random.Random) -> None:
    cells = [f"requests.{row}.{c}" for c in REQUEST_COLUMNS]
    cell = rng.choice([c for c in cells if numbers[c] > 0] or cells)
    numbers[cell] = _mistyped(numbers[cell], rng)


def _mistyped(number: Decimal, rng: random.Random) -> Decimal:
    """Another number a hand may have typed: a digit changed, doubled, lost, swapped, or one off."""
    digits = list(str(number))
    at = rng.randrange(len(digits))
    match rng.randrange(5):
        case 0:
            digits[at] = str(rng.randrange(10))
        case 1:
            digits.insert(at, digits[at])
        case 2 if len(digits) > 1:
            del digits[at]
        case 3 if len(digits) > 1:
            other = (at + 1) % len(digits)
            digits[at], digits[other] = digits[other], digits[at]
        case _:
            digits = list(str(number + rng.randint(1, 12)))
    return Decimal(int("".join(digits)))


def _misplace(numbers: Numbers, row: str, rng: random.Random) -> None:
    """A number in the column beside its own."""
    at = rng.randrange(len(APPLICANT_COLUMNS) - 1)
    one, two = (f"requests.{row}.{c}" for c in APPLICANT_COLUMNS[at : at + 2])
    numbers[one], numbers[two] = numbers[two], numbers[one]


def _wrong_total(numbers: Numbers, row: str, rng: random.Random) -> None:
    cell = f"requests.{row}.total"
    numbers[cell] = _mistyped(numbers[cell], rng)


def _wrong_throughout(numbers: Numbers, row: str, rng: random.Random) -> None:
    """A row that adds up and is wrong."""
    cell, total = f"requests.{row}.{rng.choice(APPLICANT_COLUMNS)}", f"requests.{row}.total"
    new = _mistyped(numbers[cell], rng)
    numbers[total] += new - numbers[cell]
    numbers[cell] = new


def _copy_total(numbers: Numbers, row: str, rng: random.Random) -> None:
    """A total taken from another row."""
    other = rng.choice(("new", "results_total", "granted"))
    numbers[f"requests.{row}.total"] = numbers[f"requests.{other}.total"]


def _mistype_dispute(numbers: Numbers, _row: str, rng: random.Random) -> None:
    cells = [c for c in numbers if c.startswith("disputes.")]
    cell = rng.choice([c for c in cells if numbers[c] > 0] or cells)
    numbers[cell] = _mistyped(numbers[cell], rng)


def _zero_dispute(numbers: Numbers, _row: str, rng: random.Random) -> None:
    cell = rng.choice([c for c in numbers if c.startswith("disputes.") and c.endswith(".total")])
    numbers[cell] = Decimal(0)


def _prose(year: int, rng: random.Random) -> str:
    """Sentences that name rows of the form with numbers of another scope."""
    a, b, c = (rng.randint(1, 400) for _ in range(3))
    return (
        f"{year}年，本机关共收到政府信息公开申请{a}件，其中重复申请{b % 9}件；办理行政许可{b}件、行政处罚{c}件，"
        f"制发规范性文件{b % 20}件。1.主动公开信息{a + c}条。2.依申请公开{a}件，予以公开{b}件。"
    )
