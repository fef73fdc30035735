"""The description follows the Data Package standard, and DuckDB reads what it describes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest

from pipeline.dataset.build import build_panel
from tests.unit.invented_reports import DISTRICT, cell, make_finding, make_report

NEW = "requests.new.total"
# What the standard (version 1, tabular profile) asks of the parts that are used.
NAME = {"type": "string", "pattern": r"^[-a-z0-9._/]+$"}
NAMES = {"type": "array", "minItems": 1, "items": {"type": "string"}}
FIELD = {
    "type": "object",
    "required": ["name", "type", "title", "title_zh", "title_en"],
    "properties": {
        "name": {"type": "string"},
        "type": {"enum": ["string", "number", "integer", "boolean", "date"]},
        "title": {"type": "string", "minLength": 1},
        "title_zh": {"type": "string", "minLength": 1},
        "title_en": {"type": "string", "minLength": 1},
        "constraints": {"type": "object", "properties": {"required": {"type": "boolean"}}},
    },
}
PACKAGE = {
    "type": "object",
    "required": ["profile", "name", "title", "description", "sources", "resources"],
    "properties": {
        "profile": {"const": "tabular-data-package"},
        "name": NAME,
        "sources": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["title"]}},
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "path", "profile", "schema", "bytes", "hash", "encoding"],
                "properties": {
                    "name": NAME,
                    "path": {"type": "string", "pattern": r"^(?!/)(?!.*\.\.)[-a-z0-9_.]+$"},
                    "profile": {"const": "tabular-data-resource"},
                    "bytes": {"type": "integer", "minimum": 0},
                    "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
                    "schema": {
                        "type": "object",
                        "required": ["fields", "missingValues", "primaryKey"],
                        "properties": {
                            "fields": {"type": "array", "minItems": 1, "items": FIELD},
                            "missingValues": {"type": "array", "items": {"type": "string"}},
                            "primaryKey": NAMES,
                            "foreignKeys": {
                                "type": "array",
                                "items": {
                                    "type": "object",
                                    "required": ["fields", "reference"],
                                    "properties": {
                                        "fields": NAMES,
                                        "reference": {
                                            "type": "object",
                                            "required": ["resource", "fields"],
                                            "properties": {"resource": {"type": "string"}, "fields": NAMES},
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
DUCKDB_TYPES = {
    "string": "VARCHAR",
    "number": "DECIMAL(38,6)",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "date": "DATE",
}


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("panel")
    reports = [make_report(year=y, published=f"{y + 1}-01-31") for y in (2021, 2022, 2023)]
    reports += [
        make_report("朝阳区财政局", 2020, form="gk2019"),
        make_report("青岛市教育局", changes={NEW: cell(None, "blank")}),
    ]
    reports += [make_report(file="other.pdf", title='=1+"一",\n2', findings=[make_finding([NEW])])]
    reports += [make_report("青岛市民政局", form="legacy", year=2017)]
    assert build_panel(((f"{r.source.name}.json", r) for r in reports), folder) is not None
    return folder


@pytest.fixture(scope="module")
def package(panel: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((panel / "datapackage.json").read_text(encoding="utf-8"))
    return found


def test_the_description_follows_the_standard(package: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(PACKAGE).validate(package)


def test_keys_and_references_name_fields_that_there_are(package: dict[str, Any]) -> None:
    fields = {r["name"]: {f["name"] for f in r["schema"]["fields"]} for r in package["resources"]}

    for resource in package["resources"]:
        schema = resource["schema"]
        assert len(fields[resource["name"]]) == len(schema["fields"])
        assert set(schema["primaryKey"]) <= fields[resource["name"]]
        for key in schema["foreignKeys"]:
            assert set(key["fields"]) <= fields[resource["name"]]
            assert set(key["reference"]["fields"]) <= fields[key["reference"]["resource"]]


def test_titles_are_in_both_languages_and_figures_have_units(package: dict[str, Any]) -> None:
    requests = next(r for r in package["resources"] if r["name"] == "gk2021-requests")
    described = {f["name"]: f for f in requests["schema"]["fields"]}

    assert described[NEW]["unit"] == "件 items"
    assert described[NEW]["title"] == f"{described[NEW]['title_zh']} · {described[NEW]['title_en']}"
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            assert re.search("[\u4e00-\u9fff]", field["title_zh"]), field
            assert re.search("[A-Za-z]", field["title_en"]), field


def test_duckdb_reads_the_csv_as_described_and_finds_the_rows_of_the_parquet(
    panel: Path, package: dict[str, Any]
) -> None:
    for resource in package["resources"]:
        columns = {f["name"]: DUCKDB_TYPES[f["type"]] for f in resource["schema"]["fields"]}
        lists = [
            n for n, f in zip(columns, resource["schema"]["fields"], strict=True) if "列表" in f.get("description", "")
        ]
        with duckdb.connect() as db:
            written = db.read_csv(str(panel / resource["path"]), columns=columns, header=True, delimiter=",")
            stored = db.read_parquet(str(panel / resource["parquet"]["path"]))
            assert written.columns == stored.columns
            assert len(written.fetchall()) == len(stored.fetchall()) == resource["rows"]
            plain = ", ".join(f'"{c}"' for c in columns if c not in {*lists, "title", "confidence", "min_confidence"})
            apart = db.sql(f"(SELECT {plain} FROM written EXCEPT SELECT {plain} FROM stored)")
            assert apart.fetchall() == []


def test_keys_are_unique_and_references_lead_somewhere(panel: Path, package: dict[str, Any]) -> None:
    paths = {r["name"]: str(panel / r["parquet"]["path"]) for r in package["resources"]}
    with duckdb.connect() as db:
        for resource in package["resources"]:
            key = ", ".join(f'"{k}"' for k in resource["schema"]["primaryKey"])
            own = f"read_parquet('{paths[resource['name']]}')"
            assert db.sql(f"SELECT {key} FROM {own} GROUP BY ALL HAVING count(*) > 1").fetchall() == []
            for reference in resource["schema"]["foreignKeys"]:
                names = ", ".join(f'"{f}"' for f in reference["fields"])
                target = f"read_parquet('{paths[reference['reference']['resource']]}')"
                lost = db.sql(f"SELECT {names} FROM {own} EXCEPT SELECT {names} FROM {target}").fetchall()
                assert lost == []


def test_an_agency_and_year_is_in_the_panel_once(panel: Path) -> None:
    with duckdb.connect() as db:
        found = db.sql(
            f"SELECT agency_id, year, count(*) FROM read_parquet('{panel}/reports.parquet') WHERE in_panel GROUP BY ALL"
        ).fetchall()

    assert sorted(found) == sorted(
        [(f"370202:{DISTRICT[-3:]}", y, 1) for y in (2021, 2022, 2023)]
        + [("朝阳区财政局", 2020, 1), ("370200:教育局", 2023, 1)]
    )


def test_the_example_draws_its_pictures(panel: Path, repo_root: Path, tmp_path: Path) -> None:
    script = repo_root / "docs" / "examples" / "panel_plots.py"

    done = subprocess.run([sys.executable, script, panel, tmp_path], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    requests = (tmp_path / "requests.svg").read_text(encoding="utf-8")
    assert [f">{year}<" in requests for year in (2020, 2021, 2022, 2023)] == [True] * 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["quality.svg", "requests.svg", "results.svg"]


def test_the_example_says_what_it_wants(repo_root: Path, tmp_path: Path) -> None:
    script = repo_root / "docs" / "examples" / "panel_plots.py"

    for arguments in ([], [tmp_path, tmp_path / "plots"]):
        done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith("panel_plots.py DATASET PLOTS: ")
    assert not (tmp_path / "plots").exists()
