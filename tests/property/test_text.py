"""The normal form of labels: the same after a second time, and blind to what only the producer of a file changes."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.form import load_forms
from models.text import enumerator, fold, row_key, squeeze, without_brackets

LABELS = sorted(
    {t for f in load_forms().values() for c in f.fields.values() for t in (*c.row.label, *c.column.label) if t}
)
KANGXI = {"一": "⼀", "行": "⾏", "自": "⾃", "人": "⼈", "大": "⼤", "工": "⼯", "方": "⽅", "三": "三", "食": "⻝"}
INVISIBLE = ("\u200b", "\ufeff", "\u00ad", "\u2060")
SPACES = (" ", "\n", "\u3000", "\u00a0", "\t")
NARROW = str.maketrans("（）：，．", "():,.")

labels = st.sampled_from(LABELS)
label_like = st.text(
    st.sampled_from(
        "一二三四七八九十0123456789()（）[]【】、.．,，:：·“”\"' \n\u3000\u200b⻝⼀⾏规章行政许可其他总计公开"
    ),
    max_size=16,
)
texts = st.one_of(st.text(max_size=24), label_like, labels)

quick = settings(max_examples=60, deadline=None, derandomize=True)


@quick
@given(texts)
def test_the_normal_forms_are_their_own_normal_forms(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert squeeze(fold(text)) == squeeze(text)


@pytest.mark.xfail(strict=True, reason="a spacing accent loses its space and composes only the second time: 'E¯'")
@quick
@given(texts)
@example("E¯")
def test_a_squeezed_text_is_squeezed(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)


@quick
@given(texts)
def test_the_key_of_a_key_is_itself_unless_only_a_number_is_left(text: str) -> None:
    key = row_key(text)
    assert row_key(key) == key


@quick
@given(texts)
def test_a_key_holds_no_white_space_and_no_punctuation(text: str) -> None:
    assert not any(c.isspace() or c in "()（）、,，.．:：“”[]【】·" for c in row_key(text))


@quick
@given(labels, st.lists(st.tuples(st.integers(0, 40), st.sampled_from((*SPACES, *INVISIBLE))), max_size=6))
def test_white_space_and_invisible_characters_change_no_key(label: str, added: list[tuple[int, str]]) -> None:
    printed = label
    for at, char in added:
        printed = printed[: at % (len(printed) + 1)] + char + printed[at % (len(printed) + 1) :]
    assert row_key(printed) == row_key(label)
    assert enumerator(printed) == enumerator(label)
    assert squeeze(printed) == squeeze(label)


@quick
@given(labels)
def test_radicals_and_the_width_of_signs_change_no_key(label: str) -> None:
    printed = "".join(KANGXI.get(c, c) for c in label)
    assert row_key(printed) == row_key(label)
    assert enumerator(printed) == enumerator(label)
    assert row_key(label.translate(NARROW)) == row_key(label)


@quick
@given(texts)
def test_a_label_without_brackets_has_none_to_lose(text: str) -> None:
    once = without_brackets(text)
    assert len(once) <= len(squeeze(text))
    assert enumerator(once)[:1] == enumerator(text)[:1] or not enumerator(text)


def test_labels_of_one_block_have_keys_of_their_own() -> None:
    for form in load_forms().values():
        for block in form.block_of.values():
            rows = [tuple(row_key(t) for t in r.label) for r in block.rows]
            columns = [tuple(row_key(t) for t in c.label) for c in block.columns]
            assert len(set(rows)) == len(rows)
            assert len(set(columns)) == len(columns)
