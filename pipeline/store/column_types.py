"""Columns that hold what SQL types alone would lose or refuse: instants, any text, file names of any bytes."""

from __future__ import annotations

import datetime as dt
import os
import re
from typing import Any

from sqlalchemy import DateTime, LargeBinary, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

# PostgreSQL takes no NUL in a text, and neither database takes halves of characters.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant. Goes in with any time zone, comes out in UTC; SQLite keeps it as text that sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """The instant in UTC.

        Raises:
            ValueError: without a time zone it is no instant.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ANN401, ARG002
        """The instant with its time zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)  # type: ignore[no-any-return]


class PlainText(TypeDecorator[str]):
    """A text of any length and origin; characters that a database refuses become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The text as both databases take it."""
        return None if value is None else plain_text(value)


class PathBytes(TypeDecorator[str]):
    """A path as the file system has it, whether its bytes are UTF-8 or not."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """The bytes of the path."""
        return None if value is None else os.fsencode(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002
        """The path as Python names it."""
        return None if value is None else os.fsdecode(value)


def plain_text(value: str) -> str:
    """The text with NUL and halves of characters (from file names that are no UTF-8) as U+FFFD."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
