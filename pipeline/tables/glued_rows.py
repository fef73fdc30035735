"""From glued lines to the rows of a form, each with the piece of text that holds its values and its doubts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from models.form import Form
from models.glued import GluedRow, GluedTables
from models.match import LabelScore, LeftoverRow
from models.page import TextLine
from models.text import enumerator
from pipeline.tables.glued_anchors import (
    NUMERALS,
    Anchor,
    find_anchors,
    header_length,
    header_score,
    header_words,
    letters_of,
    words_as_printed,
)
from pipeline.tables.glued_flow import NUMBERED, Flow, lines_to_flow

# Similarity from which a label or a header is taken for that of the form without asking.
_SAME_LABEL, _SAME_HEADER = 0.85, 0.8
# Similarity, in percent, from which a word of a header counts as printed.
_PRINTED_WORD = 60
# A label printed elsewhere as well, with values behind it, is the same row again when it is this long (letters).
_TELLING_LETTERS = 5
# Digits that only a row of a table has; the longest header is shorter than this many letters.
_FULL_ROW, _HEADER_LETTERS = 7, 120
_ENDS_IN_YEAR = re.compile(r"(?:19|20)\d\d$")
# What may stand behind the values of a row: a letter, a numbering, quotation marks, the end of the text.
_GOES_ON = re.compile(f"[\u3400-\u9fff{NUMBERED}\"“”'‘’「『<…]|[(\\[]\\s*[{NUMERALS}]+\\s*[)\\]]|$")
# Letters at the beginning of a misprinted label that its likeness may leave out.
_LOST_LETTERS = 2
# A label has at least this many letters.
_LEAST_LABEL = 2
# Letters that tell what a stretch of letters begins with.
_BEGINNING = 3
# Words that forms print between rows and headers and that belong to neither.
_FILLERS = ("信息内容", "本列数据的勾稽关系为第一项加第二项之和等于第三项加第四项之和")


def lines_to_glued_rows(lines: Sequence[TextLine], form: Form, others: Sequence[Form]) -> GluedTables:
    """The rows of the form that stand in the lines, with their values unsplit.

    Args:
        lines: All lines of the file.
        form: The form that the text belongs to.
        others: Other known forms: a header that is rather theirs is told.
    """
    flow = lines_to_flow(lines)
    chain, rest = find_anchors(flow, form)
    doubts = _block_doubts(flow, chain, others)
    repeated = _repeated(flow, chain, rest)
    rows: dict[str, GluedRow] = {}
    leftovers: list[LeftoverRow] = []
    for i, anchor in enumerate(chain):
        following = chain[i + 1] if i + 1 < len(chain) else None
        reasons = set(doubts.get(anchor.line.block.id, ()))
        if anchor.score < _SAME_LABEL:
            reasons.add("label_uncertain")
        if anchor.line.block.id in repeated:
            reasons.add("row_repeated")
        reasons |= _gap_doubts(flow, anchor, following)
        if following is not None and (leftover := _leftover(flow, anchor, following)) is not None:
            leftovers.append(leftover)
        rows[anchor.line.key] = GluedRow(
            key=anchor.line.key,
            texts=_extents(flow, anchor, following),
            reasons=frozenset(reasons),
            label=LabelScore(flow.text[anchor.start : anchor.stop], round(anchor.score, 4), 1.0),
            page_no=flow.page_no(anchor.start),
        )
    variants = tuple(v.id for v in form.variants if set(v.by) & rows.keys() and not set(v.replaces) & rows.keys())
    return GluedTables(_without_unused(form, rows, variants), variants, tuple(leftovers))


def _without_unused(form: Form, rows: Mapping[str, GluedRow], variants: Sequence[str]) -> dict[str, GluedRow]:
    """The rows without those of variants that are not in force."""
    unused = {key for v in form.variants if v.id not in variants for key in v.by}
    return {key: row for key, row in rows.items() if key not in unused}


def _block_doubts(flow: Flow, chain: Sequence[Anchor], others: Sequence[Form]) -> dict[str, frozenset[str]]:
    """Block id -> what is doubtful about its header, and so about all its rows."""
    doubts: dict[str, frozenset[str]] = {}
    for i, anchor in enumerate(chain):
        block = anchor.line.block
        if block.id in doubts:
            continue
        if not anchor.line.begins_block:
            doubts[block.id] = frozenset({"column_uncertain"})
            continue
        start = chain[i - 1].run[1] if i else 0
        stop = anchor.stop if not anchor.line.row.label else anchor.start
        doubts[block.id] = _header_doubts(flow, anchor, start, stop, others)
    return doubts


def _header_doubts(flow: Flow, anchor: Anchor, start: int, stop: int, others: Sequence[Form]) -> frozenset[str]:
    block = anchor.line.block
    first, last = bisect_left(flow.places, start), bisect_left(flow.places, stop)
    before = flow.letters[first:last].rstrip(NUMERALS)
    score = header_score(before, block)
    reasons: set[str] = set()
    if score < _SAME_HEADER or not any(_in_order(before, words) for words in words_as_printed(before, block)):
        reasons.add("column_uncertain")
    rivals = [b for f in others if (b := f.block_of.get(block.id)) is not None]
    letters = header_length(before, block) * score
    if any(
        (theirs := header_score(before, rival)) >= _SAME_HEADER and header_length(before, rival) * theirs > letters
        for rival in rivals
    ):
        reasons.add("other_form")
    length = max(len("".join(words)) for words in header_words(block))
    header_start = flow.places[max(last - length, first)] if last > first else start
    if flow.has_digit(header_start, stop):
        # Values before the first label: they may belong to the labels before them or behind them.
        reasons.add("value_beside")
    return frozenset(reasons)


def _in_order(before: str, words: Sequence[str]) -> bool:
    """True where all words are printed, misprints allowed, and those printed letter by letter stand in this order."""
    tail = before[-len("".join(words)) - len(words) :]
    if any(fuzz.partial_ratio(word, tail) < _PRINTED_WORD for word in words):
        return False
    pattern = "|".join(sorted(set(words), key=len, reverse=True))
    expected = iter(words)
    return all(any(word == found for word in expected) for found in re.findall(pattern, tail))


def _repeated(flow: Flow, chain: Sequence[Anchor], rest: Sequence[Anchor]) -> set[str]:
    """Ids of blocks of which a row stands elsewhere too, with as many values and other ones."""
    printed = {a.line.key: _digits(flow, a) for a in chain}
    found: set[str] = set()
    for anchor in rest:
        block, digits = anchor.line.block, _digits(flow, anchor)
        taken = any(a.start < anchor.stop and anchor.start < a.stop for a in chain)
        if anchor.score < 1.0 or taken or digits == printed.get(anchor.line.key):
            continue
        is_row = anchor.stop - anchor.start >= _TELLING_LETTERS and len(digits) >= max(len(block.columns), _FULL_ROW)
        first = bisect_left(flow.places, anchor.start)
        before = flow.letters[max(first - _HEADER_LETTERS, 0) : first].rstrip(NUMERALS)
        under_header = anchor.line.begins_block and digits and header_score(before, block) >= _SAME_HEADER
        if is_row or under_header:
            found.add(block.id)
    return found


def _digits(flow: Flow, anchor: Anchor) -> str:
    return "".join(c for c in flow.text[slice(*anchor.run)] if c.isdigit())


def _gap_doubts(flow: Flow, anchor: Anchor, following: Anchor | None) -> frozenset[str]:
    """What speaks against the values ending where they seem to end."""
    rest = flow.text[anchor.run[1] :].lstrip()
    if _GOES_ON.match(rest) is None:
        # Neither a label nor a numbering: a remark, a mark, a sign that no number has.
        return frozenset({"trailing_text"})
    if following is None:
        return frozenset()
    line = following.line
    letters = flow.letters_between(anchor.run[1], following.start)
    numbered = rest.startswith(NUMBERED)
    if line.block is anchor.line.block:
        by_words = not line.row.label or not enumerator(line.row.label[-1]).isdigit()
        # A digit taken for a numbering where the form numbers with words is doubted too.
        is_odd = bool(_unexplained(flow, anchor, following)) or (numbered and by_words and not letters)
    else:
        # Nothing is printed for this row only where what follows is what the form prints next.
        starts = (line.block.title, line.table.heading, *_FILLERS, *line.row.label, *header_words(line.block)[0])
        after = flow.letters_between(anchor.run[1], following.stop).lstrip(NUMERALS)
        known = any(after.startswith(letters_of(s)[:_BEGINNING]) for s in starts if letters_of(s))
        is_odd = not flow.text[slice(*anchor.run)].strip() and (numbered or not known)
    return frozenset({"trailing_text"} if is_odd else ())


def _unexplained(flow: Flow, anchor: Anchor, following: Anchor) -> str:
    """Letters between the values of a row and the next label that are neither its parents nor a header."""
    line = following.line
    letters = flow.letters_between(anchor.run[1], following.start)
    expected = [*map(letters_of, line.row.label[:-1]), *_FILLERS]
    if line.begins_block:
        expected += [
            letters_of(line.block.title),
            *(w for words in words_as_printed(letters, line.block) for w in words),
        ]
    for word in sorted(filter(None, expected), key=len, reverse=True):
        letters = letters.replace(word, "")
    letters = letters.strip(NUMERALS)
    # The beginning of a label that is not printed letter by letter may not have been taken for it.
    return "" if following.score < 1.0 and len(letters) <= _LOST_LETTERS else letters


def _leftover(flow: Flow, anchor: Anchor, following: Anchor) -> LeftoverRow | None:
    """A row between two rows of a table that no row of the form explains."""
    if following.line.table is not anchor.line.table:
        return None
    unexplained = _unexplained(flow, anchor, following)
    values = re.findall(r"\d[\d,.]*", flow.text[anchor.run[1] : following.start])
    if len(unexplained) < _LEAST_LABEL or not values:
        return None
    return LeftoverRow(
        page_no=flow.page_no(anchor.run[1]),
        table=anchor.line.table.id,
        labels=(unexplained,),
        values=tuple(values),
        reason="no_row",
    )


def _extents(flow: Flow, anchor: Anchor, following: Anchor | None) -> tuple[str, ...]:
    """What may be the values of a row, the likeliest first."""
    start, stop = anchor.run
    run = flow.text[start:stop].strip()
    if flow.text[stop : stop + 1] == "年" and (year := _ENDS_IN_YEAR.search(run)) is not None:
        run = run[: year.start()].rstrip()
    found = [run]
    number = enumerator(following.line.row.label[-1]) if following is not None and following.line.row.label else ""
    if following is not None and number.isdigit() and run.endswith(number):
        between = flow.text[stop : following.start]
        if not any(c.isalnum() or c == NUMBERED for c in between):
            # The numbering of the next label without its point.
            found.insert(0, run.removesuffix(number).rstrip())
    for text in tuple(found):
        if "\n" in text:
            # A break may end the values, part two of them, or cut one.
            found += [text.split("\n", 1)[0].rstrip(), text.replace("\n", " "), re.sub(r"\s*\n\s*", "", text)]
            found.remove(text)
    return tuple(dict.fromkeys(found))
