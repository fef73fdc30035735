"""Prose -> statements: every number with what it counts and what it covers, before anything is compared.

A sentence is taken clause by clause. The words before a number (and, where they say nothing, those behind it) are its
label; what a label leaves out is taken from the ones before it: the subject from the paragraph, the row of the
applicants from the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from models.claim_words import claim_words
from models.report import ClaimScope
from pipeline.check.narrative_labels import TOTAL, Reading, read_label, subject_of
from pipeline.check.narrative_scope import Speaker, scope_of
from pipeline.check.prose_quantities import Clause, Quantity, clauses
from pipeline.check.prose_text import Span, paragraphs

# What the text of a section is about before it says so.
_SECTION_SUBJECTS = {"requests": "requests"}
# Sections that are about nothing but the disclosure of information.
_ON_DISCLOSURE = frozenset({"requests", "disputes"})
# Text before the first heading; part of the report only where its first section has no heading.
_PREAMBLE, _FIRST_SECTION = "preamble", "overview"
# Characters; a longer run without a full stop is no sentence, and its clauses are held against each other one by one.
_LONGEST_SENTENCE = 20_000
# A number of one with a denial is none: 未发生一起行政复议.
_ONE = Decimal(1)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Statement:
    """A number in prose at ``start:stop`` of the section's text.

    ``reading`` is None where it counts nothing of the form. ``step`` as in ``Quantity``.
    """

    section: str
    start: int
    stop: int
    clause: str
    value: Decimal
    step: Decimal
    unit: str
    reading: Reading | None
    scope: ClaimScope


@dataclass(slots=True)
class _Context:
    """What the text said so far."""

    section: str
    speaker: Speaker
    subject: str | None
    opening: str
    row: Reading | None = None
    last: Reading | None = None
    whole: Reading | None = None
    on_disclosure: bool = False
    outside: bool = False
    cases_of_others: bool = False


def section_statements(sections: Mapping[str, str], speaker: Speaker) -> list[Statement]:
    """All statements in the prose of a report, in the order of the text."""
    found: list[Statement] = []
    for section, text in sections.items():
        opening = ""
        for sentences in paragraphs(text):
            # The year at the head of a paragraph holds for those after it: a file may go on with another year's report.
            year = claim_words().year.match(sentences[0].text)
            opening = year.group() if year else opening
            context = _Context(section, speaker, _SECTION_SUBJECTS.get(section), opening)
            context.on_disclosure = section in _ON_DISCLOSURE
            context.outside = section == _PREAMBLE and _FIRST_SECTION in sections
            for sentence in (s for s in sentences if len(s.text) <= _LONGEST_SENTENCE):
                context.row = context.last = context.whole = None
                context.cases_of_others = False
                found += _sentence(sentence, context)
    return found


def _sentence(sentence: Span, context: _Context) -> Iterator[Statement]:
    previous: Clause | None = None
    for clause in clauses(sentence.text):
        if _is_denied(sentence, clause):
            yield from _denial(sentence, clause, context)
        else:
            for n, quantity in enumerate(clause.quantities):
                statement = _stated(sentence, clause, n, previous, context)
                if statement is not None and not (quantity.chinese and statement.reading is None):
                    yield statement
            if not clause.quantities:
                yield from _implied(sentence, clause, context)
        _follow(sentence.text[clause.start : clause.stop], context)
        previous = clause


def _follow(text: str, context: _Context) -> None:
    context.subject = subject_of(text, context.subject)
    context.on_disclosure |= context.subject == "requests" or bool(claim_words().disclosure.search(text))


def _is_denied(sentence: Span, clause: Clause) -> bool:
    if any(not q.chinese or q.number != _ONE for q in clause.quantities):
        return False
    return claim_words().negation.search(sentence.text, clause.start, clause.stop) is not None


def _denial(sentence: Span, clause: Clause, context: _Context) -> Iterator[Statement]:
    """None received, none brought: a zero of the items that may be told so."""
    match = claim_words().negation.search(sentence.text, clause.start, clause.stop)
    if match is None:
        return
    label = sentence.text[match.start() : clause.stop]
    reading = read_label(label, "count", None, label)
    if reading is None or not reading.items or not all(item.zero for item in reading.found()):
        return
    _follow(sentence.text[clause.start : clause.stop], context)
    scope = _scope_of(reading, label, sentence.text[: clause.stop], label, context)
    if scope == "clear" and reading.subject in claim_words().disputed and not context.on_disclosure:
        scope = "ambiguous"
    yield _statement(sentence, (match.start(), clause.stop), clause, (_ZERO, _ZERO, ""), reading, scope, context)
    context.subject = reading.subject


def _implied(sentence: Span, clause: Clause, context: _Context) -> Iterator[Statement]:
    """All requests finished: nothing can be carried over."""
    implied = claim_words().implied
    match = implied.words.search(sentence.text, clause.start, clause.stop)
    text = sentence.text[clause.start : clause.stop]
    if match is None or subject_of(text, context.subject) != implied.subject:
        return
    reading = Reading(implied.subject, (implied.item,))
    scope = _scope_of(reading, text, sentence.text[: clause.stop], text, context)
    where = (match.start(), match.end())
    scope = "implied" if scope == "clear" else scope
    yield _statement(sentence, where, clause, (_ZERO, _ZERO, ""), reading, scope, context)


def _stated(
    sentence: Span, clause: Clause, number: int, previous: Clause | None, context: _Context
) -> Statement | None:
    """The statement of one number; None for a number of the text that is no statement at all."""
    text, quantity = sentence.text, clause.quantities[number]
    start = clause.quantities[number - 1].stop if number else clause.start
    last = number + 1 == len(clause.quantities)
    stop = clause.stop if last else clause.quantities[number + 1].start
    front, back = text[start : quantity.start], text[quantity.stop : stop]
    before_number = "" if previous is None or previous.quantities or number else text[previous.start : previous.stop]
    value = (quantity.number, quantity.step, quantity.unit)
    where = (quantity.start, quantity.stop)
    words = claim_words()
    if words.change.search(front):
        known = context.last if quantity.kind == "percent" else None
        signed = -quantity.number if words.decrease.search(front) else quantity.number
        return _statement(sentence, where, clause, (signed, _ZERO, quantity.unit), known, "change", context)
    if quantity.kind == "percent":
        return _statement(sentence, where, clause, value, None, "share", context)
    _follow(front, context)
    reading, label = _read(text[clause.start : start], front, back, before_number, quantity, context)
    if reading is None:
        return _statement(sentence, where, clause, value, None, "unrelated", context)
    scope: ClaimScope = "approximate" if quantity.vague else "clear" if quantity.tables else "other_unit"
    if scope == "clear":
        end = quantity.start if label == front else stop
        scope = _scope(reading, label, text[:end], before_number + label, context)
    if scope == "clear":
        scope = _repeated(reading, context) or _own_scope(reading, quantity)
    _remember(reading, scope, context)
    return _statement(sentence, where, clause, value, reading, scope, context)


def _read(
    lead: str, front: str, back: str, before_number: str, quantity: Quantity, context: _Context
) -> tuple[Reading | None, str]:
    """What a number counts, and the words that say so; ``lead`` is the clause before them."""
    labels = [front, front + back]
    if not back and claim_words().total_only.search(front):
        labels.append(before_number)
    applicants: tuple[Reading, str] | None = None
    for label in labels:
        reading = read_label(label, quantity.kind, context.subject, lead + label)
        if reading is not None and reading.items:
            return reading, label
        if reading is not None and applicants is None:
            applicants = (reading, label)
    if applicants is not None and context.row is not None:
        row = context.row
        return Reading(row.subject, row.items, applicants[0].columns, row.joined), applicants[1]
    return _like_the_last(front, context), front


def _like_the_last(front: str, context: _Context) -> Reading | None:
    """For a label that only names a subject, the item of the number before: 公开规章13件，规范性文件60件."""
    subject = subject_of(front, None)
    if subject is None or context.last is None or subject == context.last.subject:
        return None
    entry = claim_words().subjects[subject]
    alone = entry.words.sub("", front).strip("、和及与") == ""
    known = all(item in entry.items for item in context.last.items)
    return Reading(subject, context.last.items) if alone and known else None


def _scope(reading: Reading, label: str, before: str, way: str, context: _Context) -> ClaimScope:
    """As ``_scope_of``; cases only where the text is about disclosure and the sentence about no others."""
    scope = _scope_of(reading, label, before, way, context)
    if reading.subject not in claim_words().disputed:
        return scope
    context.cases_of_others |= scope == "other_act"
    return "other_act" if context.cases_of_others or not context.on_disclosure else scope


def _scope_of(reading: Reading, label: str, before: str, way: str, context: _Context) -> ClaimScope:
    if context.outside:
        return "outside"
    return scope_of(reading, label, context.opening + before, way, context.speaker)


def _own_scope(reading: Reading, quantity: Quantity) -> ClaimScope:
    if reading.is_ambiguous:
        return "ambiguous"
    return "rounded" if quantity.step and quantity.kind == "count" else "clear"


def _repeated(reading: Reading, context: _Context) -> ClaimScope | None:
    """``part`` where the sentence has given this number before: the second is of some of them."""
    return "part" if context.whole == reading else None


def _remember(reading: Reading, scope: ClaimScope, context: _Context) -> None:
    context.last, context.subject = reading, reading.subject
    if scope == "clear":
        context.whole = reading
    context.row = Reading(reading.subject, reading.items, TOTAL, reading.joined)


def _statement(
    sentence: Span,
    where: tuple[int, int],
    clause: Clause,
    value: tuple[Decimal, Decimal, str],
    reading: Reading | None,
    scope: ClaimScope,
    context: _Context,
) -> Statement:
    start, stop = sentence.place(*where)
    text = sentence.text[clause.start : clause.stop]
    return Statement(context.section, start, stop, text, *value, reading, scope)
