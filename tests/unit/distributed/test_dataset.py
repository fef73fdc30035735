from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pyarrow.dataset as pads
import pytest

from models.errors import ExitCode, OutputError
from models.report import FieldValue, PageRecord, Report, SourceRecord
from pipeline.config import load_settings
from pipeline.distributed import dataset
from pipeline.distributed.checkpoint import Checkpoint, Kept, done_file
from pipeline.distributed.dataset import begin, complete, dataset_schema, part_to_json, to_parts, write_parts
from pipeline.distributed.places import Place, open_place
from pipeline.distributed.read_batch import Outcome, Task
from pipeline.export.report_rows import TABLE_NAMES
from pipeline.export.summary import ReportSummary
from pipeline.waiver_files import WaiverBook

SETTINGS = load_settings()


def report(name: str, year: int | None = 2024, value: str = "7") -> Report:
    return Report(
        source=SourceRecord(name=name, sha256=name * 8, media_type="text/html", page_count=1),
        pages=[PageRecord(page_no=1, route="text", status="extracted")],
        form="unknown" if year is None else "gk2021",
        year=year,
        fields={
            "requests.new.total": FieldValue(
                value=value, printed=value, kind="number", decision="accept", confidence=1.0
            )
        },
    )


@pytest.fixture
def out(tmp_path: Path) -> Place:
    return open_place(str(tmp_path / "out"))


@pytest.fixture
def task(out: Place) -> Task:
    return Task(SETTINGS, Checkpoint.of(out, SETTINGS), "run-1", WaiverBook((), dt.date(2026, 1, 1)))


def keep(task: Task, *reports: Report) -> list[Outcome]:
    outcomes = []
    for number, one in enumerate(reports):
        file = done_file(one.source.name, one.source.sha256)
        task.checkpoint.put(file, Kept(one, ExitCode.OK, task.run))
        stamp = one.model_dump_json()
        outcomes.append(Outcome(number, file, stamp, ExitCode.OK, False, ReportSummary.from_report(one)))
    return outcomes


def publish(task: Task, out: Place, outcomes: list[Outcome]) -> list[str]:
    """The names of the parts that were written."""
    parts = to_parts(outcomes, [""] * len(outcomes))
    missing = begin(out, parts)
    written = write_parts({"part": [part_to_json(part) for part in missing]}, out, task)
    complete(out, parts, task.run, "digest", len(outcomes))
    return written["name"]


def rows(out: Place, table: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pads.dataset(f"{out.path}/{table}", partitioning="hive").to_table().to_pylist()
    return found


def test_all_tables_have_the_rows_of_all_reports(task: Task, out: Place) -> None:
    publish(task, out, keep(task, report("a"), report("b", 2023), report("c", None)))

    found = {(r["source"], r["form"], r["year"], r["value"], r["run"]) for r in rows(out, "fields")}
    assert found == {
        ("a", "gk2021", 2024, "7", "run-1"),
        ("b", "gk2021", 2023, "7", "run-1"),
        ("c", "unknown", None, "7", "run-1"),
    }
    assert {table: len(rows(out, table)) for table in TABLE_NAMES} == {
        "reports": 3,
        "fields": 3,
        "findings": 0,
        "pages": 3,
        "failures": 0,
    }


def test_each_file_has_the_schema_of_its_table(task: Task, out: Place) -> None:
    publish(task, out, keep(task, report("a")))

    for table in TABLE_NAMES:
        [file] = Path(out.path, table).rglob("*.parquet")
        assert pads.dataset(file).schema.equals(dataset_schema(table)), table


def test_the_order_of_reading_changes_nothing(task: Task) -> None:
    outcomes = keep(task, report("a"), report("b"), report("c"))

    assert to_parts(outcomes[::-1], ["", "", ""]) == to_parts(outcomes, ["", "", ""])


def test_what_is_in_place_is_not_written_again(task: Task, out: Place) -> None:
    outcomes = keep(task, report("a"), report("b", 2023))
    first = publish(task, out, outcomes)

    assert len(first) == 2
    assert publish(task, out, outcomes) == []
    Path(out.path, "pages", "form=gk2021", "year=2023", first[0]).unlink()
    assert publish(task, out, outcomes) == [first[0]]
    assert len(rows(out, "pages")) == 2


def test_what_is_no_longer_an_input_or_has_changed_is_gone(task: Task, out: Place) -> None:
    publish(task, out, keep(task, report("a"), report("b", 2023)))
    Path(out.path, "fields", "notes.parquet").write_bytes(b"not ours")
    Path(out.path, "fields", "notes.parquet").rename(Path(out.path, "notes.parquet"))

    publish(task, out, keep(task, report("a", value="8")))

    assert [(r["source"], r["value"]) for r in rows(out, "fields")] == [("a", "8")]
    assert Path(out.path, "notes.parquet").exists()


def test_parts_have_a_bounded_number_of_reports(task: Task, out: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "REPORTS_PER_PART", 2)
    monkeypatch.setattr(dataset, "_REPORTS_AT_ONCE", 1)

    assert len(publish(task, out, keep(task, *(report(name) for name in "abcde")))) == 3
    assert [r["source"] for r in rows(out, "reports")].count("c") == 1
    assert len(rows(out, "reports")) == 5


def test_the_mark_is_away_while_anything_changes(task: Task, out: Place) -> None:
    outcomes = keep(task, report("a"))
    publish(task, out, outcomes)
    mark = Path(out.path, "_complete.json")
    content = json.loads(mark.read_text(encoding="utf-8"))

    assert (content["reports"], len(content["files"])) == (1, 5)
    assert all(Path(out.path, file).is_file() for file in content["files"])
    begin(out, to_parts(outcomes, [""]))
    assert not mark.exists()


def test_a_report_that_is_gone_from_the_checkpoint_is_an_error(task: Task, out: Place) -> None:
    [outcome] = keep(task, report("a"))

    with pytest.raises(OutputError, match="gone or damaged"):
        publish(task, out, [replace(outcome, file="0" * 64)])
    assert not Path(out.path, "_complete.json").exists()
