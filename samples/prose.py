"""The sections of prose: sentences with the numbers of the tables, with numbers of their own, and with traps."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from samples.agencies import Agency


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs of the prose sections, and ``filler`` where a page needs more of them.

    ``conflicts``: numbers that contradict the tables, as in the truth file.
    """

    preamble: str
    overview: tuple[str, ...]
    requests: tuple[str, ...]
    problems: tuple[str, ...]
    other: tuple[str, ...]
    filler: tuple[str, ...]
    conflicts: tuple[dict[str, str], ...] = ()


_FILLER: tuple[str, ...] = (
    "持续完善政府信息公开目录，对照基层政务公开标准指引逐条核对，做到应公开尽公开、应上网尽上网。",
    "严格执行信息发布“三审三校”制度，明确承办科室、分管负责人和保密审查人员的责任，未经审查的信息一律不予发布。",
    "围绕惠企政策、义务教育、养老服务、公共卫生等群众关心的事项，采用图解、短视频、问答等形式开展政策解读。",
    "建立依申请公开登记、审核、办理、答复、归档的闭环流程，疑难申请由法制机构会同承办科室集体研究。",
    "加强政务新媒体日常监管，清理长期不更新的账号，规范开设、变更、注销等程序，并按季度通报检查结果。",
    "组织业务培训，邀请专业人员讲授条例和典型案例，参训人员覆盖各科室信息员，业务能力有所提高。",
    "在政务服务大厅设立政府信息公开查阅点，配备查询设备和专门人员，为群众提供查阅、打印等便民服务。",
    "将政府信息公开工作纳入年度绩效考核，定期开展社会评议，未发生因公开不当引起的责任追究情形。",
    "对照上级评估反馈的问题建立台账，明确整改时限和责任人，整改一项、销号一项，整改结果及时反馈。",
    "优化网站信息公开专栏布局，完善检索、下载、无障碍浏览等功能，方便企业和群众查找所需信息。",
    "认真做好公文属性源头认定，拟制公文时同步确定主动公开、依申请公开或者不予公开，并说明理由。",
    "推进财政预决算、重大建设项目、公共资源配置等重点领域信息公开，公开内容更加细化、更便于监督。",
    "畅通申请受理渠道，公布受理地点、联系方式和办理流程，耐心解答咨询，引导申请人规范填写申请。",
    "加强与上级主管部门的沟通联系，就答复口径、期限计算等问题开展会商，降低行政争议发生的风险。",
    "开展政府开放日活动，邀请人大代表、政协委员、企业代表走进机关，听取意见建议并逐条研究回应。",
    "健全规范性文件公开、清理和动态更新机制，统一发布格式，标注有效性，并提供多种格式下载服务。",
    "完善新闻发布和政策吹风机制，主要负责同志带头解读重要政策，及时回应社会关注的热点问题。",
    "统一网上咨询、电话咨询和现场咨询的答复口径，建立常见问题知识库，答复的准确性和时效性稳步提升。",
    "配合主管部门做好集约化平台迁移，完成历史数据整理和链接核查，错链、断链和不规范表述得到纠正。",
    "对公开内容开展常态化巡查，重点检查个人隐私、商业秘密和错别字等问题，发现问题立即整改并举一反三。",
    "编制并公布主动公开事项目录，明确公开内容、时限、方式和责任主体，实现目录与栏目一一对应。",
    "依托基层便民服务中心和村（社区）公示栏，同步公开惠民补贴、项目建设、救助申领等与群众密切相关的信息。",
    "召开专题会议研究政务公开工作，传达上级要求，部署重点任务，将责任分解落实到科室和个人。",
    "结合主题教育和作风建设，开展“开门问策”活动，对收集的意见逐条登记、逐项答复，并公开采纳情况。",
)
_PROBLEMS: tuple[str, ...] = (
    (
        "虽然取得了一定成效，但仍存在一些不足：一是主动公开的及时性有待提高，个别栏目更新不够均衡；二是政策解读形式较为单一，"
        "群众参与度不高；三是业务人员变动较快，对条例的理解不够深入。"
    ),
    (
        "下一步，将重点做好以下工作：一是对照目录查漏补缺，完善常态化更新机制；二是丰富解读形式，提高解读质量；"
        "三是加强培训和指导，提升依申请公开答复的规范化水平。"
    ),
)


def write_prose(
    basis: str, agency: Agency, year: int, numbers: Mapping[str, Decimal], rng: random.Random, *, conflict: bool
) -> Prose:
    """The prose of a report on ``year`` under the rules named by ``basis``.

    With ``conflict`` it states another number of requests than the table.
    """
    new, carried = numbers["requests.new.total"], numbers["requests.carried_in.total"]
    stated = new + rng.randint(2, 9) if conflict else new
    if conflict and stated == new + carried:
        # New requests with those carried in would be no contradiction.
        stated += 1
    sentences = list(_FILLER)
    rng.shuffle(sentences)
    overview = (
        f"{year}年，{agency.name}认真贯彻落实《中华人民共和国政府信息公开条例》，{sentences[0]}",
        f"（一）主动公开。{_publication_sentence(rng)}{sentences[1]}",
        f"（二）依申请公开。{_requests_sentence(stated, carried, rng, exact=conflict)}{sentences[2]}",
        f"（三）政府信息管理。{_rules_sentence(numbers)}{sentences[3]}",
        f"（四）平台建设。{sentences[4]}",
        f"（五）监督保障。{sentences[5]}",
    )
    fee = "本年度依申请提供政府信息未收取信息处理费。" if rng.random() < 0.7 else "本年度收取信息处理费0元。"
    item = {"item": "new", "prose": str(stated), "table": str(new)}
    period = f"本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
    return Prose(
        preamble=f"根据《中华人民共和国政府信息公开条例》第五十条规定和{basis}要求编制本报告。{period}{agency.contact}。",
        overview=overview,
        requests=(
            f"{agency.short}办理情况见下表。",
            f"以上数据由各承办单位填报，共核对{rng.randint(2, 30)}次。",
        ),
        problems=_PROBLEMS,
        other=(rng.choice(("无其他需要报告的事项。", "无。", "")) + fee,),
        filler=tuple(sentences[6:]),
        conflicts=(item,) if conflict else (),
    )


def _requests_sentence(new: Decimal, carried: Decimal, rng: random.Random, *, exact: bool) -> str:
    """One sentence on the requests received; some count those carried over from last year in the same total."""
    if new == 0 and carried == 0:
        return "全年未收到政府信息公开申请。"
    if exact or carried == 0 or rng.random() < 0.5:
        return f"全年共收到政府信息公开申请{new}件，均在法定期限内办理。"
    return f"全年共办理政府信息公开申请{new + carried}件（含上年结转{carried}件）。"


def _publication_sentence(rng: random.Random) -> str:
    """Figures of the office's own work, which no table repeats."""
    site, papers = rng.randint(90, 9_999), rng.randint(3, 90)
    notes, posts = rng.randint(1, 60), rng.randint(20, 900)
    return f"全年通过门户网站公开各类信息{site}条，其中政策文件{papers}件，解读材料{notes}篇，微信公众号推送{posts}条。"


def _rules_sentence(numbers: Mapping[str, Decimal]) -> str:
    """The normative documents of table two in words; empty where the form counts them otherwise."""
    row = "proactive.normative_documents"
    if f"{row}.issued" not in numbers:
        return ""
    issued, repealed, in_force = (numbers[f"{row}.{c}"] for c in ("issued", "repealed", "in_force"))
    return f"全年制发行政规范性文件{issued}件，废止{repealed}件，现行有效{in_force}件。"
