from __future__ import annotations

import re
from importlib import resources

import pytest

from pipeline.review.pages.words import LANGUAGES, WORDS, Language
from pipeline.store.records import STATES


def test_each_word_is_there_in_both_languages() -> None:
    for key in WORDS["zh"]:
        zh, en = WORDS["zh"][key], WORDS["en"][key]
        assert zh, key
        assert en, key
        assert zh.count("{}") == en.count("{}"), key


def test_words_are_attributes_too() -> None:
    assert WORDS["en"].queue == WORDS["en"]["queue"] == "Queue"
    with pytest.raises(AttributeError):
        _ = WORDS["en"].no_such_word


@pytest.mark.parametrize("language", LANGUAGES)
def test_templates_use_words_that_there_are(language: Language) -> None:
    folder = resources.files("pipeline.review.pages").joinpath("templates")
    used = {
        word
        for template in folder.iterdir()
        for word in re.findall(r"\bw\.([a-z_]+)", template.read_text(encoding="utf-8"))
    }

    assert used
    assert used - set(WORDS[language]) == set()
    assert [word for word in used if hasattr(dict, word)] == [], "a word that is a method of mappings is not found"


def test_no_template_leaves_text_unescaped() -> None:
    folder = resources.files("pipeline.review.pages").joinpath("templates")
    for template in folder.iterdir():
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup", text), template.name


def test_each_state_has_a_word() -> None:
    assert {s if s != "password" else "password_state" for s in STATES} <= set(WORDS["zh"])
