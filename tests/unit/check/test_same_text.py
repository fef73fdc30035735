from __future__ import annotations

from models.finding import Finding
from pipeline.check.same_text import comparable_sentences, same_text_findings, taken_over
from pipeline.check.year_report import YearReport

SENTENCES = (
    "全区各部门按照职责分工逐项落实公开事项目录，重点领域信息及时上网，栏目内容保持更新。",
    "严格执行信息发布审查制度，明确承办科室、分管负责人和保密审查人员的责任，未经审查一律不发。",
    "建立依申请公开登记、审核、办理、答复、归档的闭环流程，疑难申请由法制机构会同承办科室研究。",
    "加强政务新媒体日常监管，清理长期不更新的账号，规范开设、变更、注销等程序，按季度通报结果。",
)
OTHERS = (
    "围绕惠企政策、义务教育、养老服务、公共卫生等群众关心的事项，采用图解和短视频开展政策解读。",
    "组织业务培训，邀请专业人员讲授条例和典型案例，参训人员覆盖各科室信息员，能力有所提高。",
    "在政务服务大厅设立查阅点，配备查询设备和专门人员，为群众提供查阅、打印等便民服务事项。",
    "统一网上咨询、电话咨询和现场咨询的答复口径，建立常见问题知识库，答复的准确性稳步提升。",
)


def compare(now: dict[str, str], then: dict[str, str]) -> list[Finding]:
    return same_text_findings(
        YearReport("b.pdf", "b", "x", 2023, "gk2021", sections=now),
        YearReport("a.pdf", "a", "x", 2022, "gk2021", sections=then),
    )


def test_the_same_prose_with_other_numbers_and_dates_is_found() -> None:
    then = "一、总体情况\n2022年，主动公开信息1,203条，办理申请十二件。" + "".join(SENTENCES)
    now = "一、总体情况\n2023年度，主动公开信息98条，办理申请三十件。" + "".join(SENTENCES)
    (finding,) = compare({"overview": now}, {"overview": then})
    assert (finding.rule, finding.severity) == ("years.same_text", "warning")
    assert "“一、总体情况”相似度 100%" in finding.message.zh
    assert "'Overview' is 100% alike, 100% of it sentence by sentence; together 100% of the prose" in finding.message.en
    assert "2022 (a.pdf)" in finding.message.en


def test_the_share_counts_the_other_sections() -> None:
    same, new = "".join(SENTENCES), "".join(OTHERS)
    (finding,) = compare({"overview": same, "problems": new}, {"overview": same, "problems": same})
    assert "together 50%" in finding.message.en
    assert "Problems" not in finding.message.en


def test_sentences_in_another_order_are_found() -> None:
    (finding,) = compare({"problems": "".join(reversed(SENTENCES))}, {"problems": "".join(SENTENCES)})
    assert "100% of it sentence by sentence" in finding.message.en


def test_new_prose_is_nothing() -> None:
    assert compare({"overview": "".join(OTHERS)}, {"overview": "".join(SENTENCES)}) == []
    half = "".join((*SENTENCES[:2], *OTHERS[:2]))
    assert compare({"overview": half}, {"overview": "".join(SENTENCES)}) == []


def test_line_breaks_of_the_page_do_not_hide_a_copy() -> None:
    text = "".join(SENTENCES)
    broken = "\n".join(text[i : i + 27] for i in range(0, len(text), 27))
    assert len(compare({"overview": broken}, {"overview": text})) == 1


def test_short_and_prescribed_text_does_not_count() -> None:
    fee = "按照《政府信息公开信息处理费管理办法》规定的收费标准，本年度未收取信息处理费，无其他需要报告的事项。" * 5
    assert compare({"other": fee}, {"other": fee}) == []
    assert compare({"problems": SENTENCES[0]}, {"problems": SENTENCES[0]}) == []
    assert compare({}, {}) == []


def test_text_of_the_sections_with_tables_does_not_count() -> None:
    text = "".join(SENTENCES)
    sections = dict.fromkeys(("preamble", "proactive", "requests", "disputes"), text)
    assert compare(sections, sections) == []


def test_a_section_that_was_not_there_last_year_is_new() -> None:
    assert compare({"overview": "".join(SENTENCES)}, {}) == []


def test_what_is_left_of_a_sentence() -> None:
    text = "（一）主动公开情况。2023年1月5日至12月底，公开信息 1,136 条，占 35.5%；统计期限自2023年1月1日起。无。"
    assert comparable_sentences(text) == ["至底公开信息条占", "无"]


def test_the_share_taken_over() -> None:
    assert taken_over(["甲乙丙", "丁"], ["甲乙丙"]) == 0.75
    assert taken_over([], ["甲"]) == 0.0
    assert taken_over(["甲"], []) == 0.0
