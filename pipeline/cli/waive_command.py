"""``nianbao waive``: accept a finding as it is, with reason and author; list and remove what was accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import ExitCode, InputError, UsageError
from pipeline.cli.options import AgainstOption, ConfigOption, WaiversOption
from pipeline.cli.output import print_plain
from pipeline.cli.read_inputs import read_priors, recheck_document

if TYPE_CHECKING:
    from models.finding import Finding
    from models.report import Report
    from models.waiver import Waiver
    from pipeline.config import Settings
    from pipeline.waiver_files import WaiverBook

_STATES = {
    "applies": "适用 applies",
    "expired": "已过期 expired",
    "changed": "数值已变 values changed",
    "not_compared": "未与上年比对 not compared with the year before",
    "unused": "未使用 unused",
}
_WHAT_TO_NAME = "name one with --field, or take them together with --all"


def waive(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="A report, or its document (.json).")],
    rule: Annotated[
        str | None, typer.Argument(metavar="RULE", help="The rule of the finding, as `check` prints it.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why it is right as it is.")] = None,
    author: Annotated[
        str | None, typer.Option("--author", metavar="NAME", envvar="NIANBAO_AUTHOR", help="Who says so.")
    ] = None,
    field: Annotated[
        str | None, typer.Option("--field", metavar="FIELD", help="A field of the finding, where the rule has several.")
    ] = None,
    all_findings: Annotated[bool, typer.Option("--all", help="All findings of the rule.")] = False,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="The last day it holds.")] = None,
    list_waivers: Annotated[bool, typer.Option("--list", help="Show the waivers of the report.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Remove waivers of the rule.")] = False,
    against: AgainstOption = None,
    waivers: WaiversOption = None,
    config: ConfigOption = None,
) -> int:
    """Waive a finding: it stays in the report, marked, and counts no more until one of its values changes."""
    from pipeline.batch import worst_code
    from pipeline.config import load_settings
    from pipeline.waiver_files import files_beside, open_book, today

    _check_flags(rule, list_waivers=list_waivers, remove=remove)
    day = today()
    new = (
        None if list_waivers or remove else _Given(_told(reason, "reason"), _told(author, "author"), day, _date(until))
    )
    book = open_book(waivers, day, must_exist=new is None)
    book.load([report])
    subject = _subject(report, against or (), load_settings(config), book)
    if list_waivers:
        _list(subject, book)
    elif new is None:
        beside = [file for place in subject.places for file in files_beside(place)]
        filed = _filed(subject.report, book.shared, beside)
        _remove(subject.report, rule or "", field, filed, every=all_findings)
    else:
        chosen = _chosen(subject, rule or "", field, every=all_findings)
        _add(subject.report, chosen, new, _file(waivers, subject.places))
    return int(worst_code(subject.codes))


@dataclass(frozen=True, slots=True)
class _Given:
    """What the person says about a new waiver."""

    reason: str
    author: str
    date: dt.date
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class _Subject:
    """The report, with what was waived in it, and the files beside which its waivers lie.

    ``codes`` are the exit codes of reports to compare with that cannot be read. ``years_compared`` is true where the
    report was compared with that of the year before.
    """

    report: Report
    places: tuple[Path, ...]
    codes: Sequence[ExitCode]
    years_compared: bool


def _check_flags(rule: str | None, *, list_waivers: bool, remove: bool) -> None:
    if list_waivers and remove:
        raise UsageError("--list and --remove cannot be given together", remedy="give one of them")
    if rule is None and not list_waivers:
        raise UsageError("no rule was named", remedy="name the rule of a finding, as `nianbao check` prints it")


def _told(text: str | None, what: str) -> str:
    if text is None or not text.strip():
        variable = ", or set NIANBAO_AUTHOR" if what == "author" else ""
        raise UsageError(f"a waiver needs its {what}", remedy=f"give it with --{what}{variable}")
    return text.strip()


def _date(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as exc:
        raise UsageError(f"{text!r} is no date", remedy="write --until like 2024-12-31") from exc


def _subject(path: Path, against: Sequence[Path], settings: Settings, book: WaiverBook) -> _Subject:
    """The report with what other years say of it, and with its waivers."""
    from pipeline.check.across_years import YearComparison, compare_report, with_year_findings
    from pipeline.check.year_pairs import YearPool
    from pipeline.check.year_report import year_report

    report, places = _read(path, settings, book)
    named, codes = read_priors(against, settings) if against else ([], [])
    comparison = compare_report(report, year_report(report), YearPool(named=named)) if against else YearComparison()
    compared = comparison.prior is not None
    report = book.apply(with_year_findings(report, comparison), *places, years_compared=compared)
    return _Subject(report, places, codes, years_compared=compared)


def _read(path: Path, settings: Settings, book: WaiverBook) -> tuple[Report, tuple[Path, ...]]:
    """The report as it is, and the files beside which its waivers lie: source first where it is there."""
    from pipeline.batch import read_all

    if path.suffix.lower() == ".json":
        report = recheck_document(path, book)
        source = Path(report.source.name)
        return report, (source, path) if source.is_file() else (path,)
    if not path.is_file():
        raise UsageError(
            "no such file" if not path.exists() else "this is no file", source=str(path), remedy="name one report"
        )
    [(_, report, _)] = read_all([path], settings)
    if report.status == "failed":
        failure = report.failures[0]
        raise InputError(failure.message, source=str(path), remedy=failure.remedy)
    return report, (path,)


def _file(named: Path | None, places: Sequence[Path]) -> Path:
    from pipeline.waiver_files import file_to_write

    if named is None:
        return file_to_write(places[0])
    return file_to_write(named / places[0].name) if named.is_dir() else named


def _chosen(subject: _Subject, rule: str, field: str | None, *, every: bool) -> list[Finding]:
    from models.finding import YEARS_PREFIX
    from models.waiver import UNUSED_CODE, is_waivable

    report = subject.report
    of_rule = [f for f in report.findings if f.rule == rule and f.rule != UNUSED_CODE]
    named = dict.fromkeys(f.rule for f in report.findings if is_waivable(f))
    listed = f"its findings are: {', '.join(named)}" if named else "it has no finding that can be waived"
    if not of_rule:
        other_year = rule.startswith(YEARS_PREFIX) and not subject.years_compared
        raise UsageError(
            f"there is no finding of rule {rule!r} to waive; {listed}",
            source=report.source.name,
            remedy="name the report of the year before with --against" if other_year else "",
        )
    if not all(is_waivable(f) for f in of_rule):
        raise UsageError(
            f"{rule} says that something was not read, or that there is nothing to check; it cannot be waived",
            source=report.source.name,
            remedy="have a person look at the file",
        )
    found = [f for f in of_rule if field is None or field in f.fields]
    if not found:
        fields = dict.fromkeys(i for f in of_rule for i in f.fields)
        raise UsageError(
            f"no finding of rule {rule} names the field {field!r}",
            source=report.source.name,
            remedy=f"its fields are: {', '.join(fields)}" if fields else "leave --field out",
        )
    if len(found) > 1 and not every:
        fields = dict.fromkeys(i for f in found for i in f.fields)
        which = f": {', '.join(fields)}" if fields else ""
        raise UsageError(
            f"{len(found)} findings of rule {rule}{which}", source=report.source.name, remedy=_WHAT_TO_NAME
        )
    return found


def _add(report: Report, findings: Sequence[Finding], given: _Given, file: Path) -> None:
    from pydantic import ValidationError

    from models.waiver import new_waiver
    from pipeline.waiver_files import read_waivers, write_waivers

    try:
        fresh = [
            new_waiver(report, f, reason=given.reason, author=given.author, date=given.date, until=given.until)
            for f in findings
        ]
    except ValidationError as exc:
        said = exc.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise UsageError(said, remedy="give a later day with --until") from exc
    before = read_waivers(file) if file.exists() else ()
    kept = [w for w in before if not (w.report.is_of(report) and any(new.in_place_of(w) for new in fresh))]
    write_waivers(file, [*kept, *fresh])
    verb = "replaced" if len(kept) < len(before) else "waived"
    for waiver in fresh:
        print_plain(f"{verb}: {waiver.rule} in {file}\n")


def _filed(report: Report, shared: Sequence[Path], beside: Sequence[Path]) -> list[tuple[Path, Waiver]]:
    """The waivers of the report with their files; beside it also those that name its file, as ``--list`` shows them."""
    from pipeline.waiver_files import read_waivers

    return [
        (file, waiver)
        for file in dict.fromkeys((*beside, *shared))
        for waiver in read_waivers(file)
        if waiver.report.is_of(report) or (file in beside and waiver.report.has_name_of(report))
    ]


def _remove(report: Report, rule: str, field: str | None, filed: Sequence[tuple[Path, Waiver]], *, every: bool) -> None:
    from pipeline.waiver_files import read_waivers, write_waivers

    gone = [(file, w) for file, w in filed if w.rule == rule and (field is None or field in w.values)]
    if not gone:
        named = ", ".join(dict.fromkeys(w.rule for _, w in filed)) or "none"
        raise UsageError(
            f"no waiver of rule {rule!r} of this report; there are: {named}",
            source=report.source.name,
            remedy="see `nianbao waive --list REPORT`",
        )
    if len(gone) > 1 and not every:
        raise UsageError(f"{len(gone)} waivers of rule {rule}", source=report.source.name, remedy=_WHAT_TO_NAME)
    for file in dict.fromkeys(file for file, _ in gone):
        write_waivers(file, [w for w in read_waivers(file) if (file, w) not in gone])
    for file, waiver in gone:
        print_plain(f"removed: {waiver.rule} from {file}\n")


def _list(subject: _Subject, book: WaiverBook) -> None:
    from pipeline.export.text import one_line
    from pipeline.export.words import waiver_text

    matches = book.matches(subject.report, *subject.places, years_compared=subject.years_compared)
    for match in matches:
        print_plain(one_line(f"{_STATES[match.state]}  {match.waiver.rule}  {waiver_text(match.waiver.mark)}") + "\n")
        if match.note is not None:
            print_plain(f"    {one_line(match.note.zh)}\n    {one_line(match.note.en)}\n")
    if not matches:
        print_plain("没有豁免 no waivers\n")
