"""Numbers of scans decided under the edit rules: what is repaired, what stays, what a person is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from models.match import PrintedField
from models.reading import Reading
from models.report import Repair
from models.rule import load_rules
from pipeline.decide.confidence import Calibration, calibration_of
from pipeline.decide.decide_scan import READING_DOUBTS, ScanValue, decide_scan
from pipeline.decide.repairs import to_repair
from tests.unit.decide.scanned import FORM, cell, reading, report, sure, weak

CALIBRATION: Calibration = calibration_of([(0.0, 0.5), (5.0, 0.9999)])
NEW, GRANTED = "requests.new.natural_person", "requests.granted.natural_person"
GRANTED_TOTAL, RESULTS = "requests.granted.total", "requests.results_total.natural_person"
# No sum is over this one.
ALONE = "proactive.regulations.issued"
BLANK = "requests.denied.state_secret.other"


@dataclass
class FakeReread:
    """Gives the readings that a test wants, and remembers what it was asked for."""

    found: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)

    def __call__(self, cells: Sequence[PrintedField]) -> list[tuple[Reading, ...]]:
        self.asked.append([c.field_id for c in cells])
        return [self.found.get(c.field_id, ()) for c in cells]


def decided(
    cells: Mapping[str, PrintedField],
    reread: FakeReread | None = None,
    *,
    complete: Sequence[str] = (),
    calibration: Calibration = CALIBRATION,
) -> dict[str, ScanValue]:
    rules = load_rules(FORM).rules_for(frozenset())
    return decide_scan(FORM, cells, rules, calibration, accept_error_rate=1e-4, complete_tables=complete, reread=reread)


def to_review(found: Mapping[str, ScanValue]) -> set[str]:
    return {i for i, v in found.items() if not v.accepted}


def test_a_report_read_without_doubt_is_accepted_and_asks_for_nothing() -> None:
    reread = FakeReread()
    found = decided(report(), reread)
    assert set(found) == set(FORM.official_fields)
    assert to_review(found) == set()
    assert {v.reasons for v in found.values()} == {frozenset()}
    assert {v.repaired_from for v in found.values()} == {None}
    assert reread.asked == []


# Repairs ------------------------------------------------------------------------------------------------------------


def test_a_weak_digit_that_row_and_column_contradict_is_repaired_with_its_evidence() -> None:
    found = decided(report(weak(GRANTED, "6", "5")))
    value = found[GRANTED]
    assert (value.value, value.printed, value.repaired_from) == ("5", "5", "6")
    assert value.accepted
    assert value.reasons == {"repaired"}
    assert {r.id for r in value.rules} == {"requests.results[natural_person]", "requests.row_total[granted]"}
    assert to_review(found) == set(), "its neighbours are as sure as ever"

    told = to_repair(GRANTED, value)
    assert (told.field, told.before, told.after, told.accepted) == (GRANTED, "6", "5", True)
    assert set(told.rules) == {r.id for r in value.rules}
    assert "“6”" in told.message.zh
    assert "“5”" in told.message.zh
    assert "'6'" in told.message.en
    assert "'5'" in told.message.en
    for rule in value.rules:
        assert rule.label.zh in told.message.zh
        assert rule.label.en in told.message.en
    assert told.message.zh.endswith("。")
    assert told.message.en.endswith(".")
    assert told.message.en.isascii()


def test_where_only_one_rule_gains_a_person_is_asked() -> None:
    # The total of a row of disputes is in one sum only.
    total = "disputes.reconsideration.total"
    first = cell(total, reading("8", 0.6, ("0", 0.35)), reading("0", 0.55, ("8", 0.4), reader="second"))
    value = decided(report(first))[total]
    assert (value.value, value.repaired_from) == ("0", "8")
    assert not value.accepted
    assert "repaired" in value.reasons
    assert [r.id for r in value.rules] == ["disputes.total[reconsideration]"]
    assert not to_repair(total, value).accepted


def test_a_text_that_no_reading_puts_first_is_for_a_person() -> None:
    # Both engines prefer 6; the 5 that two sums ask for is only their second thought.
    doubted = cell(GRANTED, reading("6", 0.55, ("5", 0.44)), reading("6", 0.55, ("5", 0.44), reader="second"))
    value = decided(report(doubted))[GRANTED]
    assert (value.value, value.repaired_from) == ("5", "6")
    assert not value.accepted
    assert "repaired" in value.reasons
    assert len(value.rules) == 2
    # The same with one reading that has it as its best text is a repair.
    third = reading("5", 0.9, ("6", 0.1), reader="first/wide")
    settled = decided(report(doubted), FakeReread({GRANTED: (third,)}))[GRANTED]
    assert (settled.value, settled.accepted) == ("5", True)


def test_rules_over_cells_that_were_not_read_are_no_evidence_for_a_repair() -> None:
    # The row of the weak cell has an unread cell: whether its sum holds is not known.
    unread = cell("requests.granted.other", reading("口", 0.9))
    value = decided(report(weak(GRANTED, "6", "5"), unread))[GRANTED]
    assert value.value == "5"
    assert [r.id for r in value.rules] == ["requests.results[natural_person]"]
    assert not value.accepted


def test_a_blank_that_becomes_a_zero_mends_no_sum() -> None:
    blank = cell(GRANTED, reading("", 0.7, ("0", 0.2)), reading("0", 0.6, ("", 0.3), reader="second"))
    cells = report(blank, sure(GRANTED_TOTAL, "0"))
    for column in ("natural_person", "total"):
        cells[f"requests.denied.state_secret.{column}"] = sure(f"requests.denied.state_secret.{column}", "5")
    value = decided(cells, FakeReread({GRANTED: (reading("0", 0.999),) * 4}))[GRANTED]
    assert (value.kind, value.value, value.repaired_from) == ("number", "0", "")
    assert value.rules == (), "sums hold with a blank as with a zero"
    assert not value.accepted
    message = to_repair(GRANTED, value).message
    assert "空白" in message.zh
    assert "blank" in message.en


def test_a_number_that_is_taken_as_read_is_no_repair() -> None:
    value = decided(report(weak(GRANTED, "5", "6")))[GRANTED]
    assert (value.value, value.repaired_from, value.rules) == ("5", None, ())
    assert value.accepted, "two sums confirm it"
    assert value.reasons == frozenset()


# What is printed stays -----------------------------------------------------------------------------------------------


def test_strong_cells_that_contradict_each_other_stay_as_read() -> None:
    found = decided(report(sure(GRANTED, "6")), FakeReread())
    changed = {i: v.value for i, v in found.items() if v.repaired_from is not None}
    assert changed == {}
    assert found[GRANTED].value == "6"
    assert found[GRANTED_TOTAL].value == "5"
    # The sums ask for another number, which is told and not taken.
    assert found[GRANTED].suggested == "5"
    assert found[GRANTED].accepted, "the report's own mistake: read beyond doubt"
    assert found[RESULTS].accepted


def test_a_less_strong_one_among_them_is_for_a_person_who_is_told_of_the_conflict() -> None:
    fair = cell(GRANTED, reading("6", 0.98), reading("6", 0.97, reader="second"))
    value = decided(report(fair), FakeReread())[GRANTED]
    assert (value.value, value.repaired_from, value.suggested) == ("6", None, "5")
    assert not value.accepted
    assert "rule_conflict" in value.reasons


def test_what_only_the_sums_propose_is_never_taken_for_a_cell_that_was_read() -> None:
    # However weak the reading: nothing reads a 5.
    for score in (0.1, 0.3, 0.6, 0.9, 0.99, 1.0):
        faint = cell(GRANTED, reading("6", score), reading("6", score, reader="second"), reasons=("faint_ink",))
        value = decided(report(faint), FakeReread())[GRANTED]
        assert (value.value, value.suggested, value.repaired_from) == ("6", "5", None), score
        assert value.accepted == (score == 1.0), score


def test_an_unread_cell_takes_what_its_sums_ask_for_but_a_person_decides() -> None:
    value = decided(report(cell(GRANTED, reading("口", 0.9))))[GRANTED]
    assert (value.kind, value.value, value.printed) == ("number", "5", "")
    assert value.reasons >= {"implied_by_sums", "low_score"}
    assert (value.accepted, value.confidence, value.repaired_from) == (False, 0.0, None)


def test_one_sum_alone_implies_nothing_and_words_stay_words() -> None:
    total = "disputes.reconsideration.total"
    value = decided(report(cell(total, reading("口", 0.9))))[total]
    assert (value.kind, value.value, value.printed, value.accepted) == ("text", None, "口", False)
    assert value.reasons >= {"low_score", "not_a_number"}
    assert "implied_by_sums" not in value.reasons


# Ties and blanks ------------------------------------------------------------------------------------------------------


def test_a_tie_is_ambiguous() -> None:
    tied = cell(ALONE, reading("6", 0.5, ("5", 0.5)), reading("5", 0.5, ("6", 0.5), reader="second"))
    value = decided(report(tied))[ALONE]
    assert not value.accepted
    assert "ambiguous" in value.reasons
    clear = decided(report(cell(ALONE, reading("6", 0.9, ("5", 0.05)))))[ALONE]
    assert "ambiguous" not in clear.reasons


def test_two_cells_of_which_either_mends_the_sum_are_both_for_a_person() -> None:
    # 3 + 2 = 6: either part may have been misread.
    parts = ["disputes.reconsideration.upheld", "disputes.reconsideration.corrected"]
    cells = report(sure("disputes.reconsideration.total", "6"), weak(parts[0], "3", "4"), weak(parts[1], "2", "3"))
    found = decided(cells)
    assert {"ambiguous" in found[i].reasons for i in parts} == {True}
    assert {found[i].accepted for i in parts} == {False}


def test_a_blank_among_zeros_is_for_a_person_whatever_its_score() -> None:
    found = decided(report(cell(BLANK, reading("", 1.0))))
    assert (found[BLANK].kind, found[BLANK].value) == ("blank", None)
    assert not found[BLANK].accepted
    assert "blank_among_zeros" in found[BLANK].reasons
    assert to_review(found) == {BLANK}


def test_blanks_of_a_table_that_leaves_them_blank_are_accepted() -> None:
    cells = report()
    for i in FORM.official_fields:
        if i.startswith("requests.") and cells[i].text == "0":
            cells[i] = cell(i, reading("", 1.0))
    found = decided(cells)
    assert to_review(found) == set()
    assert found[BLANK].kind == "blank"


# What no margin outweighs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["column_uncertain", "row_repeated", "spans_columns", "cut_by_page", "low_label"])
def test_doubts_about_the_cell_stop_acceptance_whatever_the_margin(reason: str) -> None:
    found = decided(report(sure(GRANTED, "5", reason)), complete=[t.id for t in FORM.tables])
    assert found[GRANTED].confidence >= 0.9999
    assert not found[GRANTED].accepted
    assert found[GRANTED].reasons == {reason}
    assert to_review(found) == {GRANTED}


def test_doubts_about_how_a_number_is_written_stop_it_too() -> None:
    found = decided(report(sure(ALONE, "05")))
    assert (found[ALONE].value, found[ALONE].accepted) == ("05", False)
    assert "leading_zero" in found[ALONE].reasons


@pytest.mark.parametrize("doubt", sorted(READING_DOUBTS))
def test_doubts_about_the_reading_are_settled_by_a_wide_margin_and_told_with_a_narrow_one(doubt: str) -> None:
    settled = decided(report(sure(GRANTED, "5", doubt)))[GRANTED]
    assert (settled.accepted, settled.reasons) == (True, frozenset())
    open_ = decided(report(cell(ALONE, reading("5", 0.7, ("6", 0.2)), reasons=(doubt,))))[ALONE]
    assert not open_.accepted
    assert doubt in open_.reasons


@pytest.mark.parametrize("doubt", ["row_may_be_cut", "spans_rows", "label_uncertain"])
def test_doubts_about_the_row_are_settled_by_sums_in_a_complete_table_only(doubt: str) -> None:
    cells = report(sure(GRANTED, "5", doubt))
    assert not decided(cells)[GRANTED].accepted
    assert decided(cells, complete=["requests"])[GRANTED].accepted
    assert not decided(cells, complete=["disputes"])[GRANTED].accepted
    # A label that says next to nothing needs two sums.
    everywhere = [t.id for t in FORM.tables]
    of_one_sum = "disputes.reconsideration.upheld"
    for field_id, accepted in ((GRANTED, True), (of_one_sum, False)):
        value = report()[field_id].text or ""
        unlike = replace(sure(field_id, value, doubt), label=replace(cells[field_id].label, score=0.1))
        alike = sure(field_id, value, doubt)
        assert decided(report(unlike), complete=everywhere)[field_id].accepted is accepted
        assert decided(report(alike), complete=everywhere)[field_id].accepted
    # Not where no sum is over the cell, or where one fails.
    assert not decided(report(sure(ALONE, "0", doubt)), complete=everywhere)[ALONE].accepted
    broken = decided(report(sure(GRANTED, "6", doubt)), complete=["requests"])[GRANTED]
    assert not broken.accepted
    assert doubt in broken.reasons
    # The sum of its column holds, that of its row fails: it may belong to another row.
    half = decided(report(sure(GRANTED, "5", doubt), sure(GRANTED_TOTAL, "6")), complete=["requests"])[GRANTED]
    assert not half.accepted
    assert half.reasons >= {doubt, "rule_conflict"}


def test_the_confidence_is_that_of_the_margin() -> None:
    flat = calibration_of([(0.0, 0.25), (1.0, 0.25)])
    found = decided(report(), calibration=flat)
    assert {v.confidence for v in found.values()} == {0.25}
    assert to_review(found) == set(FORM.official_fields)
    assert {v.reasons for v in found.values()} == {frozenset({"low_score"})}


# Cells that the file states -------------------------------------------------------------------------------------------


def test_cells_whose_text_is_stated_count_in_sums_and_are_left_to_others() -> None:
    stated = replace(sure(GRANTED_TOTAL, "5"), readings=(), reader="pdfplumber")
    found = decided(report(weak(GRANTED, "6", "5"), stated))
    assert GRANTED_TOTAL not in found
    assert (found[GRANTED].value, found[GRANTED].accepted) == ("5", True)


def test_a_stated_cell_of_words_takes_its_sums_out_of_force() -> None:
    words = replace(sure(GRANTED_TOTAL, "见附件"), readings=(), reader="pdfplumber")
    found = decided(report(weak(GRANTED, "6", "5"), words))
    assert "requests.row_total[granted]" not in {r.id for r in found[GRANTED].rules}
    assert not found[GRANTED].accepted


# Reading again --------------------------------------------------------------------------------------------------------


def test_only_suspects_are_read_again_the_least_sure_first() -> None:
    unread = cell(NEW.replace("new", "carried_in"), reading("口", 0.9))
    reread = FakeReread()
    decided(report(unread, weak(ALONE, "6", "5"), cell("proactive.fees.amount", reading("7", 0.8, ("1", 0.1)))), reread)
    assert reread.asked == [[unread.field_id, ALONE, "proactive.fees.amount"]]


def test_cells_of_a_sum_that_fails_are_suspects() -> None:
    total = "disputes.reconsideration.total"
    reread = FakeReread()
    decided(report(sure(total, "3")), reread)
    [rule] = [r for r in load_rules(FORM).rules if total in r.fields]
    assert set(reread.asked[0]) == set(rule.fields)


def test_nobody_is_asked_twice_and_there_are_two_rounds_at_most() -> None:
    # What is read again makes other cells suspect, each time anew.
    class Endless(FakeReread):
        def __call__(self, cells: Sequence[PrintedField]) -> list[tuple[Reading, ...]]:
            super().__call__(cells)
            # Every cell reads as something else now.
            return [(reading(str(len(self.asked) + 3), 1.0),) * 9 for _ in cells]

    reread = Endless()
    decided(report(weak("disputes.reconsideration.total", "3", "0"), weak(GRANTED, "6", "4")), reread)
    assert len(reread.asked) == 2
    asked = [i for round_ in reread.asked for i in round_]
    assert len(asked) == len(set(asked))


def test_no_round_asks_for_more_than_a_page_of_cells() -> None:
    reread = FakeReread()
    decided({i: weak(i, "6", "5") for i in FORM.official_fields}, reread)
    assert [len(a) for a in reread.asked] == [80, 80]


def test_what_is_read_again_counts_and_is_kept_as_evidence() -> None:
    more = tuple(reading("5", 0.99, reader=f"first/{n}") for n in ("wide", "soft", "coarse"))
    reread = FakeReread({ALONE: more})
    unsure = cell(ALONE, reading("5", 0.6, ("6", 0.3)))
    before, after = decided(report(unsure))[ALONE], decided(report(unsure), reread)[ALONE]
    assert not before.accepted
    assert after.confidence > before.confidence
    assert [r.reader for r in after.cell.readings] == ["first", "first/wide", "first/soft", "first/coarse"]
    assert after.repaired_from is None


def test_a_cell_that_only_the_second_look_can_read_is_not_called_repaired() -> None:
    more = tuple(reading("5", 0.9999, reader=f"first/{n}") for n in range(8))
    value = decided(report(cell(GRANTED, reading("", 0.9, reader="first"))), FakeReread({GRANTED: more}))[GRANTED]
    assert value.value == "5"
    assert value.repaired_from == "", "a blank was read first, and now it is a number"
    unread = decided(report(cell(GRANTED, reading("口", 0.6))), FakeReread({GRANTED: more}))[GRANTED]
    assert (unread.value, unread.repaired_from) == ("5", None)


def test_repairs_that_are_for_a_person_say_so() -> None:
    told: Repair = to_repair(
        GRANTED, ScanValue(sure(GRANTED, "5"), "number", "5", "5", 0.9, False, frozenset(), None, "6")
    )
    assert (told.accepted, told.rules) == (False, [])
    assert told.message.en == "first read as '6', taken as '5': other readings support it."
    assert told.message.zh == "最初读作“6”，改为“5”：其他识读结果支持后者。"


POOR = [weak(i, report()[i].text or "", "8") for i in FORM.official_fields if i.startswith("requests.denied.")]


@pytest.mark.parametrize(("score", "accepted"), [(0.99, True), (0.8, False)])
def test_on_a_poor_scan_a_number_without_a_sum_must_be_read_surely(score: float, accepted: bool) -> None:
    readings = (reading("74", 0.999), reading("74", score, reader="second"))
    again = FakeReread({ALONE: tuple(reading("74", 0.999, reader=f"crop {i}") for i in range(4))})
    found = decided(report(*POOR, cell(ALONE, *readings)), again)
    assert found[ALONE].accepted is accepted
    assert ("unconfirmed" in found[ALONE].reasons) is not accepted
    assert decided(report(cell(ALONE, *readings)), again)[ALONE].accepted


def test_where_sums_refute_what_all_engines_are_sure_of_they_are_believed_nowhere_alone() -> None:
    lone = cell(ALONE, reading("74", 0.999), reading("74", 0.99, reader="second"))
    again = FakeReread({ALONE: (reading("74", 0.999, reader="crop"),)})
    refuted = sure(GRANTED_TOTAL, "8")
    assert decided(report(*POOR, lone), again)[ALONE].accepted
    assert not decided(report(*POOR, lone, refuted), again)[ALONE].accepted
    assert decided(report(lone, refuted), again)[ALONE].accepted, "a good scan with a mistake of the report"


def test_mistakes_of_the_report_make_no_scan_poor() -> None:
    # Sums that fail lower the margins of all cells below them; read was none of them with a rival.
    rows = [r.id for r in FORM.tables[1].blocks[0].rows if f"requests.{r.id}.total" in FORM.official_fields]
    cells = {
        i: cell(i, reading(c.text or "", 0.95), reading(c.text or "", 0.95, reader="second"))
        for i, c in report(*(sure(f"requests.{r}.total", "3") for r in rows)).items()
    }
    cells[ALONE] = cell(ALONE, reading("74", 0.999), reading("74", 0.8, reader="second"))
    again = FakeReread({ALONE: (reading("74", 0.999, reader="crop"),)})

    assert decided(cells, again)[ALONE].accepted


def test_on_a_poor_scan_one_sum_is_enough_for_what_all_readings_say() -> None:
    refuted = sure("requests.new.total", "8")
    readings = (reading("7", 0.999), reading("7", 0.8, reader="second"))
    found = decided(report(*POOR, refuted, cell(NEW, *readings)), FakeReread())
    assert found[NEW].accepted, "its row is broken, its column holds"
    other = (reading("7", 0.999), reading("1", 0.8, reader="second"))
    assert not decided(report(*POOR, refuted, cell(NEW, *other)), FakeReread())[NEW].accepted


@pytest.mark.parametrize(("odd_one", "accepted"), [("74", True), ("74 ", True), ("71", False)])
def test_a_number_without_a_sum_that_one_other_crop_reads_otherwise_is_left_to_a_person(
    odd_one: str, accepted: bool
) -> None:
    # One crop in many sees a faint stroke that the others have lost.
    again = [reading("74", 0.99, reader=f"crop {i}") for i in range(6)]
    again[3] = reading(odd_one, 0.7, reader="crop 3")
    doubted = cell(ALONE, reading("74", 0.9), reading("74", 0.9, reader="second"))

    found = decided(report(doubted), FakeReread({ALONE: tuple(again)}))

    assert found[ALONE].value == "74"
    assert found[ALONE].accepted is accepted
    assert ("unconfirmed" in found[ALONE].reasons) is not accepted


def test_a_space_inside_a_number_is_settled_by_two_sums() -> None:
    apart = sure(GRANTED, "5", "inner_space")
    assert decided(report(apart))[GRANTED].accepted
    alone = sure(ALONE, "0", "inner_space")
    assert not decided(report(alone))[ALONE].accepted


def test_where_a_digit_was_misread_twice_numbers_with_it_are_left_to_a_person() -> None:
    # Two cells were first read with a 1 where the sums want a 4; a third 1 may be another such.
    def misread(field_id: str, number: str, first: str) -> PrintedField:
        return cell(field_id, reading(first, 0.6, (number, 0.3)), reading(number, 0.95, reader="second"))

    alone, other = "proactive.regulations.issued", "proactive.regulations.repealed"
    bad = [misread(alone, "4", "1"), misread(other, "44", "14")]
    third = "proactive.regulations.in_force"
    found = decided(report(*bad, sure(third, "31")))

    assert not found[third].accepted
    assert "unconfirmed" in found[third].reasons
    assert decided(report(sure(third, "31")))[third].accepted


@pytest.mark.parametrize(
    ("text", "again", "accepted"),
    [("0", (), False), ("0", (reading("0", reader="first/wide"),), True), ("7", (), True)],
    ids=["no digit in other crops", "a zero in other crops", "a number that sums tell from a blank"],
)
def test_a_weak_zero_must_be_seen_in_other_crops(text: str, again: tuple[Reading, ...], accepted: bool) -> None:
    """Specks in a blank cell were read as a nought, with 0.86 and 0.32: its sums hold as well as with a blank."""
    place = NEW if text == "7" else BLANK
    specks = cell(place, reading(text, 0.86), reading(text, 0.32, reader="second"), reasons=("low_score",))
    reread = FakeReread({place: again})
    found = decided(report(specks), reread)[place]
    assert found.accepted is accepted
    assert ("unconfirmed" in found.reasons) is not accepted
    assert any(place in asked for asked in reread.asked) is (text == "0")


def test_a_blank_on_a_poor_scan_that_prints_zeros_is_left_to_a_person() -> None:
    poor = [weak(i, report()[i].text or "", "8") for i in FORM.official_fields if i.startswith("requests.denied.")]
    blanks = [sure(f"requests.new.{c}", "") for c in ("research_institution", "legal_service")]
    found = decided(report(*poor, *blanks))

    assert all(not found[c.field_id].accepted for c in blanks)


def test_on_a_poor_scan_rows_that_leave_all_zeros_out_do_so_on_purpose() -> None:
    poor = [weak(i, report()[i].text or "", "8") for i in FORM.official_fields if i.startswith("requests.denied.")]
    empty = [i for i in FORM.official_fields if i.startswith(("requests.unavailable.", "requests.not_processed."))]
    mixed = [i for i in FORM.official_fields if i.startswith("requests.carried_in.")][1:]
    found = decided(report(*poor, *(sure(i, "") for i in (*empty, *mixed))))

    assert {found[i].accepted for i in empty} == {True}
    assert {found[i].accepted for i in mixed} == {False}, "the row prints a zero"


def test_a_number_that_only_other_crops_show_needs_a_sum() -> None:
    # The first crop had two lines: what the others read may be a part of the number.
    again = tuple(reading("7", 0.99, reader=f"crop {n}") for n in range(6))
    for field_id, number, accepted in ((ALONE, "7", False), (NEW, "7", True)):
        lost = cell(field_id, reading("\u5171\n7", 0.38))
        found = decided(report(lost), FakeReread({field_id: again}))
        assert (found[field_id].value, found[field_id].accepted) == (number, accepted)


@pytest.mark.parametrize("stamped", [False, True])
def test_a_stamp_over_a_number_whose_sums_do_not_hold_may_hide_a_digit(stamped: bool) -> None:
    reasons = ("stamp_over_cell",) if stamped else ()
    found = decided(report(sure(GRANTED, "55", *reasons)))
    assert found[GRANTED].value == "55"
    assert found[GRANTED].accepted is not stamped
    assert ("rule_conflict" in found[GRANTED].reasons) is stamped


def test_a_stamp_over_a_blank_cell_without_a_sum_may_hide_its_number() -> None:
    blank = [sure(i, "") for i in FORM.official_fields if i.startswith("proactive.")]
    for reasons, accepted in (((), True), (("stamp_over_cell",), False)):
        assert decided(report(*blank, sure(ALONE, "", *reasons)))[ALONE].accepted is accepted, reasons
