"""All checks of one report in one call: edit rules, single values, the form, the metadata, the prose.

Pure: the same fields and facts give the same findings, so a saved report can be checked again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.finding import SEVERITY_ORDER, Finding
from models.form import Form
from models.report import Claim, FieldValue, RuleOutcome
from models.rule import load_rules
from pipeline.check.evaluate_rules import RuleResult, evaluate_rules
from pipeline.check.file_findings import metadata_findings, reading_findings
from pipeline.check.form_facts import FormFacts
from pipeline.check.form_findings import form_findings, kind_findings
from pipeline.check.leftover_findings import leftover_findings
from pipeline.check.narrative import check_prose
from pipeline.check.narrative_scope import Speaker
from pipeline.check.report_findings import blank_side_findings, rule_findings
from pipeline.check.value_findings import value_findings


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Findings ordered by severity, then by place in the form; totals of the rules; every rule's result; claims."""

    findings: tuple[Finding, ...]
    outcome: RuleOutcome
    results: tuple[RuleResult, ...] = ()
    claims: tuple[Claim, ...] = ()


def check_report(form: Form | None, fields: Mapping[str, FieldValue], facts: FormFacts) -> CheckResult:
    """All findings on a report; ``form`` is None where no known form was recognised; fields are then not checked.

    Raises:
        UsageError: the rules of the form are not valid.
    """
    outcome = RuleOutcome()
    results: tuple[RuleResult, ...] = ()
    found = reading_findings(facts) + metadata_findings(facts) + kind_findings(form, facts)
    labels = None
    if form is not None:
        rules = load_rules(form)
        labels = rules.labels
        outcome, results = evaluate_rules(form, rules, fields)
        blank_sides = blank_side_findings(rules, fields, results)
        explained = {s.field for f in blank_sides for alternative in f.suspects for s in alternative}
        found += form_findings(form, rules.labels, fields)
        found += leftover_findings(form, rules.labels, fields, facts.unmapped_rows)
        found += rule_findings(form, rules, fields, results)
        found += blank_sides
        values = value_findings(form, rules, fields, explained)
        # Glued cells are told once for the file, not again for each table.
        found += [f for f in values if not (facts.glued and f.rule == "value.text")]
    speaker = Speaker(facts.agency, facts.year)
    claims, contradicted = check_prose(form, labels, facts.sections, fields, speaker)
    found += contradicted
    return CheckResult(
        findings=tuple(order_findings(form, found)), outcome=outcome, results=results, claims=tuple(claims)
    )


def order_findings(form: Form | None, findings: Sequence[Finding]) -> list[Finding]:
    """The findings by severity, then by their first field in form order; those about no field come first."""
    place = {} if form is None else {field_id: n for n, field_id in enumerate(form.fields)}

    def rank(finding: Finding) -> tuple[int, int]:
        where = place.get(finding.fields[0], len(place)) + 1 if finding.fields else 0
        return SEVERITY_ORDER[finding.severity], where

    return sorted(findings, key=rank)
