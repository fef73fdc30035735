"""Numbers of a report against those of the year before: carried-over applications, files in force, items.

A finding names fields of the later report only: it is the one under check, and the ids would mean other cells in the
other report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.figures import exact_difference, exact_sum, is_blank, number_of, plain
from models.finding import Finding, Message, Suspect
from models.form import Form, FormField, field_id, row_key
from models.report import FieldValue
from models.rule_labels import Labels, labels_for
from pipeline.check.report_findings import UNDETERMINED_SEVERITY
from pipeline.check.wording import Language, name_list, say
from pipeline.check.year_pairs import info
from pipeline.check.year_report import (
    CARRIED_IN,
    CARRIED_OUT,
    CHANGE,
    IN_FORCE,
    ISSUED,
    PRIOR_ITEMS,
    REPEALED,
    YearReport,
    numbers_of,
    origin_of,
)

_TOTAL = "total"


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of the carried-over applications: its name, this year's cell, and last year's."""

    field: str
    name: Message
    now: FieldValue | None
    then: FieldValue | None

    @property
    def sides(self) -> tuple[Decimal, Decimal] | None:
        """(this year's number, last year's); None unless both cells hold one."""
        now, then = number_of(self.now), number_of(self.then)
        return None if now is None or then is None else (now, then)

    @property
    def differs(self) -> bool:
        """True where both cells hold numbers that are not the same."""
        return self.sides is not None and self.sides[0] != self.sides[1]

    @property
    def is_certain(self) -> bool:
        """True where both cells were accepted."""
        return origin_of((self.now, self.then)) == "report"


def number_findings(form: Form, subject: YearReport, prior: YearReport) -> list[Finding]:
    """All findings on numbers that do not go on from the year before; ``form`` is that of the subject."""
    labels = labels_for(form)
    return [
        *_carried_in(form, labels, subject, prior),
        *_in_force(form, labels, subject, prior),
        *_item_chain(form, labels, subject, prior),
    ]


def _carried_in(form: Form, labels: Labels, subject: YearReport, prior: YearReport) -> list[Finding]:
    """One finding for all columns: who counts one application differently does so in the total as well."""
    columns = [
        _Column(
            field=f.id,
            name=labels.columns[f"{f.table.id}.{f.column.id}"],
            now=subject.fields.get(f.id),
            then=prior.fields.get(field_id(f.table, f.row.model_copy(update={"id": CARRIED_OUT}), f.column)),
        )
        for f in sorted(_fields_of_row(form, CARRIED_IN), key=lambda f: f.column.id != _TOTAL)
    ]
    differing = [c for c in columns if c.differs]
    if differing:
        return [_carried_in_differs(differing, subject, prior)]
    if any(c.sides is not None for c in columns):
        return []
    return _carried_in_unknown(columns, subject, prior)


def _carried_in_differs(columns: Sequence[_Column], subject: YearReport, prior: YearReport) -> Finding:
    certain = [c for c in columns if c.is_certain]
    lead = (certain or columns)[0]
    ordered = [lead, *(c for c in columns if c is not lead)]
    now, then = lead.sides or (Decimal(0), Decimal(0))
    difference = plain(exact_difference(now, then))

    def listed(language: Language) -> str:
        mark = "“{}”{} 与 {}" if language == "zh" else "'{}' {} against {}"
        pairs = [(c.name, c.sides) for c in ordered if c.sides is not None]
        return name_list([mark.format(say(n, language), plain(a), plain(b)) for n, (a, b) in pairs], language)

    return Finding(
        rule="years.carried_in",
        severity="error" if certain else UNDETERMINED_SEVERITY,
        fields=[c.field for c in ordered],
        left=plain(now),
        right=plain(then),
        difference=difference,
        message=Message(
            zh=(
                f"{subject.year} 年“上年结转”与 {prior.year} 年报告（{prior.file_name}）“结转下年度”不一致："
                f"{listed('zh')}；{say(lead.name, 'zh')}相差 {difference}。"
            ),
            en=(
                f"What {subject.year} carries in is not what the report of {prior.year} ({prior.file_name}) carried "
                f"over: {listed('en')} (difference of the first {difference})."
            ),
        ),
        origin="report" if certain else "undetermined",
        suspects=[[Suspect(field=c.field, suggested=plain(c.sides[1])) for c in ordered if c.sides is not None]],
    )


