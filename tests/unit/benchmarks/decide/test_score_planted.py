from __future__ import annotations

from benchmarks.decide.planted import Planted
from benchmarks.decide.score_planted import PlantedScore, RepairScore, score_planted, score_repairs
from models.finding import Finding, Message, Origin, OutcomeKind, Suspect
from models.report import FieldValue, Repair

SLIP = Planted("swapped_rows", ("a", "b"), ("1", "2"), ("2", "1"))
NO_WORDS = Message(zh="", en="")


def finding(
    *suspects: dict[str, str], fields: str = "ac", origin: Origin = "report", outcome: OutcomeKind = "fail"
) -> Finding:
    groups = [[Suspect(field=i, suggested=text) for i, text in group.items()] for group in suspects]
    return Finding(
        rule="r",
        severity="error",
        outcome=outcome,
        fields=list(fields),
        message=NO_WORDS,
        origin=origin,
        suspects=groups,
    )


def score(*findings: Finding) -> PlantedScore:
    (found,) = score_planted([SLIP], findings)
    return found


def value(text: str, *, accepted: bool = True) -> FieldValue:
    decision = "accept" if accepted else "review"
    return FieldValue(value=text, printed=text, kind="number", decision=decision, confidence=1.0)  # type: ignore[arg-type]


def repair(field: str, before: str, after: str, *, accepted: bool = True) -> Repair:
    return Repair(field=field, before=before, after=after, accepted=accepted, message=NO_WORDS)


def test_the_first_explanation_with_the_numbers_meant() -> None:
    assert score(finding({"a": "1", "b": "2"})) == PlantedScore("swapped_rows", True, True, True, True, True)


def test_all_cells_of_the_slip_must_be_explained() -> None:
    found = score(finding({"a": "1"}, {"a": "1", "b": "2"}))
    assert (found.first, found.restored, found.listed) == (False, False, True)


def test_rows_are_explained_by_several_findings_together() -> None:
    found = score(finding({"a": "1"}, fields="ac"), finding({"b": "2"}, fields="bd"))
    assert (found.first, found.restored, found.listed) == (True, True, True)


def test_other_numbers_are_no_restoration() -> None:
    found = score(finding({"a": "1", "b": "3"}))
    assert (found.first, found.restored) == (True, False)


def test_a_finding_that_does_not_concern_its_cells_or_is_no_failure_does_not_count() -> None:
    nothing = PlantedScore("swapped_rows", False, False, False, False, False)
    assert score(finding({"a": "1", "b": "2"}, fields="cd")) == nothing
    assert score(finding({"a": "1", "b": "2"}, outcome="not_evaluable")) == nothing


def test_a_finding_without_certainty_is_not_attributed_to_the_report() -> None:
    found = score(finding(origin="undetermined"))
    assert (found.found, found.to_report, found.first) == (True, False, False)


def test_a_planted_number_that_was_changed_and_accepted_is_a_false_repair() -> None:
    printed = {"a": "2", "b": "1", "c": "7"}
    fields = {"a": value("1"), "b": value("2", accepted=False), "c": value("7")}
    repairs = [repair("a", "2", "1"), repair("b", "1", "2", accepted=False), repair("c", "9", "7")]
    assert score_repairs(printed, [SLIP], fields, repairs) == RepairScore(right=1, wrong=2, wrong_accepted=1, false=1)


def test_a_planted_number_that_was_misread_and_mended_to_what_is_printed_is_a_right_repair() -> None:
    assert score_repairs({"a": "2"}, [SLIP], {"a": value("2")}, [repair("a", "8", "2")]) == RepairScore(right=1)


def test_a_wrong_repair_of_another_number_is_not_a_false_one() -> None:
    found = score_repairs({"c": "2"}, [SLIP], {"c": value("3")}, [repair("c", "2", "3")])
    assert found == RepairScore(wrong=1, wrong_accepted=1)
