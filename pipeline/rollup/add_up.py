"""One parent against the sum of its units, field by field: what differs, where, and what may explain it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.figures import exact_difference, exact_sum, plain
from models.finding import Message, Origin
from models.form import FORM_IDS, Form, FormField, field_id, load_form
from models.rollup import Doubt, Explanation, FieldOutcome, RollupField
from models.rule_labels import labels_for
from pipeline.rollup.pick_reports import Cell, KeptReport
from pipeline.rollup.words import field_message


@dataclass(frozen=True, slots=True)
class Member:
    """A unit in a sum; ``report`` is None where it has none that can be used."""

    name: str
    report: KeptReport | None


@dataclass(frozen=True)
class Sums:
    """All fields of a parent against one set of units; ``fields`` are those that are not equal."""

    compared: int
    equal: int
    fields: tuple[RollupField, ...]
    differences: dict[str, Decimal]
    """Field id -> parent minus sum, of all fields that could be compared."""

    @property
    def differ(self) -> int:
        """How many fields are not the sum."""
        return sum(bool(difference) for difference in self.differences.values())


def add_up(parent: KeptReport, members: Sequence[Member]) -> Sums:
    """The parent's fields against the sums over the members.

    Rows that offices print merged are compared merged: where one report has the merged row, the rows that it replaces
    are added up in the others.
    """
    if parent.form not in FORM_IDS:
        return Sums(0, 0, (), {})
    form = load_form(parent.form)
    reports = [m.report for m in members if m.report is not None]
    merged = _merged_rows(form, [parent, *reports])
    labels = labels_for(form).fields
    found: list[RollupField] = []
    differences: dict[str, Decimal] = {}
    compared = 0
    for place in form.fields.values():
        parts = _parts(place, merged)
        if parts is None:
            continue
        own = _cell(parent, place.id, parts)
        if own is None or own.kind == "absent":
            continue
        compared += 1
        field, difference = _compare(place, labels[place.id], parent, own, members, parts)
        if difference is not None:
            differences[place.id] = difference
        if field.outcome != "equal":
            found.append(field)
    return Sums(compared, compared - len(found), tuple(found), differences)


def whole_report(sums: Sums, members: Iterable[Member]) -> list[Explanation]:
    """The units whose whole report is the difference: every difference is its number, and it has no others."""
    found: list[Explanation] = []
    for member in members:
        if member.report is None or not sums.differ:
            continue
        numbers = {i: _number(member.report.cells.get(i)) for i in sums.differences}
        if all(-numbers[i] == d for i, d in sums.differences.items()):
            found.append(Explanation(kind="left_out", unit=member.name))
        elif all(numbers[i] == d for i, d in sums.differences.items()):
            found.append(Explanation(kind="counted_twice", unit=member.name))
    return found


def _merged_rows(form: Form, reports: Sequence[KeptReport]) -> dict[str, list[str]]:
    """Field id of a merged row -> the fields that it replaces, for variants that one of the reports uses."""
    found: dict[str, list[str]] = {}
    rows = {f.id: (f"{f.table.id}.{f.row.id}", f.column.id) for f in form.fields.values()}
    for variant in form.variants:
        fields = {i: [o for o, (r, c) in rows.items() if r in variant.replaces and c == column]
                  for i, (row, column) in rows.items() if row in variant.by}  # fmt: skip
        if any(_says_something(report.cells.get(i)) for report in reports for i in fields):
            found |= fields
    return found


def _says_something(cell: Cell | None) -> bool:
    return cell is not None and cell.kind != "absent"


def _parts(place: FormField, merged: dict[str, list[str]]) -> list[str] | None:
    """The fields that a field is made of where it is a merged one, none for others; None where it is not compared."""
    if place.row.variant is not None:
        return merged.get(place.id)
    replaced = {i for parts in merged.values() for i in parts}
    return None if field_id(place.table, place.row, place.column) in replaced else []


def _cell(report: KeptReport, field: str, parts: Sequence[str]) -> Cell | None:
    own = report.cells.get(field)
    if not parts or _says_something(own):
        return own
    cells = [report.cells[i] for i in parts if _says_something(report.cells.get(i))]
    if not cells:
        return own
    numbers = [c.number for c in cells if c.number is not None]
    review = any(c.decision == "review" for c in cells)
    odd = next((c.kind for c in cells if c.kind == "text"), None)
    kind = odd or ("number" if numbers else cells[0].kind)
    return Cell(kind, exact_sum(numbers) if kind == "number" else None, "review" if review else "accept")


def _number(cell: Cell | None) -> Decimal:
    return cell.number if cell is not None and cell.number is not None else Decimal(0)


def _compare(
    place: FormField, label: Message, parent: KeptReport, own: Cell, members: Sequence[Member], parts: Sequence[str]
) -> tuple[RollupField, Decimal | None]:
    """(the field, parent minus sum); the latter is None where the parent's cell holds words."""
    cells = [(m, None if m.report is None else _cell(m.report, place.id, parts)) for m in members]
    total = exact_sum(_number(cell) for _, cell in cells)
    doubts = [d for m, cell in cells if (d := _doubt(m.name, cell, has_report=m.report is not None)) is not None]
    parent_name = parent.agency or parent.source
    if own.decision == "review":
        doubts.append(Doubt(who=parent_name, why="in_review", value=_text(own.number)))
    difference = None if own.kind == "text" else exact_difference(_number(own), total)
    outcome = _outcome(difference, doubts)
    if difference:
        doubts += _blanks(cells, parent_name, own)
        doubts = _with_needed(doubts, difference, parent_name)
    explanations = _explanations(cells, difference) if difference else []
    reports = [(parent_name, parent), *((m.name, m.report) for m in members if m.report is not None)]
    broken = [name for name, report in reports if place.id in report.broken]
    origin = _origin(outcome, doubts)
    return RollupField(
        field=place.id,
        row=f"{place.table.id}.{place.row.id}" if place.row.id else place.table.id,
        column=place.column.id,
        label=label,
        outcome=outcome,
        kind=own.kind,
        parent=_text(own.number),
        sum=plain(total),
        difference=_text(difference),
        origin=origin,
        explanations=explanations,
        doubts=doubts if outcome != "equal" else [],
        broken_in=broken if outcome != "equal" else [],
        message=field_message(label, outcome, own, total, difference),
    ), difference


