from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.json_export import report_file_name


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("hongshi-2023.pdf", "hongshi-2023.json"),
        ("deep/er/a.pdf", "a.json"),
        ("青石县2023年报告.docx", "青石县2023年报告.json"),
        ("report.2023.html", "report.2023.json"),
        ("1.青石县年度报告", "1.青石县年度报告.json"),
        (".pdf", "pdf.json"),
        ("..hidden.pdf", "hidden.json"),
        ("", "report.json"),
        ("...", "report.json"),
        ("a\nb.pdf", "a_b.json"),
        ("a\u202efdp.exe", "afdp.json"),
        ('a:b*c?"d|e\\f.pdf', "a_b_c__d_e_f.json"),
        ("CON.pdf", "_CON.json"),
        ("com1", "_com1.json"),
        ("aux.2023.pdf", "_aux.2023.json"),
        ("console.pdf", "console.json"),
        ("-rf.pdf", "_-rf.json"),
        ("name. .pdf", "name.json"),
        ("bad\udcff.pdf", "bad_.json"),
        ("e\u0301.pdf", "\u00e9.json"),
    ],
)
def test_names(source: str, expected: str) -> None:
    assert report_file_name(source, set()) == expected


def test_collisions_are_resolved_in_order() -> None:
    taken: set[str] = set()
    sources = ["a.pdf", "a.html", "x/a.html", "y/a.html", "A.PDF", "b.html.txt", "b.html", "c/b.txt"]
    assert [report_file_name(s, taken) for s in sources] == [
        "a.json",
        "a.html.json",
        "a.html-2.json",
        "a.html-3.json",
        "A.PDF.json",
        "b.html.json",
        "b.json",
        "b.txt.json",
    ]


def test_upper_and_lower_case_collide() -> None:
    taken: set[str] = set()
    assert report_file_name("Straße.pdf", taken) == "Straße.json"
    assert report_file_name("STRASSE.pdf", taken) == "STRASSE.pdf.json"


def test_long_names_are_cut_between_characters_and_stay_different() -> None:
    taken: set[str] = set()
    first, second, third = (report_file_name("报" * 200 + ".pdf", taken) for _ in range(3))
    assert len({first, second, third}) == 3
    assert all(len(n.encode()) <= 255 and n.endswith(".json") for n in (first, second, third))


@given(st.lists(st.text(st.characters(), max_size=300), max_size=6))
def test_every_name_is_safe_and_unique(sources: list[str]) -> None:
    taken: set[str] = set()
    names = [report_file_name(s, taken) for s in sources]
    assert len({n.casefold() for n in names}) == len(names)
    for name in names:
        assert name.endswith(".json")
        assert len(name.encode("utf-8")) <= 255
        assert not set(name) & set('/\\:*?"<>|\0\n\r\u202e\u200f')
        assert name[0] not in ".-"
