from __future__ import annotations

from models.character_variants import TO_FORM_SHAPES
from models.form import load_forms
from models.text import row_key


def test_labels_in_traditional_and_japanese_shapes_are_the_same_labels() -> None:
    assert row_key("本年處理決定數量") == row_key("本年処理決定數量") == row_key("本年处理决定数量")
    assert row_key("信息內容") == "信息内容"


def test_no_character_of_the_forms_is_another_shape() -> None:
    rows = [r for f in load_forms().values() for table in f.tables for b in table.blocks for r in b.rows]
    assert not {c for r in rows for label in r.label for c in label} & {chr(c) for c in TO_FORM_SHAPES}
