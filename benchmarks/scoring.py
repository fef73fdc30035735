"""Read reports against their truth: numbers that are right, wrong unseen, or sent to a person; sums told or missed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from models.finding import Finding
from models.report import FieldValue, Report

# A trailing unit is not compared: it says nothing about whether the number was read.
_UNITS = "元万件笔项个条"
# How codes of findings on prose begin.
_PROSE = "prose."
_NUMBER = re.compile(r"[0-9]+(?:[.][0-9]+)?")
# Name of an identity in truth files -> template of the edit rule that checks it.
_TEMPLATES = {
    "first+second=third+fourth": "requests.balance",
    "column_sum": "requests.results",
    "row_sum": "requests.row_total",
    "dispute_sum": "disputes.total",
}


@dataclass(frozen=True, slots=True)
class WrongField:
    """A number that was read wrongly, or not at all: as printed, as read, and the decision about it."""

    field: str
    printed: str
    read: str | None
    decision: str


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over the fields that a report prints, and over the sums that it breaks.

    ``exact``: the value equals the printed one. ``silent``: it does not, yet no person is asked. ``review``: a person
    is asked; ``needless`` of these, although the value is right and the truth does not want it. ``broken``: sums that
    the report breaks, ``found`` those with a finding; ``false_errors``: findings of severity error on sums that hold.
    """

    fields: int = 0
    exact: int = 0
    silent: int = 0
    review: int = 0
    needless: int = 0
    broken: int = 0
    found: int = 0
    false_errors: int = 0
    wrong: tuple[WrongField, ...] = ()
    missed_rules: tuple[str, ...] = ()
    false_rules: tuple[str, ...] = ()

    @property
    def perfect(self) -> bool:
        """True where every number is right, nobody is asked in vain, and exactly the broken sums are errors."""
        return self.exact == self.fields and not (
            self.silent or self.needless or self.false_errors or self.missed_rules
        )

    def __add__(self, other: Score) -> Score:
        return Score(
            fields=self.fields + other.fields,
            exact=self.exact + other.exact,
            silent=self.silent + other.silent,
            review=self.review + other.review,
            needless=self.needless + other.needless,
            broken=self.broken + other.broken,
            found=self.found + other.found,
            false_errors=self.false_errors + other.false_errors,
            wrong=self.wrong + other.wrong,
            missed_rules=self.missed_rules + other.missed_rules,
            false_rules=self.false_rules + other.false_rules,
        )


def score_report(truth: Mapping[str, Any], report: Report) -> Score:
    """The score of one report.

    Args:
        truth: ``fields`` (id -> as printed, "" blank, None no such cell) and, where known, ``review_fields``,
            ``violations``, ``prose_conflicts``, ``blank_zero`` (zeros are left blank on paper).
        report: What was read.
    """
    return (
        score_fields(truth, report.fields)
        + score_sums(truth.get("violations", ()), report.findings)
        + score_prose(truth.get("prose_conflicts", ()), report.findings)
    )


def score_fields(truth: Mapping[str, Any], fields: Mapping[str, FieldValue]) -> Score:
    """The score of the numbers alone. A field that the report lacks altogether counts as one sent to a person."""
    due = frozenset(truth.get("review_fields", ()))
    exact = silent = review = needless = total = 0
    wrong: list[WrongField] = []
    for field_id, printed in truth["fields"].items():
        if printed is None:
            continue
        total += 1
        cell = fields.get(field_id)
        expected = "" if truth.get("blank_zero") and printed == "0" else str(printed)
        right = same_value(cell.value if cell else None, expected)
        asked = cell is None or cell.decision == "review"
        exact += right
        review += asked
        needless += asked and right and field_id not in due
        silent += not right and not asked
        if not right:
            wrong.append(
                WrongField(field_id, expected, cell.value if cell else None, cell.decision if cell else "missing")
            )
    return Score(total, exact, silent, review, needless, wrong=tuple(wrong))


def score_sums(violations: Sequence[Mapping[str, Any]], findings: Iterable[Finding]) -> Score:
    """The score of the sums alone.

    A broken sum is found where its own rule has a finding that it fails. Severity is not asked for: on a cell that a
    person has to look at, it is a warning until the person has looked.
    """
    failed = [f for f in findings if f.outcome == "fail" and not f.rule.startswith(_PROSE)]
    missed = [_name(v) for v in violations if not any(_tells(f, v) for f in failed)]
    false = [f.rule for f in failed if f.severity == "error" and not any(_tells(f, v) for v in violations)]
    return Score(
        broken=len(violations),
        found=len(violations) - len(missed),
        false_errors=len(false),
        missed_rules=tuple(missed),
        false_rules=tuple(false),
    )


def same_value(read: str | None, printed: str | None) -> bool:
    """True where both are the same number, or the same text, or both blank. Signs around a number are not compared."""
    a, b = ((text or "").strip().rstrip(_UNITS).replace(",", "") for text in (read, printed))
    if a == b:
        return True
    try:
        return Decimal(a) == Decimal(b)
    except InvalidOperation:
        return False


def score_prose(conflicts: Sequence[Mapping[str, Any]], findings: Iterable[Finding]) -> Score:
    """The score of the numbers in prose: errors that no known conflict explains.

    Conflicts are not counted as due: a number that only covers something else is one too, and gives no error.
    """
    known = {number for conflict in conflicts for number in _NUMBER.findall(str(conflict.get("prose", "")))}
    errors = [f for f in findings if f.rule.startswith(_PROSE) and f.severity == "error"]
    false = [f.rule for f in errors if f.left not in known]
    return Score(false_errors=len(false), false_rules=tuple(false))


def _tells(finding: Finding, violation: Mapping[str, Any]) -> bool:
    template = _TEMPLATES.get(violation["rule"])
    return finding.rule.partition("[")[0] == template and set(violation["cells"]) <= set(finding.fields)


def _name(violation: Mapping[str, Any]) -> str:
    return f"{violation['rule']}: {', '.join(violation['cells'])}"
