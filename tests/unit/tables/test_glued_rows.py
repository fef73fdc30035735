"""Row labels found in glued text, and the piece of text that holds the values of each."""

from __future__ import annotations

import pytest

from models.form import Form, load_form
from models.glued import GluedRow, GluedTables
from pipeline.tables.glued_rows import lines_to_glued_rows
from tests.unit.glued_text import ZEROS, glued, lines_of

FORM, OLD = load_form("gk2021"), load_form("gk2019")
NEW = ("71", "3", "0", "0", "0", "0", "74")


def read(*lines: str, form: Form = FORM) -> GluedTables:
    others = [f for f in (FORM, OLD) if f is not form]
    return lines_to_glued_rows(lines_of(*lines), form, others)


def texts(tables: GluedTables) -> dict[str, str]:
    return {key: row.texts[0] for key, row in tables.rows.items()}


def doubted(tables: GluedTables) -> dict[str, frozenset[str]]:
    return {key: row.reasons for key, row in tables.rows.items() if row.reasons}


@pytest.mark.parametrize("form", [FORM, OLD], ids=lambda f: f.id)
def test_every_row_has_its_values(form: Form) -> None:
    found = read(glued({"requests.new": NEW}, form=form), form=form)
    assert texts(found)["requests.new"] == "713000074"
    assert len(found.rows) == 32
    assert set(found.rows) == {
        f"{f.table.id}.{f.row.id}".rstrip(".") for f in form.fields.values() if not f.row.variant
    }
    assert all(set(text) == {"0"} for key, text in texts(found).items() if key != "requests.new")
    assert doubted(found) == {}
    assert found.leftovers == ()


def test_numbering_of_the_next_label_is_no_digit_of_a_value() -> None:
    row = read(glued({"requests.unavailable.not_held": ("17", "0", "0", "0", "0", "0", "17")})).rows
    assert row["requests.unavailable.not_held"].texts == ("170000017",)
    assert row["requests.unavailable.needs_creation"].texts == ("0000000",)


@pytest.mark.parametrize("mark", ["、", "．", ")", " ."])
def test_numbering_with_other_signs(mark: str) -> None:
    text = glued({}, relabel=lambda _, label: label.replace(".", mark, 1) if label[0].isdigit() else label)
    assert set(texts(read(text)).values()) <= {"0" * n for n in (1, 3, 7, 15)}


def test_numbering_without_a_sign_may_be_a_digit() -> None:
    text = glued({}, relabel=lambda _, label: label.replace(".", "", 1))
    row = read(text).rows["requests.denied.state_secret"]
    assert row.texts == ("0000000", "00000002")


def test_a_number_in_prose_is_no_row() -> None:
    prose = "一、总体情况全年收到政府信息公开申请12件，其中重复申请3件，办理行政许可40件、行政处罚7件，规范性文件6件。"
    found = read(prose + glued({"proactive.licensing": ("2293",)}))
    assert texts(found)["proactive.licensing"] == "2293"
    assert texts(found)["proactive.penalties"] == "0"
    assert texts(found)["requests.not_processed.repeated"] == "0000000"
    assert doubted(found) == {}


def test_a_year_behind_the_values_is_none_of_them() -> None:
    text = glued({"requests.carried_out": NEW}).replace("四、政府信息公开行政复议", "2023年，四、政府信息公开行政复议")
    assert read(text).rows["requests.carried_out"].texts == ("713000074",)


def test_a_line_break_may_end_values_or_not() -> None:
    text = glued({"proactive.coercion": ("5",)}).replace("行政强制5", "行政强制5\n2023年")
    assert read(*text.split("\n")).rows["proactive.coercion"].texts == ("5",)
    text = glued({"proactive.coercion": ("5",)}).replace("行政强制5", "行政强制5\n12")
    assert read(*text.split("\n")).rows["proactive.coercion"].texts == ("5", "5 12", "512")


@pytest.mark.parametrize(
    ("official", "printed"),
    [
        ("2.其他法律行政法规禁止公开", "2.其他法律行政止公开"),
        ("5.要求行政机关确认或重新出具已获取信息", "5.要求行政机关确认或重出具已获取信息"),
        ("一、本年新收政府信息公开申请数量", "一、本年新收政府信息公 开申请数量"),
        ("（七）总计", "(七)合计"),
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "（二）部分公开（区分处理的，只计此情形）"),
    ],
)
def test_worn_labels_are_found(official: str, printed: str) -> None:
    found = read(glued({}).replace(official, printed))
    assert len(found.rows) == 32
    assert doubted(found) == {}


def test_a_missing_row_is_missing_and_its_neighbours_are_not() -> None:
    found = read(glued({}, skip=["requests.not_processed.repeated"]))
    assert "requests.not_processed.repeated" not in found.rows
    assert len(found.rows) == 31
    assert doubted(found) == {}


