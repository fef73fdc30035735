from __future__ import annotations

from benchmarks.decide.decisions import rests_on_margin, to_decisions
from models.report import OCR_STAGE, Evidence, FieldValue


def value(text: str | None, confidence: float, *reasons: str, stage: str = OCR_STAGE) -> FieldValue:
    evidence = [Evidence(page_no=1, bbox=None, stage=stage, reader="r", text=text or "", score=1.0)]
    return FieldValue(
        value=text,
        printed=text or "",
        kind="number",
        decision="review",
        confidence=confidence,
        reasons=list(reasons),
        evidence=evidence,
    )


def test_doubts_about_the_reading_are_weighed_by_the_margin() -> None:
    assert rests_on_margin(["low_score", "models_differ", "rule_conflict"], 0.5)
    assert rests_on_margin([], 1.0)


def test_doubts_about_the_place_are_not() -> None:
    assert not rests_on_margin(["low_score", "row_may_be_cut"], 0.5)


def test_a_cell_that_was_not_read_claims_nothing() -> None:
    assert not rests_on_margin(["low_score"], 0.0)


def test_confidence_and_whether_it_is_as_printed() -> None:
    fields = {
        "right": value("12", 0.9),
        "wrong": value("12", 0.6, "low_score"),
        "place": value("12", 0.9, "column_uncertain"),
        "absent": value("12", 0.9),
        "stated": value("12", 1.0, stage="tables"),
    }
    printed = {"right": "12", "wrong": "21", "place": "12", "absent": None, "stated": "12"}
    assert to_decisions(printed, fields) == ((0.9, True), (0.6, False))
