from __future__ import annotations

import pytest

from models.geometry import BBox
from models.table import PrintedRow, PrintedValue
from pipeline.tables.split_labels import join_split_labels

DENIED = ("三、本年度办理结果", "（三）不予公开")


def row(*labels: str, top: float, numbers: str = "35") -> PrintedRow:
    """A row whose value cells begin at a height."""
    values = tuple(
        PrintedValue(n, i, 1, BBox(300 + 40 * i, top, 340 + 40 * i, top + 30), frozenset({"spans_rows"}))
        for i, n in enumerate(numbers)
    )
    return PrintedRow(labels, values)


@pytest.mark.parametrize(
    ("first", "second"),
    [("2.其他法律行政", "法规禁止公开"), ("2.其他法律行政法规禁止公开", ""), ("", "2.其他法律行政法规禁止公开")],
)
def test_halves_of_a_label_beside_the_same_numbers_are_one(first: str, second: str) -> None:
    labels = [(*DENIED, half) if half else DENIED for half in (first, second)]

    [found] = join_split_labels([row(*labels[0], top=100), row(*labels[1], top=100)])

    assert found.labels == (*DENIED, "2.其他法律行政法规禁止公开")
    assert [v.text for v in found.values] == ["3", "5"]
    assert all(v.flags == frozenset() for v in found.values)


def test_a_label_of_three_lines() -> None:
    parts = ("2.申请人逾期未按收费通知要求", "缴纳费用、行政机关不再处理其", "政府信息公开申请")

    [found] = join_split_labels([row("（六）其他处理", part, top=100) for part in parts])

    assert found.labels == ("（六）其他处理", "".join(parts))


def test_rows_of_the_form_that_share_their_numbers_stay_apart() -> None:
    rows = [row("（六）其他处理", label, top=100) for label in ("1.申请人无正当理由逾期不补正", "3.其他")]

    assert join_split_labels(rows) == tuple(rows)


def test_rows_with_numbers_of_their_own_stay_apart() -> None:
    rows = [row(*DENIED, "2.其他法律行政", top=100), row(*DENIED, "法规禁止公开", top=130)]

    assert join_split_labels(rows) == tuple(rows)


def test_without_places_nothing_is_joined() -> None:
    value = PrintedValue("3", 0)
    rows = [PrintedRow((*DENIED, half), (value,)) for half in ("2.其他法律行政", "法规禁止公开")]

    assert join_split_labels(rows) == tuple(rows)
