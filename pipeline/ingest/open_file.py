"""Reads a file into memory, within a limit, with every refusal explained."""

from __future__ import annotations

import hashlib
import stat
from typing import TYPE_CHECKING

from models.errors import InputError, InputTooLargeError

if TYPE_CHECKING:
    from pathlib import Path

BYTES_PER_MIB = 1024 * 1024


def read_bytes(path: Path, max_bytes: int) -> bytes:
    """The content of a regular file of at most ``max_bytes`` bytes.

    Raises:
        InputTooLargeError: the file is larger.
        InputError: the file is missing, not a regular file, or cannot be read; the message names the cause.
    """
    name = str(path)
    try:
        status = path.stat()
        # Opening a pipe or a device could wait for ever, so its kind is looked at first.
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise InputError(f"this is {kind}", source=name, remedy="name a report file")
        if status.st_size > max_bytes:
            raise _too_large(name, max_bytes)
        with path.open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except OSError as exc:
        cause = exc.strerror or type(exc).__name__
        raise InputError(f"cannot be read: {cause}", source=name, remedy="check the path and its permissions") from exc
    except ValueError as exc:
        # A NUL in the name: refused by Python before the system is asked.
        raise InputError("the path is not valid", source=repr(name), remedy="check the path") from exc
    if len(data) > max_bytes:
        raise _too_large(name, max_bytes)
    return data


def sha256_hex(data: bytes) -> str:
    """SHA-256 of the bytes as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def _too_large(name: str, max_bytes: int) -> InputTooLargeError:
    limit = f"{max_bytes / BYTES_PER_MIB:.0f} MiB" if max_bytes >= BYTES_PER_MIB else f"{max_bytes} bytes"
    return InputTooLargeError(
        f"the file is larger than the limit of {limit}", source=name, remedy="split the file or raise the limit"
    )
