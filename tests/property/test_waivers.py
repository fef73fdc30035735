"""A waiver covers what it was given for, through a file and back, and nothing in which one value is another."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from models.figures import to_decimal
from models.finding import Finding, Message
from models.report import FieldValue, Report, SourceRecord
from models.waiver import Waiver, new_waiver, value_text
from pipeline.check.apply_waivers import apply_waivers
from pipeline.waiver_files import read_waivers, write_waivers

DAY = dt.date(2024, 3, 1)
# What files and terminals could take for something else: YAML's signs, quotes, line ends, numbers, Chinese.
words = st.text(min_size=1, max_size=20).map(str.strip).filter(lambda t: t and t.isprintable()) | st.sampled_from(
    [
        "null",
        "~",
        "1",
        "0010",
        "1.50",
        "yes",
        "2024-01-01",
        "- a",
        "a: b",
        "#",
        "'",
        '"',
        "{",
        "张三",
        "*x",
        "&x",
        "!!int 3",
    ]
)
numbers = st.decimals(0, 10**12, places=2).map(lambda d: format(d, "f"))
states: st.SearchStrategy[tuple[Literal["number", "text", "blank", "absent"], str]] = st.one_of(
    st.tuples(st.just("number"), numbers),
    st.tuples(st.just("text"), words),
    st.tuples(st.sampled_from(["blank", "absent"]), st.just("")),
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    names = draw(st.lists(st.sampled_from("abcdef"), min_size=1, unique=True))
    fields = {n: cell(*draw(states)) for n in names}
    sides = draw(st.none() | st.tuples(numbers, numbers))
    finding = Finding(
        rule=draw(words),
        severity="error",
        fields=names,
        left=sides[0] if sides else None,
        right=sides[1] if sides else None,
        message=Message(zh=draw(words), en="x"),
    )
    source = SourceRecord(name="a.pdf", sha256="", media_type="", page_count=1)
    return Report(
        source=source,
        form="unknown",
        agency=draw(st.none() | words),
        year=draw(st.none() | st.integers(2000, 2100)),
        fields=fields,
        findings=[finding],
        status="needs_review",
        status_reasons=["errors_found"],
    )


def cell(kind: Literal["number", "text", "blank", "absent"], text: str) -> FieldValue:
    value = text if kind == "number" else None
    return FieldValue(value=value, printed=text, kind=kind, decision="accept", confidence=1)


def through_a_file(waiver: Waiver, ending: str) -> list[Waiver]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"a.waivers.{ending}"
        write_waivers(file, [waiver])
        return list(read_waivers(file))


@given(report=reports(), reason=words, author=words, ending=st.sampled_from(["yaml", "json"]))
def test_a_waiver_covers_what_it_was_given_for(report: Report, reason: str, author: str, ending: str) -> None:
    waiver = new_waiver(report, report.findings[0], reason=reason, author=author, date=DAY, until=None)

    read = through_a_file(waiver, ending)

    assert read == [waiver]
    waived = apply_waivers(report, read, DAY)
    assert waived.findings[0].waiver == waiver.mark
    assert (waived.status, waived.fields) == ("ok", report.fields)


@given(report=reports(), data=st.data())
def test_any_other_value_opens_it_again(report: Report, data: st.DataObject) -> None:
    waiver = new_waiver(report, report.findings[0], reason="r", author="a", date=DAY, until=None)
    name = data.draw(st.sampled_from(sorted(report.fields)))
    other = cell(*data.draw(states.filter(lambda s: cell(*s) != report.fields[name])))
    before, now = (value_text(v) for v in (report.fields[name], other))
    changed = report.model_copy(update={"fields": {**report.fields, name: other}})

    finding = apply_waivers(changed, [waiver], DAY).findings[0]

    if before == now or (to_decimal(before) is not None and to_decimal(before) == to_decimal(now)):
        # Words that look like the number, or the number with other zeros behind the point.
        assert finding.waiver is not None
        return
    assert finding.waiver is None
    assert finding.reopened is not None
    assert "no longer applies" in finding.reopened.en
