from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest

from benchmarks import machine
from benchmarks.machine import Machine, describe_machine

CPU_INFO = "processor\t: 0\nmodel name\t: Made-up CPU @ 2.00GHz\n\nprocessor\t: 1\nmodel name\t: Another\n"


def test_describes_this_machine() -> None:
    found = describe_machine()
    assert found.cpu
    assert found.cores >= 1
    assert found.memory_gib >= 1
    assert found.python == platform.python_version()
    assert "pdfplumber" in found.libraries
    assert found.loop_ms > 0
    assert json.loads(json.dumps(found.to_json_dict()))["cores"] == found.cores


def test_takes_the_first_model_name_of_the_kernel(tmp_path: Path) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(CPU_INFO, encoding="utf-8")
    assert machine._cpu_model(file) == "Made-up CPU @ 2.00GHz"


@pytest.mark.parametrize("content", [None, "", "model name\t:\n", "Features : fp asimd\n"])
def test_falls_back_to_what_python_knows(content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "cpuinfo"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    monkeypatch.setattr(platform, "processor", lambda: "riscv64")
    assert machine._cpu_model(file) == "riscv64"
    monkeypatch.setattr(platform, "processor", lambda: "")
    assert machine._cpu_model(file) == "unknown processor"


def test_one_line_names_everything() -> None:
    line = str(Machine("CPU X", 2, 24, "Linux x86_64", "3.11.7", {"pdfplumber": "0.11.10"}, 1.5, 62.4))
    assert line == (
        "CPU X, 2 cores, 24 GiB; Linux x86_64, Python 3.11.7; pdfplumber 0.11.10; load 1.5, "
        "a million additions in 62 ms"
    )
