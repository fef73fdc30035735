"""Numbers stated in prose against the tables: claims, and findings where the two differ.

Only what clearly covers the same as the table is called a difference. Pure, like all checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.figures import exact_difference, plain
from models.finding import Finding, Severity
from models.form import Form
from models.report import Claim, ClaimOutcome, ClaimScope, FieldValue
from models.rule_labels import Labels
from pipeline.check.narrative_claims import Statement, section_statements
from pipeline.check.narrative_messages import all_finished, differs, disagree, other_scope, part_only
from pipeline.check.narrative_scope import Speaker
from pipeline.check.narrative_sums import TableSum, stated_sums

# Stable codes of the findings given here.
_WRITE = {
    "prose.differs": differs,
    "prose.part_only": part_only,
    "prose.other_scope": other_scope,
    "prose.all_finished": all_finished,
}
PROSE_RULES = frozenset({*_WRITE, "prose.disagrees"})

_COMPARED: frozenset[ClaimScope] = frozenset({"clear", "rounded", "ambiguous", "implied", "office", "wider"})
# What these cover is not what the table covers; a difference is no contradiction.
_OTHER_SCOPES: frozenset[ClaimScope] = frozenset({"office", "wider"})
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Compared:
    """A statement held against the tables; ``table`` is the sum it names, None where the form has none.

    ``part_alone``: the words name a whole, and the number is that of one of its parts.
    """

    statement: Statement
    table: TableSum | None
    outcome: ClaimOutcome
    part_alone: bool = False


def check_prose(
    form: Form | None,
    labels: Labels | None,
    sections: Mapping[str, str],
    fields: Mapping[str, FieldValue],
    speaker: Speaker,
) -> tuple[list[Claim], list[Finding]]:
    """The claims in the order of the text, and the findings on those that the tables or other claims contradict.

    Where no form was recognised (``form`` and its ``labels`` are None) claims have no fields, and nothing is found.
    """
    compared = [_compare(s, form, fields) for s in section_statements(sections, speaker)]
    claims = [_claim(c, sections) for c in compared]
    if labels is None:
        return claims, []
    found = [_finding(c, labels) for c in _once(compared)]
    return claims, [f for f in found if f is not None] + _disagreements(compared, labels)


def _compare(statement: Statement, form: Form | None, fields: Mapping[str, FieldValue]) -> Compared:
    if form is None or statement.reading is None:
        return Compared(statement, None, "not_compared")
    named, explaining = stated_sums(statement.reading, form, fields)
    table = named[0] if named else None
    if table is None or table.number is None or statement.scope not in _COMPARED:
        return Compared(statement, table, "not_compared")
    agreeing = next((s for s in named if _agrees(statement, s)), None)
    if agreeing is not None and agreeing is not table and statement.reading.is_whole:
        return Compared(statement, table, "explained", part_alone=True)
    if agreeing is not None:
        return Compared(statement, agreeing, "agrees")
    if any(_agrees(statement, s) for s in explaining):
        return Compared(statement, table, "explained")
    return Compared(statement, table, "differs")


def _agrees(statement: Statement, table: TableSum) -> bool:
    """True where the table has this number, or one that is rounded to it."""
    if table.number is None:
        return False
    return abs(exact_difference(statement.value, table.number)) <= statement.step * _HALF


def _claim(compared: Compared, sections: Mapping[str, str]) -> Claim:
    statement = compared.statement
    return Claim(
        section=statement.section,
        start=statement.start,
        stop=statement.stop,
        text=sections[statement.section][statement.start : statement.stop],
        clause=statement.clause,
        value=plain(statement.value),
        unit=statement.unit,
        fields=[] if compared.table is None else compared.table.ids,
        scope=statement.scope,
        outcome=compared.outcome,
    )


def _once(compared: Sequence[Compared]) -> list[Compared]:
    """Those that differ, a number told twice once."""
    kept: dict[tuple[Decimal, tuple[str, ...], bool], Compared] = {}
    for one in compared:
        if (one.outcome == "differs" or one.part_alone) and one.table is not None:
            key = (one.statement.value, one.table.added, one.statement.scope in _OTHER_SCOPES)
            kept.setdefault(key, one)
    return list(kept.values())


def _finding(compared: Compared, labels: Labels) -> Finding | None:
    statement, table = compared.statement, compared.table
    if table is None or table.number is None or statement.reading is None:
        return None
    rule, severity = "prose.differs", _severity(compared)
    if statement.scope in _OTHER_SCOPES:
        rule, severity = "prose.other_scope", "info"
    elif statement.scope == "implied":
        rule = "prose.all_finished"
    elif compared.part_alone:
        rule = "prose.part_only"
    return Finding(
        rule=rule,
        severity=severity,
        fields=[*table.added, *table.taken],
        left=plain(statement.value),
        right=plain(table.number),
        difference=plain(exact_difference(statement.value, table.number)),
        message=_WRITE[rule](statement, table, labels),
        origin="report" if table.accepted else "undetermined",
    )


def _severity(compared: Compared) -> Severity:
    statement, table = compared.statement, compared.table
    if statement.scope != "clear" or table is None or not table.accepted or statement.reading is None:
        return "warning"
    return "error" if all(i.severity == "error" for i in statement.reading.found()) else "warning"


def _disagreements(compared: Sequence[Compared], labels: Labels) -> list[Finding]:
    """Two numbers for the same fields in prose, where no table could tell which is meant."""
    first: dict[tuple[str, ...], Statement] = {}
    found: list[Finding] = []
    for one in compared:
        statement, table = one.statement, one.table
        exact = statement.scope == "clear" and statement.reading is not None
        if not exact or table is None or one.outcome != "not_compared" or _severity_of(statement) != "error":
            continue
        earlier = first.setdefault(table.added, statement)
        if earlier.value != statement.value:
            found.append(
                Finding(
                    rule="prose.disagrees",
                    severity="warning",
                    fields=list(table.added),
                    left=plain(earlier.value),
                    right=plain(statement.value),
                    difference=plain(exact_difference(earlier.value, statement.value)),
                    message=disagree(earlier, statement, table, labels),
                )
            )
    return found


def _severity_of(statement: Statement) -> Severity:
    items = [] if statement.reading is None else list(statement.reading.found())
    return "error" if items and all(i.severity == "error" for i in items) else "warning"
