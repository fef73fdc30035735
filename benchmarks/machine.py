"""The machine that a figure was measured on. Without it no figure means anything."""

from __future__ import annotations

import os
import platform
import timeit
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import psutil

_CPU_INFO = Path("/proc/cpuinfo")
_GIB = 1024**3  # bytes
# The yardstick: so many additions in a loop, the fastest of so many times.
_ADDITIONS, _TIMES = 1_000_000, 7
# What the figures depend on besides our own code.
_LIBRARIES = ("pdfplumber", "pdfminer.six", "pypdfium2", "camelot-py")


@dataclass(frozen=True, slots=True)
class Machine:
    """Processor, cores that this process may use, memory in GiB, system, Python, libraries; load before the start.

    ``load`` is the mean number of running processes over the last minute: near or above ``cores``, seconds mean little
    and only ratios of interleaved runs can be used. ``loop_ms``: milliseconds of a million additions in Python; virtual
    machines of one name differ much in it.
    """

    cpu: str
    cores: int
    memory_gib: int
    system: str
    python: str
    libraries: dict[str, str]
    load: float
    loop_ms: float

    def to_json_dict(self) -> dict[str, object]:
        """Plain JSON types."""
        return asdict(self)

    def __str__(self) -> str:
        libraries = ", ".join(f"{name} {version}" for name, version in self.libraries.items())
        return (
            f"{self.cpu}, {self.cores} cores, {self.memory_gib} GiB; {self.system}, Python {self.python}; {libraries}; "
            f"load {self.load:.1f}, a million additions in {self.loop_ms:.0f} ms"
        )


def describe_machine() -> Machine:
    """The machine that this process runs on."""
    return Machine(
        cpu=_cpu_model(_CPU_INFO),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gib=round(psutil.virtual_memory().total / _GIB),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        libraries={name: metadata.version(name) for name in _LIBRARIES},
        load=round(os.getloadavg()[0], 2),
        loop_ms=round(min(timeit.repeat(_add, number=1, repeat=_TIMES)) * 1000, 1),
    )


def _add() -> None:
    total = 0
    for number in range(_ADDITIONS):
        total += number


def _cpu_model(cpu_info: Path) -> str:
    """Name of the processor as the kernel gives it; what Python knows where there is no such file or line."""
    if cpu_info.is_file():
        for line in cpu_info.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name" and value.strip():
                return value.strip()
    return platform.processor() or "unknown processor"
