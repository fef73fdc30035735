"""Text as printed, made comparable: one normal form for labels, shared by all stages."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from models.character_variants import TO_FORM_SHAPES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
"""One Chinese character of everyday print."""

# Zero-width and formatting characters that office suites and web editors leave behind.
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\ufe0e\ufe0f]")
_SPACE = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^0-9A-Za-z\u3400-\u9fff\U00020000-\U0003134f]+")
_NUMERAL = "一二三四五六七八九十"
# `1.` `1、` `(一)` `（七）` `一、` `①` at the beginning of a label, also doubled (`三三、`, `一、一、`).
_ENUMERATOR = re.compile(
    rf"^(?:[(\[【〔]\s*(?:[{_NUMERAL}]+|\d{{1,2}})\s*[)\]】〕]|[{_NUMERAL}]+\s*[、.,:·]|\d{{1,2}}\s*[、.,:)·])\s*[、.]?"
)
# Labels repeat over the rows of a report and over reports; prose never comes this way.
_CACHED = 8192
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]")

# CJK Radicals Supplement has no compatibility decomposition for most code points; these are the ones that PDF producers
# emit for ordinary characters.
_RADICALS = str.maketrans(
    "⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳⺫⺬⺼"
    "⻁⻂⻊⻌⻏⻗⻙⺆⺈⺊⺌⺍⺎⺗⺝⺩⺮⺳⺴⺶⺷⺸⺹⺻⺽⺾⻀⻃⻍⻎",
    "母民西见角贝车长门青页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟目示肉"
    "虎衣足辶阝雨韦冂刀卜小小兀心月王竹网网羊羊羊老聿臼艹艹西辶辶",
)


def fold(text: str) -> str:
    """The text in NFKC, Kangxi and supplementary radicals as ordinary characters, invisible characters removed.

    Idempotent. White space is kept, line breaks included.
    """
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text.translate(_RADICALS))
    return _INVISIBLE.sub("", folded)


def squeeze(text: str) -> str:
    """Folded text without any white space: the comparable form of a cell."""
    return _SPACE.sub("", fold(text))


def as_printed(label: str) -> str:
    """A label in one line: the characters as printed, line breaks and the white space around them left out."""
    return "".join(line.strip() for line in label.splitlines())


@lru_cache(maxsize=_CACHED)
def row_key(label: str) -> str:
    """The comparable form of a label: folded, no white space, no punctuation, no leading enumerator, simplified.

    Idempotent but for labels that are nothing but an enumerator, which keep it.
    """
    return _NOT_WORD.sub("", _strip_enumerator(squeeze(label))).translate(TO_FORM_SHAPES)


@lru_cache(maxsize=_CACHED)
def enumerator(label: str) -> str:
    """The leading enumerator without punctuation (``1``, ``七``); empty where the label has none."""
    text = squeeze(label)
    match = _ENUMERATOR.match(text)
    return _NOT_WORD.sub("", match.group()) if match else ""


@lru_cache(maxsize=_CACHED)
def without_brackets(label: str) -> str:
    """The label without bracketed remarks: ``部分公开（…）`` -> ``部分公开``; a leading ``（一）`` is kept."""
    text = squeeze(label)
    match = _ENUMERATOR.match(text)
    head = match.group() if match else ""
    return head + _BRACKETED.sub("", text[len(head) :])


def _strip_enumerator(text: str) -> str:
    while match := _ENUMERATOR.match(text):
        if match.end() == len(text):
            break
        text = text[match.end() :]
    return text
