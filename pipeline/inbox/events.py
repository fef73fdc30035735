"""What the service says of its work: one line an event, as text for people or as JSON for programs."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import IO, Literal

from pipeline.export.text import one_line

LogFormat = Literal["text", "json"]
_NAME = "nianbao.inbox"
_FACTS = "nianbao_facts"

logger = logging.getLogger(_NAME)


def tell(event: str, level: int = logging.INFO, **facts: object) -> None:
    """Nothing; the event stands in the log with its facts, those that are None left out."""
    logger.log(level, event, extra={_FACTS: {key: value for key, value in facts.items() if value is not None}})


def start_log(stream: IO[str], form: LogFormat) -> logging.Handler:
    """The handler that writes events to ``stream`` from now on; ``stop_log`` ends it."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Json() if form == "json" else _Text())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    return handler


def stop_log(handler: logging.Handler) -> None:
    """Nothing; the handler writes no more."""
    logger.removeHandler(handler)
    handler.close()


class _Json(logging.Formatter):
    """One object a line, in ASCII: names of files may hold anything."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "at": _time(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, _FACTS, {}),
        }
        return json.dumps(line, default=str)


class _Text(logging.Formatter):
    """Time, event, facts."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        facts: dict[str, object] = getattr(record, _FACTS, {})
        said = " ".join(f"{key}={_value(value)}" for key, value in facts.items())
        mark = "" if record.levelno <= logging.INFO else f"{record.levelname.lower()}: "
        return f"{_time(record).astimezone():%Y-%m-%d %H:%M:%S} {mark}{record.getMessage()} {said}".rstrip()


def _time(record: logging.LogRecord) -> dt.datetime:
    return dt.datetime.fromtimestamp(record.created, dt.UTC)


def _value(value: object) -> str:
    text = one_line(str(value))
    return json.dumps(text, ensure_ascii=False) if not text or " " in text or '"' in text else text
