from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.errors import ExitCode
from models.report import Report, SourceRecord
from pipeline.read_apart.in_turn import InTurn


def report(number: int) -> Report:
    return Report(source=SourceRecord(name=f"{number}年报", sha256="", media_type="", page_count=0), year=2000 + number)


@given(st.permutations(range(12)))
def test_reports_come_out_in_turn_as_they_went_in(numbers: list[int]) -> None:
    turn = InTurn()
    found = [one for number in numbers for one in turn.add(number, report(number), ExitCode(number % 3))]

    assert found == [(n, report(n), ExitCode(n % 3)) for n in range(12)]


def test_a_report_waits_for_those_before_it() -> None:
    turn = InTurn()

    assert list(turn.add(1, report(1), ExitCode.OK)) == []
    assert [number for number, _, _ in turn.add(0, report(0), ExitCode.OK)] == [0, 1]
