"""A process of its own for one reader: its seconds and its memory are its own, and a crash costs one file."""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Generic, ParamSpec, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from models.errors import NianbaoError, StageError, StageTimeoutError
from pipeline.read_apart.child import quiet_libraries

P = ParamSpec("P")
T = TypeVar("T")
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"  # proc(5), clear_refs: peak resident set size := current one
_KIB_PER_MIB = 1024
_SECONDS = 600.0  # enough for one report


@dataclass(frozen=True, slots=True)
class Measured(Generic[T]):
    """What a call returned; its seconds on the clock and of the processor; peak memory of the process in MiB."""

    value: T
    seconds: float
    processor: float
    peak_mib: float


class Worker:
    """One process that is started with the first call and kept; used as a context manager.

    A call that takes longer than ``seconds`` is given up.
    """

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        # Spawned, not forked: nothing of this process counts as memory of the reader.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(max_workers=1, context=context, initializer=quiet_libraries)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Measured[T]:
        """What the function returns there, measured. Function, arguments and result must be picklable.

        Raises:
            NianbaoError: raised by the function.
            StageError: anything else went wrong there; where the process died, the next call starts a new one.
        """
        future = self._pool.schedule(_measure, args=(function, args, kwargs), timeout=self._seconds)
        try:
            measured: Measured[T] = future.result()
        except FutureTimeoutError as exc:
            raise StageTimeoutError(f"took longer than {self._seconds:g} seconds") from exc
        except ProcessExpired as exc:
            raise StageError(f"the process died (exit code {exc.exitcode})") from exc
        except NianbaoError:
            raise
        except Exception as exc:
            raise StageError(f"{type(exc).__name__}: {exc}") from exc
        return measured


def _measure(function: Callable[..., T], args: tuple[object, ...], kwargs: dict[str, object]) -> Measured[T]:
    reset_peak()
    clock, processor = time.perf_counter(), time.process_time()
    value = function(*args, **kwargs)
    return Measured(value, time.perf_counter() - clock, time.process_time() - processor, peak_mib())


def reset_peak() -> None:
    """Forgets the peak so far where the kernel allows it; elsewhere peaks are those since the process began."""
    with contextlib.suppress(OSError):
        _CLEAR.write_text(_RESET_PEAK, encoding="ascii")


def peak_mib() -> float:
    """Peak resident memory of this process in MiB."""
    if _STATUS.is_file():
        for line in _STATUS.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / _KIB_PER_MIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_PER_MIB
