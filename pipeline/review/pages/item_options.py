"""What may be chosen on an item: readings of a number, rows and columns that it may belong to."""

from __future__ import annotations

from collections.abc import Sequence

from models.form import FORM_IDS, load_form, row_key
from models.report import OCR_STAGE, FieldValue
from models.rule import load_rules
from pipeline.review.column_match import column_candidates
from pipeline.review.item_parts import ColumnCandidate
from pipeline.review.item_view import Candidate, ItemView, SumView
from pipeline.review.pages.form_table import cell_text
from pipeline.review.pages.site import Visit, say
from pipeline.review.pages.templates import Context
from pipeline.verdicts.remap import column_of

_SOURCES = {"reading": "other_reading", "suggested": "suggested", "sums": "by_sums", "first_reading": "other_reading"}
_KINDS = {"blank": "blank", "absent": "absent", "not_applicable": "not_applicable"}
_PER_CENT = 100


def options_of(view: ItemView, visit: Visit) -> list[Context]:
    """What may be chosen by number: readings of a cell, rows of the form for a row in doubt."""
    if view.kind == "number":
        found = [] if _is_candidate(view) else [_as_it_is(view, visit)]
        return found + [_option(view, number, c, visit) for number, c in enumerate(view.candidates)]
    if view.kind in {"row", "unmapped"} and view.row is not None:
        return [
            {"text": say(row.name, visit), "note": f"{row.score:.2f}", "yes": 0, "no": 0, "row": row.key}
            for row in view.row.candidates
        ]
    if view.column is not None:
        return [
            {"text": say(c.name, visit), "note": _sums_hold(c, visit), "yes": 0, "no": 0, "row": c.key}
            for c in view.column.candidates
        ]
    return []


def marked_option(view: ItemView, chosen: int) -> int:
    """The option that Enter would take; -1 where it takes none of them."""
    if view.kind == "number":
        return chosen
    line = view.column if view.kind == "column" else view.row if view.kind == "row" else None
    keys = [] if line is None else [c.key for c in line.candidates]
    return keys.index(line.key) if line is not None and line.key in keys else -1


def rows_to_choose(view: ItemView, visit: Visit) -> list[Context]:
    """All rows that the row of the item may be: the most similar ones first, then the rest of the form in its order."""
    if view.row is None or view.report.form not in FORM_IDS:
        return []
    form = load_form(view.report.form)
    labels = load_rules(form).labels.rows
    scores = {c.key: f"{c.score:.2f}" for c in view.row.candidates}
    rest = [row_key(t, r) for t in form.tables for b in t.blocks for r in b.rows]
    return [
        {"key": key, "name": say(labels[key], visit), "score": scores.get(key, "")}
        for key in dict.fromkeys((*scores, *rest))
        if key != view.row.key
    ]


def columns_to_choose(view: ItemView, visit: Visit) -> list[Context]:
    """All columns that the column of a number, or the one in doubt, may change places with."""
    if view.kind not in {"number", "column"} or not view.fields or view.report.form not in FORM_IDS:
        return []
    form = load_form(view.report.form)
    key = column_of(form, view.fields[0])
    found = column_candidates(view.report, form, key)
    return [{"key": c.key, "name": say(c.name, visit), "score": _sums_hold(c, visit)} for c in found if c.key != key]


def candidate_at(view: ItemView, chosen: int) -> Candidate | None:
    """The candidate behind an option of a number; None for "as it is", where that is no number."""
    number = chosen if _is_candidate(view) else chosen - 1
    return view.candidates[number] if 0 <= number < len(view.candidates) else None


def _is_candidate(view: ItemView) -> bool:
    """True where the value itself is the first candidate."""
    return view.value is not None and view.value.kind in {"number", "not_applicable"} and bool(view.candidates)


def _as_it_is(view: ItemView, visit: Visit) -> Context:
    value = view.value
    kind = "absent" if value is None else value.kind
    text = visit.words[_KINDS[kind]] if kind in _KINDS else cell_text(value)
    yes, no = _tally(view.sums, None)
    return {"text": text, "note": visit.words.now, "yes": yes, "no": no}


def _option(view: ItemView, number: int, candidate: Candidate, visit: Visit) -> Context:
    is_now = number == 0 and _is_candidate(view)
    words = visit.words.now if is_now else visit.words[_SOURCES[candidate.source]]
    sure = "" if candidate.confidence is None else f"{_PER_CENT * candidate.confidence:.1f} %"
    if is_now and candidate.confidence is None and view.value is not None and _is_from_pixels(view.value):
        sure = f"{_PER_CENT * view.value.confidence:.1f} %"
    yes, no = _tally(view.sums, number)
    return {"text": candidate.text or "□", "note": " · ".join(filter(None, (sure, words))), "yes": yes, "no": no}


def _is_from_pixels(value: FieldValue) -> bool:
    # The confidence of what a file states is a mark, not a measured probability.
    return any(e.stage == OCR_STAGE for e in value.evidence)


def _tally(sums: Sequence[SumView], number: int | None) -> tuple[int, int]:
    held = [s.holds if number is None else s.with_candidates[number] for s in sums]
    return held.count(True), held.count(False)


def _sums_hold(candidate: ColumnCandidate, visit: Visit) -> str:
    return "" if candidate.score is None else visit.words.sums_hold.format(candidate.score)
