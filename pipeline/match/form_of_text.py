"""Which form a run of text belongs to, by words that only one form has."""

from __future__ import annotations

from collections.abc import Mapping

from models.form import Form
from models.text import row_key

# Shorter words are parts of longer ones.
_SHORTEST = 4
# Form words that a text must hold to be a form at all.
_FEWEST_WORDS = 10


def form_of_text(text: str, forms: Mapping[str, Form], year: int | None) -> Form | None:
    """The form whose own words stand in the text; by the year where the words do not tell; None without form words."""
    flat = row_key(text)
    words = {form.id: _words(form) for form in forms.values()}
    if max(sum(1 for w in ws if w in flat) for ws in words.values()) < _FEWEST_WORDS:
        return None

    def rank(form: Form) -> tuple[int, bool]:
        others = frozenset[str]().union(*(ws for i, ws in words.items() if i != form.id))
        own = sum(1 for w in words[form.id] - others if w in flat)
        return own, year is not None and form.applies_to(year)

    return max(forms.values(), key=rank)


def _words(form: Form) -> frozenset[str]:
    labels = [f.column.label[-1] for f in form.fields.values()]
    labels += [f.row.label[-1] for f in form.fields.values() if f.row.label]
    return frozenset(k for k in map(row_key, labels) if len(k) >= _SHORTEST)
