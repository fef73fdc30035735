"""Pieces of the sentences in findings, in Chinese and English: sums with their terms, lists of names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

from models.figures import number_of, plain
from models.finding import Message
from models.report import FieldValue
from models.rule_labels import Labels

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

# A sum of at most this many terms is written out as figures alone (six applicants); of a longer one only the terms
# other than 0 are listed, each with its name.
MAX_PLAIN_TERMS = 6
# Names listed in one sentence; of more, the rest is counted. Finding.fields holds them all.
MAX_NAMES = 6

_BLANK_TERM: dict[Language, str] = {"zh": "空白", "en": "blank"}


def say(message: Message, language: Language) -> str:
    """The text of a message in one language."""
    return message.zh if language == "zh" else message.en


def sum_text(
    ids: Sequence[str], total: Decimal, fields: Mapping[str, FieldValue], labels: Labels, language: Language
) -> str:
    """One side of a rule as a sum: ``0``, ``10+1+0+0=11``, or the named terms other than 0 of a long sum."""
    equals = "=" if language == "zh" else " = "
    if len(ids) == 1:
        return plain(total)
    if len(ids) <= MAX_PLAIN_TERMS:
        return "+".join(_term(fields.get(i), language) for i in ids) + equals + plain(total)
    named = [
        f"{_row_name(i, labels, language)} {plain(number)}"
        for i in ids
        for number in [number_of(fields.get(i))]
        if number
    ]
    if not named:
        return plain(total)
    return f"{' + '.join(named)} = {plain(total)}"


def name_list(names: Sequence[str], language: Language) -> str:
    """Names joined for a sentence; more than MAX_NAMES are counted."""
    joint = "、" if language == "zh" else "; "
    if len(names) <= MAX_NAMES:
        return joint.join(names)
    rest = len(names) - MAX_NAMES
    tail = f"等共 {len(names)} 处" if language == "zh" else f" and {rest} more"
    return joint.join(names[:MAX_NAMES]) + tail


def field_names(ids: Sequence[str], labels: Labels, language: Language) -> str:
    """The names of fields, joined for a sentence."""
    return name_list([say(labels.fields[i], language) for i in ids], language)


def _term(value: FieldValue | None, language: Language) -> str:
    number = number_of(value)
    if number is None:
        return f"({_BLANK_TERM[language]})"
    return f"({plain(number)})" if number < 0 else plain(number)


def _row_name(field_id: str, labels: Labels, language: Language) -> str:
    # Long sums run down one column, so the row alone names the term.
    return say(labels.rows[field_id.rsplit(".", 1)[0]], language)
