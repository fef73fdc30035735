from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import DamagedInputError, InputError, InputTooLargeError, UnsupportedTypeError, UsageError
from models.report import Report
from pipeline.export import json_export
from pipeline.export.json_export import read_report_json, report_json, write_report_json


def test_written_and_read_back_is_the_same(tmp_path: Path, make_report: Callable[..., Report]) -> None:
    report = make_report(timings={"read": 0.1})
    write_report_json(report, tmp_path / "r.json")
    assert read_report_json(tmp_path / "r.json") == report


def test_text_is_readable_and_keeps_the_order_of_the_schema(make_report: Callable[..., Report]) -> None:
    text = report_json(make_report())
    assert text.endswith("}\n")
    assert "青石县人民政府" in text
    assert text.splitlines()[1].startswith(' "schema_version"')
    document = json.loads(text)
    assert list(document) == list(Report.model_fields)
    assert next(iter(document["fields"])) == "proactive.regulations.issued"
    assert isinstance(document["fields"]["proactive.regulations.issued"]["value"], str)


def test_the_same_report_gives_the_same_text(make_report: Callable[..., Report]) -> None:
    first, second = make_report(), make_report(timings={"read": 3.5})
    assert report_json(first) != report_json(second)
    second.timings = {}
    assert report_json(first) == report_json(second)


def test_a_byte_order_mark_is_accepted(tmp_path: Path, make_report: Callable[..., Report]) -> None:
    report = make_report()
    (tmp_path / "r.json").write_bytes(b"\xef\xbb\xbf" + report_json(report).encode())
    assert read_report_json(tmp_path / "r.json") == report


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [
        (b"", DamagedInputError, "empty"),
        (b" \n", DamagedInputError, "empty"),
        (b"%PDF-1.7", DamagedInputError, "no valid JSON"),
        (b'{"schema_version": "1.0", ', DamagedInputError, "no valid JSON"),
        (b'{"a": "\xff"}', DamagedInputError, "no valid JSON"),
        (b"[" * 5000, DamagedInputError, "no valid JSON"),
        (b"[1]", UnsupportedTypeError, "not a report document"),
        (b'{"fields": {}}', UnsupportedTypeError, "not a report document"),
        (b'{"schema_version": "2.0", "source": {}}', UnsupportedTypeError, "schema version '2.0'"),
        (b'{"schema_version": 1, "source": {}}', UnsupportedTypeError, "schema version 1"),
        (b'{"schema_version": "1.0", "source": {}}', DamagedInputError, "source.name"),
    ],
)
def test_other_files_are_refused_with_cause_and_remedy(
    tmp_path: Path, content: bytes, kind: type[InputError], says: str
) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(content)
    with pytest.raises(kind) as caught:
        read_report_json(path)
    assert says in caught.value.message
    assert "nianbao extract" in caught.value.remedy
    assert caught.value.source == str(path)


def test_an_unknown_key_is_refused(tmp_path: Path, make_report: Callable[..., Report]) -> None:
    document = make_report().to_json_dict() | {"valeu": 1}
    (tmp_path / "r.json").write_text(json.dumps(document))
    with pytest.raises(DamagedInputError, match="valeu"):
        read_report_json(tmp_path / "r.json")


@pytest.mark.parametrize("year", [-1, 10_000, 2**70])
def test_a_year_that_no_table_holds_is_refused(year: int, tmp_path: Path, make_report: Callable[..., Report]) -> None:
    text = report_json(make_report()).replace('"year": 2023', f'"year": {year}')
    (tmp_path / "a.json").write_text(text, encoding="utf-8")

    with pytest.raises(DamagedInputError, match="not valid at year"):
        read_report_json(tmp_path / "a.json")


def test_a_page_number_that_no_table_holds_is_refused(tmp_path: Path, make_report: Callable[..., Report]) -> None:
    document = json.loads(report_json(make_report()))
    document["source"]["page_count"] = 2**63
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(DamagedInputError, match=r"not valid at source\.page_count"):
        read_report_json(tmp_path / "a.json")


def test_missing_file_and_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_report_json(tmp_path / "missing.json")
    with pytest.raises(InputError, match="this is a folder"):
        read_report_json(tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_export, "MAX_REPORT_BYTES", 10)
    (tmp_path / "r.json").write_text('{"schema_version": "1.0"}')
    with pytest.raises(InputTooLargeError):
        read_report_json(tmp_path / "r.json")
