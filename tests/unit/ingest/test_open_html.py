"""Web pages: tables with their spans, what is shown and what is not, broken markup."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.document import Opened
from models.errors import DamagedInputError, InputTooLargeError
from pipeline.ingest import open_html as module

ReadHtml = Callable[[str | bytes], Opened]


def tables(opened: Opened) -> list[list[list[str]]]:
    return [g.texts() for g in opened.grids]


def texts(opened: Opened) -> list[str]:
    return [line.text for line in opened.lines]


def test_lines_and_tables_in_reading_order_with_captions(read_html: ReadHtml) -> None:
    opened = read_html("<h1>年度报告</h1><p>一、总体情况</p><table><tr><td>规章<td>1<tr><td>文件<td>2</table><p>完")
    assert texts(opened) == ["年度报告", "一、总体情况", "完"]
    assert tables(opened) == [[["规章", "1"], ["文件", "2"]]]
    assert opened.grids[0].caption == "一、总体情况"
    assert opened.grids[0].reader == "lxml"


def test_spans_are_expanded(read_html: ReadHtml) -> None:
    grid = read_html(
        "<table><tr><td rowspan=2>结果<td colspan=2>公开<td>总计<tr><td>1<td>2<td>3<tr><td>其他<td>4<td>5<td>9</table>"
    ).grids[0]
    assert (grid.n_rows, grid.n_cols) == (3, 4)
    assert [c.text if (c := grid.at(1, col)) else None for col in range(4)] == ["结果", "1", "2", "3"]
    assert grid.at(0, 1) is grid.at(0, 2)


@pytest.mark.parametrize(
    ("attributes", "rows"),
    [
        ("rowspan=99", [["a", "1", "2"], ["", "3", "4"]]),
        ("rowspan=0", [["a", "1", "2"], ["", "3", "4"]]),
        ("rowspan=100000 colspan=100000", [["a", "1", "2"], ["", "3", "4"]]),
        ("colspan=0", [["a", "1", "2"], ["3", "4", ""]]),
        ("colspan=-3", [["a", "1", "2"], ["3", "4", ""]]),
        ("colspan=viele rowspan=''", [["a", "1", "2"], ["3", "4", ""]]),
        ("rowspan='2.9'", [["a", "1", "2"], ["", "3", "4"]]),
    ],
)
def test_spans_are_read_as_browsers_read_them(read_html: ReadHtml, attributes: str, rows: list[list[str]]) -> None:
    opened = read_html(f"<table><tr><td {attributes}>a<td>1<td>2<tr><td>3<td>4</table>")
    assert tables(opened) == [rows]


def test_absurd_colspans_do_not_move_the_columns(read_html: ReadHtml) -> None:
    opened = read_html("<table><tr><td colspan=100000>a<td>1<tr><td colspan=100000>b<td>2</table>")
    assert tables(opened) == [[["a", "1"], ["b", "2"]]]


def test_head_and_foot_stand_where_they_are_shown(read_html: ReadHtml) -> None:
    opened = read_html(
        "<table><tfoot><tr><td>总计<td>3</tfoot><tbody><tr><td>规章<td>1</tbody><thead><tr><td>名称<td>数量</thead></table>"
    )
    assert tables(opened) == [[["名称", "数量"], ["规章", "1"], ["总计", "3"]]]


def test_tables_in_a_layout_table_stand_on_their_own(read_html: ReadHtml) -> None:
    inner = "<table><tr><td>规章<td>1<td>2<tr><td>文件<td>3<td>4</table>"
    opened = read_html(f"<table><tr><td>网站导航<td><p>二、主动公开</p>{inner}<p>完</p></table>")
    assert tables(opened) == [[["规章", "1", "2"], ["文件", "3", "4"]]]
    assert texts(opened) == ["网站导航", "二、主动公开", "完"]
    assert opened.grids[0].caption == "二、主动公开"


def test_a_table_inside_a_cell_of_a_form_stays_in_its_cell(read_html: ReadHtml) -> None:
    opened = read_html("<table><tr><td>规章<td>1<td>2<tr><td>文件<td><table><tr><td>3</table><td>4</table>")
    assert tables(opened) == [[["规章", "1", "2"], ["文件", "3", "4"]]]


def test_a_frame_around_running_text_is_no_table(read_html: ReadHtml) -> None:
    prose = "本机关认真贯彻落实条例。" * 30
    opened = read_html(f"<table><tr><td>{prose}<td>相关链接</table>")
    assert opened.grids == ()
    assert texts(opened) == [prose, "相关链接"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var a = 77;</script>",
        "<style>td {width: 77}</style>",
        "<template><p>77</p></template>",
        "<noscript>77</noscript>",
        "<!-- 77 -->",
        "<!--[if gte mso 9]><xml>77</xml><![endif]-->",
        "<span style='display:none'>77</span>",
        "<span style='DISPLAY : None;'>77</span>",
        "<span hidden>77</span>",
        "<span style='visibility:hidden'>77</span>",
        "<input type=hidden value=77>",
        "<iframe>77</iframe>",
        "<svg><text>77</text></svg>",
    ],
)
def test_what_a_browser_does_not_show_is_not_read(read_html: ReadHtml, hidden: str) -> None:
    opened = read_html(f"<p>收到{hidden}申请</p><table><tr><td>新收<td>3{hidden}5<tr><td>结转<td>1</table>")
    assert texts(opened) == ["收到申请"]
    assert tables(opened) == [[["新收", "35"], ["结转", "1"]]]


def test_a_hidden_row_is_left_out_and_an_invisible_cell_keeps_its_place(read_html: ReadHtml) -> None:
    opened = read_html(
        "<table><tr style='display:none'><td>x<td>7<td>7"
        "<tr><td>规章<td style='visibility:hidden'>7<td>2<tr><td>文件<td>3<td>4</table>"
    )
    assert tables(opened) == [[["规章", "", "2"], ["文件", "3", "4"]]]


def test_inline_pieces_are_glued_and_blocks_and_breaks_are_not(read_html: ReadHtml) -> None:
    opened = read_html(
        "<table><tr><td><span>三</span><b>、</b>本<span>年</span>度<td>1<span>2</span>3"
        "<tr><td><p>自然</p><p>人</p><td>4<br>5<tr><td>其他<td>6</br>7</table>"
    )
    assert tables(opened) == [[["三、本年度", "123"], ["自然\n人", "4\n5"], ["其他", "6\n7"]]]


def test_white_space_is_shown_as_browsers_show_it(read_html: ReadHtml) -> None:
    opened = read_html("<p>收到\n   申请&nbsp;35\u200b6\u00ad7&#8203;件</p><pre>一\n二</pre>")
    assert texts(opened) == ["收到 申请 3567件", "一", "二"]


def test_superscripts_are_never_digits_of_the_number_beside_them(read_html: ReadHtml) -> None:
    grid = read_html("<table><tr><td>规章<td>12<sup>3</sup><tr><td>文件<td>4<sub>(注)</sub></table>").grids[0]
    assert grid.texts() == [["规章", "12[3]"], ["文件", "4(注)"]]
    cell = grid.at(0, 1)
    assert cell is not None
    assert "superscript" in cell.flags


def test_struck_text_is_read_and_flagged(read_html: ReadHtml) -> None:
    grid = read_html("<table><tr><td>规章<td><del>12</del><tr><td>文件<td>4</table>").grids[0]
    cells = {c.text: c for c in grid.cells}
    assert "struck_text" in cells["12"].flags
    assert not cells["4"].flags


def test_values_of_form_controls_are_read(read_html: ReadHtml) -> None:
    opened = read_html(
        "<table><tr><td>规章<td><input value=12><tr><td>年度<td>"
        "<select><option>2022<option selected>2023<option>2024</select></table>"
    )
    assert tables(opened) == [[["规章", "12"], ["年度", "2023"]]]


def test_text_between_cells_moves_before_the_table_and_is_not_lost(read_html: ReadHtml) -> None:
    opened = read_html("<table>错位的文字<tr><td>规章<td>1<tr><td>文件<td>2</table>")
    assert texts(opened) == ["错位的文字"]
    assert tables(opened) == [[["规章", "1"], ["文件", "2"]]]


def test_unclosed_markup_is_read_to_its_end(read_html: ReadHtml) -> None:
    opened = read_html("<html><body><table><tr><td>新收<td>1<td>2<tr><td>结转<td>3<td>4")
    assert tables(opened) == [[["新收", "1", "2"], ["结转", "3", "4"]]]


def test_word_s_width_row_goes_and_a_blank_data_row_stays(read_html: ReadHtml) -> None:
    opened = read_html(
        "<table><tr><td>规章<td>1<td>2<tr><td>文件<td>3<td>4<tr><td></td><td></td><td></td></tr></table>"
        "<table><tr><td>结果维持<td>结果纠正<td>总计<tr><td></td><td></td><td></td></tr></table>"
    )
    assert [g.n_rows for g in opened.grids] == [2, 2]


@pytest.mark.parametrize(
    ("declared", "encoding", "warnings"),
    [("utf-8", "utf-8", ()), ("gb2312", "gbk", ()), ("gb2312", "utf-8", ()), ("utf-8", "gbk", ("encoding_guessed",))],
)
def test_encodings_declared_rightly_and_wrongly(
    read_html: ReadHtml, declared: str, encoding: str, warnings: tuple[str, ...]
) -> None:
    text = "朱镕基：根据条例编制政府信息公开工作年度报告。"
    page = f"<meta http-equiv=Content-Type content='text/html; charset={declared}'><p>{text}</p>"
    opened = read_html(page.encode(encoding))
    assert texts(opened) == [text]
    assert opened.warnings == warnings


def test_metadata_takes_the_first_statement_of_each_key(read_html: ReadHtml) -> None:
    opened = read_html(
        "<head><title>某局\n年报</title><meta name=PubDate content='2024-01-17'><meta name=pubdate content=2020-01-01>"
        "<meta property='og:title' content='年度报告'><meta name=Keywords content=''></head><body>x"
    )
    assert opened.metadata == {"title": "某局 年报", "pubdate": "2024-01-17", "og:title": "年度报告"}


def test_a_page_of_pictures_says_so_and_one_with_the_form_does_not(read_html: ReadHtml) -> None:
    picture = "<img src=a.png width=700 height=900>"
    form = "<table><tr><td>第二十条第（一）项<td>商业企业<td>1<td>2</table>"
    prose = "<p>本年度报告的统计表见下图，数据截至十二月三十一日。</p>"
    assert "tables_may_be_pictures" in read_html(prose + picture).warnings
    assert "tables_may_be_pictures" not in read_html(prose + picture + form).warnings
    assert "tables_may_be_pictures" not in read_html(prose + "<img src=logo.png width=20 height=20>").warnings


def test_a_page_without_text_says_so(read_html: ReadHtml) -> None:
    assert "no_text" in read_html("<html><body><script>load()</script></body></html>").warnings


def test_spans_nested_ten_thousand_deep_are_read(read_html: ReadHtml) -> None:
    opened = read_html("<span>" * 10_000 + "政府信息公开" + "</span>" * 10_000)
    assert texts(opened) == ["政府信息公开"]


@pytest.mark.parametrize("opening", ["<div>", "<table><tr><td>"])
def test_blocks_nested_ten_thousand_deep_are_refused(read_html: ReadHtml, opening: str) -> None:
    with pytest.raises(DamagedInputError, match="nested too deeply"):
        read_html(opening * 10_000 + "政府信息公开")


def test_markup_without_content_is_read_as_nothing_or_refused(read_html: ReadHtml) -> None:
    with pytest.raises(DamagedInputError, match="no HTML"):
        read_html("<!-- -->")


def test_too_many_cells_are_refused_before_they_take_up_memory(
    read_html: ReadHtml, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_SLOTS", 5)
    row = "<tr><td>规章<td>1"
    assert tables(read_html(f"<table>{row * 2}</table>")) == [[["规章", "1"]] * 2]
    with pytest.raises(InputTooLargeError, match="more than 5 table cells"):
        read_html(f"<table>{row * 3}</table>")
    with pytest.raises(InputTooLargeError, match="more than 5 table cells"):
        read_html(f"<table>{row}</table>" * 3)


def test_too_much_text_is_refused(read_html: ReadHtml, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.ingest.assemble.MAX_TEXT_CHARS", 50)
    read_html("<p>" + "公" * 50)
    with pytest.raises(InputTooLargeError, match="more than 50 characters"):
        read_html("<p>" + "公" * 51)


def test_a_tag_with_attributes_without_end_is_damage(read_html: ReadHtml) -> None:
    with pytest.raises(DamagedInputError, match="more than 10,000 attributes"):
        read_html("<p " + " ".join(f"a{n}=1" for n in range(10_001)) + ">text</p>")


def test_a_long_tag_with_a_picture_in_lines_is_none(read_html: ReadHtml) -> None:
    lines = "\n".join(["QUJD" * 19] * 20_000)

    assert [line.text for line in read_html(f"<p>text</p><img alt=x src='data:image/png;base64,{lines}'>").lines] == [
        "text"
    ]


@pytest.mark.parametrize(
    ("page", "told"),
    [("<p>1</p>" * 200_001, "200,000 lines"), ("<table><tr><td>1<td>2<tr><td>3<td>4</table>" * 5_001, "5,000 tables")],
)
def test_more_than_any_report_has_is_refused(read_html: ReadHtml, page: str, told: str) -> None:
    with pytest.raises(InputTooLargeError, match=told):
        read_html(page)
