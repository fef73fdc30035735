"""Waivers laid over the findings of a report: what they cover counts no more, what has changed since is open again.

Pure: the same report, waivers and day give the same result, and nothing but findings and status changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.figures import to_decimal
from models.finding import YEARS_PREFIX, Finding, Message
from models.form import FORM_IDS, load_form
from models.report import Report
from models.rule import load_rules
from models.waiver import UNUSED_CODE, Waiver, is_waivable, noted_values, said_by
from pipeline.check.report_status import with_status
from pipeline.check.wording import Language, name_list

WaiverState = Literal["applies", "expired", "changed", "not_compared", "unused"]
_NOTHING: dict[Language, tuple[str, str]] = {"zh": ("缺失", "空白"), "en": ("absent", "blank")}


@dataclass(frozen=True, slots=True)
class WaiverMatch:
    """What became of one waiver.

    ``findings`` are indices into the findings of the report: those it covers (``applies``, ``expired``), or the one it
    was given for as far as can be told (``changed``). ``note`` says why it does not apply; None where it does, and
    where that cannot be told because no other year was at hand (``not_compared``).
    """

    waiver: Waiver
    state: WaiverState
    findings: tuple[int, ...] = ()
    note: Message | None = None


def apply_waivers(report: Report, waivers: Sequence[Waiver], today: dt.date, *, years_compared: bool = False) -> Report:
    """The report with its waived findings marked, lapsed waivers noted, and its status without what is waived.

    Args:
        report: As read, or as written with other waivers before, which are forgotten.
        waivers: Those that concern this report. One that matches nothing becomes a finding ``waiver.unused``.
        today: The day on which waivers may be over.
        years_compared: True where the findings are also those beside the report of the year before.
    """
    cleared = [
        f.model_copy(update={"waiver": None, "reopened": None}) for f in report.findings if f.rule != UNUSED_CODE
    ]
    if report.status == "failed":
        return report.model_copy(update={"findings": cleared})
    unused: list[Finding] = []
    open_report = report.model_copy(update={"findings": cleared})
    for match in match_waivers(open_report, waivers, today, years_compared=years_compared):
        if match.state == "unused" and match.note is not None:
            unused.append(_unused(match.note))
        for place in match.findings:
            if match.state == "applies":
                cleared[place].waiver = match.waiver.mark
            elif cleared[place].waiver is None:
                cleared[place].reopened = match.note
    return with_status(report.model_copy(update={"findings": [*cleared, *unused]}))


def match_waivers(
    report: Report, waivers: Sequence[Waiver], today: dt.date, *, years_compared: bool = False
) -> list[WaiverMatch]:
    """What becomes of each waiver, in their order; for the arguments see ``apply_waivers``."""
    places = [n for n, f in enumerate(report.findings) if is_waivable(f)]
    exact = [[n for n in places if _covers(w, report, report.findings[n])] for w in waivers]
    waived = {n for w, found in zip(waivers, exact, strict=True) for n in found if not w.expired(today)}
    matches = []
    for waiver, found in zip(waivers, exact, strict=True):
        left = [n for n in found if n not in waived]
        rest = [n for n in places if n not in waived and report.findings[n].rule == waiver.rule]
        near = _nearest(waiver, report, rest) if waiver.report.is_of(report) else None
        if found and not waiver.expired(today):
            matches.append(WaiverMatch(waiver, "applies", tuple(found)))
        elif left:
            why = Message(zh=f"有效期至 {waiver.until}", en=f"it held until {waiver.until}")
            matches.append(WaiverMatch(waiver, "expired", tuple(left), _lapsed(waiver, why)))
        elif near is not None:
            note = _lapsed(waiver, _changes(waiver, report, report.findings[near]))
            matches.append(WaiverMatch(waiver, "changed", (near,), note))
        elif waiver.rule.startswith(YEARS_PREFIX) and waiver.report.is_of(report) and not years_compared:
            matches.append(WaiverMatch(waiver, "not_compared"))
        else:
            matches.append(WaiverMatch(waiver, "unused", (), _why_unused(waiver, report)))
    return matches


def _covers(waiver: Waiver, report: Report, finding: Finding) -> bool:
    return (
        waiver.report.is_of(report)
        and waiver.rule == finding.rule
        and set(waiver.values) == set(finding.fields)
        and _same(waiver.left, finding.left)
        and _same(waiver.right, finding.right)
        and waiver.says == said_by(finding)
        and all(_same(waiver.values[i], now) for i, now in noted_values(waiver, report.fields).items())
    )


def _same(before: str | None, now: str | None) -> bool:
    # 12.5 and 12.50 are one number, whichever of them another print of the report has.
    numbers = to_decimal(before), to_decimal(now)
    return before == now or (None not in numbers and numbers[0] == numbers[1])


def _nearest(waiver: Waiver, report: Report, places: Sequence[int]) -> int | None:
    """The open finding of the rule that the waiver was given for: the one with most of its fields, or the only one."""
    named = set(waiver.values)
    if not named:
        return places[0] if len(places) == 1 and not report.findings[places[0]].fields else None
    shared = {n: len(named.intersection(report.findings[n].fields)) for n in places}
    best = max(shared, key=shared.__getitem__, default=None)
    return best if best is not None and shared[best] else None


def _changes(waiver: Waiver, report: Report, finding: Finding) -> Message:
    said = {language: _changed_values(waiver, report, language) for language in ("zh", "en")}
    if not said["zh"]:
        for before, now in ((waiver.left, finding.left), (waiver.right, finding.right)):
            if not _same(before, now):
                said["zh"].append(_arrow(before, now, "zh"))
                said["en"].append(_arrow(before, now, "en"))
    if not said["zh"] and set(waiver.values) != set(finding.fields):
        said["zh"].append("涉及的单元格已变")
        said["en"].append("it is about other cells now")
    if not said["zh"]:
        said["zh"].append(f"内容已变，原为“{waiver.says}”")
        said["en"].append(f"it says something else now; before: {waiver.says}")
    return Message(zh=name_list(said["zh"], "zh"), en=name_list(said["en"], "en"))


def _changed_values(waiver: Waiver, report: Report, language: Language) -> list[str]:
    names = load_rules(load_form(report.form)).labels.fields if report.form in FORM_IDS else {}
    changed = []
    for field_id, now in noted_values(waiver, report.fields).items():
        before = waiver.values[field_id]
        if not _same(before, now):
            label = names.get(field_id)
            name = field_id if label is None else (label.zh if language == "zh" else label.en)
            changed.append(f"{name} {_arrow(before, now, language)}")
    return changed


def _arrow(before: str | None, now: str | None, language: Language) -> str:
    absent, blank = _NOTHING[language]
    return " → ".join(absent if text is None else text or blank for text in (before, now))


def _lapsed(waiver: Waiver, why: Message) -> Message:
    return Message(
        zh=f"{waiver.author} 于 {waiver.date} 所作的豁免（{waiver.reason}）不再适用：{why.zh}。",
        en=f"The waiver of {waiver.date} by {waiver.author} ({waiver.reason}) no longer applies: {why.en}.",
    )


def _why_unused(waiver: Waiver, report: Report) -> Message:
    of = waiver.report
    if not of.is_of(report):
        why = Message(
            zh=f"它属于另一份报告（{of.agency or '—'} {of.year or '—'} {of.form}）",
            en=f"it is of another report ({of.agency or '—'} {of.year or '—'} {of.form})",
        )
    elif any(f.rule == waiver.rule and not is_waivable(f) for f in report.findings):
        why = Message(
            zh="这类问题表示有内容未读取，不能豁免", en="findings that say that something was not read stay open"
        )
    else:
        why = Message(zh="已没有这样的问题，可以删除", en="there is no such finding any more, so it can be removed")
    return Message(
        zh=f"{waiver.author} 于 {waiver.date} 对规则 {waiver.rule} 所作的豁免未被使用：{why.zh}。",
        en=f"The waiver of {waiver.rule} of {waiver.date} by {waiver.author} is not used: {why.en}.",
    )


def _unused(note: Message) -> Finding:
    return Finding(rule=UNUSED_CODE, severity="info", outcome="not_evaluable", message=note, origin="undetermined")
