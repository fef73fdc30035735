from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.machine import Machine
from benchmarks.result import Result, Target, markdown_table, render_result, write_result
from models.errors import OutputError

MACHINE = Machine("CPU X", 2, 24, "Linux", "3.11", {}, 0.5, 62.4)
RESULT = Result(
    "speed", "a title", ("what", "ratio"), (("ours", "1.25"),), (Target("t", "1.25", met=True),), ("a note",)
)


def test_first_column_to_the_left_others_to_the_right() -> None:
    assert markdown_table(("what", "n"), (("ab", "100"), ("longer", "7"))).splitlines() == [
        "| what   |   n |",
        "| :----- | --: |",
        "| ab     | 100 |",
        "| longer |   7 |",
    ]


def test_text_holds_date_machine_table_target_and_note() -> None:
    lines = render_result(RESULT, MACHINE, "2030-01-02").splitlines()
    assert lines[:2] == [
        "## speed: a title",
        "2030-01-02; CPU X, 2 cores, 24 GiB; Linux, Python 3.11; ; load 0.5, a million additions in 62 ms",
    ]
    assert lines[-2:] == ["- met: t; measured 1.25", "- a note"]


def test_a_folder_that_cannot_be_made_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="--out"):
        write_result(RESULT, MACHINE, "2030-01-02", tmp_path / "file" / "below")


def test_further_files_are_written_beside_the_data(tmp_path: Path) -> None:
    target = write_result(replace(RESULT, files={"speed.svg": "<svg/>"}), MACHINE, "2030-01-02", tmp_path)
    assert (target.parent / "speed.svg").read_text(encoding="utf-8") == "<svg/>"