def test_a_row_without_values_is_empty() -> None:
    found = read(glued({"requests.granted": ("",), "proactive.licensing": ("",)}))
    assert found.rows["requests.granted"].texts == ("",)
    assert found.rows["proactive.licensing"].texts == ("",)
    assert doubted(found) == {}


def test_other_text_in_place_of_values_is_doubted() -> None:
    found = read(glued({"proactive.licensing": ("本年未办理",), "requests.granted": ("暂缺",)}))
    assert doubted(found) == {
        "proactive.licensing": frozenset({"trailing_text"}),
        "requests.granted": frozenset({"trailing_text"}),
    }


@pytest.mark.parametrize("behind", ["（其中网上办理3件）", "?", "*", "+5", "%"])
def test_what_stands_behind_a_value_is_doubted(behind: str) -> None:
    found = read(glued({"proactive.licensing": ("40" + behind,), "requests.granted": ("2", *ZEROS[1:6], "2" + behind)}))
    assert "trailing_text" in found.rows["proactive.licensing"].reasons
    assert "trailing_text" in found.rows["requests.granted"].reasons


def test_a_digit_taken_for_a_numbering_is_doubted() -> None:
    found = read(glued({"proactive.fees": ("5.",)}))
    assert found.rows["proactive.fees"].reasons == {"trailing_text"}


def test_a_header_that_lacks_a_column_is_doubted() -> None:
    found = read(glued({}).replace("法律服务机构", ""))
    assert "column_uncertain" in found.rows["requests.new"].reasons


def test_labels_and_values_on_lines_of_their_own() -> None:
    text = glued({"requests.new": NEW}, relabel=lambda _, label: f"\n{label}\n")
    found = read(*text.split("\n"))
    assert found.rows["requests.new"].texts == ("713000074",)
    assert doubted(found) == {}


def test_a_header_of_the_other_form_is_told() -> None:
    text = glued({"proactive.licensing": ("396", "0", "181")})
    text = text.replace(
        "第二十条第（五）项信息内容本年处理决定数量", "第二十条第（五）项信息内容上一年项目数量本年增/减处理决定数量"
    )
    assert "other_form" in read(text).rows["proactive.licensing"].reasons


def test_columns_in_another_order_are_doubted() -> None:
    text = glued({}).replace("本年制发件数本年废止件数", "本年废止件数本年制发件数")
    assert "column_uncertain" in read(text).rows["proactive.regulations"].reasons
    text = glued({}).replace("商业企业科研机构", "科研机构商业企业")
    assert "column_uncertain" in read(text).rows["requests.carried_out"].reasons


def test_misprinted_headers_are_known() -> None:
    text = glued({}).replace("本年废止件数", "本年废纸件数").replace("现行有效件数", "现行有效件数（历史累计）")
    assert doubted(read(text)) == {}


def test_values_before_the_first_label_are_doubted() -> None:
    text = glued({}).replace("法律服务机构其他一、", "法律服务机构其他0000000一、")
    assert "value_beside" in read(text).rows["requests.new"].reasons


def test_a_table_printed_twice_with_other_numbers_is_doubted() -> None:
    found = read(glued({"requests.new": NEW}) + glued({"requests.new": ZEROS}))
    assert all("row_repeated" in r.reasons for k, r in found.rows.items() if k.startswith("requests."))


def test_the_merged_row_takes_the_place_of_its_parts() -> None:
    parts = [f"requests.other.{p}" for p in ("correction_overdue", "fee_overdue", "other")]
    found = read(glued({"requests.other_handling": NEW}, skip=parts))
    assert found.variants == ("merged_other_handling",)
    assert texts(found)["requests.other_handling"] == "713000074"


def test_a_local_row_is_kept_apart() -> None:
    text = glued({}).replace("第二十条第（五）项", "其他主动公开文件55第二十条第（五）项")
    found = read(text)
    assert [(r.labels, r.values) for r in found.leftovers] == [(("其他主动公开文件",), ("55",))]
    assert texts(found)["proactive.normative_documents"] == "000"


def test_full_width_digits_are_digits_and_circled_ones_are_not() -> None:
    wide = glued({"requests.new": NEW}).replace("713000074", "７１３００００７４")
    assert read(wide).rows["requests.new"].texts == ("713000074",)
    circled = glued({}).replace("2.其他法律", "②其他法律")
    assert read(circled).rows["requests.denied.state_secret"].texts == ("0000000",)


def test_text_without_the_form_has_no_rows() -> None:
    assert read("全年办理行政许可40件。", "").rows.keys() <= {"proactive.licensing"}
    assert isinstance(next(iter(read(glued({})).rows.values())), GluedRow)
