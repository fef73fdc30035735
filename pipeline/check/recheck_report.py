"""The checks once more on a saved report document, from what the document itself holds."""

from __future__ import annotations

from models.finding import Finding
from models.form import FORM_IDS, load_form
from models.report import Report
from models.rule import load_rules
from pipeline.check.check_report import CheckResult, check_report, order_findings
from pipeline.check.form_facts import FormFacts
from pipeline.check.narrative import PROSE_RULES

# Findings that rest on the document alone. All others rest on the file (pages, statistical period) or come from other
# checks; they are kept as they are.
_RECOMPUTED = frozenset(
    {"form.legacy", "form.unknown", "form.wrong_year", "form.blank", "form.hybrid", "form.merged_row"}
    | {"form.table_missing", "form.row_missing", "form.column_missing", "form.cell_missing", "form.label_uncertain"}
    | {"form.column_uncertain", "form.row_unmapped", "form.value_unmapped", "form.duplicate_row"}
    | {"metadata.year_unknown", "text.glued"}
    | {"value.blank_total", "value.blank_parts", "value.blank", "value.not_applicable", "value.text", "value.unit"}
    | {"value.note"}
    | PROSE_RULES
)


def recheck_report(report: Report) -> CheckResult:
    """Findings on a report document as it stands, for instance after a person has corrected a field.

    Findings of other checks, and those that need the file itself, are taken over from the document.

    Raises:
        UsageError: the rules of the form are not valid.
    """
    form = load_form(report.form) if report.form in FORM_IDS else None
    facts = FormFacts(
        form=report.form,
        year=report.year,
        unmapped_rows=tuple(report.unmapped_rows),
        glued=any(f.rule == "text.glued" for f in report.findings),
        agency=report.agency,
        sections=report.sections,
    )
    result = check_report(form, report.fields, facts)
    recomputed = set(_RECOMPUTED)
    if form is not None:
        rules = load_rules(form)
        recomputed |= {t.id for t in rules.templates} | {d.id for d in rules.domains.values()}
    kept = [f for f in report.findings if _code(f) not in recomputed]
    return CheckResult(
        findings=tuple(order_findings(form, [*kept, *result.findings])),
        outcome=result.outcome,
        results=result.results,
        claims=result.claims,
    )


def _code(finding: Finding) -> str:
    return finding.rule.split("[", 1)[0]
