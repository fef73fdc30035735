from __future__ import annotations

import pytest

from models.claim_words import claim_words, parse_claim_words
from models.errors import UsageError
from models.form import FORM_IDS, load_form


def test_every_item_counts_a_field_of_one_of_the_forms() -> None:
    known = {i for form in FORM_IDS for i in load_form(form).fields}
    for name, subject in claim_words().subjects.items():
        for spanned in subject.fields_of or (name,):
            for item in subject.items.values():
                for patterns in (item.fields, *item.otherwise):
                    ids = {p.removeprefix("-").format(subject=spanned, column="total") for p in patterns}
                    assert any(i in known or "*" in i for i in ids), ids


def test_no_pattern_holds_white_space() -> None:
    for subject in claim_words().subjects.values():
        assert " " not in subject.words.pattern


@pytest.mark.parametrize("text", ["a: [", "units: {}", "- 1"])
def test_a_broken_file_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="claims"):
        parse_claim_words(text)
