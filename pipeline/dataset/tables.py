"""The tables of the panel: reports, numbers, findings, fields, and one wide table for each table of each form."""

from __future__ import annotations

from functools import lru_cache

from models.finding import Message
from models.form import FormField, FormTable, Unit, load_forms
from models.rule_labels import labels_for
from pipeline.dataset.columns import Column, Reference, Table, column

_UNITS: dict[Unit, str] = {
    "count": "件 items",
    "amount_10k_yuan": "万元 10,000 yuan",
    "amount_as_printed": "如表所印 as printed",
}
REPORT_ID = column(
    "report_id",
    "string",
    "报告编号|源文件 SHA-256 的前 16 位，重复时加序号",
    "Report id|first 16 digits of the SHA-256 of the source file, numbered where it was read more than once",
    required=True,
)
AGENCY = (
    column(
        "agency_id",
        "string",
        "机关标识|区划代码与其后的名称；区划未定时为名称",
        "Agency id|division code and the name behind the place; the name alone where the division is open",
    ),
    column("agency", "string", "机关名称|报告所载", "Agency|as the report states it"),
    column(
        "region_code",
        "string",
        "行政区划代码|GB/T 2260 六位代码；未定为空",
        "Division code|six digits, GB/T 2260; empty where open",
    ),
    column("year", "integer", "年度|报告所述年度", "Year|that the report is about"),
)
REPORTS = Table(
    "reports",
    Message(zh="报告", en="Reports"),
    (
        REPORT_ID,
        *AGENCY,
        column("region_name", "string", "行政区划名称|报告所用名称", "Division name|the one that the report uses"),
        column("region_level", "string", "区划级别", "Division level|province, city, county"),
        column(
            "region_match",
            "string",
            "区划匹配|exact 为本级机关，within 为其下无代码的地方（乡镇、开发区等）的机关",
            "Division match|exact: an agency of the division; within: of a place in it that has no code",
        ),
        column(
            "region_open",
            "string",
            "区划未定原因|no_name、no_place、ambiguous、ambiguous_in_time",
            "Why the division is open|no_name, no_place, ambiguous, ambiguous_in_time",
        ),
        column("province_code", "string", "省级代码", "Province code"),
        column("province", "string", "省级名称", "Province"),
        column("city_code", "string", "地级代码|无地级者为空", "City code|empty where there is no city level"),
        column("city", "string", "地级名称", "City"),
        column("form", "string", "格式", "Form|gk2021, gk2019, legacy, unknown", required=True),
        column(
            "in_panel",
            "boolean",
            "是否入面板|其数字是否在各表中",
            "In the panel|whether its numbers stand in the other tables",
            required=True,
        ),
        column(
            "left_out",
            "string",
            "未入面板原因|superseded、failed、no_form、no_agency、no_year",
            "Why it is left out|superseded, failed, no_form, no_agency, no_year",
        ),
        column(
            "superseded_by",
            "string",
            "取代者|同机关同年度入面板的报告",
            "Superseded by|the report of the same agency and year that is in the panel",
        ),
        column(
            "superseded_why",
            "string",
            "取代理由|same_file 同一文件，older 公布较早，undated 其他版本有公布日期，tie 日期相同或均无日期",
            "Why superseded|same_file, older, undated (the other has a date of publication), tie "
            "(same date, or none has one)",
        ),
        column("title", "string", "标题", "Title"),
        column("published", "date", "公布日期", "Date of publication"),
        column("document_number", "string", "文号", "Document number"),
        column("source", "string", "源文件", "Source file|as it was named when it was read", required=True),
        column("sha256", "string", "源文件 SHA-256", "SHA-256 of the source file", required=True),
        column("media_type", "string", "文件类型", "Media type"),
        column("pages", "integer", "页数", "Pages"),
        column(
            "document", "string", "结果文件", "Report document|its path in the folder that was named", required=True
        ),
        column(
            "status",
            "string",
            "状态|ok、needs_review、partial、failed",
            "Status|ok, needs_review, partial, failed",
            required=True,
        ),
        column("status_reasons", "list", "状态原因", "Reasons of the status"),
        column("numbers_accepted", "integer", "采用的数字", "Numbers accepted"),
        column("fields_in_review", "integer", "待复核的字段", "Fields in review"),
        column(
            "findings_report",
            "integer",
            "报告自身的问题|未豁免的错误与警告",
            "Findings on the report itself|errors and warnings that are not waived",
        ),
        column("findings_reading", "integer", "识读的问题", "Findings on our reading|likewise"),
        column("findings_undetermined", "integer", "来源未定的问题", "Findings of undetermined origin|likewise"),
        column("findings_waived", "integer", "已豁免的问题", "Findings waived"),
        column("schema_version", "string", "结果文件格式版本", "Schema version of the report document"),
    ),
    key=("report_id",),
)
_TO_REPORT = Reference(("report_id",), "reports", ("report_id",))
FIELDS = Table(
    "fields",
    Message(zh="字段", en="Fields of the forms"),
    (
        column("form", "string", "格式", "Form", required=True),
        column("field_id", "string", "字段编号", "Field id", required=True),
        column("table", "string", "表", "Table", required=True),
        column("block", "string", "表段", "Block|a header and the rows under it", required=True),
        column("row", "string", "行|行政复议、行政诉讼表无行编号", "Row|the table of disputes has none"),
        column("column", "string", "列", "Column", required=True),
        column("unit", "string", "单位", "Unit|count, amount_10k_yuan, amount_as_printed", required=True),
        column(
            "official",
            "boolean",
            "正式格式|否为部分机关所用的变通行",
            "Official|false for rows that offices print instead",
            required=True,
        ),
        column("label", "string", "正式名称", "Official label", required=True),
        column("label_zh", "string", "简称", "Short name in Chinese", required=True),
        column("label_en", "string", "英文名称", "Name in English", required=True),
    ),
    key=("form", "field_id"),
)
NUMBERS = Table(
    "numbers",
    Message(zh="数字（长表）", en="Numbers, one row a cell"),
    (
        REPORT_ID,
        *AGENCY,
        column("form", "string", "格式", "Form", required=True),
        column("table", "string", "表", "Table", required=True),
        column("row", "string", "行", "Row"),
        column("column", "string", "列", "Column"),
        column("field_id", "string", "字段编号", "Field id", required=True),
        column(
            "kind",
            "string",
            "内容类别|number 数字，blank 空白（不是 0），not_applicable “/”等，text 文字，absent 无此格",
            "Kind|number, blank (not 0), not_applicable (such as /), text, absent (no such cell)",
            required=True,
        ),
        column("value", "string", "值|精确的十进制数字串", "Value|the exact decimal as text"),
        column(
            "number",
            "decimal",
            "数值|值放不进 38 位、小数 6 位时为空",
            "Number|empty where the value has more than 38 digits or 6 places",
        ),
        column("printed", "string", "原文", "Printed characters"),
        column("decision", "string", "决定|accept 采用，review 待复核", "Decision|accept, review", required=True),
        column("confidence", "number", "置信度", "Confidence|0 to 1, that the value is what is printed", required=True),
        column("reasons", "list", "复核原因", "Reasons for review"),
        column("read_from", "string", "识读方式|text 文字层，pixels 图像", "Read from|text, pixels"),
        column("page_no", "integer", "页码", "Page"),
        column("findings", "list", "涉及的问题代码|未豁免", "Codes of findings on the field|not waived"),
        column(
            "origin",
            "string",
            "问题来源|最重一条：report、reading、undetermined",
            "Origin of the gravest of them|report, reading, undetermined",
        ),
        column(
            "suspect",
            "boolean",
            "嫌疑|是否在最小解释中",
            "Suspect|in a smallest explanation of a failed sum",
            required=True,
        ),
    ),
    key=("report_id", "field_id"),
    references=(_TO_REPORT, Reference(("form", "field_id"), "fields", ("form", "field_id"))),
)
FINDINGS = Table(
    "findings",
    Message(zh="问题", en="Findings"),
    (
        REPORT_ID,
        column("finding_no", "integer", "序号", "Number in the report", required=True),
        *AGENCY,
        column("rule", "string", "规则代码", "Rule", required=True),
        column("severity", "string", "严重程度", "Severity|error, warning, info", required=True),
        column("outcome", "string", "结果", "Outcome|pass, fail, not_evaluable", required=True),
        column(
            "origin",
            "string",
            "来源|report 报告自身，reading 识读，undetermined 未定",
            "Origin|report, reading, undetermined",
            required=True,
        ),
        column("fields", "list", "涉及字段", "Fields"),
        column("left", "string", "左侧|精确数字串", "Left side|exact decimal"),
        column("right", "string", "右侧", "Right side|exact decimal"),
        column("difference", "string", "差", "Difference|left minus right"),
        column("message_zh", "string", "说明", "Message in Chinese", required=True),
        column("message_en", "string", "英文说明", "Message in English", required=True),
        column("waived", "boolean", "已豁免", "Waived", required=True),
    ),
    key=("report_id", "finding_no"),
    references=(_TO_REPORT,),
)
_WIDE_QUALITY = (
    column("min_confidence", "number", "最低置信度|本行所列数字", "Lowest confidence|of the numbers in the row"),
    column("review", "list", "待复核的字段|其数字不在本行", "Fields in review|their numbers are not in the row"),
    column("blank", "list", "空白的字段|不是 0", "Blank fields|not 0"),
    column("not_applicable", "list", "不适用的字段|印“/”等", "Fields marked as not applicable|such as /"),
    column("text", "list", "印有文字的字段", "Fields with words"),
    column(
        "absent", "list", "没有的字段|正式格式有而报告没有", "Absent fields|of the official form, not in the report"
    ),
    column(
        "unfit",
        "list",
        "放不进本列的数字|见 numbers 的 value",
        "Numbers that do not fit their column|see value in numbers",
    ),
    column(
        "findings_report", "integer", "报告自身的问题", "Findings on the report itself|that name a field of the table"
    ),
    column("findings_reading", "integer", "识读的问题", "Findings on our reading|likewise"),
    column("findings_undetermined", "integer", "来源未定的问题", "Findings of undetermined origin|likewise"),
)
QUALITY_NAMES = tuple(c.name for c in _WIDE_QUALITY)


