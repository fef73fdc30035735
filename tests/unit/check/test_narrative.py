"""Sentences against a table: what is compared, what is called a difference, and what must not be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Finding
from models.form import Form
from models.report import Claim, FieldValue
from models.rule_labels import labels_for
from pipeline.check.narrative import PROSE_RULES, check_prose
from pipeline.check.narrative_scope import Speaker

Cells = dict[str, FieldValue]
Fill = Callable[..., Cells]

BUREAU = Speaker("甲市乙县财政局", 2023)
COUNTY = Speaker("甲市乙县人民政府", 2023)
OFFICE = Speaker("甲市乙县人民政府办公室", 2023)

TABLE = {
    "requests.new.natural_person": "200",
    "requests.new.commercial_enterprise": "40",
    "requests.new.research_institution": "5",
    "requests.new.social_organization": "5",
    "requests.new.legal_service": "10",
    "requests.new.other": "5",
    "requests.new.total": "265",
    "requests.carried_in.natural_person": "5",
    "requests.carried_in.total": "5",
    "requests.granted.natural_person": "80",
    "requests.granted.commercial_enterprise": "20",
    "requests.granted.total": "100",
    "requests.partially_granted.total": "20",
    "requests.denied.state_secret.total": "10",
    "requests.denied.internal_affairs.total": "20",
    "requests.unavailable.not_held.total": "80",
    "requests.unavailable.needs_creation.total": "15",
    "requests.not_processed.repeated.total": "12",
    "requests.other.correction_overdue.total": "3",
    "requests.results_total.total": "260",
    "requests.carried_out.total": "10",
    "disputes.reconsideration.upheld": "2",
    "disputes.reconsideration.corrected": "1",
    "disputes.reconsideration.total": "3",
    "disputes.litigation_direct.upheld": "1",
    "disputes.litigation_direct.total": "1",
    "disputes.litigation_after_reconsideration.pending": "1",
    "disputes.litigation_after_reconsideration.total": "1",
    "proactive.normative_documents.issued": "5",
    "proactive.normative_documents.repealed": "2",
    "proactive.normative_documents.in_force": "16",
    "proactive.licensing.decisions": "97",
    "proactive.penalties.decisions": "12",
    "proactive.fees.amount": "78.1634",
}


def check(
    text: str, form: Form, fields: Cells, speaker: Speaker = BUREAU, section: str = "overview"
) -> tuple[list[Claim], list[Finding]]:
    claims, findings = check_prose(form, labels_for(form), {section: text}, fields, speaker)
    for claim in claims:
        assert text[claim.start : claim.stop] == claim.text
        assert claim.text
    return claims, findings


def outcomes(claims: list[Claim]) -> list[tuple[str, str]]:
    return [(c.value, c.outcome) for c in claims if c.fields]


# text: value of every claim with fields; ~ where another sum than the one named explains it
AGREEING = {
    "全年共收到政府信息公开申请265件。": "265",
    "全年共收到政府信息公开申请２６５件。": "265",
    "全年共收到政府信息公开申请二百六十五件。": "265",
    "2023年，我局受理政府信息公开申请 265 件。": "265",
    "全年共收到政府信息公\n开申请265\n件。": "265",
    "全年共收到265件政府信息公开申请。": "265",
    "收到政府信息公开申请，共265件。": "265",
    "政府信息公开申请：共计265件。": "265",
    "本年度收到政府信息公开申请数量为265。": "265",
    "政府信息公开申请共265件。": "265",
    "接收到公民、法人和其他组织提出的政府信息公开申请265件。": "265",
    "通过网络、信函、当面等方式共收到政府信息公开申请265件。": "265",
    "共收到政府信息公开申请270件。": "~270",
    "共收到政府信息公开申请270件（含上年结转5件）。": "~270 5",
    "全年共办理政府信息公开申请270件。": "270",
    "全年共处理政府信息公开申请265件。": "~265",
    "全年答复政府信息公开申请260件。": "260",
    "办结本年收到的政府信息公开申请255件。": "~255",
    (
        "收到申请265件，其中自然人200件、法人65件；办结260件，予以公开100件，部分公开20件，结转下年度10件；"
        "行政复议3件，维持2件；制发规范性文件5件，废止2件，现行有效16件。"
    ): "265 200 65 260 100 20 10 3 2 5 2 16",
    "收到自然人申请200件，法人或其他组织申请65件。": "200 65",
    "收到申请270件，其中自然人205件、商业企业40件。": "~270 ~205 40",
    "收到申请265件。其中予以公开100件，自然人80件。": "265 100 80",
    "依申请公开办理结果：予以公开及部分公开120件，不予公开30件。": "120 30",
    "依申请公开方面，予以公开的100件，无法提供的95件，不予处理的12件，其他处理的3件。": "100 95 12 3",
    "依申请公开：不予公开30件，其中属于国家秘密10件，属于三类内部事务信息20件。": "30 10 20",
    "依申请公开答复中，因本机关不掌握无法提供80件，没有现成信息需要另行制作15件。": "80 15",
    "依申请公开：重复申请12件，逾期不补正3件。": "12 3",
    "上年结转申请5件，本年新收265件，10件结转至2024年继续办理。": "5 265 10",
    "另有10件申请顺延至下年度答复。": "10",
    "因政府信息公开被申请行政复议3件，其中维持2件、纠正1件；提起行政诉讼2件。": "3 2 1 2",
    "信息公开类行政诉讼中，未经复议直接起诉1件，复议后起诉1件，尚未审结1件。": "1 1 1",
    "因信息公开引发行政复议、行政诉讼案件共5件。": "5",
    "发布行政规范性文件五件，废止两件，现行有效行政规范性文件十六件。": "5 2 16",
    "未制定规章，公开规章0件，行政规范性文件5件。": "0 5",
    "截至2023年底，累计公开现行有效规范性文件16件。": "16",
    "作出行政许可决定97件，行政处罚决定12件，行政强制0件。": "97 12 0",
    "收取行政事业性收费78.1634万元。": "78.1634",
    "收取行政事业性收费78.16万元。": "78.16",
    "收取行政事业性收费781,634元。": "78.1634",
    "自2023年1月1日起至2023年12月31日，收到政府信息公开申请265件。": "265",
}


@pytest.mark.parametrize(("text", "expected"), AGREEING.items())
def test_what_agrees_is_compared_and_gives_no_finding(text: str, expected: str, form: Form, fill: Fill) -> None:
    claims, findings = check(text, form, fill(form, TABLE))
    assert outcomes(claims) == [
        (value.removeprefix("~"), "explained" if value.startswith("~") else "agrees") for value in expected.split()
    ]
    assert findings == []


# (text, rule, severity, number in prose, number in the table)
DIFFERING = [
    ("全年共收到政府信息公开申请264件。", "prose.differs", "error", "264", "265"),
    ("全年未收到政府信息公开申请。", "prose.differs", "error", "0", "265"),
    ("2022年收到政府信息公开申请265件，2023年收到300件。", "prose.differs", "error", "300", "265"),
    ("今年以来，收到政府信息公开申请1,265件。", "prose.differs", "error", "1265", "265"),
    ("2023年，本单位未收到公民、法人和其他组织关于政府信息公开的申请。", "prose.differs", "error", "0", "265"),
    ("无政府信息公开申请。", "prose.differs", "warning", "0", "265"),
    ("政府信息公开工作未被申请行政复议、提起行政诉讼。", "prose.differs", "error", "0", "5"),
    ("收到政府信息公开申请265件，结转9件至2024年度办理。", "prose.differs", "error", "9", "10"),
    ("收到申请265件，其中自然人201件。", "prose.differs", "error", "201", "200"),
    ("收到申请265件，其中法人及其他组织60件。", "prose.differs", "error", "60", "65"),
    ("收到政府信息公开申请265件，上年结转6件。", "prose.differs", "error", "6", "5"),
    ("收到政府信息公开申请265件，3件结转下一年度。", "prose.differs", "error", "3", "10"),
    ("收到政府信息公开申请265件，予以公开99件。", "prose.differs", "error", "99", "100"),
    ("收到政府信息公开申请265件，部分公开21件。", "prose.differs", "error", "21", "20"),
    ("收到政府信息公开申请265件，予以公开或部分公开121件。", "prose.differs", "error", "121", "120"),
    ("收到政府信息公开申请265件，不予公开31件。", "prose.differs", "error", "31", "30"),
    ("收到政府信息公开申请265件，无法提供96件。", "prose.differs", "error", "96", "95"),
    ("收到政府信息公开申请265件，不予处理1件。", "prose.differs", "error", "1", "12"),
    ("收到政府信息公开申请265件，重复申请11件。", "prose.differs", "error", "11", "12"),
    ("收到政府信息公开申请265件，因本机关不掌握等原因无法提供80件。", "prose.part_only", "warning", "80", "95"),
    ("收到政府信息公开申请265件，均已办结。", "prose.all_finished", "warning", "0", "10"),
    ("收到政府信息公开申请265件，办结250件。", "prose.differs", "warning", "250", "260"),
    ("共办理政府信息公开申请280件。", "prose.differs", "warning", "280", "270"),
    ("受理并办结政府信息公开申请250件。", "prose.differs", "warning", "250", "265"),
    ("收到政府信息公开申请0.3万件。", "prose.differs", "warning", "3000", "265"),
    ("政府信息公开申请共264件。", "prose.differs", "warning", "264", "265"),
    ("因政府信息公开被申请行政复议4件。", "prose.differs", "error", "4", "3"),
    ("因政府信息公开被申请行政复议3件，纠正2件。", "prose.differs", "error", "2", "1"),
    ("因政府信息公开被提起行政诉讼3件。", "prose.differs", "error", "3", "2"),
    ("未发生因政府信息公开引起的行政复议、行政诉讼。", "prose.differs", "error", "0", "5"),
    ("未发生行政复议案件。", "prose.differs", "warning", "0", "3"),
    ("制发规范性文件6件。", "prose.differs", "warning", "6", "5"),
    ("制发规范性文件5件，废止1件。", "prose.differs", "warning", "1", "2"),
    ("现行有效行政规范性文件21件。", "prose.differs", "warning", "21", "16"),
    ("作出行政许可决定98件。", "prose.differs", "warning", "98", "97"),
    ("行政处罚13件。", "prose.differs", "warning", "13", "12"),
    ("行政事业性收费78.17万元。", "prose.differs", "warning", "78.17", "78.1634"),
    ("全县收到政府信息公开申请300件。", "prose.other_scope", "info", "300", "265"),
    ("局机关收到政府信息公开申请30件。", "prose.other_scope", "info", "30", "265"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rule", "severity", "left", "right"), DIFFERING)
def test_a_contradiction_is_found_with_both_numbers(
    text: str, rule: str, severity: str, left: str, right: str, form: Form, fill: Fill
) -> None:
    _, findings = check(text, form, fill(form, TABLE))
    assert [(f.rule, f.severity, f.left, f.right, f.origin) for f in findings] == [
        (rule, severity, left, right, "report")
    ]
    finding = findings[0]
    assert rule in PROSE_RULES
    for sentence in (finding.message.zh, finding.message.en):
        assert right in sentence
        assert left in sentence or rule == "prose.all_finished"
    assert finding.fields


# (text, scope of the last claim with fields)
TRAPS = [
    # other times
    ("2022年收到政府信息公开申请300件。", "other_period"),
    ("上年共收到政府信息公开申请300件。", "other_period"),
    ("去年，我局收到政府信息公开申请300件，办结290件。", "other_period"),
    ("自2008年条例施行以来，共收到政府信息公开申请3000件。", "other_period"),
    ("近三年收到政府信息公开申请900件。", "other_period"),
    ("累计收到政府信息公开申请3000件。", "other_period"),
    ("上半年收到政府信息公开申请130件。", "other_period"),
    ("第一季度收到政府信息公开申请30件。", "other_period"),
    ("1月至6月收到政府信息公开申请130件。", "other_period"),
    ("2023年收到政府信息公开申请265件，2022年收到300件。", "other_period"),
    ("收到政府信息公开申请265件，同比增长12.5%。", "change"),
    ("计划制定规范性文件9件。", "planned"),
    ("下一步，将出台行政规范性文件9件。", "planned"),
    ("力争2024年收到政府信息公开申请100件以内。", "planned"),
    # others
    ("各乡镇收到政府信息公开申请70件。", "subordinate"),
    ("下属单位收到政府信息公开申请70件。", "subordinate"),
    ("县直部门共收到政府信息公开申请70件，办结60件。", "subordinate"),
    ("乙县教育局收到政府信息公开申请70件。", "subordinate"),
    # parts
    ("通过网站收到政府信息公开申请12件。", "channel"),
    ("通过政府网站，收到政府信息公开申请12件。", "channel"),
    ("收到涉及房屋征收的政府信息公开申请5件。", "part"),
    ("收到政府信息公开申请265件，其中收到政府信息公开申请30件涉及土地。", "part"),
    ("收到政府信息公开申请265件，另收到政府信息公开申请3件。", "part"),
    ("收到政府信息公开申请265件。其中，县政府收到申请20件。", "part"),
    ("2021年、2022年、2023年分别收到政府信息公开申请20件、25件。", "part"),
    ("2021-2023年收到政府信息公开申请700件。", "other_period"),
    ("每月收到政府信息公开申请22件。", "part"),
    ("收到政府信息公开申请265件，因信息不存在无法提供5件。", "part"),
    ("因政府信息公开提起行政诉讼一审1件。", "part"),
    # other acts
    ("制发规范性文件报送备案9件。", "other_act"),
    ("公开清理后的规范性文件60件。", "other_act"),
    ("对制发的规范性文件进行合法性审核9件。", "other_act"),
    ("依申请公开方面，办理行政复议备案案件9件。", "other_act"),
    ("办理行政复议案件120件，行政应诉案件30件。", "other_act"),
    ("行政诉讼30件。", "other_act"),
    # vague
    ("全年收到政府信息公开申请十余件。", "approximate"),
    ("全年收到政府信息公开申请30余件。", "approximate"),
    ("全年收到政府信息公开申请约300件。", "approximate"),
    ("全年收到政府信息公开申请数十件。", "approximate"),
    ("全年收到政府信息公开申请300件以上。", "approximate"),
    ("全年收到政府信息公开申请300件次。", "other_unit"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "scope"), TRAPS)
def test_a_number_of_something_else_is_recorded_and_not_compared(text: str, scope: str, form: Form, fill: Fill) -> None:
    claims, findings = check(text, form, fill(form, TABLE))
    last = [c for c in claims if c.fields][-1]
    assert (last.scope, last.outcome) == (scope, "not_compared")
    assert findings == []


UNRELATED = [
    "主动公开政府信息10310条。",
    "全年收到政府信息公开申请近百件。",
    "其中网络申请12件，当面3件。",
    "其中涉及房屋征收的申请5件。",
    "受理行政许可申请120件，办结118件。",
    "收到人大建议12件、政协提案8件，办结20件，予以公开10件。",
    "收到12345热线工单300件，办结290件，答复率97%。",
    "依申请公开3件，不予公开信息数137条。",
    "全年收取信息处理费0元。",
    "制定规章制度3项。",
    "公开行政许可信息98条、行政处罚信息20条。",
    "清理规范性文件60件。",
    "公示行政许可98条、行政处罚20条。",
    "依申请公开：2件正在办理中，1件延期答复，3件未到答复期限。",
    "依申请公开：申请人主动撤回3件，补正告知5件。",
    "解读规范性文件9件。",
    "依据条例第二十条、第五十条规定，国办公开办函〔2021〕30号。",
    "未发生行政复议、行政诉讼被纠错的情况。",
    "目前未收到申请人提交的补正材料。",
    "对申请中的1个问题，两个方面进行了三次研究。",
    "按期答复率100%，无一起投诉。",
    "公开行政事业性收费项目25项。",
    "加强政务公开培训，培训300人次。",
]


@pytest.mark.parametrize("text", UNRELATED)
def test_numbers_of_nothing_the_form_counts_have_no_fields(text: str, form: Form, fill: Fill) -> None:
    claims, findings = check(text, form, fill(form, TABLE))
    assert [c for c in claims if c.outcome != "not_compared"] == []
    assert findings == []


# The same words mean other things in reports of other agencies.
SPEAKERS = [
    ("县政府办公室收到政府信息公开申请17件。", COUNTY, "prose.other_scope"),
    ("本机关收到政府信息公开申请17件。", COUNTY, "prose.other_scope"),
    ("县本级收到政府信息公开申请17件。", COUNTY, "prose.other_scope"),
    ("全县收到政府信息公开申请17件。", COUNTY, "prose.differs"),
    ("我县收到政府信息公开申请17件。", COUNTY, "prose.differs"),
    ("县政府办公室收到政府信息公开申请17件。", OFFICE, "prose.differs"),
    ("县政府办收到政府信息公开申请17件。", OFFICE, "prose.differs"),
    ("我办收到政府信息公开申请17件。", OFFICE, "prose.differs"),
    ("全县收到政府信息公开申请17件。", OFFICE, "prose.other_scope"),
    ("我局收到政府信息公开申请17件。", BUREAU, "prose.differs"),
    ("本机关收到政府信息公开申请17件。", BUREAU, "prose.differs"),
    ("县财政局收到政府信息公开申请17件。", BUREAU, "prose.differs"),
    ("县财局收到政府信息公开申请17件。", BUREAU, "prose.differs"),
    ("县教育局收到政府信息公开申请17件。", COUNTY, None),
    ("县政府办公室收到政府信息公开申请17件。", Speaker(None, 2023), "prose.other_scope"),
    ("2023年收到政府信息公开申请17件。", Speaker("甲市乙县财政局", None), None),
    ("全年收到政府信息公开申请17件。", Speaker(None, None), "prose.differs"),
]


@pytest.mark.parametrize(("text", "speaker", "rule"), SPEAKERS)
def test_who_speaks_says_what_the_number_covers(
    text: str, speaker: Speaker, rule: str | None, form: Form, fill: Fill
) -> None:
    _, findings = check(text, form, fill(form, TABLE), speaker)
    assert [f.rule for f in findings] == ([] if rule is None else [rule])


def test_a_cell_under_review_leaves_the_origin_open(form: Form, fill: Fill, make: Callable[..., FieldValue]) -> None:
    fields = fill(form, {**TABLE, "requests.new.total": make("265", decision="review", reasons=("x",))})
    _, (finding,) = check("收到政府信息公开申请264件。", form, fields)
    assert (finding.severity, finding.origin) == ("warning", "undetermined")


@pytest.mark.parametrize("printed", ["", "/", "无法统计", None])
def test_a_cell_without_number_is_not_compared(printed: str | None, form: Form, fill: Fill) -> None:
    cells = {**TABLE, "requests.new.*": "", "requests.new.total": printed}
    claims, findings = check("收到政府信息公开申请264件。", form, fill(form, cells))
    assert outcomes(claims) == [("264", "not_compared")]
    assert findings == []


def test_a_blank_total_is_the_sum_of_its_row(form: Form, fill: Fill) -> None:
    fields = fill(form, {**TABLE, "requests.new.total": ""})
    _, (finding,) = check("收到政府信息公开申请264件。", form, fields)
    assert (finding.left, finding.right, finding.difference) == ("264", "265", "-1")


def test_the_merged_row_of_other_handling_stands_for_its_three(form: Form, fill: Fill) -> None:
    cells = {**TABLE, "requests.other.*": None, "requests.other_handling.*": "0", "requests.other_handling.total": "3"}
    claims, findings = check("收到政府信息公开申请265件，其他处理3件。", form, fill(form, cells))
    assert outcomes(claims)[-1] == ("3", "agrees")
    assert findings == []


def test_the_form_of_2019_names_other_columns(form2019: Form, fill: Fill) -> None:
    cells = {
        "proactive.normative_documents.made": "6",
        "proactive.normative_documents.newly_disclosed": "4",
        "proactive.normative_documents.total_disclosed": "11",
    }
    speaker = Speaker("甲市乙县财政局", 2020)
    fields = fill(form2019, cells)
    text = "制定规范性文件6件，公开规范性文件4件。公开规范性文件11件。公开规范性文件7件。"
    claims, findings = check(text, form2019, fields, speaker)
    assert outcomes(claims) == [("6", "agrees"), ("4", "agrees"), ("11", "explained"), ("7", "differs")]
    assert [(f.rule, f.severity) for f in findings] == [("prose.differs", "warning")]


def test_a_number_told_twice_is_one_finding(form: Form, fill: Fill) -> None:
    text = "收到政府信息公开申请264件。共受理政府信息公开申请264件。"
    claims, findings = check(text, form, fill(form, TABLE))
    assert [o for _, o in outcomes(claims)] == ["differs", "differs"]
    assert len(findings) == 1


def test_prose_that_contradicts_itself_is_told_where_no_table_can(form: Form, fill: Fill) -> None:
    fields = fill(form, {**TABLE, "requests.new.*": "265200"})
    blank = {i: v for i, v in fields.items() if not i.startswith("requests.new")}
    text = "收到政府信息公开申请264件。\n受理政府信息公开申请265件。"
    _, findings = check(text, form, blank)
    assert [(f.rule, f.severity, f.left, f.right) for f in findings] == [("prose.disagrees", "warning", "264", "265")]


def test_without_a_form_claims_have_no_fields() -> None:
    claims, findings = check_prose(None, None, {"overview": "收到政府信息公开申请264件。"}, {}, BUREAU)
    assert [(c.value, c.fields, c.outcome) for c in claims] == [("264", [], "not_compared")]
    assert findings == []


def test_the_cells_of_a_table_among_the_prose_state_nothing(form: Form, fill: Fill) -> None:
    text = "收到政府信息公开申请265件。（本列数据的勾稽关系为）\n一、本年新收政府信息公开申请数量\n16\n0\n16"
    claims, findings = check(text, form, fill(form, TABLE), section="requests")
    assert [c.value for c in claims] == ["265"]
    assert findings == []


def test_a_claim_says_where_it_stands(form: Form, fill: Fill) -> None:
    text = "一、概述。\n收到申请２，６５０\n件，较上年减少12.3％，行政事业性收费 0.5 万元。"
    claims, _ = check(text, form, fill(form, TABLE))
    assert [(c.text, c.value, c.unit, c.scope) for c in claims] == [
        ("２，６５０\n件", "2650", "件", "clear"),
        ("12.3％", "-12.3", "%", "change"),
        ("0.5 万元", "0.5", "万元", "clear"),
    ]
    assert claims[1].fields == ["requests.new.total"]


def test_the_year_at_the_head_of_a_paragraph_holds_for_those_after_it(form: Form, fill: Fill) -> None:
    text = "2023年，我局积极作为。\n（一）收到申请265件。\n2022年，我局积极作为。\n（一）收到申请9件。"
    claims, findings = check(text, form, fill(form, TABLE))
    assert [(c.value, c.scope) for c in claims] == [("265", "clear"), ("9", "other_period")]
    assert findings == []


def test_text_before_the_first_section_is_no_statement_of_the_report(form: Form, fill: Fill) -> None:
    sections = {"preamble": "全年收到政府信息公开申请9件。", "overview": "全年收到政府信息公开申请265件。"}
    claims, findings = check_prose(form, labels_for(form), sections, fill(form, TABLE), BUREAU)
    assert [(c.scope, c.outcome) for c in claims] == [("outside", "not_compared"), ("clear", "agrees")]
    assert findings == []
    del sections["overview"]
    _, findings = check_prose(form, labels_for(form), sections, fill(form, TABLE), BUREAU)
    assert [f.rule for f in findings] == ["prose.differs"]
