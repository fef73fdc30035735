"""Edit rules as data: the templates of a rule file, spanned over rows and columns into linear identities.

A rule says ``sum(left) = sum(right)`` over field ids and has a stable id such as
``requests.row_total[denied.state_secret]``. A domain says what a single number may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from models.errors import UsageError
from models.finding import Message, Severity
from models.form import Form, FormBlock, FormTable, row_key
from models.report import FieldValue
from models.rule_file import Domain, GroupSpan, RuleFile, RuleTemplate, Side, read_rule_file
from models.rule_labels import Labels, labels_for


@dataclass(frozen=True, slots=True)
class LinearRule:
    """The identity ``sum(left) = sum(right)`` over field ids.

    ``message`` has its subject filled in and keeps the placeholders ``left``, ``right`` and ``difference``; ``label``
    names the rule without figures. ``total`` is the side that is a printed sum of the other, None where there is none.
    """

    id: str
    template: str
    severity: Severity
    left: tuple[str, ...]
    right: tuple[str, ...]
    message: Message = field(compare=False, repr=False)
    label: Message = field(compare=False, repr=False)
    total: Side | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The field ids of both sides, left first."""
        return self.left + self.right


@dataclass(frozen=True)
class RuleSet:
    """All rules of one form: linear rules per set of variants in force, domains per field, names for sentences."""

    form_id: str
    templates: tuple[RuleTemplate, ...]
    domains: Mapping[str, Domain]
    labels: Labels
    by_variants: Mapping[frozenset[str], tuple[LinearRule, ...]]

    @property
    def rules(self) -> tuple[LinearRule, ...]:
        """The rules of the official form, no variant in force."""
        return self.by_variants[frozenset()]

    def rules_for(self, variants: frozenset[str]) -> tuple[LinearRule, ...]:
        """The rules of a report that prints the rows of these variants. Ids are the same whatever the variants."""
        return self.by_variants[variants]


_loaded: dict[str, tuple[Form, RuleSet]] = {}


def load_rules(form: Form) -> RuleSet:
    """The rules of a form, spanned over its rows and columns. The same object for the same form.

    Raises:
        UsageError: the rule file or the label file is not valid, or does not fit the form.
    """
    known = _loaded.get(form.id)
    if known is None or known[0] is not form:
        known = (form, build_rules(form, read_rule_file(form.id)))
        _loaded[form.id] = known
    return known[1]


def build_rules(form: Form, file: RuleFile) -> RuleSet:
    """The rules of a file, spanned over a form.

    Raises:
        UsageError: the file is for another form, names something that the form lacks, or gives a column no domain.
    """
    if file.form != form.id:
        raise UsageError(f"the rules are for form {file.form!r}, not for {form.id!r}")
    labels = labels_for(form)
    by_variants: dict[frozenset[str], tuple[LinearRule, ...]] = {}
    ids = [v.id for v in form.variants]
    for variants in (frozenset(c) for n in range(len(ids) + 1) for c in combinations(ids, n)):
        spanned = [rule for t in file.rules for rule in span_template(form, labels, t, variants)]
        by_variants[variants] = tuple(spanned)
    domains: dict[str, Domain] = {}
    for form_field in form.fields.values():
        covering = [d for d in file.domains if d.covers(form_field.column)]
        if len(covering) != 1:
            raise UsageError(f"{len(covering)} domains cover the column of {form_field.id}; it must be exactly one")
        domains[form_field.id] = covering[0]
    return RuleSet(form.id, file.rules, domains, labels, by_variants)


def span_template(form: Form, labels: Labels, template: RuleTemplate, variants: frozenset[str]) -> Iterator[LinearRule]:
    """The rules that a template stands for, in form order.

    The rows of ``variants`` take the places of those they replace.

    Raises:
        UsageError: the template names a block, row, column or group that the form or the label file lacks.
    """
    if template.for_each_column is not None:
        table, block = _block(form, template, template.for_each_column)
        rows = [r.id for r in block.rows]
        official = [r.id for r in block.rows if r.variant is None]
        left, right = (
            _swap_rows(form, table, _resolve(template, side, rows, official), variants)
            for side in (template.left, template.right)
        )
        for column in block.columns:
            sides = tuple(tuple(f"{table.id}.{r}.{column.id}" for r in side) for side in (left, right))
            yield _rule(template, sides, column.id, labels.columns[f"{table.id}.{column.id}"])
    elif template.for_each_row is not None:
        table, block = _block(form, template, template.for_each_row)
        columns = [c.id for c in block.columns]
        left, right = (_resolve(template, side, columns, columns) for side in (template.left, template.right))
        for row in block.rows:
            key = row_key(table, row)
            sides = tuple(tuple(f"{key}.{c}" for c in side) for side in (left, right))
            yield _rule(template, sides, row.id, labels.rows[key])
    elif template.for_each_group is not None:
        yield from _span_groups(form, labels, template, template.for_each_group)


