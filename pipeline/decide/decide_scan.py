"""Decide the numbers of a scan: readings and edit rules together, suspects read again, repairs with their evidence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from models.form import Form, FormField, row_key
from models.match import PrintedField
from models.reading import Reading
from models.report import Kind
from models.rule import LinearRule
from pipeline.decide.cell_options import CellOptions, Option, cell_to_options, digits_of, parse_cell, to_option
from pipeline.decide.confidence import Calibration
from pipeline.decide.confused_digits import misread_together
from pipeline.decide.known_places import settled_doubts
from pipeline.decide.slipped_rows import decide_with_slips
from pipeline.decide.values_under_rules import Choice, Implied, Solution

Reread = Callable[[Sequence[PrintedField]], Sequence[tuple[Reading, ...]]]
"""Cells -> what was read in other crops of each; nothing where it cannot be read again."""

# Doubts about what is printed in a cell; sums can settle them. All others are about which cell it is.
READING_DOUBTS = frozenset({"low_score", "models_differ", "faint_ink", "stamp_over_cell"})
# What only a person settles, although the sums speak for the number.
_PERSONAL = frozenset({"blank_among_zeros", "unconfirmed"})
# Cells with a smaller margin are read again, in so many rounds; so many cells a round, the least sure first. Nats.
_SUSPECT_MARGIN, _ROUNDS, _MOST_SUSPECTS = 10.0, 2, 80
# A decision whose margin is smaller has a rival as good as itself. Nats.
_TIE = 1.0
# A number that the readings did not put first is taken over only where so many rules gain by it.
_REPAIR_RULES = 2
# A table in which no more of the cells are blank, or a single one, prints its zeros; a blank in it may be one that was
# lost. 0..1; cells.
_FEW_BLANKS, _ENOUGH_CELLS = 0.05, 10
# Who leaves so many cells of a row blank and prints no zero in it does so on purpose: not all of them were lost. Cells.
_HABIT = 3
# A scan is poor where the readings of more of its cells have a rival that costs less, at once or when they were read
# again. Sums do not count: they fail where the report is wrong, on the best of scans. Nats; 0..1.
_WEAK, _POOR_AT_ONCE, _POOR_IN_THE_END = 6.0, 0.05, 0.03
# On a poor scan a number with fewer sums that hold is taken only where its readings are alike: two digits lost together
# may fit one sum.
_POOR_RULES = 2
# There a number that all engines read alike needs no sum when each of them is so sure at first sight. 0..1.
_SURE_SCORE = 0.9
# A reading with another number first counts against a number without a sum from this score on. 0..1.
_OTHER_SCORE = 0.5


class ScanValue(NamedTuple):
    """The decided value of one scanned cell.

    ``reasons`` are codes; ``confidence`` 0..1 is calibrated; ``repaired_from`` is what the first readings gave where
    the sums led to something else, ``rules`` the rules that did. ``cell`` has all its readings. ``margin`` is what the
    best solution with another value costs more, in nats; 0 where nothing was read.
    """

    cell: PrintedField
    kind: Kind
    value: str | None
    printed: str
    confidence: float
    accepted: bool
    reasons: frozenset[str]
    suggested: str | None = None
    repaired_from: str | None = None
    rules: tuple[LinearRule, ...] = ()
    margin: float = 0.0


def decide_scan(
    form: Form,
    cells: Mapping[str, PrintedField],
    rules: tuple[LinearRule, ...],
    calibration: Calibration,
    *,
    accept_error_rate: float,
    complete_tables: Collection[str] = (),
    reread: Reread | None = None,
) -> dict[str, ScanValue]:
    """Field id -> value of each scanned cell among ``cells``; the other cells count in the sums as they are.

    Args:
        form: The form.
        cells: Field id -> cell, for all cells that the report prints.
        rules: The edit rules in force.
        calibration: Margin -> confidence.
        accept_error_rate: Share of wrong numbers among those accepted that is aimed at, 0..1.
        complete_tables: Ids of tables of which every row was found, and none besides.
        reread: Reads cells again.
    """
    solved = _solve(form, cells, rules, reread)
    solution = solved.solution
    blanks, lone_blanks = _blanks_among_zeros(form, solved.scanned, solution)
    # What a poor scan has lost, no engine sees: a faint digit is gone from all crops alike. Only a sum can tell.
    is_refuted = solved.is_poor and _is_refuted(solved, cells)
    confused = misread_together(solved.scanned, solution, accept_error_rate)
    settled = settled_doubts(form, solved.scanned, solution, complete_tables)
    broken = solution.broken_fields
    blanks |= _blanks_beside_zeros(form, solved) if solved.is_poor else set()
    found: dict[str, ScanValue] = {}
    for i, cell in solved.scanned.items():
        field, choice, implied = form.fields[i], solution.choices.get(i), solution.implied[i]
        if choice is None:
            found[i] = _unread(field, cell, implied)
            continue
        over = solution.over.get(i, ())
        alone = i in confused or (_is_weak_zero(cell, choice) and not any(r.is_second_look for r in cell.readings))
        if not over or (solved.is_poor and len(over) < _POOR_RULES):
            alone |= not _is_read_alike(cell, choice.option)
        if not over:
            alone |= i in lone_blanks or i in solved.late
            alone |= solved.is_poor and (is_refuted or not _is_read_surely(cells[i].readings, choice.option))
            # A stamp may have hidden a digit without a trace: a sum that fails speaks for it, or a cell left blank.
            alone |= "stamp_over_cell" in cell.reasons and (i in broken or choice.option.kind == "blank")
        told = (("rule_conflict", i in broken), ("blank_among_zeros", i in blanks), ("unconfirmed", alone))
        compared = frozenset([code for code, holds in told if holds])
        place = cell.reasons - settled[i] if i in settled else cell.reasons
        doubts = _Doubts(place, compared, _repair(solved.first[i], choice.option, over))
        confidence = calibration.confidence(choice.margin)
        found[i] = _decided(field, cell, choice, implied, doubts, confidence=confidence, target=1 - accept_error_rate)
    return found


@dataclass(frozen=True)
class _Solved:
    """The best values of all cells. ``scanned`` has all readings; ``first`` is what the first of them put first.

    ``late`` are the cells in which only the other crops show a number: a crop may have left a part of it out.
    """

    scanned: Mapping[str, PrintedField]
    first: Mapping[str, Option | None]
    solution: Solution
    late: frozenset[str]
    is_poor: bool


def _solve(
    form: Form, cells: Mapping[str, PrintedField], rules: Sequence[LinearRule], reread: Reread | None
) -> _Solved:
    """The values that fit readings and rules best; cells in doubt are read again before they count."""
    scanned = {i: c for i, c in cells.items() if c.readings}
    read = {i: cell_to_options(form.fields[i], c) for i, c in scanned.items()}
    stated = {i: o for i, c in cells.items() if not c.readings and (o := _as_printed(form.fields[i], c)) is not None}
    options = {**stated, **read}
    solution, rules = decide_with_slips(form, options, rules)
    asked: set[str] = set()
    for _ in range(_ROUNDS if reread is not None else 0):
        weak = _suspects(scanned, options, solution)
        suspects = [i for i in weak if i in scanned and i not in asked][:_MOST_SUSPECTS]
        if not suspects or reread is None:
            break
        asked.update(suspects)
        for i, more in zip(suspects, reread([scanned[i] for i in suspects]), strict=True):
            scanned[i] = replace(scanned[i], readings=(*scanned[i].readings, *more))
            options[i] = cell_to_options(form.fields[i], scanned[i])
        solution, rules = decide_with_slips(form, options, rules)
    first = {i: read[i].best or options[i].best for i in scanned}
    late = frozenset(i for i in scanned if read[i].best is None)
    at_once = _weak_share(scanned, read)
    in_the_end = _weak_share(scanned, options) if asked else at_once
    is_poor = at_once > _POOR_AT_ONCE or in_the_end > _POOR_IN_THE_END
    return _Solved(scanned, first, solution, late, is_poor)


def _weak_share(cells: Mapping[str, PrintedField], options: Mapping[str, CellOptions]) -> float:
    """Share of the cells whose readings alone leave a doubt, 0..1."""
    # What a stamp hides says nothing about the rest of the page.
    bare = [options[i] for i, c in cells.items() if "stamp_over_cell" not in c.reasons]
    weak = sum(o.best is None or (o.best.kind != "blank" and o.rival < _WEAK) for o in bare)
    return weak / len(bare) if bare else 0.0


def _is_refuted(solved: _Solved, cells: Mapping[str, PrintedField]) -> bool:
    """True where sums speak against a number of which all engines were sure: they may be sure of others in vain.

    Whose fault a broken sum is does not matter here.
    """
    choices, broken = solved.solution.choices, solved.solution.broken_fields
    return any(
        before is not None
        and (i in broken or (i in choices and before.number != choices[i].option.number))
        and _is_read_surely(cells[i].readings, before)
        for i, before in solved.first.items()
    )


def _is_read_alike(cell: PrintedField, option: Option) -> bool:
    """True where no reading of a cell is fairly sure of another text than the one taken."""
    printed = _plain(option.printed)
    return not any(
        r.text != printed and r.score >= _OTHER_SCORE and digits_of(_plain(r.text)) != printed for r in cell.readings
    )


def _is_read_surely(first: Sequence[Reading], option: Option) -> bool:
    """True where all engines were sure of the number at first sight."""
    return option.kind == "number" and min((r.score for r in first), default=0.0) >= _SURE_SCORE


def _plain(text: str) -> str:
    return text.strip(" .,")


def _repair(
    before: Option | None, after: Option, over: tuple[LinearRule, ...]
) -> tuple[Option, tuple[LinearRule, ...]] | None:
    """What was first read, and the rules that hold only with what is taken now; None where that says the same."""
    if before is None or (before.kind, before.value) == (after.kind, after.value):
        return None
    # A blank adds as much as a zero.
    return before, over if before.number != after.number else ()


def _as_printed(field: FormField, cell: PrintedField) -> CellOptions | None:
    """A cell whose text the file states: one option; None where it is no number and no blank."""
    parsed = parse_cell(cell.text or "", field.column.unit, signed=field.column.signed)
    if cell.text is None or parsed.kind == "text":
        return None
    return CellOptions(field.id, (to_option(parsed, cell.text, 0.0),), float("inf"))


def _suspects(cells: Mapping[str, PrintedField], options: Mapping[str, CellOptions], solution: Solution) -> list[str]:
    """Cells to be read again, the least sure first.

    Small margins, cells of rules that do not hold, unread cells, and zeros of which an engine was not sure.
    """
    broken = solution.broken_fields
    unread = [i for i in options if i not in solution.choices]
    weak = [
        i
        for i, c in solution.choices.items()
        if c.margin < _SUSPECT_MARGIN or c.option.cost > 0 or i in broken or (i in cells and _is_weak_zero(cells[i], c))
    ]
    return [*unread, *sorted(weak, key=lambda i: solution.choices[i].margin)]


def _is_weak_zero(cell: PrintedField, choice: Choice) -> bool:
    """True for a zero of which an engine was not sure: to every sum dirt in a blank cell would be as much."""
    return "low_score" in cell.reasons and choice.option.value == "0"


def _blanks_among_zeros(form: Form, cells: Collection[str], solution: Solution) -> tuple[set[str], set[str]]:
    """(blank cells of tables that otherwise print their zeros, those of tables that print more zeros than blanks)."""
    found: set[str] = set()
    fewer: set[str] = set()
    options = {i: c.option for i, c in solution.choices.items() if i in cells}
    blank = [i for i, o in options.items() if o.kind == "blank"]
    for table in dict.fromkeys(form.fields[i].table.id for i in blank):
        blanks = [i for i in blank if form.fields[i].table.id == table]
        inside = [o for i, o in options.items() if form.fields[i].table.id == table]
        if len(inside) >= _ENOUGH_CELLS and len(blanks) <= max(1, _FEW_BLANKS * len(inside)):
            found.update(blanks)
        if len(blanks) < sum(o.value == "0" for o in inside):
            fewer.update(blanks)
    return found, fewer


def _blanks_beside_zeros(form: Form, solved: _Solved) -> set[str]:
    """Scanned cells that are blank in tables that print a zero, but for rows in which it is the habit."""
    choices = solved.solution.choices
    with_zeros = {form.fields[i].table.id for i, c in choices.items() if c.option.value == "0"}
    rows: dict[str, list[str]] = {}
    for i in solved.scanned:
        if i in choices and form.fields[i].table.id in with_zeros:
            rows.setdefault(row_key(form.fields[i].table, form.fields[i].row), []).append(i)
    found: set[str] = set()
    for row in rows.values():
        blanks = [i for i in row if choices[i].option.kind == "blank"]
        if len(blanks) < _HABIT or any(choices[i].option.value == "0" for i in row):
            found.update(blanks)
    return found


def _unread(field: FormField, cell: PrintedField, implied: Implied) -> ScanValue:
    """A cell in which no reading finds a number: what the sums ask for is a suggestion, and a person decides."""
    parsed = parse_cell(cell.text or "", field.column.unit, signed=field.column.signed)
    reasons = cell.reasons | parsed.reasons | {"low_score"}
    if implied.value is not None and implied.gain >= _REPAIR_RULES:
        text = format(implied.value, "f")
        return ScanValue(cell, "number", text, "", 0.0, accepted=False, reasons=reasons | {"implied_by_sums"})
    return ScanValue(cell, parsed.kind, parsed.value, cell.text or "", 0.0, accepted=False, reasons=reasons)


class _Doubts(NamedTuple):
    """What speaks against a value.

    ``place`` are the codes of its cell, ``compared`` those seen by comparing cells; ``repair`` is what the first
    readings gave instead, and the rules that now hold.
    """

    place: frozenset[str]
    compared: frozenset[str]
    repair: tuple[Option, tuple[LinearRule, ...]] | None


def _decided(
    field: FormField,
    cell: PrintedField,
    choice: Choice,
    implied: Implied,
    doubts: _Doubts,
    *,
    confidence: float,
    target: float,
) -> ScanValue:
    """The value of a cell, accepted or not.

    Args:
        field: The field.
        cell: The cell with all its readings.
        choice: The option and its margin.
        implied: What the sums ask for.
        doubts: What speaks against it.
        confidence: That of the margin, 0..1.
        target: The confidence from which a value is accepted.
    """
    option = choice.option
    parsed = parse_cell(option.printed, field.column.unit, signed=field.column.signed)
    suggested = parsed.suggested
    if suggested is None and implied.value is not None and implied.gain > 0:
        suggested = format(implied.value, "f")
    reasons = (doubts.place - READING_DOUBTS) | parsed.reasons
    accepted = not reasons and confidence >= target and _PERSONAL.isdisjoint(doubts.compared)
    before, rules = doubts.repair if doubts.repair is not None else (None, ())
    if before is not None:
        reasons |= {"repaired"}
        accepted = accepted and len(rules) >= _REPAIR_RULES and _is_read_somewhere(cell, option)
    if not accepted:
        reasons |= doubts.compared
        reasons |= (doubts.place & READING_DOUBTS) if confidence < target else frozenset()
        reasons |= {"ambiguous"} if choice.margin < _TIE else frozenset()
        reasons |= {"low_score"} if confidence < target and not reasons else frozenset()
    return ScanValue(
        cell,
        option.kind,
        option.value,
        option.printed,
        confidence,
        accepted=accepted,
        reasons=reasons,
        suggested=suggested,
        repaired_from=before.printed if before is not None else None,
        rules=rules,
        margin=choice.margin,
    )


def _is_read_somewhere(cell: PrintedField, option: Option) -> bool:
    """True where a reading puts the value first: no sum alone makes a number."""
    return any(_plain(r.text) == option.printed for r in cell.readings)
