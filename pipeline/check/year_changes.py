"""Changes in percent that the prose states (同比增长12.5%) against the tables of both years.

Offices round or cut off; a change is wrong where it differs from the tables by a unit of its last place or more. What
was 0 has no change in percent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from models.figures import exact_difference, exact_sum, number_of, plain
from models.finding import Finding, Message
from models.report import Claim, FieldValue
from pipeline.check.year_report import YearReport

# What both forms count alike.
_SHARED_TABLE = "requests."
_HUNDRED = Decimal(100)


def change_findings(subject: YearReport, prior: YearReport) -> Iterator[Finding]:
    """One finding for each stated change that the numbers of both years do not give."""
    for claim in subject.changes:
        ids = [i.removeprefix("-") for i in claim.fields]
        if subject.form != prior.form and not all(i.startswith(_SHARED_TABLE) for i in ids):
            continue
        now, then = _side(claim, subject), _side(claim, prior)
        if now is None or then is None or not then.number:
            continue
        stated = Decimal(claim.value)
        change = exact_difference(now.number, then.number) * _HUNDRED / abs(then.number)
        unit = Decimal(1).scaleb(min(0, int(stated.as_tuple().exponent)))
        if abs(change - stated) >= unit:
            yield _finding(claim, ids, (subject, now), (prior, then), change.quantize(unit))


@dataclass(frozen=True, slots=True)
class _Side:
    """What a claim is about in one year: the sum of its fields, and whether all of them were accepted."""

    number: Decimal
    is_sure: bool


def _side(claim: Claim, report: YearReport) -> _Side | None:
    """None where a field has no number: a blank is not 0."""
    values: list[FieldValue | None] = [report.fields.get(i.removeprefix("-")) for i in claim.fields]
    numbers = [number_of(v) for v in values]
    if any(n is None for n in numbers):
        return None
    signed = (-n if i.startswith("-") else n for i, n in zip(claim.fields, numbers, strict=True) if n is not None)
    return _Side(exact_sum(signed), all(v is not None and v.decision == "accept" for v in values))


def _finding(
    claim: Claim, ids: list[str], now: tuple[YearReport, _Side], then: tuple[YearReport, _Side], change: Decimal
) -> Finding:
    (subject, this), (prior, last) = now, then
    stated = Decimal(claim.value)
    signed = f"{change:+f}"
    is_sure = this.is_sure and last.is_sure
    return Finding(
        rule=f"years.change[{ids[0]}]",
        severity="warning",
        fields=ids,
        left=plain(stated),
        right=plain(change),
        difference=plain(exact_difference(stated, change)),
        message=Message(
            zh=(
                f"正文“{claim.clause}”，而表中 {prior.year} 年（{prior.file_name}）为 {plain(last.number)}、"
                f"{subject.year} 年为 {plain(this.number)}，变动为 {signed}%。"
            ),
            en=(
                f"The text says '{claim.clause}', but the tables have {plain(last.number)} in {prior.year} "
                f"({prior.file_name}) and {plain(this.number)} in {subject.year}, a change of {signed}%."
            ),
        ),
        origin="report" if is_sure else "undetermined",
    )
