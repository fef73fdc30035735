from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import pyarrow.parquet as pq
import pytest

from models.errors import OutputError
from models.report import FieldValue, Report, SourceRecord
from pipeline.export.parquet_export import ParquetWriter
from pipeline.export.report_rows import _number


def report(value: str | None, name: str = "=a.pdf") -> Report:
    field = FieldValue(
        value=value, printed=value or "", kind="number" if value else "blank", decision="accept", confidence=1.0
    )
    return Report(
        source=SourceRecord(name=name, sha256="", media_type="", page_count=1),
        agency="某局",
        year=2023,
        form="gk2021",
        fields={"requests.new.total": field},
    )


def test_rows_with_types(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    with ParquetWriter(file) as writer:
        writer.add(report("3511"))
        writer.add(report(None))

    rows = pq.read_table(file).to_pylist()

    assert [(r["source"], r["agency"], r["year"], r["value"], r["number"]) for r in rows] == [
        ("=a.pdf", "某局", 2023, "3511", Decimal("3511.000000")),
        ("=a.pdf", "某局", 2023, None, None),
    ]
    assert rows[0]["reasons"] == []


@pytest.mark.parametrize("value", ["1e-7", "0.1234567", "9" * 33, "NaN", "Infinity", "sNaN", "1E+999999", "x"])
def test_numbers_that_do_not_fit_are_texts_alone(tmp_path: Path, value: str) -> None:
    assert _number(value) is None
    with ParquetWriter(tmp_path / "a.parquet") as writer:
        writer.add(report(value))

    [row] = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert (row["value"], row["number"]) == (value, None)


@pytest.mark.parametrize("value", ["0", "-5", "9" * 32, "0.123456", "1E+3", "12.50"])
def test_numbers_that_fit_are_exact(tmp_path: Path, value: str) -> None:
    with ParquetWriter(tmp_path / "a.parquet") as writer:
        writer.add(report(value))

    [row] = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert row["number"] == Decimal(value)


def test_many_reports_are_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.export.parquet_export._ROWS_AT_ONCE", 2)
    with ParquetWriter(tmp_path / "a.parquet") as writer:
        for number in range(5):
            writer.add(report(str(number)))

    assert pq.read_table(tmp_path / "a.parquet")["value"].to_pylist() == ["0", "1", "2", "3", "4"]


def test_nothing_is_left_after_an_error(tmp_path: Path) -> None:
    def stop_half_way() -> NoReturn:
        with ParquetWriter(tmp_path / "a.parquet") as writer:
            writer.add(report("1"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stop_half_way()

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError), ParquetWriter(tmp_path / "no" / "a.parquet"):
        pass