def _doubt(name: str, cell: Cell | None, *, has_report: bool) -> Doubt | None:
    if not has_report:
        return Doubt(who=name, why="missing")
    if cell is None or cell.kind == "absent":
        return Doubt(who=name, why="absent")
    if cell.decision == "review":
        return Doubt(who=name, why="in_review", value=_text(cell.number))
    return Doubt(who=name, why="text") if cell.kind == "text" else None


def _blanks(cells: Sequence[tuple[Member, Cell | None]], parent: str, own: Cell) -> list[Doubt]:
    """Accepted blanks: they count as nothing in a sum, and may stand for a number that was left out."""
    both = [*((m.name, c) for m, c in cells), (parent, own)]
    return [
        Doubt(who=name, why="blank")
        for name, cell in both
        if cell is not None and cell.kind in {"blank", "not_applicable"} and cell.decision == "accept"
    ]


def _outcome(difference: Decimal | None, doubts: Sequence[Doubt]) -> FieldOutcome:
    if difference is None:
        return "not_compared"
    if not difference:
        # Numbers that wait for a person may still be other ones; the sum says that they are right.
        return "equal"
    if any(d.why in {"missing", "absent", "text"} for d in doubts):
        return "incomplete"
    return "in_review" if doubts else "differs"


def _origin(outcome: FieldOutcome, doubts: Sequence[Doubt]) -> Origin | None:
    """Whose mistake a difference is; nobody's where nothing differs."""
    if outcome in {"equal", "not_compared"}:
        return None
    if outcome == "in_review":
        return "reading" if len(doubts) == 1 else "undetermined"
    return "report" if outcome == "differs" else "undetermined"


def _with_needed(doubts: Sequence[Doubt], difference: Decimal, parent: str) -> list[Doubt]:
    """The doubts; a single one with the number that it would have to be."""
    if len(doubts) != 1:
        return list(doubts)
    doubt = doubts[0]
    value = Decimal(doubt.value) if doubt.value is not None else Decimal(0)
    needed = exact_difference(value, difference) if doubt.who == parent else exact_sum([value, difference])
    return [doubt.model_copy(update={"needed": plain(needed)})] if needed >= 0 else list(doubts)


def _explanations(cells: Sequence[tuple[Member, Cell | None]], difference: Decimal) -> list[Explanation]:
    left_out = [m.name for m, c in cells if _number(c) and -_number(c) == difference]
    twice = [m.name for m, c in cells if _number(c) and _number(c) == difference]
    return [
        *(Explanation(kind="left_out", unit=name) for name in left_out),
        *(Explanation(kind="counted_twice", unit=name) for name in twice),
    ]


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)
