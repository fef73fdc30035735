"""From glued rows to decided fields: a number is accepted where no other way to cut the text can be meant.

1. Each row by itself: blanks in the text, zeros at the front and the row's own sum leave few splits (``row_splits``).
2. Rows against each other: the sums of the columns choose among them (``split_under_sums``).
3. What is not settled goes to review with its candidates; nothing is made to add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from models.form import Form, FormField, row_key
from models.glued import GluedRow, GluedTables
from models.report import Alternative, Evidence, FieldValue, LabelMatch
from models.rule import LinearRule, expected_rows, load_rules
from pipeline.decide.number_splits import TooManySplitsError, Way, splits
from pipeline.decide.parse_value import parse_value
from pipeline.decide.row_splits import FormRowFields, RowSplits, figures, is_balanced, rows_with_sums, split_row
from pipeline.decide.split_under_sums import (
    Choice,
    SumRow,
    SumRule,
    best_fitting,
    choose_splits,
    without_unknown,
)

AMBIGUOUS, BREAKS_SUMS, TOO_FEW = "split_ambiguous", "split_breaks_sums", "value_count"
_SURE, _DOUBTFUL, _NOTHING = 1.0, 0.5, 0.0
_READER = "glued_text"
# Candidates named in the evidence of a field.
_NAMED = 8
# A row whose own sum fails takes part in the sums of the columns with at most this many splits.
_MOST_FITTED = 10_000
# With more such rows than this the report leaves cells blank, and no split of theirs says anything.
_MOST_ODD = 5
# One mistake of the report breaks at most so many sums between rows; beyond it columns that hold may do so by chance.
_MOST_FAILING = 3
# As many splits of one such row are weighed against each other at once.
_FEW_WAYS = 200


@dataclass(frozen=True)
class _Verdict:
    """What became of a row: its likeliest cells, doubts per column, doubts of the row, other ways to cut it."""

    way: Way | None
    doubts: Mapping[int, str] = field(default_factory=dict)
    reasons: frozenset[str] = frozenset()
    others: tuple[Way, ...] = ()


def decide_glued(form: Form, tables: GluedTables) -> dict[str, FieldValue]:
    """Every field of the form, in form order; fields of a variant only where its rows are printed."""
    variants = frozenset(tables.variants)
    rules = load_rules(form).rules_for(variants)
    expected = expected_rows(form, variants)
    keys = {f.id: row_key(f.table, f.row) for f in form.fields.values()}
    wanted = {i: f for i, f in form.fields.items() if keys[i] in expected}
    rows = rows_with_sums(wanted, keys, rules)
    alone = {r.key: split_row(r, tables.rows[r.key]) for r in rows if r.key in tables.rows}
    verdicts = _verdicts(rows, alone, rules)
    fields: dict[str, FieldValue] = {}
    for form_field in form.fields.values():
        key = keys[form_field.id]
        if key in expected:
            place = next(r for r in rows if r.key == key).fields.index(form_field)
            fields[form_field.id] = _to_field(
                form_field, place, tables.rows.get(key), alone.get(key), verdicts.get(key)
            )
        elif form_field.row.variant is None:
            fields[form_field.id] = FieldValue(
                value=None,
                printed="",
                kind="absent",
                decision="accept",
                confidence=_SURE,
                reasons=["replaced_by_variant"],
            )
    return fields


def _verdicts(
    rows: Sequence[FormRowFields], alone: Mapping[str, RowSplits], rules: Sequence[LinearRule]
) -> dict[str, _Verdict]:
    between = _rules_between(rows, rules)
    linked = {key for rule in between for key, _ in rule.left + rule.right}
    tables_of = {row.key: row.fields[0].table.id for row in rows}
    blank_tables = {t for t in tables_of.values() if _leaves_blanks(t, rows, alone)}
    zero_tables = {tables_of[row.key] for row in rows if row.key in alone and _prints_zero(row, alone[row.key])}
    verdicts = {}
    for row in rows:
        if row.key in alone and row.key not in linked:
            # A row with sums of its own says enough where zeros are printed anywhere, one without only in its table.
            prints_zeros = bool(zero_tables) if row.sums else tables_of[row.key] in zero_tables
            blanks = bool(blank_tables) or not prints_zeros
            verdicts[row.key] = _by_itself(alone[row.key], row, blanks=blanks)
    members = [row for row in rows if row.key in linked]
    if members:
        blanks = tables_of[members[0].key] in blank_tables
        verdicts |= _under_sums(members, alone, between, blanks=blanks)
    return verdicts


def _rules_between(rows: Sequence[FormRowFields], rules: Sequence[LinearRule]) -> list[SumRule]:
    """The rules that link several rows, over cells."""
    place = {f.id: (row.key, i) for row in rows for i, f in enumerate(row.fields)}
    found = []
    for rule in rules:
        if not set(rule.fields) <= place.keys():
            continue
        left, right = (tuple(place[i] for i in side) for side in (rule.left, rule.right))
        if len({key for key, _ in left + right}) > 1:
            found.append(SumRule(left, right))
    return found


def _leaves_blanks(table_id: str, rows: Sequence[FormRowFields], alone: Mapping[str, RowSplits]) -> bool:
    """True where the report leaves cells of a table blank: which column a number stands in is then open."""
    members = [alone[r.key] for r in rows if r.key in alone and r.fields[0].table.id == table_id and len(r.fields) > 1]
    return any(s.short or s.empty for s in members)


def _prints_zero(row: FormRowFields, one: RowSplits) -> bool:
    """True where a row shows that the report prints its zeros."""
    if one.only is None or len(one.only) == 1 or "0" not in one.only:
        return False
    return set(one.only) == {"0"} or one.apart or (bool(row.sums) and is_balanced(row, one.only))


def _by_itself(one: RowSplits, row: FormRowFields, *, blanks: bool) -> _Verdict:
    """A row that no sum links to others. ``blanks``: the report may leave cells blank."""
    if one.empty or (one.apart and one.only is not None):
        return _Verdict(one.only)
    if one.only is not None:
        reasons = set() if is_balanced(row, one.only) else {BREAKS_SUMS}
        if blanks and len(row.fields) > 1 and set(one.only) != {"0"}:
            reasons.add(AMBIGUOUS)
        return _Verdict(one.only, reasons=frozenset(reasons))
    if not one.balanced:
        reason = AMBIGUOUS if one.overflow else BREAKS_SUMS if row.sums and not one.short else TOO_FEW
        return _Verdict(None, reasons=frozenset({reason}))
    columns = range(len(row.fields))
    cells = one.nearly or tuple(frozenset(w[c] for w in one.balanced) for c in columns)
    doubts = {c: AMBIGUOUS for c in columns if blanks or len(cells[c]) > 1}
    return _Verdict(_common(one.balanced), doubts, others=one.balanced)


def _common(ways: Sequence[Way]) -> Way:
    """The cells that all ways share; empty texts elsewhere."""
    return tuple(cells[0] if len(set(cells)) == 1 else "" for cells in zip(*ways, strict=True))


def _under_sums(
    rows: Sequence[FormRowFields],
    alone: Mapping[str, RowSplits],
    rules: Sequence[SumRule],
    *,
    blanks: bool,
) -> dict[str, _Verdict]:
    """Rows that sums link: a choice among the splits of all of them at once."""
    ways = _ways_under_sums(rows, alone, rules)
    rules = without_unknown(rules, {key for key, found in ways.items() if not found})
    free = {r.key for r in rows if _is_open(alone.get(r.key), blanks=blanks) and ways[r.key]}
    choice = None
    if free or any(len(found) > 1 for found in ways.values()):
        choice = choose_splits(_sum_rows(ways, free), rules)
    judged = _judge([r for r in rows if r.key in free], alone, rules, choice, blanks=blanks)
    verdicts: dict[str, _Verdict] = {}
    for row in rows:
        one = alone.get(row.key)
        if one is None:
            continue
        index = choice.chosen.get(row.key) if choice is not None else None
        if one.empty:
            verdicts[row.key] = _Verdict(None)
        elif row.key in free:
            verdicts[row.key] = judged[row.key]
        elif one.only is not None and (one.apart or is_balanced(row, one.only)):
            verdicts[row.key] = _Verdict(one.only)
        else:
            reason = TOO_FEW if one.short else AMBIGUOUS if one.overflow or one.balanced else BREAKS_SUMS
            way = ways[row.key][index] if index is not None else one.only or _twice_the_same(row, one)
            verdicts[row.key] = _Verdict(way, reasons=frozenset({reason}), others=one.balanced)
    return verdicts


def _ways_under_sums(
    rows: Sequence[FormRowFields], alone: Mapping[str, RowSplits], rules: Sequence[SumRule]
) -> dict[str, tuple[Way, ...]]:
    """The splits of each row that take part in the sums; none where the row cannot be relied on.

    Of a row whose own sum cannot hold those are taken that fit the columns best, all other rows being told first.
    """
    odd = [r for r in rows if r.key in alone and _is_odd(alone[r.key])]
    ways = {r.key: _possible(r, alone.get(r.key)) for r in rows}
    if not odd or len(odd) > _MOST_ODD:
        return ways
    tried = {r.key: tuple(_ways_of(r, alone[r.key])) for r in odd}
    ways |= {key: found for key, found in tried.items() if len(found) <= _FEW_WAYS}
    large = {key: found for key, found in tried.items() if len(found) > _FEW_WAYS}
    if not large:
        return ways
    told = without_unknown(rules, set(large))
    choice = choose_splits(_sum_rows(ways, set()), told)
    known = {key: figures(ways[key][index]) for key, index in choice.chosen.items()}
    for key, found in large.items():
        kept = best_fitting([figures(w) for w in found], key, known, rules)
        ways[key] = tuple(found[i] for i in kept) if len(kept) <= _FEW_WAYS else ()
    return ways


def _sum_rows(ways: Mapping[str, Sequence[Way]], free: set[str]) -> list[SumRow]:
    return [SumRow(key, tuple(map(figures, found)), key in free) for key, found in ways.items()]


def _is_odd(one: RowSplits) -> bool:
    """True where the own sum of a row cannot hold and its cells are not parted."""
    return one.only is None and not (one.balanced or one.empty or one.short or one.overflow)


def _possible(row: FormRowFields, one: RowSplits | None) -> tuple[Way, ...]:
    """The splits of a row by itself. A row that is not printed, or printed without a number, counts as zeros."""
    if one is None or one.empty:
        return (("0",) * len(row.fields),)
    if one.short or one.overflow:
        return ()
    return (one.only,) if one.only is not None else one.balanced


def _is_open(one: RowSplits | None, *, blanks: bool) -> bool:
    """True where the columns have to confirm a row: it can be cut in other ways, or cells may have been left blank."""
    if one is None or one.empty or one.apart or not one.balanced:
        return False
    return one.only is None or (blanks and any(figures(one.only)))


def _judge(
    rows: Sequence[FormRowFields],
    alone: Mapping[str, RowSplits],
    rules: Sequence[SumRule],
    choice: Choice | None,
    *,
    blanks: bool,
) -> dict[str, _Verdict]:
    """The rows that the columns have to confirm.

    A sum confirms nothing where it rests on a doubtful cell of another row. Where all sums hold, ties alone are open.
    """
    if choice is None or not all(row.key in choice.chosen for row in rows):
        return {r.key: _Verdict(None, reasons=frozenset({AMBIGUOUS}), others=alone[r.key].balanced) for r in rows}
    every_way = {row.key: tuple(_ways_of(row, alone[row.key])) for row in rows}
    holding = [rules[i].cells for i in sorted(choice.holding)]
    failing = {cell for i in choice.failing for cell in rules[i].cells}
    shaky: set[tuple[str, int]] = set()
    while True:
        verdicts: dict[str, _Verdict] = {}
        found: set[tuple[str, int]] = set()
        for row in rows:
            sound = [cells for cells in holding if not any(c in shaky and c[0] != row.key for c in cells)]
            held = {c for cells in sound for key, c in cells if key == row.key and (key, c) not in failing}
            way = alone[row.key].balanced[choice.chosen[row.key]]
            verdicts[row.key], varying = _chosen(row.key, way, every_way[row.key], choice, held, blanks=blanks)
            others = tuple(alone[row.key].balanced[k] for k in sorted(choice.others.get(row.key, ())))
            if verdicts[row.key].doubts:
                verdicts[row.key] = replace(verdicts[row.key], others=(way, *others))
            found |= {(row.key, c) for c in varying}
        if found <= shaky or not failing:
            return verdicts
        shaky |= found


def _chosen(
    key: str, way: Way, every_way: Sequence[Way], choice: Choice, held: set[int], *, blanks: bool
) -> tuple[_Verdict, set[int]]:
    """The verdict on a row, and the columns in which it may be another number.

    Where all its columns hold, only ties are open. Where one fails, the mistake may be in this very row, which adds up
    by coincidence then: it stands only if the columns that hold leave one way to cut it, and few sums fail in all.
    """
    columns = range(len(way))
    unsettled = {c for c in columns if (key, c) in choice.unsettled}
    if held.issuperset(columns):
        return _Verdict(way, dict.fromkeys(unsettled, AMBIGUOUS)), unsettled
    firm = held - unsettled
    alike = [w for w in every_way if all(w[c] == way[c] for c in firm)]
    if alike == [way] and not blanks and len(choice.failing) <= _MOST_FAILING:
        return _Verdict(way), set()
    varying = {c for c in columns if any(w[c] != way[c] for w in alike)} if alike else set(columns)
    return _Verdict(way, dict.fromkeys(columns, AMBIGUOUS)), varying | unsettled


def _twice_the_same(row: FormRowFields, one: RowSplits) -> Way | None:
    """A guess for a person: of two equal numbers one is the total, the other most likely that of natural persons."""
    text = "".join(one.texts[0].split())
    half = text[: len(text) // 2]
    if not one.short or text != half * 2:
        return None
    return (half, *("",) * (len(row.fields) - 2), half)


def _ways_of(row: FormRowFields, one: RowSplits) -> Iterator[Way]:
    """Splits of a row, balanced or not; none where there are too many to try."""
    try:
        ways = [w for text in one.texts for w in islice(splits(text, row.kinds), _MOST_FITTED + 1)]
    except TooManySplitsError:
        return iter(())
    return iter(ways if len(ways) <= _MOST_FITTED else ())


def _to_field(
    field: FormField, place: int, printed: GluedRow | None, one: RowSplits | None, verdict: _Verdict | None
) -> FieldValue:
    if printed is None or one is None or verdict is None:
        return FieldValue(
            value=None, printed="", kind="absent", decision="review", confidence=_NOTHING, reasons=["row_missing"]
        )
    run = printed.texts[0]
    reasons = set(printed.reasons | verdict.reasons)
    if place in verdict.doubts:
        reasons.add(verdict.doubts[place])
    label = LabelMatch(printed=printed.label.printed, score=printed.label.score, margin=printed.label.margin)
    cell = verdict.way[place] if verdict.way else None
    evidence = Evidence(
        page_no=printed.page_no,
        stage="decide",
        reader=_READER,
        text=run,
        alternatives=[Alternative(text=" ".join(way)) for way in verdict.others[:_NAMED]],
    )
    if cell or one.empty:
        parsed = parse_value(cell or "", field.column.unit, signed=field.column.signed)
        reasons |= parsed.reasons
        return FieldValue(
            value=parsed.value,
            printed=cell or "",
            kind=parsed.kind,
            decision="review" if reasons else "accept",
            confidence=_DOUBTFUL if reasons else _SURE,
            reasons=sorted(reasons),
            suggested=parsed.suggested,
            evidence=[evidence],
            label=label,
        )
    return FieldValue(
        value=None,
        printed=run,
        kind="text",
        decision="review",
        confidence=_NOTHING,
        reasons=sorted(reasons or {AMBIGUOUS}),
        evidence=[evidence],
        label=label,
    )
