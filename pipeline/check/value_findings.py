"""Findings about single values: no count, a negative amount, blanks, signs and words for numbers, units, remarks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from models.figures import number_of, plain
from models.finding import Finding, Message, Origin, Severity
from models.form import Form, FormField, row_key
from models.report import FieldValue
from models.rule import RuleSet, expected_rows, variants_in_force
from models.rule_file import Domain
from models.rule_labels import Labels
from pipeline.check.cell_places import cell_places
from pipeline.check.wording import Language, name_list, say

# Reason codes of field values that have a finding of their own.
UNIT_REASON = "unit_mismatch"
NOTE_REASONS = frozenset({"trailing_note", "trailing_text", "trailing_mark", "change_in_words"})
# As for broken sums: a value under review may be a misreading of ours.
UNDETERMINED_SEVERITY: Severity = "warning"

_SUMMARISED = {
    "value.blank": Message(
        zh="{table}：{count} 格为空白（无数据的应填 0）：{listed}。",
        en="{table}: {count} cells are blank (a zero should be printed as 0): {listed}.",
    ),
    "value.not_applicable": Message(
        zh="{table}：{count} 格以符号代替数字（无数据的应填 0）：{listed}。",
        en="{table}: {count} cells hold a sign instead of a number (a zero should be printed as 0): {listed}.",
    ),
    "value.text": Message(
        zh="{table}：{count} 格的内容不是单一数字：{listed}。",
        en="{table}: {count} cells hold something other than a single number: {listed}.",
    ),
}
_BLANK_FORM = Message(
    zh="整张表格未填写任何数字，应为空白表格。", en="No number is filled in anywhere: the form is blank."
)
_REMARKS = {
    "value.unit": Message(
        zh="“{field}”印为“{printed}”，单位与表格要求（{unit}）不符{hint}。",
        en="'{field}' is printed as '{printed}', in another unit than the form asks for ({unit}){hint}.",
    ),
    "value.note": Message(
        zh="“{field}”印为“{printed}”，数字之外附有其他文字或符号{hint}。",
        en="'{field}' is printed as '{printed}', a number with other words or signs in the same cell{hint}.",
    ),
}
_HINTS = {
    "value.unit": Message(zh="，换算后应为 {suggested}", en="; converted it would be {suggested}"),
    "value.note": Message(zh="，数字应为 {suggested}", en="; the number is {suggested}"),
}
_UNITS = {
    "count": Message(zh="件数", en="a count"),
    "amount_10k_yuan": Message(zh="万元", en="10,000 yuan"),
    "amount_as_printed": Message(zh="金额", en="an amount"),
}


def value_findings(
    form: Form, rules: RuleSet, fields: Mapping[str, FieldValue], explained: Collection[str] = ()
) -> list[Finding]:
    """Findings about single values in form order; one summary a table for blanks, signs and words.

    ``explained`` are blank fields that another finding names already; they are not listed again.
    """
    rows = expected_rows(form, variants_in_force(form, fields))
    cells = [
        (f, v)
        for f in form.fields.values()
        for v in [fields.get(f.id)]
        if v is not None and v.kind != "absent" and (row_key(f.table, f.row) in rows or v.kind != "blank")
    ]
    if not cells:
        return []
    if all(v.kind in {"blank", "not_applicable"} for _, v in cells):
        return [Finding(rule="form.blank", severity="info", message=_BLANK_FORM)]
    found: list[Finding] = []
    for form_field, value in cells:
        found += _domain(rules.domains[form_field.id], form_field, value, rules.labels)
        if UNIT_REASON in value.reasons:
            found.append(_remark("value.unit", form_field, value, rules.labels))
        if NOTE_REASONS.intersection(value.reasons):
            found.append(_remark("value.note", form_field, value, rules.labels))
    told = {i for f in found for i in f.fields}
    summaries: tuple[tuple[str, Callable[[FormField, FieldValue], bool]], ...] = (
        ("value.blank", lambda f, v: v.kind == "blank" and f.id not in explained),
        ("value.not_applicable", lambda f, v: v.kind == "not_applicable" and f.id not in explained),
        ("value.text", lambda f, v: _is_text(v) and f.id not in told),
    )
    for code, wanted in summaries:
        for table in form.tables:
            chosen = [(f, v) for f, v in cells if f.table.id == table.id and wanted(f, v)]
            if chosen:
                present = [f for f, _ in cells if f.table.id == table.id]
                found.append(_summary(code, chosen, present, rules.labels))
    return found


def _is_text(value: FieldValue) -> bool:
    # A number that is no decimal string cannot be reckoned with; it is told like words instead of being passed over.
    return value.kind == "text" or (value.kind == "number" and number_of(value) is None)


def _origin(values: Sequence[FieldValue]) -> Origin:
    return "undetermined" if any(v.decision == "review" for v in values) else "report"


def _domain(domain: Domain, form_field: FormField, value: FieldValue, labels: Labels) -> list[Finding]:
    number = number_of(value)
    if number is None or domain.admits(number):
        return []
    origin = _origin([value])
    return [
        Finding(
            rule=domain.id,
            severity=domain.severity if origin == "report" else UNDETERMINED_SEVERITY,
            fields=[form_field.id],
            message=Message(
                zh=domain.message.zh.format(field=labels.fields[form_field.id].zh, value=plain(number)),
                en=domain.message.en.format(field=labels.fields[form_field.id].en, value=plain(number)),
            ),
            origin=origin,
        )
    ]


def _remark(code: str, form_field: FormField, value: FieldValue, labels: Labels) -> Finding:
    suggested = value.suggested if value.suggested is not None else value.value if code == "value.note" else None

    def sentence(language: Language) -> str:
        return say(_REMARKS[code], language).format(
            field=say(labels.fields[form_field.id], language),
            printed=value.printed,
            unit=say(_UNITS[form_field.column.unit], language),
            hint="" if suggested is None else say(_HINTS[code], language).format(suggested=suggested),
        )

    return Finding(
        rule=code,
        severity="warning",
        fields=[form_field.id],
        message=Message(zh=sentence("zh"), en=sentence("en")),
        origin=_origin([value]),
    )


def _summary(
    code: str, cells: Sequence[tuple[FormField, FieldValue]], present: Sequence[FormField], labels: Labels
) -> Finding:
    ids = [f.id for f, _ in cells]

    def listed(language: Language) -> str:
        if code == "value.blank":
            return name_list([say(n, language) for n in cell_places(ids, present, labels)], language)
        mark = "{}“{}”" if language == "zh" else "{} '{}'"
        return name_list([mark.format(say(labels.fields[f.id], language), v.printed) for f, v in cells], language)

    text, table = _SUMMARISED[code], labels.tables[present[0].table.id]
    return Finding(
        rule=code,
        severity="warning",
        fields=ids,
        message=Message(
            zh=text.zh.format(table=table.zh, count=len(ids), listed=listed("zh")),
            en=text.en.format(table=table.en, count=len(ids), listed=listed("en")),
        ),
        origin=_origin([v for _, v in cells]),
    )
