"""The list of units and the reports in, every parent against its units out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.finding import Message
from models.form import FORM_IDS
from models.report import Report
from models.rollup import Rollup, RollupField, RollupGroup, RollupReport, RollupScope, ScopeName, UnitState
from pipeline.rollup import words
from pipeline.rollup.add_up import Member, Sums, add_up, whole_report
from pipeline.rollup.pick_reports import KeptReport, Picked, ReportPicker
from pipeline.rollup.read_units import UnitLine


def roll_up(lines: Sequence[UnitLine], reports: Iterable[tuple[str, Report]]) -> Rollup:
    """Every parent and year of the list, in the order of the list.

    Args:
        lines: The list of units.
        reports: (name of the document, report), in any order; only those that the list names are kept.
    """
    kept, remarks = _without_repeats(lines)
    picker = ReportPicker(kept)
    picker.add_all(reports)
    groups: list[RollupGroup] = []
    for of_parent in _by_parent(kept, picker):
        parent = of_parent[0].parent
        for year in _years(of_parent, parent, picker):
            units = [line.unit for line in of_parent if line.year in {None, year}]
            groups.append(_group(parent, list(dict.fromkeys(units)), year, picker))
    return Rollup(groups=groups, remarks=remarks)


def _without_repeats(lines: Sequence[UnitLine]) -> tuple[list[UnitLine], list[Message]]:
    first: dict[tuple[str, str, int | None], UnitLine] = {}
    remarks: list[Message] = []
    for line in lines:
        known = first.setdefault((line.parent, line.unit, line.year), line)
        if known is not line:
            remarks.append(words.repeated_message(line, known.line))
    return list(first.values()), remarks


def _by_parent(lines: Sequence[UnitLine], picker: ReportPicker) -> list[list[UnitLine]]:
    """The lines of each parent, however it is spelled: a parent named in two ways would miss units in both."""
    found: dict[object, list[UnitLine]] = {}
    keys: dict[str, object] = {}
    for line in lines:
        if line.parent not in keys:
            keys[line.parent] = picker.meaning(line.parent)
        found.setdefault(keys[line.parent], []).append(line)
    return list(found.values())


def _years(lines: Sequence[UnitLine], parent: str, picker: ReportPicker) -> list[int | None]:
    """The years that the lines name; those of the reports where a line names none; None where there is neither."""
    stated = {line.year for line in lines if line.year is not None}
    if any(line.year is None for line in lines):
        stated |= set(picker.years([parent, *(line.unit for line in lines)]))
    return [*sorted(stated)] or [None]


def _group(parent: str, units: Sequence[str], year: int | None, picker: ReportPicker) -> RollupGroup:
    remarks: list[Message] = []
    own = picker.pick(parent, year)
    remarks += _remarks(parent, own)
    picked = {name: picker.pick(name, year) for name in units}
    members: list[Member] = []
    taken: dict[str, str] = {} if own.report is None else {own.report.document: parent}
    for name, found in picked.items():
        remarks += _remarks(name, found)
        report = found.report
        if report is not None and report.document in taken:
            remarks.append(words.same_report_message(taken[report.document], name))
            continue
        if report is not None:
            taken[report.document] = name
        members.append(Member(name, report if _usable(report) else None))
    group = RollupGroup(
        parent=_side(parent, own), year=year, units=[_side(n, p) for n, p in picked.items()], remarks=remarks
    )
    if own.report is None or not _usable(own.report):
        return group.model_copy(update={"remarks": [*remarks, words.NO_PARENT]})
    remarks += [
        words.other_form_message(m.name, m.report.form)
        for m in members
        if m.report is not None and m.report.form != own.report.form
    ]
    return group.model_copy(update=_compared(own.report, members, picker.office(parent, year), remarks))


def _compared(
    parent: KeptReport, members: Sequence[Member], office: KeptReport | None, remarks: list[Message]
) -> dict[str, object]:
    tried = _scopes(parent, members, office)
    # The least differences are the likeliest way in which the parent counted; as listed where several are equal.
    chosen = min(tried, key=lambda name: tried[name][1].differ)
    counted, sums = tried[chosen]
    remarks = [*remarks, *map(words.whole_report_message, whole_report(sums, counted))]
    fields = list(sums.fields)
    if office is None and sums.differ and all(d >= 0 for d in sums.differences.values()):
        remarks.append(words.OFFICE_UNKNOWN)
        fields = [_undetermined(field) for field in fields]
    return {
        "scopes": [
            RollupScope(
                name=name,
                differ=result.differ,
                chosen=name == chosen,
                message=words.scope_message(name, result.differ, result.compared),
            )
            for name, (_, result) in tried.items()
        ],
        "remarks": remarks,
        "compared": sums.compared,
        "equal": sums.equal,
        "fields": fields,
    }


def _scopes(
    parent: KeptReport, members: Sequence[Member], office: KeptReport | None
) -> dict[ScopeName, tuple[Sequence[Member], Sums]]:
    """The ways to sum: as listed, and with or without the parent's own office where its report is there."""
    tried: dict[ScopeName, tuple[Sequence[Member], Sums]] = {"as_listed": (members, add_up(parent, members))}
    if office is None or not _usable(office) or office.document == parent.document:
        return tried
    without = [m for m in members if m.report is None or m.report.document != office.document]
    if len(without) < len(members):
        tried["without_office"] = without, add_up(parent, without)
    else:
        more = [*members, Member(office.agency or office.source, office)]
        tried["with_office"] = more, add_up(parent, more)
    return tried


def _undetermined(field: RollupField) -> RollupField:
    return field.model_copy(update={"origin": "undetermined"}) if field.origin == "report" else field


def _usable(report: KeptReport | None) -> bool:
    return report is not None and report.status != "failed" and report.form in FORM_IDS


def _remarks(name: str, picked: Picked) -> list[Message]:
    report = picked.report
    others = [r.source for r in picked.others]
    if report is None:
        return [
            words.several_agencies_message(name, others) if picked.several_agencies else words.missing_message(name)
        ]
    found = [words.several_reports_message(name, report, others)] if others else []
    if not _usable(report):
        found.append(words.unusable_message(name, report))
    elif report.in_review:
        found.append(words.in_review_message(name, report.in_review))
    return found


def _side(name: str, picked: Picked) -> RollupReport:
    report = picked.report
    if report is None:
        return RollupReport(named=name, state="missing")
    state: UnitState = "failed" if report.status == "failed" else "used" if report.form in FORM_IDS else "no_form"
    return RollupReport(
        named=name,
        state=state,
        agency=report.agency,
        source=report.source,
        sha256=report.sha256,
        form=report.form,
        status=report.status,
        in_review=report.in_review,
    )
