from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import run
from benchmarks.inputs import Inputs
from benchmarks.result import Result, Target
from benchmarks.run import BENCHMARKS, Options, main, parse_options
from models.errors import ExitCode, UsageError


def test_without_arguments_everything_runs_in_full() -> None:
    assert parse_options([]) == Options(BENCHMARKS, quick=False, corpus=None, out=Path("out/bench"))


def test_quick_and_only() -> None:
    assert parse_options(["--quick"]) == Options(quick=True)
    assert parse_options(["--only", "accuracy"]).only == ("accuracy",)


def test_only_keeps_the_order_of_the_benchmarks_and_drops_repeats() -> None:
    assert parse_options(["--only", "memory, speed,memory,"]).only == ("speed", "memory")


@pytest.mark.parametrize("arguments", [["--only", "sped"], ["--only", ","], ["--corpus", "no/such/folder"], ["speed"]])
def test_wrong_arguments_end_with_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_options(arguments)
    assert ended.value.code == ExitCode.USAGE
    assert "usage:" in capsys.readouterr().err


def test_corpus_and_out_are_paths(tmp_path: Path) -> None:
    options = parse_options(["--corpus", str(tmp_path), "--out", str(tmp_path / "o")])
    assert (options.corpus, options.out) == (tmp_path, tmp_path / "o")


@pytest.mark.parametrize("name", BENCHMARKS)
def test_each_name_is_a_module_that_measures(name: str) -> None:
    assert callable(import_module(f"benchmarks.{name}").measure)


class Fake(ModuleType):
    """A benchmark that measures nothing and keeps the inputs that it was given."""

    def __init__(self, error: UsageError | None = None) -> None:
        super().__init__("benchmarks.speed")
        self.error = error
        self.inputs: Inputs | None = None

    def measure(self, inputs: Inputs) -> Result:
        self.inputs = inputs
        if self.error is not None:
            raise self.error
        return Result("speed", "nothing", ("a", "b"), (("x", "1"),), (Target("t", "1", met=False),), data={"n": 1})


def test_prints_the_table_and_writes_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = Fake()
    monkeypatch.setitem(sys.modules, "benchmarks.speed", fake)
    assert main(["--only", "speed", "--quick", "--out", str(tmp_path)]) == ExitCode.OK
    printed = capsys.readouterr().out
    assert "| x   |   1 |" in printed
    assert "MISSED: t; measured 1" in printed
    assert "(quick)" in printed
    document = json.loads((tmp_path / "speed.json").read_text(encoding="utf-8"))
    assert document["table"] == [{"a": "x", "b": "1"}]
    assert document["targets"] == [{"text": "t", "measured": "1", "met": False}]
    assert document["data"] == {"n": 1}
    assert document["machine"]["cores"] >= 1
    assert fake.inputs is not None
    assert fake.inputs.quick


def test_errors_of_ours_end_with_their_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "benchmarks.speed", Fake(UsageError("no reports", remedy="name a folder")))
    assert run.main(["--only", "speed", "--out", str(tmp_path)]) == ExitCode.USAGE
    assert "no reports — name a folder" in capsys.readouterr().err
