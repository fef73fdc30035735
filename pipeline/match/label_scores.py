"""How alike a printed label is to a label of the form, 0..1, with parents and numbering as context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from models.form import FormColumn, FormRow
from models.text import enumerator, row_key, squeeze, without_brackets

# Weight of the parents: they settle ties between equal leaves and never outweigh a leaf.
_PARENT_WEIGHT = 0.12
# A different leading number speaks a little against a pair; offices shift and repeat numbers, so only a little.
_NUMBER_PENALTY = 0.06
# Labels of so few characters (其他) stand in several places: with another number they need the right parent.
_SHORT_LABEL, _SHORT_NUMBER_PENALTY, _SAME_PARENT = 2, 0.3, 0.75
# The printed label is a parent of the form rather than this leaf.
_PARENT_PENALTY = 0.25
# A label cut off by its cell: its beginning says enough when it is this long (characters), with this similarity.
_PREFIX_LENGTH = 5
_PREFIX_SCORE = 0.86
# A label torn into several cells or lines is put together from at most this many of them.
_PIECES = 4
# Similarity of a label in a table that has no row labels.
_UNLABELLED, _NEUTRAL_LABEL = 1.0, 0.8


@dataclass(frozen=True, slots=True)
class RowKeys:
    """A form row made comparable; ``learnt`` labels count only where they are printed alike."""

    leaves: tuple[str, ...]
    parents: tuple[str, ...]
    number: str
    others: frozenset[str]
    learnt: frozenset[str] = frozenset()


@lru_cache(maxsize=512)
def row_keys(row: FormRow, parents_of_form: frozenset[str]) -> RowKeys:
    """The comparable form of a form row; ``parents_of_form`` are words that are parents and leaves nowhere."""
    leaf = row.label[-1] if row.label else ""
    leaves = dict.fromkeys(row_key(t) for t in (leaf, without_brackets(leaf), *row.aliases) if t)
    parents = tuple(row_key(p) for p in row.label[:-1])
    learnt = frozenset(row_key(t) for t in row.learnt)
    return RowKeys(tuple(leaves), parents, enumerator(leaf), parents_of_form - set(leaves), learnt)


def row_score(labels: Sequence[str], title: str, keys: RowKeys) -> float:
    """Similarity 0..1 of printed labels (parents to leaf) to a form row.

    Args:
        labels: As printed; empty where the table prints none.
        title: The block title printed above; counts as a parent.
        keys: The form row.
    """
    if not keys.leaves:
        return _UNLABELLED if not labels else _NEUTRAL_LABEL if not _is_form_word(labels, keys) else 0.0
    if not labels:
        return 0.0
    leaf_score, used = 0.0, 1
    for pieces in range(1, min(_PIECES, len(labels)) + 1):
        score = _leaf_score("".join(labels[-pieces:]), keys)
        if pieces > 1 and _leaf_score("".join(labels[-pieces:-1]), keys) > score:
            # Complete without its last piece, which is then a label of its own and no torn-off end.
            continue
        if score > leaf_score:
            leaf_score, used = score, pieces
    parents = [row_key(t) for t in (title, *labels[:-used]) if t]
    parent = max((fuzz.ratio(p, keys.parents[-1]) for p in parents), default=0.0) / 100.0 if keys.parents else 0.0
    number = enumerator(labels[-used])
    is_short = len(row_key(labels[-used])) <= _SHORT_LABEL and parent < _SAME_PARENT
    if keys.number and number and number != keys.number:
        leaf_score -= _SHORT_NUMBER_PENALTY if is_short else _NUMBER_PENALTY
    elif keys.number and not number and is_short and parents:
        leaf_score -= _SHORT_NUMBER_PENALTY
    if keys.parents and parents:
        return max(0.0, leaf_score * (1 - _PARENT_WEIGHT) + leaf_score * parent * _PARENT_WEIGHT)
    return max(0.0, leaf_score)


def column_score(path: Sequence[str], column: FormColumn) -> float:
    """Similarity 0..1 of a printed header path (outermost to leaf) to a form column."""
    if not path:
        return 0.0
    leaf = _best(row_key(path[-1]), _column_leaves(column))
    for pieces in range(2, min(_PIECES, len(path)) + 1):
        # A header word wrapped over several lines of a table without rulings.
        leaf = max(leaf, _best(row_key("".join(path[-pieces:])), _column_leaves(column)))
    parents = [row_key(p) for p in path[:-1] if p]
    if len(column.label) > 1 and parents:
        parent = max(fuzz.ratio(p, row_key(q)) for p in parents for q in column.label[:-1]) / 100.0
        nearest = fuzz.ratio(parents[-1], row_key(column.label[-2])) / 100.0
        return leaf * (1 - _PARENT_WEIGHT) + leaf * _PARENT_WEIGHT * (0.3 * parent + 0.7 * nearest)
    return leaf


@lru_cache(maxsize=256)
def _column_leaves(column: FormColumn) -> tuple[str, ...]:
    leaf = column.label[-1]
    return tuple(dict.fromkeys(row_key(t) for t in (leaf, without_brackets(leaf), *column.aliases)))


@lru_cache(maxsize=8192)
def _leaf_score(label: str, keys: RowKeys) -> float:
    key = row_key(label)
    if key in keys.learnt:
        return 1.0
    short = row_key(without_brackets(label))
    score = max(_best(key, keys.leaves), _best(short, keys.leaves))
    for parent in keys.parents:
        # Parent and leaf printed in one cell.
        if key.startswith(parent) and len(key) > len(parent):
            score = max(score, _best(row_key(key[len(parent) :]), keys.leaves))
    if len(key) >= _PREFIX_LENGTH and any(leaf.startswith(key) for leaf in keys.leaves):
        score = max(score, _PREFIX_SCORE)
    if keys.others and _best(key, tuple(keys.others)) > score:
        score -= _PARENT_PENALTY
    return score


def _best(key: str, candidates: Sequence[str]) -> float:
    return max((fuzz.ratio(key, c) for c in candidates if c), default=0.0) / 100.0 if key else 0.0


def _is_form_word(labels: Sequence[str], keys: RowKeys) -> bool:
    return any(squeeze(t) in keys.others or row_key(t) in keys.others for t in labels)