def _span_groups(form: Form, labels: Labels, template: RuleTemplate, span: GroupSpan) -> Iterator[LinearRule]:
    table, block = _block(form, template, span.block)
    for prefix in span.prefixes:
        subject = labels.groups.get(f"{table.id}.{prefix}")
        if subject is None:
            raise UsageError(f"rule {template.id}: group {table.id}.{prefix} has no name in the label file")
        columns = [c.id.removeprefix(f"{prefix}.") for c in block.columns if c.id.startswith(f"{prefix}.")]
        left, right = (_resolve(template, side, columns, columns) for side in (template.left, template.right))
        for row in block.rows:
            key = row_key(table, row)
            sides = tuple(tuple(f"{key}.{prefix}.{c}" for c in side) for side in (left, right))
            yield _rule(template, sides, f"{row.id}.{prefix}" if row.id else prefix, subject)


def _rule(template: RuleTemplate, sides: Sequence[tuple[str, ...]], key: str, subject: Message) -> LinearRule:
    left, right = sides
    if len({*left, *right}) < len(left) + len(right):
        raise UsageError(f"rule {template.id} names something twice")
    return LinearRule(
        id=f"{template.id}[{key}]",
        template=template.id,
        severity=template.severity,
        left=left,
        right=right,
        message=Message(
            zh=template.message.zh.replace("{subject}", subject.zh),
            en=template.message.en.replace("{subject}", subject.en),
        ),
        label=Message(zh=f"{template.label.zh}：{subject.zh}", en=f"{template.label.en}: {subject.en}"),
        total=template.total,
    )


def _block(form: Form, template: RuleTemplate, block_id: str) -> tuple[FormTable, FormBlock]:
    try:
        return form.table_of_block(block_id), form.block_of[block_id]
    except KeyError:
        raise UsageError(f"rule {template.id} names block {block_id!r}, which form {form.id} lacks") from None


def _resolve(template: RuleTemplate, names: Sequence[str], known: Sequence[str], official: Sequence[str]) -> list[str]:
    """The names of one side, wildcards spelled out: those take official names only, a plain name may be a variant's."""
    found: list[str] = []
    for name in names:
        below = [o for o in official if o.startswith(name.removesuffix("*"))] if name.endswith(".*") else []
        matches = below or [k for k in known if k == name]
        if not matches:
            raise UsageError(f"rule {template.id} names {name!r}, which the form lacks there")
        found.extend(matches)
    return found


def _swap_rows(form: Form, table: FormTable, rows: Sequence[str], variants: frozenset[str]) -> list[str]:
    swapped = list(rows)
    for variant in form.variants:
        replaced = [r for r in swapped if f"{table.id}.{r}" in variant.replaces]
        # Only whole sets of rows are replaced: one of them alone has no counterpart among the rows of the variant.
        if variant.id not in variants or len(replaced) < len(variant.replaces):
            continue
        place = swapped.index(replaced[0])
        swapped = [r for r in swapped if r not in replaced]
        swapped[place:place] = [key.removeprefix(f"{table.id}.") for key in variant.by]
    return swapped


def variants_in_force(form: Form, fields: Mapping[str, FieldValue]) -> frozenset[str]:
    """Ids of the variants whose rows the report prints instead of the official ones.

    Told by the rows that are there: the rows of the variant are printed, and the official ones are either not printed
    or hold no number while those of the variant do.
    """
    named = {key for v in form.variants for key in (*v.by, *v.replaces)}
    kinds = {key: {v.kind for i in form.rows[key] if (v := fields.get(i)) is not None} for key in named}
    printed = {key for key in named if kinds[key] - {"absent"}}
    filled = {key for key in named if kinds[key] & {"number", "text"}}
    found = set()
    for variant in form.variants:
        ours, theirs = set(variant.by), set(variant.replaces)
        if ours & printed and not theirs & filled and (ours & filled or not theirs & printed):
            found.add(variant.id)
    return frozenset(found)


def expected_rows(form: Form, variants: frozenset[str]) -> frozenset[str]:
    """Row keys (``table.row``) that a report with these variants has."""
    replaced = {key for v in form.variants if v.id in variants for key in v.replaces}
    return frozenset(
        key
        for table in form.tables
        for block in table.blocks
        for row in block.rows
        for key in [row_key(table, row)]
        if key not in replaced and (row.variant is None or row.variant in variants)
    )
