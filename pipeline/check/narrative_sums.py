"""What the tables say about a statement: sums of fields, by the patterns of ``claims.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.claim_words import claim_words
from models.figures import exact_difference, exact_sum, is_absent, is_blank, number_of
from models.form import Form
from models.report import FieldValue
from pipeline.check.evaluate_rules import side_sum
from pipeline.check.narrative_labels import Reading


@dataclass(frozen=True, slots=True)
class TableSum:
    """A sum of fields: ``added`` and ``taken`` are field ids that the form knows.

    ``number`` is None where the table does not tell it. ``accepted``: no field of it is under review.
    """

    added: tuple[str, ...]
    taken: tuple[str, ...]
    number: Decimal | None
    accepted: bool

    @property
    def ids(self) -> list[str]:
        """The ids, those taken away with a minus."""
        return [*self.added, *(f"-{i}" for i in self.taken)]


def stated_sums(
    reading: Reading, form: Form, fields: Mapping[str, FieldValue]
) -> tuple[list[TableSum], list[TableSum]]:
    """The sums that the reading names, the likeliest first, and those that may explain another number."""
    groups = [[p for item in reading.found() for p in item.fields]] if reading.joined else []
    groups = groups or [list(item.fields) for item in reading.found()]
    others = [list(patterns) for item in reading.found() for patterns in item.otherwise]
    named = [_table_sum(patterns, reading, form, fields) for patterns in groups]
    explaining = [_table_sum(patterns, reading, form, fields) for patterns in others]
    return [s for s in named if s.added], [s for s in explaining if s.added]


def _table_sum(patterns: Sequence[str], reading: Reading, form: Form, fields: Mapping[str, FieldValue]) -> TableSum:
    added: dict[str, None] = {}
    taken: dict[str, None] = {}
    for pattern in patterns:
        into = taken if pattern.startswith("-") else added
        into.update(dict.fromkeys(_spanned(pattern.removeprefix("-"), reading, form)))
    # Rows of which a report prints one variant only: the other is absent, and known to be.
    there = [i for i in added if not _is_left_out(fields.get(i))] or list(added)
    numbers = [_sum(there, form, fields), _sum(list(taken), form, fields) if taken else Decimal(0)]
    plus, minus = numbers
    values = [fields.get(i) for i in (*there, *taken)]
    return TableSum(
        added=tuple(there),
        taken=tuple(taken),
        number=None if plus is None or minus is None else exact_difference(plus, minus),
        accepted=all(v is not None and v.decision == "accept" for v in values),
    )


def _is_left_out(value: FieldValue | None) -> bool:
    return value is None or (value.kind == "absent" and value.decision == "accept")


def _spanned(pattern: str, reading: Reading, form: Form) -> Iterator[str]:
    """The field ids of the form that a pattern stands for."""
    for subject in claim_words().subjects[reading.subject].fields_of or (reading.subject,):
        for column in reading.columns:
            name = pattern.format(subject=subject, column=column)
            if "*" not in name:
                if name in form.fields:
                    yield name
                continue
            wanted = re.compile(re.escape(name).replace(r"\*", "[^.]+"))
            yield from (i for i in form.fields if wanted.fullmatch(i))


def _sum(ids: Sequence[str], form: Form, fields: Mapping[str, FieldValue]) -> Decimal | None:
    """The sum, blanks as 0; None where all are blank, or one cannot be told."""
    numbers: list[Decimal] = []
    for field_id in ids:
        value = fields.get(field_id)
        number = number_of(value)
        if number is None and is_blank(value):
            number = _row_sum(field_id, form, fields)
            if number is None:
                continue
        if number is None or is_absent(value):
            return None
        numbers.append(number)
    return exact_sum(numbers) if numbers else None


def _row_sum(field_id: str, form: Form, fields: Mapping[str, FieldValue]) -> Decimal | None:
    """The sum of a row of requests whose total is left blank; None where the row is blank too."""
    row, _, column = field_id.rpartition(".")
    if column != "total" or not row.startswith("requests."):
        return None
    return side_sum([f.id for f in form.fields.values() if f.id.startswith(f"{row}.") and f.id != field_id], fields)
