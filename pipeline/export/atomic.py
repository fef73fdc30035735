"""Files that appear under their name only when they are complete."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from models.errors import OutputError

_TEMP_BYTES = 8  # random bytes in a temporary name: enough to make a clash with a parallel writer improbable
_O_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows translates line ends without it

_CAUSES: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("the disk is full", "free some space or write to another disk"),
    errno.EDQUOT: ("the disk quota is used up", "free some space or write to another disk"),
    errno.EFBIG: ("the file is too large for this disk", "write fewer reports into one file, or write to another disk"),
    errno.EROFS: ("the disk is read-only", "write to another folder"),
    errno.EACCES: ("no permission to write here", "change the permissions, or write to another folder"),
    errno.EPERM: ("no permission to write here", "change the permissions, or write to another folder"),
    errno.EISDIR: ("this is a folder, not a file", "give the name of a file"),
    errno.ENOTDIR: ("a part of the path is a file, not a folder", "give a folder that exists"),
    errno.ENOENT: ("the folder does not exist", "create it, or give a folder that exists"),
    errno.ENAMETOOLONG: ("the name is too long", "give a shorter name"),
    errno.EBUSY: ("the file is in use", "close the program that has it open"),
    errno.ETXTBSY: ("the file is in use", "close the program that has it open"),
}


def as_output_error(exc: OSError, path: Path) -> OutputError:
    """The error that tells the user which result could not be written, why, and what to do."""
    cause, remedy = _CAUSES.get(
        exc.errno or 0, (f"cannot be written: {exc.strerror or exc}", "write to another folder")
    )
    return OutputError(cause, source=str(path), remedy=remedy)


@contextlib.contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Turns an OSError inside the block into an OutputError about ``path``.

    Raises:
        OutputError: the block raised an OSError.
    """
    try:
        yield
    except OSError as exc:
        raise as_output_error(exc, path) from exc


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """An empty temporary file beside ``path``, which takes its place when the block ends without an exception.

    Whatever happens, either the old file or the whole new one stands under the name, and no temporary file is left. A
    symbolic link is followed, so that the file it points to is replaced and the link stays.

    Raises:
        OutputError: the file cannot be created, flushed to disk or renamed, or ``path`` is no regular file.
    """
    with output_errors(path):
        target = path.resolve()
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if target.exists() and not target.is_file():
            raise OutputError("not a regular file", source=str(path), remedy="give the name of a file")
        # The short name fits wherever the target's own name fits; the mode leaves the permissions to the umask.
        temp = target.with_name(f".nianbao-{secrets.token_hex(_TEMP_BYTES)}.tmp")
        os.close(os.open(temp, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _O_BINARY, 0o666))
    try:
        yield temp
        with output_errors(path):
            _flush(temp)
            if target.exists():
                temp.chmod(target.stat().st_mode & 0o7777)
            temp.replace(target)
    except BaseException:
        # An error here must not hide the one that is being raised.
        with contextlib.suppress(OSError):
            temp.unlink(missing_ok=True)
        raise


class QuietFile:
    """A file open for writing that raises the first error of the disk and from then on only counts.

    For libraries that write on while they are being cleaned up (a ZipFile that goes out of scope writes its directory):
    on a full disk their second failure would be printed over our message.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._position: int | None = None
        """Where writing would go on if it had not failed; None while the file takes data."""

    def write(self, data: bytes) -> int:
        """Number of bytes taken.

        Raises:
            OSError: the disk refused them; only the first time.
        """
        if self._position is not None:
            self._position += len(data)
            return len(data)
        with self._failing_once():
            return self._file.write(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """The new position.

        Raises:
            OSError: the disk refused what was written before; only the first time.
        """
        if self._position is not None:
            self._position = offset if whence == os.SEEK_SET else self._position + offset
            return self._position
        with self._failing_once():
            return self._file.seek(offset, whence)

    def tell(self) -> int:
        """The position."""
        return self._file.tell() if self._position is None else self._position

    def flush(self) -> None:
        """Nothing; the data then is with the system.

        Raises:
            OSError: the disk refused it; only the first time.
        """
        if self._position is None:
            with self._failing_once():
                self._file.flush()

    def close(self) -> None:
        """Nothing; the file then is closed, and complete unless an error was raised before.

        Raises:
            OSError: the disk refused the rest; only the first time.
        """
        try:
            self.flush()
        finally:
            self._position = self._position or 0
            with contextlib.suppress(OSError):
                self._file.close()

    @contextlib.contextmanager
    def _failing_once(self) -> Iterator[None]:
        before = self._file.tell()
        try:
            yield
        except OSError:
            self._position = before
            raise


def write_bytes(path: Path, data: bytes) -> None:
    """Nothing; ``path`` then holds ``data``, or still its old content.

    Raises:
        OutputError: the file could not be written.
    """
    with atomic_path(path) as temp, output_errors(path):
        temp.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    r"""Nothing; ``path`` then holds ``text`` as UTF-8 with ``\n`` line ends, or still its old content.

    Raises:
        OutputError: the file could not be written.
    """
    write_bytes(path, text.encode("utf-8"))


def _flush(path: Path) -> None:
    # Without this a crash of the machine after the rename could leave an empty file under the final name.
    descriptor = os.open(path, os.O_RDWR | _O_BINARY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
