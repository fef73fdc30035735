"""Report documents as named on a command line."""

from __future__ import annotations

from pathlib import Path

from pipeline.cli.read_results import ResultReader
from pipeline.export.json_export import write_report_json
from tests.unit.invented_reports import make_report


def test_a_document_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    document = tmp_path / "out" / "a.json"
    document.parent.mkdir()
    write_report_json(make_report("青石县人民政府"), document)

    reader = ResultReader([document.parent, document, document.parent])

    assert [name for name, _ in reader] == ["a.json"]
    assert (reader.count, reader.codes) == (1, [])
