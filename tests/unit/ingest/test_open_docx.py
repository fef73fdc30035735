"""Word files: merged cells, nested tables, text boxes, content controls, tracked changes."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest

from models.document import Opened, SourceInfo
from models.errors import InputTooLargeError
from models.grid import Cell
from pipeline.ingest.docx_package import DocxParts
from pipeline.ingest.open_docx import open_docx
from tests.fault.hostile import docxs

SOURCE = SourceInfo("a.docx", "", "application/docx", 1)
ReadDocx = Callable[[bytes], Opened]
DocxOf = Callable[[str], bytes]


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


NUMBERS = tr(tc("规章"), tc("1"), tc("2"), tc("3"))


def spans(opened: Opened) -> dict[str, tuple[int, int, int, int]]:
    (grid,) = opened.grids
    return {c.text: (c.row_start, c.row_stop, c.col_start, c.col_stop) for c in grid.cells}


def cell_of(opened: Opened, text: str) -> Cell:
    return next(c for g in opened.grids for c in g.cells if c.text == text)


def texts(opened: Opened) -> list[str]:
    return [line.text for line in opened.lines]


def test_a_file_of_python_docx_with_merged_cells(read_docx: ReadDocx) -> None:
    document = docx.Document()
    document.core_properties.title = "某局2023年政府信息公开工作年度报告"
    document.add_paragraph("二、主动公开政府信息情况")
    table = document.add_table(rows=3, cols=3)
    for row, values in enumerate((("结果", "甲", ""), ("", "1", "2"), ("总计", "3", "4"))):
        for col, value in enumerate(values):
            table.cell(row, col).text = value
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    buffer = io.BytesIO()
    document.save(buffer)
    opened = read_docx(buffer.getvalue())
    assert texts(opened) == ["二、主动公开政府信息情况"]
    assert opened.metadata["title"] == "某局2023年政府信息公开工作年度报告"
    assert opened.grids[0].caption == "二、主动公开政府信息情况"
    assert opened.grids[0].reader == "python-docx"
    assert spans(opened) == {
        "结果": (0, 2, 0, 1),
        "甲": (0, 1, 1, 3),
        "1": (1, 2, 1, 2),
        "2": (1, 2, 2, 3),
        "总计": (2, 3, 0, 1),
        "3": (2, 3, 1, 2),
        "4": (2, 3, 2, 3),
    }


def test_columns_skipped_before_and_after_a_row_shift_its_cells(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    body = tbl(
        NUMBERS,
        tr(tc("甲"), tc("4"), properties='<w:gridBefore w:val="2"/>'),
        tr(tc("乙"), tc("5"), properties='<w:gridAfter w:val="2"/>'),
    )
    placed = spans(read_docx(docx_of(body)))
    assert (placed["甲"], placed["4"]) == ((1, 2, 2, 3), (1, 2, 3, 4))
    assert (placed["乙"], placed["5"]) == ((2, 3, 0, 1), (2, 3, 1, 2))


def test_a_vertical_merge_goes_on_only_below_a_cell_of_the_same_columns(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    begin, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = tbl(
        NUMBERS,
        tr(tc("甲", begin), tc("4"), tc("5"), tc("6")),
        tr(tc("", go_on), tc("7"), tc("8"), tc("9")),
        tr(tc("", '<w:gridSpan w:val="2"/>' + go_on), tc("10"), tc("11")),
    )
    opened = read_docx(docx_of(body))
    placed = spans(opened)
    assert placed["甲"] == (1, 3, 0, 1)
    assert placed[""] == (3, 4, 0, 2)
    assert placed["10"] == (3, 4, 2, 3)


def test_a_horizontal_merge_of_old_word_joins_cells(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    body = tbl(
        tr(tc("甲", '<w:hMerge w:val="restart"/>'), tc("", '<w:hMerge w:val="continue"/>'), tc("4"), tc("5")), NUMBERS
    )
    assert spans(read_docx(docx_of(body)))["甲"] == (0, 1, 0, 2)


def test_text_hidden_in_a_merged_cell_is_not_read_but_flagged(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    body = tbl(
        NUMBERS,
        tr(tc("4", '<w:vMerge w:val="restart"/>'), tc("5"), tc("6"), tc("7")),
        tr(tc("99", "<w:vMerge/>"), tc("8"), tc("9"), tc("0")),
    )
    opened = read_docx(docx_of(body))
    assert "99" not in spans(opened)
    assert "hidden_cell_text" in cell_of(opened, "4").flags


@pytest.mark.parametrize("value", ["x", "", "-2", "999999999"])
def test_broken_and_absurd_spans_are_survived(read_docx: ReadDocx, docx_of: DocxOf, value: str) -> None:
    body = tbl(NUMBERS, tr(tc("甲", f'<w:gridSpan w:val="{value}"/>'), tc("4")))
    (grid,) = read_docx(docx_of(body)).grids
    assert [c.text for c in grid.row_cells(1)] == ["甲", "4"]


def test_a_table_in_a_cell_of_a_form_stays_there_and_one_in_a_frame_stands_alone(
    read_docx: ReadDocx, docx_of: DocxOf
) -> None:
    inner = tbl(tr(tc("7"), tc("8")))
    in_cell = tbl(NUMBERS, tr(tc("文件"), tc("4"), tc("5"), f"<w:tc>{inner}<w:p/></w:tc>"))
    opened = read_docx(docx_of(in_cell))
    assert "nested_table" in cell_of(opened, "7 8").flags
    framed = read_docx(docx_of(tbl(tr(f"<w:tc>{p('表一')}{tbl(NUMBERS, NUMBERS)}{p('完')}</w:tc>"))))
    assert texts(framed) == ["表一", "完"]
    assert framed.grids[0].texts() == [["规章", "1", "2", "3"]] * 2


def test_content_controls_are_looked_through_at_every_level(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    def sdt(content: str) -> str:
        return f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    run = sdt("<w:r><w:t>5</w:t></w:r>")
    body = sdt(
        p("表一")
        + tbl(
            NUMBERS, sdt(tr(tc("文件"), sdt(tc("4")), f"<w:tc><w:p>{run}</w:p></w:tc>", f"<w:tc>{sdt(p('6'))}</w:tc>"))
        )
    )
    opened = read_docx(docx_of(body))
    assert texts(opened) == ["表一"]
    assert opened.grids[0].texts() == [["规章", "1", "2", "3"], ["文件", "4", "5", "6"]]


def test_tracked_insertions_are_read_and_deletions_are_not(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    changed = (
        "<w:tc><w:p><w:del><w:r><w:delText>12</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>34</w:t></w:r></w:ins></w:p></w:tc>"
    )
    moved = "<w:p><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新</w:t></w:r></w:moveTo></w:p>"
    body = moved + tbl(
        NUMBERS,
        tr(tc("文件"), changed, tc("5"), tc("6")),
        tr(tc("删"), tc("7"), tc("8"), tc("9"), properties="<w:del/>"),
        tr(tc("加"), tc("7"), tc("8"), tc("9"), properties="<w:ins/>"),
    )
    opened = read_docx(docx_of(body))
    assert texts(opened) == ["新"]
    assert opened.grids[0].texts() == [["规章", "1", "2", "3"], ["文件", "34", "5", "6"], ["加", "7", "8", "9"]]


def test_a_deleted_paragraph_mark_joins_the_paragraphs(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>收到申请</w:t></w:r></w:p>"
    assert texts(read_docx(docx_of(first + p("35件")))) == ["收到申请35件"]


def test_text_boxes_are_read_once_with_their_tables(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    content = f"<w:txbxContent>{p('表一')}{tbl(NUMBERS, NUMBERS)}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>见表</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice><wps:txbx>{content}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><v:textbox><w:txbxContent>{p('表二')}</w:txbxContent></v:textbox></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    opened = read_docx(docx_of(body))
    assert texts(opened) == ["见表", "表一"]
    assert [g.texts() for g in opened.grids] == [[["规章", "1", "2", "3"]] * 2]


def test_hidden_text_and_field_codes_are_not_read(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>显</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>1</w:t></w:r></w:p>"
    )
    assert texts(read_docx(docx_of(body))) == ["显1"]


def test_raised_struck_and_split_runs(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    raised = "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>3</w:t></w:r>"
    struck = "<w:r><w:rPr><w:strike/></w:rPr><w:t>7</w:t></w:r>"
    body = tbl(
        NUMBERS,
        tr(
            tc("文件"),
            f"<w:tc><w:p><w:r><w:t>1</w:t></w:r><w:r><w:t>2</w:t></w:r>{raised}</w:p></w:tc>",
            f"<w:tc><w:p>{struck}</w:p></w:tc>",
            "<w:tc><w:p><w:r><w:t>4</w:t><w:br/><w:t>5</w:t></w:r></w:p></w:tc>",
        ),
    )
    opened = read_docx(docx_of(body))
    assert opened.grids[0].texts()[1] == ["文件", "12[3]", "7", "4\n5"]
    assert "superscript" in cell_of(opened, "12[3]").flags
    assert "struck_text" in cell_of(opened, "7").flags


def test_symbols_of_symbol_fonts_are_flagged_unless_they_are_digits(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    def cell(font: str, char: str) -> str:
        return f"<w:tc><w:p><w:r><w:sym w:font='{font}' w:char='{char}'/></w:r></w:p></w:tc>"

    body = tbl(NUMBERS, tr(tc("文件"), cell("Symbol", "F037"), cell("Wingdings", "F037"), cell("Wingdings", "zz")))
    opened = read_docx(docx_of(body))
    assert not cell_of(opened, "7").flags
    assert "symbol_char" in cell_of(opened, "\uf037").flags


def test_a_part_embedded_from_another_file_is_reported(read_docx: ReadDocx, docx_of: DocxOf) -> None:
    assert "embedded_part_unread" in read_docx(docx_of(p("正文") + "<w:altChunk/>")).warnings
    assert "embedded_part_unread" not in read_docx(docx_of(p("正文"))).warnings


def test_numbers_of_any_length_are_no_error() -> None:
    assert open_docx(docxs.huge_spans(), "a.docx", SOURCE).grids


def test_more_cells_than_any_report_has_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.ingest.open_docx.MAX_SLOTS", 100)
    monkeypatch.setattr("pipeline.ingest.open_docx._add_content", None)

    with pytest.raises(InputTooLargeError, match="more than 100 table cells"):
        open_docx(docxs.many_cells(5, 30), "a.docx", SOURCE)


def test_a_picture_that_stands_there_many_times_is_unpacked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked: list[str] = []
    read = DocxParts.read

    def counted(parts: DocxParts, relationship: str, most: int) -> bytes | None:
        unpacked.append(relationship)
        return read(parts, relationship, most)

    monkeypatch.setattr(DocxParts, "read", counted)

    open_docx(docxs.one_picture_many_times(20), "a.docx", SOURCE)

    assert unpacked == ["r"]
