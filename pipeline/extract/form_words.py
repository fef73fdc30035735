"""What the running text of a file tells before any table is read: is it Chinese at all, is the form complete in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from models.form import FormTable, load_forms
from models.text import row_key, squeeze
from models.vocabulary import vocabulary

# The characters that make up about a third of all printed Chinese, and those that such reports are full of.
_COMMON = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然"
    "家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机"
    "十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政相见利什二等产或新己制身果加月合"
    "回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题更别打总何数安少"
    "报结反受目再建务做接必场件计管期市直德资命山金指许统区保至队形社便决治展司基非则报告申请依据规范依例责监督信息"
)
# Fewer letters tell nothing about the language of a page.
_ENOUGH_LETTERS = 40
# Share of familiar characters among all letters: in a Chinese report more than a half, by chance a fiftieth.
_LEAST_FAMILIAR = 0.2
# A table whose telling words are in the text by less than this share is not in the text, 0..1.
_PRESENT_SHARE = 0.55


def is_garbled(text: str) -> bool:
    """True where a text has letters enough and is no Chinese: a font without a table of its characters, most often."""
    letters = [c for c in text if unicodedata.category(c)[0] == "L" or unicodedata.category(c) == "Co"]
    if len(letters) < _ENOUGH_LETTERS:
        return False
    familiar = _familiar()
    return sum(1 for c in letters if c in familiar) < _LEAST_FAMILIAR * len(letters)


def has_form_words(text: str, *, least: int) -> bool:
    """True where a text has so many telling words of the forms."""
    return vocabulary().telling_hits(text) >= least


def is_form_complete(text: str) -> bool:
    """True where the text holds most of the words of each table of a form: no table of it can be a picture."""
    flat = squeeze(text)
    return all(
        max(sum(word in flat for word in words) / len(words) for words in one_table.values()) >= _PRESENT_SHARE
        for one_table in _telling_by_table().values()
    )


@lru_cache(maxsize=1)
def _familiar() -> frozenset[str]:
    labels = "".join((*vocabulary().row_words, *vocabulary().column_words))
    return frozenset(_COMMON) | frozenset(c for c in labels if unicodedata.category(c) == "Lo")


@lru_cache(maxsize=1)
def _telling_by_table() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Id of a table -> id of a form -> the words of that table that prose does not use."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for form in load_forms().values():
        for table in form.tables:
            found.setdefault(table.id, {})[form.id] = _words(table)
    return found


def _words(table: FormTable) -> frozenset[str]:
    labels = {
        row_key(text)
        for block in table.blocks
        for text in (*(t for c in block.columns for t in c.label), *(t for r in block.rows for t in r.label))
    }
    return vocabulary().telling_words & labels
