from __future__ import annotations

import datetime as dt

import pytest

from models.errors import UsageError
from models.waiver import Waiver, new_waiver
from pipeline.store.audit import audit_log
from pipeline.store.open_store import Store
from pipeline.store.waivers import add_waiver, waivers_of, withdraw_waiver
from tests.unit.store.made import report

DAY = dt.date(2024, 2, 1)


def waiver(**of: str | int | None) -> Waiver:
    one = report(**of)  # type: ignore[arg-type]
    return new_waiver(one, one.findings[0], reason="已核实", author="李", date=DAY, until=None)


def test_waivers_come_back_for_their_report(store: Store) -> None:
    first = add_waiver(store, waiver(), who="lee")
    second = add_waiver(store, waiver(agency="某区 教育局"), who="lee")
    add_waiver(store, waiver(year=2022), who="lee")
    add_waiver(store, waiver(agency="某县"), who="lee")

    assert waivers_of(store, report()) == {first: waiver(), second: waiver(agency="某区 教育局")}


def test_a_report_that_does_not_say_whose_it_is_needs_the_same_file_name(store: Store) -> None:
    number = add_waiver(store, waiver(agency=None, year=None), who="lee")

    assert list(waivers_of(store, report(agency=None, year=None))) == [number]
    assert waivers_of(store, report("b.pdf", agency=None, year=None)) == {}


def test_a_withdrawn_waiver_counts_no_more(store: Store) -> None:
    number = add_waiver(store, waiver(), who="lee")

    withdraw_waiver(store, number, who="wang", why="wrong")

    assert waivers_of(store, report()) == {}
    assert [(e.who, e.action, e.why) for e in audit_log(store)] == [
        ("lee", "waived", "已核实"),
        ("wang", "waiver withdrawn", "wrong"),
    ]
    for missing in (number, 99):
        with pytest.raises(UsageError, match=f"no waiver {missing} in force"):
            withdraw_waiver(store, missing, who="wang")
