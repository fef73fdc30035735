"""What keeps the service from its work for a time: told once, tried again later, told again when it is over."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from models.errors import NianbaoError
from pipeline.inbox.events import tell

_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 1.0, 30.0
_REMIND_SECONDS = 600.0


@dataclass(slots=True)
class _Trouble:
    message: str
    wait: float
    next_try: float
    told: float


@dataclass(slots=True)
class Troubles:
    """Troubles by topic: a folder, the store, one file.

    Attributes:
        clock: Seconds on a clock that never goes back.
    """

    clock: Callable[[], float]
    _open: dict[str, _Trouble] = field(default_factory=dict)

    def meet(self, topic: str, error: Exception) -> None:
        """Nothing; ``topic`` is then left alone for a time, longer each time, and the log says why."""
        now = self.clock()
        message = error_text(error)
        before = self._open.get(topic)
        wait = _FIRST_WAIT_SECONDS if before is None else min(2 * before.wait, _LONGEST_WAIT_SECONDS)
        told = now if before is None else before.told
        if before is None or before.message != message or now - before.told >= _REMIND_SECONDS:
            tell("trouble", logging.WARNING, topic=topic, message=message)
            told = now
        self._open[topic] = _Trouble(message, wait, now + wait, told)

    def is_waiting(self, topic: str) -> bool:
        """True while ``topic`` is left alone."""
        trouble = self._open.get(topic)
        return trouble is not None and self.clock() < trouble.next_try

    def over(self, topic: str) -> None:
        """Nothing; what was tried went well. The log says so where it had not."""
        if self._open.pop(topic, None) is not None:
            tell("trouble is over", topic=topic)

    def forget(self, topic: str) -> None:
        """Nothing; what the trouble was about is gone."""
        self._open.pop(topic, None)

    def next_try(self, topic: str) -> float:
        """When the topic is tried again, on the same clock; 0 where there is no trouble with it."""
        trouble = self._open.get(topic)
        return 0.0 if trouble is None else trouble.next_try

    @property
    def messages(self) -> tuple[str, ...]:
        """What is the matter, topic by topic."""
        return tuple(f"{topic}: {trouble.message}" for topic, trouble in self._open.items())


def error_text(error: Exception) -> str:
    """The error in one sentence."""
    if isinstance(error, OSError):
        places = [str(name) for name in (error.filename, error.filename2) if name is not None]
        return ": ".join([*places[-1:], error.strerror or str(error)])
    return str(error) if isinstance(error, NianbaoError) else f"{type(error).__name__}: {error}"
