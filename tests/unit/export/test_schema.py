from __future__ import annotations

import copy
import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import jsonschema
import pytest

from models.finding import Finding
from models.report import SCHEMA_VERSION, Report
from pipeline.export.schema import SCHEMA_FILE, report_schema, report_schema_text


def test_the_committed_schema_is_the_generated_one() -> None:
    committed = resources.files("models.schema").joinpath(SCHEMA_FILE).read_text(encoding="utf-8")
    assert committed == report_schema_text(), f"write it anew: nianbao schema > models/schema/{SCHEMA_FILE}"


def test_the_schema_is_valid_and_names_its_version() -> None:
    schema = report_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"].endswith(SCHEMA_VERSION)
    assert schema["properties"]["schema_version"]["const"] == SCHEMA_VERSION


def test_written_reports_satisfy_the_schema(
    make_report: Callable[..., Report],
    make_finding: Callable[..., Finding],
    legacy_report: Report,
    failed_report: Report,
) -> None:
    validator = jsonschema.Draft202012Validator(report_schema())
    finding = make_finding(fields=["requests.new.total"], suspects=[[("requests.new.total", "3")]], left="1", right="2")
    for report in (make_report(findings=[finding]), make_report("gk2019"), legacy_report, failed_report):
        validator.validate(json.loads(report.model_dump_json()))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(schema_version="0.9"),
        lambda d: d.pop("findings"),
        lambda d: d.update(extra=1),
        lambda d: d["fields"]["requests.new.total"].update(value=3),
        lambda d: d["fields"]["requests.new.total"].pop("decision"),
        lambda d: d.update(form="gk2030"),
    ],
)
def test_documents_that_break_the_contract_do_not(
    make_report: Callable[..., Report], change: Callable[[dict[str, Any]], object]
) -> None:
    document = copy.deepcopy(make_report().to_json_dict())
    change(document)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(report_schema()).validate(document)