def _carried_in_unknown(columns: Sequence[_Column], subject: YearReport, prior: YearReport) -> list[Finding]:
    """What to say where no column holds numbers on both sides: nothing where neither side says anything."""
    now = [(c, n) for c in columns for n in [number_of(c.now)] if n]
    then = [(c, n) for c in columns for n in [number_of(c.then)] if n]
    blank = all(is_blank(c.then if now else c.now) for c in columns)
    if (now or then) and blank:
        column, number = (now or then)[0]
        name = Message(zh=f"“{column.name.zh}”{plain(number)}", en=f"'{column.name.en}' {plain(number)}")
        filled, empty = (subject, prior) if now else (prior, subject)
        return [
            Finding(
                rule="years.carried_in",
                severity="warning",
                outcome="not_evaluable",
                fields=[c.field for c in columns],
                left=plain(number) if now else None,
                right=None if now else plain(number),
                message=Message(
                    zh=(
                        f"{filled.year} 年（{filled.file_name}）{'上年结转' if now else '结转下年度'}{name.zh}，"
                        f"而 {empty.year} 年（{empty.file_name}）{'结转下年度' if now else '上年结转'}整行为空白。"
                    ),
                    en=(
                        f"{filled.year} ({filled.file_name}) {'carries in' if now else 'carries over'} {name.en}, but "
                        f"the row of {empty.year} ({empty.file_name}) that must say the same is blank."
                    ),
                ),
                origin=origin_of([v for c in columns for v in (c.now, c.then)]),
            )
        ]
    if all(_says_nothing(c.now) and _says_nothing(c.then) for c in columns):
        return []
    return [
        info(
            "years.not_compared",
            f"{subject.year} 年“上年结转”与 {prior.year} 年（{prior.file_name}）“结转下年度”没有可比对的数字。",
            f"No number carried into {subject.year} can be compared with one carried over by {prior.year} "
            f"({prior.file_name}).",
        )
    ]


def _in_force(form: Form, labels: Labels, subject: YearReport, prior: YearReport) -> Iterable[Finding]:
    """Files in force: last year's, plus those issued, minus those repealed. Clean-ups break it in true reports."""
    for field in _fields_of_column(form, IN_FORCE):
        ids = [f"{row_key(field.table, field.row)}.{c}" for c in (IN_FORCE, ISSUED, REPEALED)]
        now = numbers_of(ids, subject.fields)
        then = number_of(prior.fields.get(field.id))
        if now is None or then is None:
            continue
        in_force, issued, repealed = now
        expected = exact_sum((then, issued, -repealed))
        if in_force == expected:
            continue
        row = labels.rows[row_key(field.table, field.row)]
        difference = plain(exact_difference(in_force, expected))
        yield Finding(
            rule=f"years.in_force[{field.row.id}]",
            severity="warning",
            fields=ids,
            left=plain(in_force),
            right=plain(expected),
            difference=difference,
            message=Message(
                zh=(
                    f"“{row.zh}”现行有效：{prior.year} 年（{prior.file_name}）{plain(then)} + {subject.year} 年制发 "
                    f"{plain(issued)} - 废止 {plain(repealed)} = {plain(expected)}，而 {subject.year} 年印为 "
                    f"{plain(in_force)}，相差 {difference}；如因清理等原因所致，请说明。"
                ),
                en=(
                    f"{row.en} in force: {plain(then)} in {prior.year} ({prior.file_name}) + {plain(issued)} issued in "
                    f"{subject.year} - {plain(repealed)} repealed = {plain(expected)}, but {subject.year} prints "
                    f"{plain(in_force)} (difference {difference}); a clean-up may be the reason."
                ),
            ),
            origin=origin_of([*(subject.fields.get(i) for i in ids), prior.fields.get(field.id)]),
        )


def _item_chain(form: Form, labels: Labels, subject: YearReport, prior: YearReport) -> Iterable[Finding]:
    """Items of the 2019 form: what is printed for the year before must be that year's own number after its change."""
    for field in _fields_of_column(form, PRIOR_ITEMS):
        change_id = f"{row_key(field.table, field.row)}.{CHANGE}"
        now = number_of(subject.fields.get(field.id))
        then = numbers_of([field.id, change_id], prior.fields)
        if now is None or then is None:
            continue
        items, change = then
        expected = exact_sum(then)
        if now == expected:
            continue
        row = labels.rows[row_key(field.table, field.row)]
        difference = plain(exact_difference(now, expected))
        signed = plain(change) if change < 0 else f"+{plain(change)}"
        yield Finding(
            rule=f"years.item_chain[{field.row.id}]",
            severity="warning",
            fields=[field.id],
            left=plain(now),
            right=plain(expected),
            difference=difference,
            message=Message(
                zh=(
                    f"“{row.zh}”：{subject.year} 年的“上一年项目数量”印为 {plain(now)}，而 {prior.year} 年报告"
                    f"（{prior.file_name}）为 {plain(items)}{signed}={plain(expected)}，相差 {difference}。"
                ),
                en=(
                    f"{row.en}: {subject.year} prints {plain(now)} items for the previous year, but the report of "
                    f"{prior.year} ({prior.file_name}) comes to {plain(items)}{signed} = {plain(expected)} "
                    f"(difference {difference})."
                ),
            ),
            origin=origin_of([subject.fields.get(field.id), *(prior.fields.get(i) for i in (field.id, change_id))]),
            suspects=[[Suspect(field=field.id, suggested=plain(expected))]],
        )


def _fields_of_row(form: Form, row: str) -> list[FormField]:
    return [f for f in form.fields.values() if f.row.id == row]


def _fields_of_column(form: Form, column: str) -> list[FormField]:
    return [f for f in form.fields.values() if f.column.id == column]


def _says_nothing(value: FieldValue | None) -> bool:
    """True for a blank cell, a sign for "none", and a plain 0."""
    return is_blank(value) or number_of(value) == 0