@lru_cache(maxsize=1)
def wide_tables() -> dict[tuple[str, str], Table]:
    """(form, table of the form) -> its wide table: one row a report, one column a field."""
    return {
        (form.id, part.id): Table(
            f"{form.id}_{part.id}",
            Message(zh=f"{form.title_zh}：{part.heading}", en=f"{form.title_en}: {labels.tables[part.id].en}"),
            (
                REPORT_ID,
                *AGENCY,
                *(_figure(field, labels.fields[field.id]) for field in fields_of(form.id, part)),
                *_WIDE_QUALITY,
            ),
            key=("report_id",),
            references=(_TO_REPORT,),
        )
        for form in load_forms().values()
        for labels in [labels_for(form)]
        for part in form.tables
    }


def fields_of(form_id: str, table: FormTable) -> tuple[FormField, ...]:
    """The fields of one table of a form, in form order."""
    return tuple(field for field in _form_fields()[form_id] if field.table.id == table.id)


@lru_cache(maxsize=1)
def _form_fields() -> dict[str, tuple[FormField, ...]]:
    """Form id -> its fields."""
    return {form.id: tuple(form.fields.values()) for form in load_forms().values()}


def all_tables() -> tuple[Table, ...]:
    """All tables in the order in which they are described."""
    return (REPORTS, NUMBERS, *wide_tables().values(), FINDINGS, FIELDS)


def _figure(field: FormField, name: Message) -> Column:
    unit = field.column.unit
    return Column(
        name=field.id,
        type="integer" if unit == "count" else "decimal",
        title=name,
        note=Message(zh=field.label_zh, en=f"Official label: {field.label_zh}"),
        unit=_UNITS[unit],
    )
