"""The published JSON Schema of the report document, generated from ``models.report.Report``."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from models.report import SCHEMA_VERSION, Report

SCHEMA_FILE = f"report-{SCHEMA_VERSION}.schema.json"
"""Name of the committed copy in ``models/schema/``."""

_SCHEMA_ID = f"urn:nianbao:schema:report:{SCHEMA_VERSION}"


class _WrittenDocument(GenerateJsonSchema):
    """Schema of what is written: every key stands in the file, also where the model has a default."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,  # noqa: ARG002
        total: bool,  # noqa: FBT001, ARG002 - the signature is pydantic's
    ) -> bool:
        """True for every field."""
        return True


def report_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the report document, as plain JSON types."""
    body = Report.model_json_schema(mode="serialization", schema_generator=_WrittenDocument)
    body["properties"]["schema_version"] = {"const": SCHEMA_VERSION, "type": "string", "title": "Schema Version"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": _SCHEMA_ID, **body}


def report_schema_text() -> str:
    """The schema as JSON text with one newline at the end, as committed and as ``nianbao schema`` prints it."""
    return json.dumps(report_schema(), ensure_ascii=False, indent=2) + "\n"
