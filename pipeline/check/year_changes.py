"""Changes in percent that the prose states (同比增长12.5%) against the tables of both years.

Offices round or cut off; a change is wrong where it differs from the tables by a unit of its last place or more. What
was 0 has no change in percent.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from models.figures import exact_difference, exact_sum, plain
from models.finding import Finding, Message
from models.report import Claim
from pipeline.check.year_report import YearReport, numbers_of, origin_of

# What both forms count alike.
_SHARED_TABLE = "requests."
_HUNDRED = Decimal(100)


def change_findings(subject: YearReport, prior: YearReport) -> Iterator[Finding]:
    """One finding for each stated change that the numbers of both years do not give."""
    for claim in subject.changes:
        if subject.form != prior.form and not all(i.startswith(_SHARED_TABLE) for i in _ids(claim)):
            continue
        now, then = _sum(claim, subject), _sum(claim, prior)
        if now is None or then is None or not then:
            continue
        stated = Decimal(claim.value)
        change = exact_difference(now, then) * _HUNDRED / abs(then)
        unit = Decimal(1).scaleb(min(0, int(stated.as_tuple().exponent)))
        if abs(change - stated) >= unit:
            yield _finding(claim, (subject, now), (prior, then), change.quantize(unit))


def _sum(claim: Claim, report: YearReport) -> Decimal | None:
    """The number that a claim is about in one year; None where a field has none: a blank is not 0."""
    numbers = numbers_of(_ids(claim), report.fields)
    if numbers is None:
        return None
    return exact_sum(-n if i.startswith("-") else n for i, n in zip(claim.fields, numbers, strict=True))


def _ids(claim: Claim) -> list[str]:
    return [i.removeprefix("-") for i in claim.fields]


def _finding(
    claim: Claim, now: tuple[YearReport, Decimal], then: tuple[YearReport, Decimal], change: Decimal
) -> Finding:
    (subject, this), (prior, last) = now, then
    ids, stated, signed = _ids(claim), Decimal(claim.value), f"{change:+f}"
    return Finding(
        rule=f"years.change[{ids[0]}]",
        severity="warning",
        fields=ids,
        left=plain(stated),
        right=plain(change),
        difference=plain(exact_difference(stated, change)),
        message=Message(
            zh=(
                f"正文“{claim.clause}”，而表中 {prior.year} 年（{prior.file_name}）为 {plain(last)}、"
                f"{subject.year} 年为 {plain(this)}，变动为 {signed}%。"
            ),
            en=(
                f"The text says '{claim.clause}', but the tables have {plain(last)} in {prior.year} "
                f"({prior.file_name}) and {plain(this)} in {subject.year}, a change of {signed}%."
            ),
        ),
        origin=origin_of(of.fields.get(i) for of in (subject, prior) for i in ids),
    )
