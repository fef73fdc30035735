"""What the checks make of planted source errors, and whether deciding ever took one for a misreading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.decide.planted import Planted
from benchmarks.scoring import same_value
from models.finding import Finding
from models.report import FieldValue, Repair


@dataclass(frozen=True, slots=True)
class PlantedScore:
    """What became of one slip.

    ``found``: a failed rule over a cell of it has a finding; ``to_report``: one such finding says that the mistake is
    the report's. ``first``: the first explanations of these findings together name all its cells, as an explanation is
    told to each rule as far as it concerns it; ``restored``: with the numbers that were meant; ``listed``: that, or one
    of the other explanations names them all.
    """

    kind: str
    found: bool
    to_report: bool
    first: bool
    restored: bool
    listed: bool


@dataclass(frozen=True, slots=True)
class RepairScore:
    """Repairs: ``right`` made the value what is printed, ``wrong`` made it something else, ``accepted`` or not.

    ``false``: what is printed is a planted number, it was changed, and the change was accepted.
    """

    right: int = 0
    wrong: int = 0
    wrong_accepted: int = 0
    false: int = 0

    def __add__(self, other: RepairScore) -> RepairScore:
        return RepairScore(
            self.right + other.right,
            self.wrong + other.wrong,
            self.wrong_accepted + other.wrong_accepted,
            self.false + other.false,
        )


def score_planted(slips: Iterable[Planted], findings: Sequence[Finding]) -> tuple[PlantedScore, ...]:
    """The score of each slip."""
    failed = [f for f in findings if f.outcome == "fail"]
    return tuple(_score_slip(slip, [f for f in failed if set(slip.cells) & set(f.fields)]) for slip in slips)


def _score_slip(slip: Planted, over: Sequence[Finding]) -> PlantedScore:
    cells = set(slip.cells)
    first = {(s.field, s.suggested) for f in over if f.suspects for s in f.suspects[0]}
    is_first = cells <= {field for field, _ in first}
    listed = any(cells <= {s.field for s in group} for f in over for group in f.suspects)
    return PlantedScore(
        kind=slip.kind,
        found=bool(over),
        to_report=any(f.origin == "report" for f in over),
        first=is_first,
        restored=first.issuperset(zip(slip.cells, slip.meant, strict=True)),
        listed=is_first or listed,
    )


def score_repairs(
    printed: Mapping[str, str | None],
    slips: Iterable[Planted],
    fields: Mapping[str, FieldValue],
    repairs: Iterable[Repair],
) -> RepairScore:
    """The score of the repairs of one report; ``printed`` is the truth."""
    planted = {i for slip in slips for i in slip.cells}
    right = wrong = wrong_accepted = false = 0
    for repair in repairs:
        if same_value(fields[repair.field].value, printed.get(repair.field)):
            right += 1
            continue
        wrong += 1
        wrong_accepted += repair.accepted
        false += repair.accepted and repair.field in planted
    return RepairScore(right, wrong, wrong_accepted, false)
