"""The password that opens encrypted reports: typed, or from a file that no list of processes shows."""

from __future__ import annotations

from pathlib import Path

from models.errors import UsageError

# No password is longer: PDF takes 127 bytes of one.
_LONGEST_BYTES = 1024


def given_password(typed: str | None, file: Path | None) -> str | None:
    """The password; None where none is given. Of a file its first line counts, without the line end.

    Raises:
        UsageError: both are given, or the file cannot be read or holds none.
    """
    if file is None:
        return typed
    if typed is not None:
        raise UsageError("--password and --password-file are both given", remedy="give one of them")
    try:
        with file.open("rb") as stream:
            line = stream.readline(_LONGEST_BYTES)
    except OSError as exc:
        raise UsageError(
            f"the file of the password cannot be read ({exc.strerror})", source=str(file), remedy="check the path"
        ) from exc
    try:
        password = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as exc:
        raise UsageError("the password is not UTF-8 text", source=str(file), remedy="save it as UTF-8") from exc
    if not password:
        raise UsageError("the file holds no password", source=str(file), remedy="write it in the first line")
    return password
