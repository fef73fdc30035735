"""Memory does not grow with the number of reports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# More than the allocator's noise, far less than the rows of the reports that are added take when they are kept.
_ALLOWED_KIB = 12 * 1024  # KiB

_PROGRAM = """
import resource, sys
from pathlib import Path

from pipeline.dataset import write_table
from pipeline.dataset.build import build_panel
from tests.unit.invented_reports import cell, make_report

# Full buffers from the first two hundred reports on.
write_table._CELLS_AT_ONCE = 10_000
FIELDS = {f"requests.new.{c}": cell("12") for c in ("natural_person", "commercial_enterprise", "other", "total")}


def peak(count):
    reports = ((f"{n}.json", make_report(f"第{n}中学", form="unknown", file=f"{n}.pdf").model_copy(
        update={"form": "gk2021", "fields": FIELDS, "sections": {"overview": "文" * 5_000}})) for n in range(count))
    panel = build_panel(reports, Path(sys.argv[1]))
    assert panel.rows["gk2021_requests"] == count
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


before = peak(200)
print(peak(1_500) - before)
"""


@pytest.mark.slow
def test_many_times_the_reports_take_no_more_memory(repo_root: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, tmp_path], cwd=repo_root, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < _ALLOWED_KIB
