"""Cells of CSV files and figures that fit their column."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from models.finding import Message
from pipeline.dataset import write_table
from pipeline.dataset.columns import Table, column
from pipeline.dataset.write_table import TableWriter, Value, csv_cell, fitted_decimal, fitted_integer

PAIRS = Table(
    "pairs",
    Message(zh="对", en="Pairs"),
    (column("name", "string", "名", "Name"), column("parts", "list", "部分", "Parts")),
    key=("name",),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-71, "-71"),
        (Decimal("4166.241619"), "4166.241619"),
        (Decimal("1E+3"), "1000"),
        (0.9998, "0.9998"),
        (dt.date(2024, 1, 31), "2024-01-31"),
        (["a", "b"], "a; b"),
        ([], ""),
        ("=1+1", "'=1+1"),
        (["=1+1"], "'=1+1"),
    ],
)
def test_csv_cells(value: Value, text: str) -> None:
    assert csv_cell(value) == text


@pytest.mark.parametrize(
    ("number", "fitted"),
    [
        ("0", 0),
        ("-71", -71),
        ("7.0", 7),
        ("7.5", None),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), None),
        ("9" * 60, None),
    ],
)
def test_whole_numbers_of_64_bits_fit_an_integer_column(number: str, fitted: int | None) -> None:
    assert fitted_integer(Decimal(number)) == fitted


@pytest.mark.parametrize(
    ("number", "fits"),
    [("4166.241619", True), ("0.1234567", False), ("9" * 32, True), ("9" * 33, False), ("-0.5", True)],
)
def test_38_digits_and_six_places_fit_a_decimal_column(number: str, fits: bool) -> None:
    assert fitted_decimal(Decimal(number)) == (Decimal(number) if fits else None)


def test_rows_are_written_in_groups_and_none_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_table, "_CELLS_AT_ONCE", 2_000)
    with TableWriter(PAIRS, tmp_path) as writer:
        for number in range(2_500):
            writer.add({"name": str(number), "parts": ["x"]})
            assert len(writer._rows) < 1_000
    file = pq.ParquetFile(tmp_path / "pairs.parquet")

    assert (file.metadata.num_rows, file.metadata.num_row_groups) == (2_500, 3)
    assert (tmp_path / "pairs.csv").read_text(encoding="utf-8").count("\n") == 2_501


def test_after_an_error_no_file_is_left(tmp_path: Path) -> None:
    def fail_in_the_middle() -> None:
        with TableWriter(PAIRS, tmp_path) as writer:
            writer.add({"name": "a"})
            raise KeyError

    with pytest.raises(KeyError):
        fail_in_the_middle()

    assert list(tmp_path.iterdir()) == []
