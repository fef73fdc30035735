"""Reason codes in words: why a field, a page or a report asks for a person. Codes are stable, wording may change."""

from __future__ import annotations

from collections.abc import Iterable

# Of fields: how the cell was found.
_FIELD_REASONS: dict[str, tuple[str, str]] = {
    "row_missing": ("报告中没有这一行", "the report has no such row"),
    "cell_missing": ("这一行没有该列的单元格", "the row has no cell in this column"),
    "replaced_by_variant": ("报告用合并行代替", "a merged row stands in its place"),
    "label_uncertain": ("行名与表格不完全相符", "the row label does not clearly match the form"),
    "column_uncertain": ("列名与表格不完全相符", "the header does not clearly match the form"),
    "row_repeated": ("同一行出现不止一次且数字不同", "the row is printed twice with other numbers"),
    "row_may_be_cut": ("这一行可能被分页切断", "a page break may have cut the row"),
    "cut_by_page": ("数字被分页切断，已拼接", "the number was cut by a page break and put together"),
    "value_beside": ("这一行有数字不在任何一列之下", "a value of this row stands under no column of the form"),
    "other_form": ("用的是其他年份的格式", "printed as in another form"),
    "value_count": ("这一行的数字个数与列数不符", "the row has more or fewer values than columns"),
    "spans_columns": ("单元格跨列", "the cell spans several columns"),
    "spans_rows": ("单元格跨行", "the cell spans several rows"),
    "several_cells_in_column": ("一列下有几个数字", "several values stand in one column"),
    "straddles_ruling": ("数字压在表格线上", "a ruling runs through the number"),
    "irregular_cell": ("单元格形状不规则", "the cell is no rectangle"),
    "overprinted": ("文字重叠", "text is printed over text"),
    "struck_text": ("有删除线", "there is struck-out text"),
    "symbol_char": ("用了符号字体", "a symbol font is used"),
    "hidden_cell_text": ("有隐藏文字", "there is hidden text"),
    "overlapping_spans": ("单元格合并范围重叠", "merged cells overlap"),
    "nested_table": ("单元格里有表格", "there is a table inside the cell"),
    "superscript": ("带有上标", "there is a superscript"),
    "readers_differ": ("两种识读方法结果不同", "two readers differ"),
    "low_score": ("识别分数低", "the recognition is unsure"),
    "models_differ": ("两个识别模型结果不同", "two recognition models differ"),
    "faint_ink": ("墨迹很淡", "the ink is faint"),
    "ink_without_text": ("格内有墨迹但没有文字", "something is printed in the cell that is no text"),
    "stamp_over_cell": ("印章盖在数字上", "a stamp lies over the cell"),
    "rule_conflict": ("与等式不符", "a sum over it does not hold"),
    "repaired": ("首次识读有误，已按其他识读结果和等式更正", "first misread; mended by other readings and the sums"),
    "implied_by_sums": ("未能识读，数值由等式推算", "not legible; the value is what the sums ask for"),
    "ambiguous": ("有同样可能的其他数值", "another value is as likely"),
    "unconfirmed": ("扫描质量差，且没有等式可以印证", "a poor scan, and no sum that confirms it"),
    "blank_among_zeros": ("其他格都填零，这一格却是空白", "blank in a table that otherwise prints its zeros"),
    "split_ambiguous": ("粘连的数字不止一种拆法", "glued digits can be split in more than one way"),
    "split_breaks_sums": ("粘连的数字怎样拆都不合勾稽关系", "no split of the glued digits satisfies the sums"),
    # Of printed rows that no field holds.
    "no_row": ("表格中没有相符的行", "no row of the form fits it"),
    "no_column": ("有数字不在任何一列之下", "some of its numbers stand under no column"),
    # How the value is written.
    "ambiguous_mark": ("符号含义不明（如“一”）", "the mark may be a number or a dash"),
    "amount_as_printed": ("金额单位与表格不同", "the amount is in another unit than the form asks for"),
    "unit_mismatch": ("单位与表格不同", "the unit is not that of the form"),
    "change_in_words": ("写的是增减，不是数量", "a change is written, not a number"),
    "inner_space": ("数字中间有空格", "there is a space inside the number"),
    "leading_zero": ("数字以零开头", "the number begins with a zero"),
    "not_a_number": ("不是数字", "this is no number"),
    "odd_digits": ("数字写法特殊", "the digits or separators are unusual"),
    "several_lines": ("单元格里有几行", "the cell has several lines"),
    "trailing_mark": ("数字后有符号", "a mark follows the number"),
    "trailing_note": ("数字后有括号说明", "a remark in brackets follows the number"),
    "trailing_text": ("数字后有文字", "text follows the number"),
}
# Of pages.
_PAGE_REASONS: dict[str, tuple[str, str]] = {
    "no_text_layer": ("没有文字层（扫描件）", "no text layer (a scan)"),
    "unusable_characters": ("文字层乱码", "the text layer is not usable"),
    "hidden_text_under_scan": ("扫描图下隐藏的识别文字", "hidden text under a scan"),
    "too_many_objects": ("页面元素过多，按图像识读", "too much is drawn on the page, so it was read as a picture"),
    "layer_does_not_match": ("文字层与印出的内容不符", "the text layer is not what is printed"),
    "pictures_on_page": ("页面上有图片", "there are pictures on the page"),
    "picture_read": ("页面上的图片已识读", "a picture on the page was read"),
    "pictures_partly_read": (
        "页面上的表格图片已识读，其余图片不含表格",
        "of the pictures on the page those that may be tables were read",
    ),
    "picture_without_table": ("页面上的图片不含表格，未识读", "the pictures on the page hold no table: not read"),
    "picture_unread": ("页面上的图片可能是表格，未能识读", "a picture on the page may be a table and was not read"),
    "embedded_picture": ("文件中的图片", "a picture inside the file"),
    "picture_file": ("图片文件", "a picture"),
    "blank_page": ("空白页", "a blank page"),
    "page_damaged": ("页面损坏", "the page is damaged"),
}
# Of reports.
_REPORT_REASONS: dict[str, tuple[str, str]] = {
    "pages_unread": ("有页面未能识读", "pages could not be read"),
    "form_unknown": ("未识别出表格", "no known form was recognised"),
    "form_legacy": ("2019 年以前的格式", "a form older than 2019"),
    "form_blank": ("空白表格", "a blank form"),
    "fields_to_review": ("有数字需要复核", "numbers to review"),
    "unmapped_rows": ("有行未对应到字段", "rows that were not mapped"),
    "errors_found": ("发现错误", "errors were found"),
    "errors_confirmed": ("报告有误，已由人确认", "errors of the report, confirmed by a person"),
    "failures": ("部分步骤失败", "a step failed"),
    "no_text": ("没有文字", "there is no text"),
    "encoding_damaged": ("字符编码损坏", "the encoding is damaged"),
    "encoding_guessed": ("字符编码未注明", "the encoding was guessed"),
    "embedded_part_unread": ("有嵌入内容未读", "an embedded part was not read"),
    "pictures_over_limit": ("图片过多或过大，有的未查看", "too many or too large pictures: not all were looked at"),
    "tables_may_be_pictures": ("表格可能是图片", "the tables may be pictures"),
}
# Of files that could not be read at all, and of steps that failed: the codes of ``models.errors``.
_ERROR_REASONS: dict[str, tuple[str, str]] = {
    "input": ("文件无法读取", "the file cannot be read"),
    "unsupported_type": ("不支持的文件类型", "a type of file that is not read"),
    "encrypted": ("文件已加密", "the file is encrypted"),
    "damaged": ("文件损坏", "the file is damaged"),
    "too_large": ("文件过大", "the file is too large"),
    "misplaced": ("文件放错了位置", "the file belongs elsewhere"),
    "usage": ("内容有误", "there is a mistake in it"),
    "missing_dependency": ("缺少软件包", "a package is missing"),
    "output": ("结果无法写入", "a result cannot be written"),
    "stage": ("处理步骤失败", "a step failed"),
    "stage_timeout": ("处理超时", "out of time"),
    "stage_memory": ("内存不足", "out of memory"),
    "poison": ("读取此文件时程序多次中断", "the program was stopped again and again while it read the file"),
    "internal": ("程序错误", "a bug in this program"),
}
REASONS: dict[str, tuple[str, str]] = {**_FIELD_REASONS, **_PAGE_REASONS, **_REPORT_REASONS, **_ERROR_REASONS}
"""Code -> (Chinese, English)."""


def reason_words(code: str) -> tuple[str, str]:
    """(Chinese, English) of a reason; the bare code where no words are known."""
    return REASONS.get(code, (code, code))


def reason_text(code: str) -> str:
    """A reason in Chinese and English; the bare code where no words are known."""
    return " ".join(dict.fromkeys(reason_words(code)))


def reasons_text(codes: Iterable[str], separator: str = "; ") -> str:
    """Several reasons, each in Chinese and English."""
    return separator.join(reason_text(code) for code in codes)
