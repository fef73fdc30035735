"""Findings about the form as a whole: which one it is, what of it is missing, what of it could only be guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.figures import is_absent
from models.finding import Finding, Message, Origin, Severity
from models.form import Form, FormField, load_forms, row_key
from models.report import FieldValue
from models.rule import variants_in_force
from models.rule_labels import Labels
from pipeline.check.form_facts import FormFacts
from pipeline.check.missing_parts import missing_parts
from pipeline.check.wording import LANGUAGES, field_names, name_list, say

# Reason codes of field values that tell how the mapping went.
OTHER_FORM_REASON = "other_form"
ROW_REASON = "label_uncertain"
COLUMN_REASON = "column_uncertain"
REPEATED_REASON = "row_repeated"

_ORIGIN_REPORT = frozenset({"form.wrong_year", "form.legacy", "form.hybrid", "form.merged_row", "form.table_repeated"})


def kind_findings(form: Form | None, facts: FormFacts) -> list[Finding]:
    """Findings about which form the report is on; ``form`` is None where none of the known forms was recognised."""
    year = facts.year
    prescribed = next((f for f in load_forms().values() if year is not None and f.applies_to(year)), None)
    if form is None and facts.form == "legacy":
        # Before the first national form a table of the agency's own was right.
        expected = year is not None and prescribed is None
        tail_zh = "" if prescribed is None else f"，而 {year} 年度应使用《{prescribed.title_zh}》"
        tail_en = "" if prescribed is None else f", although the form for {year} is: {prescribed.title_en}"
        zh = f"表格为 2019 年以前的自定格式，文字和表格已保留，数字未对应到字段{tail_zh}。"
        en = f"The table is older than the national form of 2019; it is kept, nothing is mapped{tail_en}."
        return [_finding("form.legacy", "info" if expected else "warning", zh, en)]
    if form is None:
        zh = "未找到任何已知格式的表格，没有数字可以对应到字段。"
        en = "No table of a known form was found, so no number could be mapped to a field."
        return [_finding("form.unknown", "warning", zh, en)]
    if year is None or form.applies_to(year):
        return []
    asked_zh = "当年没有全国统一格式" if prescribed is None else f"规定的格式是《{prescribed.title_zh}》"
    asked_en = "no national form was prescribed" if prescribed is None else f"prescribed is: {prescribed.title_en}"
    zh = f"报告年度为 {year} 年，使用的却是《{form.title_zh}》；{asked_zh}。"
    en = f"The report is about {year} but uses: {form.title_en}; {asked_en}."
    return [_finding("form.wrong_year", "warning", zh, en)]


def form_findings(form: Form, labels: Labels, fields: Mapping[str, FieldValue]) -> list[Finding]:
    """Findings about the printed form: blocks of another form, merged rows, missing parts, doubtful labels."""
    found = _hybrid(form, labels, fields) + _merged_rows(form, labels, fields) + _missing(form, labels, fields)
    found += _repeated(form, labels, fields)
    return found + _uncertain_rows(form, labels, fields) + _uncertain_columns(form, labels, fields)


def _finding(code: str, severity: Severity, zh: str, en: str, fields: Sequence[str] = ()) -> Finding:
    # What was not found, or not recognised, may be printed all the same.
    origin: Origin = "report" if code in _ORIGIN_REPORT else "undetermined"
    return Finding(rule=code, severity=severity, fields=list(fields), message=Message(zh=zh, en=en), origin=origin)


def _with_reason(form: Form, fields: Mapping[str, FieldValue], reason: str) -> list[FormField]:
    return [f for f in form.fields.values() if f.id in fields and reason in fields[f.id].reasons]


def _hybrid(form: Form, labels: Labels, fields: Mapping[str, FieldValue]) -> list[Finding]:
    foreign = _with_reason(form, fields, OTHER_FORM_REASON)
    if not foreign:
        return []
    blocks = list(dict.fromkeys(f.block.id for f in foreign))
    others = [f for f in load_forms().values() if f.id != form.id]
    # With one other form known, that is the one; with more, the reason code does not tell which.
    other_zh = f"《{others[0].title_zh}》" if len(others) == 1 else "其他格式"
    other_en = others[0].title_en if len(others) == 1 else "another form"
    names_zh, names_en = (name_list([say(labels.blocks[b], n) for b in blocks], n) for n in LANGUAGES)
    zh = f"表格混用不同格式：{names_zh}用的是{other_zh}的样式，其余为《{form.title_zh}》。"
    en = f"Forms are mixed: {names_en} as in: {other_en}; the rest as in: {form.title_en}."
    return [_finding("form.hybrid", "warning", zh, en, [f.id for f in foreign])]


def _merged_rows(form: Form, labels: Labels, fields: Mapping[str, FieldValue]) -> list[Finding]:
    in_force = variants_in_force(form, fields)
    found = []
    for variant in form.variants:
        if variant.id not in in_force:
            continue
        by_zh, by_en = (name_list([say(labels.rows[k], n) for k in variant.by], n) for n in LANGUAGES)
        all_zh, all_en = (name_list([say(labels.rows[k], n) for k in variant.replaces], n) for n in LANGUAGES)
        ids = [f.id for f in form.fields.values() if row_key(f.table, f.row) in variant.by]
        zh = f"“{by_zh}”填成一行，没有分列：{all_zh}。"
        en = f"'{by_en}' is filled in as one row instead of: {all_en}."
        found.append(_finding("form.merged_row", "info", zh, en, ids))
    return found


def _missing(form: Form, labels: Labels, fields: Mapping[str, FieldValue]) -> list[Finding]:
    missing = missing_parts(form, fields)
    found = []
    for names, parts in ((labels.tables, missing.tables), (labels.blocks, missing.blocks)):
        for key, ids in parts.items():
            zh, en = f"缺少表格：{names[key].zh}。", f"A table is missing: {names[key].en}."
            found.append(_finding("form.table_missing", "warning", zh, en, ids))
    for key, ids in missing.rows.items():
        zh, en = f"缺少一行：{labels.rows[key].zh}。", f"A row is missing: {labels.rows[key].en}."
        found.append(_finding("form.row_missing", "warning", zh, en, ids))
    for (block_id, column_id), ids in missing.columns.items():
        block, column = labels.blocks[block_id], labels.columns[f"{form.table_of_block(block_id).id}.{column_id}"]
        zh, en = f"{block.zh}：缺少一列“{column.zh}”。", f"{block.en}: a column is missing: {column.en}."
        found.append(_finding("form.column_missing", "warning", zh, en, ids))
    if missing.cells:
        zh, en = (field_names(missing.cells, labels, n) for n in LANGUAGES)
        zh, en = f"缺少单元格：{zh}。", f"Cells are missing: {en}."
        found.append(_finding("form.cell_missing", "warning", zh, en, missing.cells))
    return found


def _repeated(form: Form, labels: Labels, fields: Mapping[str, FieldValue]) -> list[Finding]:
    repeated = _with_reason(form, fields, REPEATED_REASON)
    found = []
    for table in dict.fromkeys(f.table.id for f in repeated):
        ids = [f.id for f in repeated if f.table.id == table]
        name = labels.tables[table]
        zh = f"{name.zh}：表格出现不止一次，数字不一致，可能是两份报告合在一个文件里，请核对应采用哪一处。"
        en = f"{name.en}: printed more than once with different numbers (two reports in one file?); check which counts."
        found.append(_finding("form.table_repeated", "warning", zh, en, ids))
    return found


def _uncertain_rows(form: Form, labels: Labels, fields: Mapping[str, FieldValue]) -> list[Finding]:
    doubtful = _with_reason(form, fields, ROW_REASON)
    if not doubtful:
        return []
    printed: dict[str, str] = {}
    for form_field in doubtful:
        label = fields[form_field.id].label
        printed.setdefault(row_key(form_field.table, form_field.row), label.printed if label is not None else "")
    names_zh = name_list([f"“{p}”作为“{labels.rows[k].zh}”" for k, p in printed.items()], "zh")
    names_en = name_list([f"'{p}' read as '{labels.rows[k].en}'" for k, p in printed.items()], "en")
    zh = f"有 {len(printed)} 行的名称与表格不完全相符，请核对：{names_zh}。"
    en = f"Row labels that do not clearly match the form ({len(printed)}), please check: {names_en}."
    return [_finding("form.label_uncertain", "warning", zh, en, [f.id for f in doubtful])]


def _uncertain_columns(form: Form, labels: Labels, fields: Mapping[str, FieldValue]) -> list[Finding]:
    found = []
    doubtful = [f for f in _with_reason(form, fields, COLUMN_REASON) if not is_absent(fields[f.id])]
    for block_id in dict.fromkeys(f.block.id for f in doubtful):
        here = [f for f in doubtful if f.block.id == block_id]
        keys = list(dict.fromkeys(f"{f.table.id}.{f.column.id}" for f in here))
        zh, en = (name_list([say(labels.columns[k], n) for k in keys], n) for n in LANGUAGES)
        zh = f"{labels.blocks[block_id].zh}：表头与表格不完全相符，请核对以下各列：{zh}。"
        en = f"{labels.blocks[block_id].en}: headers that do not clearly match the form, please check: {en}."
        found.append(_finding("form.column_uncertain", "warning", zh, en, [f.id for f in here]))
    return found
