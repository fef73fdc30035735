"""Findings about sums: every failed edit rule, and totals or parts that were left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.figures import is_blank, plain
from models.finding import Finding, Message, Origin, Severity, Suspect
from models.form import Form
from models.report import OCR_STAGE, FieldValue
from models.rule import RuleSet
from pipeline.check.evaluate_rules import RuleResult
from pipeline.check.suspects import explain_failures
from pipeline.check.wording import Language, name_list, say, sum_text

# A failure that rests on a cell under review may be a misreading of ours; only what the report says is its error.
UNDETERMINED_SEVERITY: Severity = "warning"

# A number read with this confidence, although a sum speaks against it, is what is printed. 0..1.
_SURE = 0.99
# Reasons for review that leave the confidence to say how sure a reading is.
_SAID_BY_CONFIDENCE = frozenset({"low_score", "models_differ", "rule_conflict", "unconfirmed"})

_ORIGIN_NOTE: dict[Origin, Message] = {
    "report": Message(
        zh="各数字识读可靠，应是报告本身的差错。",
        en="These numbers were read reliably, so the mistake is the report's own.",
    ),
    "reading": Message(
        zh="其中有数字识读存疑，改用另一识读结果即可相符，很可能是误读。",
        en="A number among them was read with doubt, and another reading of it fits: this is probably a misreading.",
    ),
    "undetermined": Message(
        zh="其中有数字待复核，尚不能断定是报告有误还是识读有误。",
        en="A number among them is under review, so it is open whether the report or the reading is wrong.",
    ),
}

_LEFT_BLANK = {
    "value.blank_total": Message(
        zh="合计格为空白，而各项已填写（括号内为各项之和）：{listed}。",
        en="Totals left blank although their parts are filled in (sum of the parts in brackets): {listed}.",
    ),
    "value.blank_parts": Message(
        zh="等式一侧全部为空白，而另一侧不为零（括号内为另一侧之和），无法核对：{listed}。",
        en="One side of a sum is all blank while the other is not 0 (in brackets), so it cannot be checked: {listed}.",
    ),
}


def rule_findings(
    form: Form, rules: RuleSet, fields: Mapping[str, FieldValue], results: Sequence[RuleResult]
) -> list[Finding]:
    """One finding a failed rule, in rule order, with both sides, the difference, its origin and its explanations."""
    failed = [r for r in results if r.outcome == "fail"]
    explained = explain_failures(form, rules, results, fields) if failed else {}
    return [_failed(rules, fields, result, explained[result.rule.id]) for result in failed]


def blank_side_findings(
    rules: RuleSet, fields: Mapping[str, FieldValue], results: Sequence[RuleResult]
) -> list[Finding]:
    """Findings on totals left blank over filled parts, and on parts left blank under a filled total.

    Rules of one template are told in one sentence. A rule some of whose blanks a sentence already names is left out:
    a column of blank totals is one remark, not one for each row and another for its sum.
    """
    named: set[str] = set()
    found: list[Finding] = []
    # Short sums first: a blank is best told by the rule that pins it down most.
    facing = sorted((r for r in results if r.blank_side), key=lambda r: (r.rule.total is None, len(r.rule.fields)))
    groups: dict[tuple[str, str], list[RuleResult]] = {}
    for result in facing:
        groups.setdefault((result.rule.template, _code(result)), []).append(result)
    for (_, code), group in groups.items():
        fresh = [r for r in group if not named.intersection(_blank_ids(r))]
        if fresh:
            found.append(_left_blank(code, fresh, rules, fields))
            named.update(i for r in fresh for i in _blank_ids(r))
    return found


def _failed(
    rules: RuleSet, fields: Mapping[str, FieldValue], result: RuleResult, suspects: list[list[Suspect]]
) -> Finding:
    rule, left, right, difference = result.rule, result.left, result.right, result.difference
    if left is None or right is None or difference is None:
        raise ValueError(f"rule {rule.id} failed without sums")

    origin = _origin(result, suspects, fields)
    is_scanned = any(e.stage == OCR_STAGE for i in rule.fields if i in fields for e in fields[i].evidence)
    note = _ORIGIN_NOTE[origin] if origin != "report" or is_scanned else None

    def sentence(language: Language) -> str:
        text = say(rule.message, language).format(
            left=sum_text(rule.left, left, fields, rules.labels, language),
            right=sum_text(rule.right, right, fields, rules.labels, language),
            difference=plain(difference),
        )
        return text if note is None else f"{text}{'' if language == 'zh' else ' '}{say(note, language)}"

    return Finding(
        rule=rule.id,
        severity=rule.severity if origin == "report" else UNDETERMINED_SEVERITY,
        outcome="fail",
        fields=list(rule.fields),
        left=plain(left),
        right=plain(right),
        difference=plain(difference),
        message=Message(zh=sentence("zh"), en=sentence("en")),
        origin=origin,
        suspects=suspects,
        ambiguous=len(suspects) > 1,
    )


def _origin(result: RuleResult, suspects: Sequence[Sequence[Suspect]], fields: Mapping[str, FieldValue]) -> Origin:
    """Whose mistake a failed rule is, as far as can be told.

    The report's where all its numbers are sure, or where all that are part of a smallest explanation are; ours where
    the most plausible explanation is another reading of numbers that are not.
    """
    doubtful = {i for i in result.rule.fields if not _is_sure(fields[i])}
    if not doubtful:
        return "report"
    if suspects and all(s.field in doubtful and s.slip == "read" for s in suspects[0]):
        return "reading"
    if suspects and all(_is_sure(fields[s.field]) for group in suspects for s in group):
        return "report"
    return "undetermined"


def _is_sure(field: FieldValue) -> bool:
    """True where a number is accepted, or goes to a person only because a sum over it does not hold or no sum is there.

    A sum that does not hold takes confidence from each of its numbers; what is left of it tells who is wrong.
    """
    if field.decision == "accept":
        return True
    only_sums = bool(field.reasons) and _SAID_BY_CONFIDENCE.issuperset(field.reasons)
    return only_sums and field.kind == "number" and field.confidence >= _SURE


def _code(result: RuleResult) -> str:
    return "value.blank_total" if result.blank_side == result.rule.total else "value.blank_parts"


def _blank_ids(result: RuleResult) -> tuple[str, ...]:
    return result.rule.left if result.blank_side == "left" else result.rule.right


def _left_blank(code: str, results: Sequence[RuleResult], rules: RuleSet, fields: Mapping[str, FieldValue]) -> Finding:
    blanks = [i for r in results for i in _blank_ids(r)]
    filled = dict.fromkeys(i for r in results for i in r.rule.fields if not is_blank(fields.get(i)))
    sums = [plain(s) for r in results for s in [r.right if r.blank_side == "left" else r.left] if s is not None]

    def sentence(language: Language) -> str:
        names = (
            [say(rules.labels.fields[i], language) for i in blanks]
            if code == "value.blank_total"
            else [say(r.rule.label, language) for r in results]
        )
        mark = "“{}”（{}）" if language == "zh" else "'{}' ({})"
        listed = name_list([mark.format(n, s) for n, s in zip(names, sums, strict=True)], language)
        return say(_LEFT_BLANK[code], language).format(listed=listed)

    single = results[0] if len(results) == 1 else None
    return Finding(
        rule=code,
        severity="warning",
        outcome="not_evaluable",
        fields=[*blanks, *filled],
        left=plain(single.left) if single and single.left is not None else None,
        right=plain(single.right) if single and single.right is not None else None,
        message=Message(zh=sentence("zh"), en=sentence("en")),
        origin="report" if all(r.origin == "report" for r in results) else "undetermined",
        suspects=[[Suspect(field=i, suggested=s) for i, s in zip(blanks, sums, strict=True)]]
        if code == "value.blank_total"
        else [],
    )
