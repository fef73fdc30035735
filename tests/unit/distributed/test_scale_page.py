from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.distributed.dataset import dataset_schema
from pipeline.export.report_rows import TABLE_NAMES, TableName


@pytest.mark.parametrize("table", TABLE_NAMES)
def test_the_page_names_all_columns_of_a_table_in_order(table: TableName, repo_root: Path) -> None:
    docs = [path.read_text(encoding="utf-8") for path in (repo_root / "docs").glob("scale*.md")]
    [row] = [line for text in docs for line in text.splitlines() if re.match(rf"\| `{table}` \| [^|]+ \| ", line)]

    columns = re.findall(r"`(\w+)`", row.split("|")[3])

    assert columns == dataset_schema(table).names[4:]
    assert dataset_schema(table).names[:4] == ["run", "source", "sha256", "agency"]
