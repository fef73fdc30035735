from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.finding import Finding
from models.report import Alternative, Evidence, LabelMatch, Report
from pipeline.export.form_view import RowView, form_view
from pipeline.export.notes import cell_note, row_note


def row(report: Report, key: str) -> RowView:
    return next(r for t in form_view(report) for b in t.blocks for r in b.rows if r.key == key)


def evidence(page_no: int, bbox: list[float] | None, reader: str) -> dict[str, Any]:
    return {"evidence": [Evidence(page_no=page_no, bbox=bbox, stage="tables", reader=reader, text="5")]}


def test_a_row_without_doubt_says_where_it_was_read(make_report: Callable[..., Report]) -> None:
    assert row_note(row(make_report(), "requests.new")) == "第2页 p.2 [72,110,90,128] pdfplumber"


def test_a_row_read_on_two_pages_names_both(make_report: Callable[..., Report]) -> None:
    places: dict[str, tuple[int, list[float] | None, str]] = {
        "issued": (1, [1.0, 700.0, 20.0, 712.0], "pdfplumber"),
        "repealed": (2, [30.0, 40.0, 50.0, 52.0], "pdfplumber"),
        "in_force": (2, None, "words"),
    }
    changes = {f"proactive.regulations.{column}": evidence(*place) for column, place in places.items()}
    note = row_note(row(make_report(changes=changes), "proactive.regulations"))
    assert note == "第1页 p.1 [1,700,20,712] pdfplumber, 第2页 p.2 [30,40,50,52] pdfplumber+words"


def test_doubts_are_named_by_column(make_report: Callable[..., Report], make_finding: Callable[..., Finding]) -> None:
    total = "disputes.litigation_direct.total"
    label = {"label": LabelMatch(printed="规 范", score=0.8, margin=0.1)}
    report = make_report(
        changes={
            "proactive.fees.amount": {
                "decision": "review",
                "value": "152790",
                "printed": "152790元",
                "suggested": "15.279",
                "reasons": ["unit_mismatch"],
            }
            | label,
            "requests.new.other": {"kind": "absent", "value": None},
        },
        findings=[make_finding("sum", fields=[total], suspects=[[(total, "1")]])],
    )
    fees = row_note(row(report, "proactive.fees"))
    assert "行名 label “规 范” 0.80" in fees
    assert (
        "复核 review 本年收费金额（单位：万元）: 单位与表格不同 the unit is not that of the form; "
        "原文 printed “152790元”; 建议 suggested 15.279" in fees
    )
    disputes = row_note(row(report, "disputes"))
    assert "不平 broken sum: 未经复议直接起诉/总计" in disputes
    assert "可疑 suspect: 未经复议直接起诉/总计" in disputes
    assert "规则 rules: sum" in disputes
    assert row_note(row(report, "requests.new")).endswith("缺失 absent: 其他")


def test_the_comment_of_a_cell_tells_everything(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    name = "requests.new.total"
    read = Evidence(
        page_no=4,
        bbox=[1, 2, 3, 4],
        stage="tables",
        reader="camelot",
        text="27",
        alternatives=[Alternative(text="21")],
    )
    changes = {name: {"decision": "review", "confidence": 0.5, "reasons": ["readers_differ"], "evidence": [read]}}
    report = make_report(changes=changes, findings=[make_finding("sum", fields=[name])])
    cell = row(report, "requests.new").cells[-1]
    assert cell_note(cell).splitlines() == [
        name,
        f"原文 printed: '{report.fields[name].printed}'",
        "置信度 confidence: 0.5",
        "原因 reasons: 两种识读方法结果不同 two readers differ",
        "第4页 p.4 [1,2,3,4] camelot: 27 | 21",
        "规则 rules: sum",
    ]


def test_a_row_doubtful_for_one_reason_is_named_as_a_whole(make_report: Callable[..., Report]) -> None:
    ids = [i for i in make_report().fields if i.startswith("requests.new.")]
    glued: dict[str, Any] = {"decision": "review", "reasons": ["split_ambiguous"], "value": None, "printed": ""}
    whole = make_report(changes=dict.fromkeys(ids, glued))
    assert row_note(row(whole, "requests.new")).endswith(
        "; 复核 review 整行 whole row: 粘连的数字不止一种拆法 glued digits can be split in more than one way"
    )
    other = make_report(changes=dict.fromkeys(ids, glued) | {ids[0]: glued | {"reasons": ["stamp"]}})
    note = row_note(row(other, "requests.new"))
    assert "复核 review 自然人: stamp" in note
    others = "商业企业, 科研机构, 社会公益组织, 法律服务机构, 其他, 总计"
    assert f"复核 review {others}: 粘连的数字不止一种拆法 glued digits can be split in more than one way" in note
