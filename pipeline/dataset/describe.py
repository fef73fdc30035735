"""``datapackage.json``: what is in the panel, by the Data Package standard (Frictionless, version 1).

The CSV files are the resources, with types, keys and units; each names the Parquet file of the same rows. There is no
time of making in it: the same reports give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from models.finding import Message
from models.form import load_forms
from models.report import SCHEMA_VERSION
from pipeline.dataset.columns import LIST_SEPARATOR, Column, ColumnType, Table
from pipeline.export.atomic import output_errors, write_text

FILE_NAME = "datapackage.json"
_INDENT = 1  # spaces
_CHUNK = 1024 * 1024  # bytes read at a time for a check sum
_TYPES: dict[ColumnType, str] = {
    "string": "string",
    "integer": "integer",
    "decimal": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "list": "string",
}
_LIST_NOTE = Message(
    zh=f"多个以“{LIST_SEPARATOR.strip()}”分隔；Parquet 中为列表",
    en=f"several joined by '{LIST_SEPARATOR.strip()}'; a list in the Parquet file",
)
_ABOUT = Message(
    zh="中国政府信息公开工作年度报告中的数字。空白（blank）、不适用（not_applicable）与 0 不同；宽表只含已采用的数字，"
    "未采用者见 review。同一机关同一年度有多份报告时，只有一份进入面板，见 reports 的 left_out。",
    en="Numbers of Chinese government information disclosure annual reports. Blank and not applicable are not 0; wide "
    "tables hold accepted numbers alone, others are named in `review`. Of several reports of one agency and year one "
    "is in the panel; see `left_out` in `reports`.",
)
_DIVISIONS = Message(
    zh="行政区划代码（GB/T 2260），2009 年 12 月至 2023 年 6 月",
    en="codes of administrative divisions (GB/T 2260), December 2009 to June 2023",
)


def write_description(folder: Path, tables: Sequence[Table], counts: Mapping[str, int]) -> None:
    """Nothing; the description of the files in ``folder`` then stands beside them.

    Args:
        folder: Where the tables lie.
        tables: All of them.
        counts: Table name -> its number of rows.

    Raises:
        OutputError: a table could not be read, or the description not written.
    """
    package = describe(tables, counts, {t.name: _files(folder, t) for t in tables})
    write_text(folder / FILE_NAME, json.dumps(package, ensure_ascii=False, indent=_INDENT) + "\n")


def describe(
    tables: Sequence[Table], counts: Mapping[str, int], files: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> dict[str, Any]:
    """The description as JSON types; ``files`` are name -> ``csv``, ``parquet`` -> path, bytes, check sum."""
    return {
        "profile": "tabular-data-package",
        "name": "nianbao-panel",
        "title": "政府信息公开工作年度报告面板数据 · Panel of government information disclosure annual reports",
        "description": _both(_ABOUT),
        "keywords": ["政府信息公开", "年度报告", "panel", "open government information"],
        "sources": [
            *(
                {"title": f"{form.title_zh}（{form.issued_by}） · {form.title_en}", "path": "fields.csv"}
                for form in load_forms().values()
            ),
            {"title": "各报告的源文件与校验和 · source file and check sum of each report", "path": "reports.csv"},
            {"title": _both(_DIVISIONS), "path": "reports.csv"},
        ],
        "nianbao": {"version": metadata.version("nianbao"), "report_schema": SCHEMA_VERSION},
        "resources": [_resource(t, counts[t.name], files[t.name]) for t in tables],
    }


def _resource(table: Table, count: int, files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "name": table.name.replace("_", "-"),
        "profile": "tabular-data-resource",
        "title": _both(table.title),
        **files["csv"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True, "doubleQuote": True},
        "rows": count,
        "parquet": files["parquet"],
        "schema": {
            "fields": [_field(c, in_key=c.name in table.key) for c in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {
                    "fields": list(r.columns),
                    "reference": {"resource": r.table.replace("_", "-"), "fields": list(r.target)},
                }
                for r in table.references
            ],
        },
    }


def _field(column: Column, *, in_key: bool) -> dict[str, Any]:
    notes = [column.note] if column.note.zh or column.note.en else []
    if column.type == "list":
        notes.append(_LIST_NOTE)
    words = [n for n in (*(n.zh for n in notes), *(n.en for n in notes)) if n]
    described: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.type],
        "title": f"{column.title.zh} · {column.title.en}",
        "title_zh": column.title.zh,
        "title_en": column.title.en,
    }
    if words:
        described["description"] = " · ".join(words)
    if column.type in {"integer", "decimal"} and column.unit is not None:
        described["unit"] = column.unit
    if column.required or in_key:
        described["constraints"] = {"required": True}
    return described


def _both(message: Message) -> str:
    return f"{message.zh} · {message.en}"


def _files(folder: Path, table: Table) -> dict[str, dict[str, Any]]:
    return {kind: _file(folder / f"{table.name}.{kind}") for kind in ("csv", "parquet")}


def _file(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    size = 0
    with output_errors(path), path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return {"path": path.name, "bytes": size, "hash": f"sha256:{digest.hexdigest()}"}
