"""Columns and types of the tables that reports become, as Parquet has them. ``report_rows.py`` fills them."""

from __future__ import annotations

import pyarrow as pa

from pipeline.export.report_rows import NUMBER_PRECISION, NUMBER_SCALE, TableName

# Of a change that a program which reads the tables can notice.
ROWS_VERSION = "1.0"
# Which report a row is of: first in all tables.
_WHICH = [
    ("source", pa.string()),
    ("sha256", pa.string()),
    ("agency", pa.string()),
    ("year", pa.int32()),
    ("form", pa.string()),
]
_FIELD = [
    ("table", pa.string()),
    ("field_id", pa.string()),
    ("row_label", pa.string()),
    ("column_label", pa.string()),
    ("kind", pa.string()),
    ("value", pa.string()),
    ("number", pa.decimal128(NUMBER_PRECISION, NUMBER_SCALE)),
    ("printed", pa.string()),
    ("suggested", pa.string()),
    ("decision", pa.string()),
    ("confidence", pa.float64()),
    ("reasons", pa.list_(pa.string())),
    ("page_no", pa.int32()),
    ("reader", pa.string()),
    ("label_printed", pa.string()),
    ("label_score", pa.float64()),
    ("finding_codes", pa.list_(pa.string())),
    ("waived", pa.list_(pa.string())),
]
# One file of fields alone, without the content's digest (``--format parquet``).
FIELDS_SCHEMA = pa.schema([column for column in _WHICH if column[0] != "sha256"] + _FIELD)
_SUSPECT = pa.struct([("field", pa.string()), ("suggested", pa.string()), ("slip", pa.string())])
ROW_SCHEMAS: dict[TableName, pa.Schema] = {
    "reports": pa.schema(
        [
            *_WHICH,
            ("media_type", pa.string()),
            ("page_count", pa.int32()),
            ("title", pa.string()),
            ("published", pa.string()),
            ("document_number", pa.string()),
            ("schema_version", pa.string()),
            ("status", pa.string()),
            ("status_reasons", pa.list_(pa.string())),
            ("exit_code", pa.int32()),
            *(
                (name, pa.int32())
                for name in (
                    "fields",
                    "accepted",
                    "review",
                    "blank",
                    "absent",
                    "errors",
                    "warnings",
                    "infos",
                    "waived",
                    "unmapped_rows",
                )
            ),
        ]
    ),
    "fields": pa.schema(_WHICH + _FIELD),
    "findings": pa.schema(
        [
            *_WHICH,
            ("number", pa.int32()),
            ("rule", pa.string()),
            ("severity", pa.string()),
            ("outcome", pa.string()),
            ("origin", pa.string()),
            ("fields", pa.list_(pa.string())),
            ("left", pa.string()),
            ("right", pa.string()),
            ("difference", pa.string()),
            ("message_zh", pa.string()),
            ("message_en", pa.string()),
            ("suspects", pa.list_(pa.list_(_SUSPECT))),
            ("ambiguous", pa.bool_()),
            ("waived", pa.bool_()),
            ("waiver_reason", pa.string()),
            ("waiver_author", pa.string()),
            ("waiver_date", pa.date32()),
            ("waiver_until", pa.date32()),
            ("confirmed_author", pa.string()),
            ("confirmed_date", pa.date32()),
        ]
    ),
    "pages": pa.schema(
        [
            *_WHICH,
            ("page_no", pa.int32()),
            ("route", pa.string()),
            ("status", pa.string()),
            ("reason", pa.string()),
            ("width", pa.float64()),
            ("height", pa.float64()),
        ]
    ),
    "failures": pa.schema(
        [
            *_WHICH,
            ("number", pa.int32()),
            ("stage", pa.string()),
            ("code", pa.string()),
            ("message", pa.string()),
            ("remedy", pa.string()),
        ]
    ),
}
