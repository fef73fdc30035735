"""Title, agency, year, date, number and period, from whatever place states them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from models.document import Opened, SourceInfo
from models.grid import Cell, Grid
from models.page import TextLine
from pipeline.extract.metadata import Metadata, read_metadata

TITLE = "某县发展和改革局2023年政府信息公开工作年度报告"


def read(*lines: str, metadata: Mapping[str, str] | None = None, grids: tuple[Grid, ...] = ()) -> Metadata:
    return read_metadata(
        Opened(
            source=SourceInfo("a", "", "text/plain", 1),
            pages=(),
            lines=tuple(TextLine(text, 1) for text in lines),
            grids=grids,
            metadata=dict(metadata or {}),
        )
    )


def test_a_whole_report() -> None:
    found = read(
        "发文字号：某发改〔2024〕3号",
        "发布日期：2024-01-17",
        TITLE,
        "本报告所列数据的统计期限自2023年1月1日起至2023年12月31日止。",
        "一、总体情况",
        "某县发展和改革局",
        "2024年1月10日",
    )
    assert found == Metadata(TITLE, "某县发展和改革局", 2023, "2024-01-17", "某发改〔2024〕3号", (2023, 2023))


def test_nothing_stated_is_none_and_not_a_guess() -> None:
    assert read() == Metadata(None, None, None, None, None, None)
    assert read("本局认真贯彻条例。") == Metadata(None, None, None, None, None, None)


def test_the_year_falls_back_on_the_period_and_then_on_the_first_section() -> None:
    title = "某局政府信息公开工作年度报告"
    assert read(title, "统计时间自2022年1月1日至12月31日").year == 2022
    prose = (
        "一、总体情况",
        "2023年，本局收到申请3件，比2022年多1件。2023年，",
        "二、主动公开政府信息情况",
        "2021年2021年2021年2021年",
    )
    assert read(title, *prose).year == 2023


@pytest.mark.parametrize(
    ("sentence", "years"),
    [
        ("数据统计期限为2023年1月1日至2023年12月31日。", (2023, 2023)),
        ("统计期限自2018月1日起至2018年12月31日止。", (2018, 2018)),
        ("所列数据的统计期限从 2023 年 1 月 1 日起,至 12 月 31 日止。", (2023, 2023)),
        ("统计时间：2022年1月-12月", (2022, 2022)),
        ("数据统计期限为2022年12月1日至2023年12月31日。", (2022, 2023)),
        ("该规划自2021年1月1日至2025年12月31日有效。", None),
    ],
)
def test_the_period_of_the_statistics(sentence: str, years: tuple[int, int] | None) -> None:
    assert read(TITLE, sentence).period_years == years


def test_the_agency_falls_back_on_the_publisher_the_signature_and_the_source() -> None:
    title = "2023年政府信息公开工作年度报告"
    assert read(title, "发布机构：某县水务局", "来源：某县教育局").agency == "某县水务局"
    assert read(title, metadata={"contentsource": "某县财政局"}).agency == "某县财政局"
    assert read(title, "来源：某县教育局", "某县民政局", "2024年1月10日").agency == "某县民政局"
    assert read(title, "特此报告。某县民政局2024年1月10日").agency == "某县民政局"
    assert read(title, "来源：某县教育局").agency == "某县教育局"
    assert read(title, "发布机构：1", "来源：http://www.example.cn/").agency is None


def test_a_district_takes_the_name_of_its_city_where_the_report_prints_it() -> None:
    title = "洪泽区人民政府2023年政府信息公开工作年度报告"
    assert read(title).agency == "洪泽区人民政府"
    assert read(title, "本报告由淮安市洪泽区人民政府办公室编制。").agency == "淮安市洪泽区人民政府"


def test_the_date_of_publication_goes_before_the_date_of_writing_and_the_signature() -> None:
    signature = ("某县民政局", "2024年1月10日")
    assert read(TITLE, "成文日期：2024年1月12日", "发布时间：2024-01-20 10:11", *signature).published == "2024-01-20"
    assert read(TITLE, "成文日期：2024年1月12日", *signature).published == "2024-01-12"
    assert read(TITLE, *signature).published == "2024-01-10"
    assert read(TITLE, metadata={"pubdate": "2024-01-18 08:00"}).published == "2024-01-18"
    assert read(TITLE, "截至2024年1月10日，本局收到申请3件。").published is None


def test_the_number_of_the_report_is_not_that_of_a_regulation_it_quotes() -> None:
    quoted = "根据国办公开办函〔2021〕30号要求,编制本报告。"
    assert read(TITLE, quoted).document_number is None
    assert read("某政办函〔2024〕12号", TITLE, quoted).document_number == "某政办函〔2024〕12号"
    assert read("文号：发布日期：2024-01-17", TITLE).document_number is None


def test_facts_in_a_table_above_the_report_are_read() -> None:
    rows = (("索引号", "1", "发布机构", "某县水务局"), ("文号", "某水〔2024〕1号", "发布日期", "2024年1月5日"))
    cells = tuple(Cell(r, r + 1, c, c + 1, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    found = read("2023年政府信息公开工作年度报告", grids=(Grid(2, 4, cells, "lxml"),))
    assert (found.agency, found.published, found.document_number) == ("某县水务局", "2024-01-05", "某水〔2024〕1号")


def test_a_title_of_the_file_counts_only_where_it_speaks_of_disclosure() -> None:
    assert read(metadata={"title": TITLE}).agency == "某县发展和改革局"
    assert read(metadata={"title": "关于信息公开的年度报告"}).title == "关于信息公开的年度报告"
    assert read(metadata={"title": "Microsoft Word - 文档1"}).title is None
