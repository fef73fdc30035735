"""Files and folders wherever they lie: paths of this machine, and URLs that pyarrow or fsspec can open."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from pyarrow import fs as pafs

from models.errors import InputError, OutputError, UsageError
from pipeline.export.atomic import as_output_error, atomic_path
from pipeline.find_inputs import is_url

# An object appears there when it is whole; elsewhere a file is written under another name and renamed.
_OBJECT_STORES = frozenset({"s3", "gcs", "abfs"})
# pyarrow opens these: what stands behind the ? are options, and the path is quoted.
_WITH_OPTIONS = frozenset({"abfs", "abfss", "file", "gcs", "gs", "hdfs", "s3", "viewfs"})
_TEMP_BYTES = 8  # random bytes in a temporary name


@dataclass(frozen=True, slots=True)
class Place:
    """A folder or file: its file system and its path there.

    Attributes:
        root: The URL by which each machine opens the file system; empty for its own disks.
        path: As the file system has it.
        name: As the user named it, for messages.
    """

    root: str
    path: str
    name: str

    @property
    def file_system(self) -> pafs.FileSystem:
        """The file system, opened once a process."""
        return _open(self.root)[0]

    @property
    def is_local(self) -> bool:
        """Whether the path is one of this machine, or of a disk that all machines have."""
        return isinstance(self.file_system, pafs.LocalFileSystem)

    @property
    def local_path(self) -> Path:
        """The path on this machine; the empty one where it lies elsewhere."""
        return Path(self.path) if self.is_local else Path()

    def below(self, *parts: str) -> Place:
        """A file or folder in this folder."""
        tail = "/".join(parts)
        return Place(self.root, f"{self.path.rstrip('/')}/{tail}", f"{self.name.rstrip('/')}/{tail}")

    def kind(self) -> pafs.FileType:
        """What is there.

        Raises:
            InputError: it cannot be asked for.
        """
        try:
            return self.file_system.get_file_info(self.path).type
        except (OSError, pa.ArrowException) as exc:
            raise cannot_be_read(exc, self.name) from exc

    def exists(self) -> bool:
        """Whether a file is there."""
        return bool(self.kind() == pafs.FileType.File)

    def files(self) -> list[pafs.FileInfo]:
        """All files in this folder and the folders below, by path; none where there is no such folder.

        Raises:
            InputError: the folder cannot be listed.
        """
        try:
            found = self.file_system.get_file_info(pafs.FileSelector(self.path, recursive=True, allow_not_found=True))
        except (OSError, pa.ArrowException) as exc:
            raise cannot_be_read(exc, self.name) from exc
        return sorted((info for info in found if info.type == pafs.FileType.File), key=lambda info: str(info.path))

    def read(self) -> bytes:
        """The content of a file.

        Raises:
            InputError: it cannot be read.
        """
        try:
            with self.file_system.open_input_stream(self.path, compression=None) as stream:
                return bytes(stream.read())
        except (OSError, pa.ArrowException) as exc:
            raise cannot_be_read(exc, self.name) from exc

    def write(self, data: bytes) -> None:
        """Nothing; the file then has this content. At no time a part of it is seen under the name.

        Raises:
            OutputError: it cannot be written.
        """
        try:
            self._write(data)
        except OSError as exc:
            raise self._not_written(exc) from exc

    def remove(self) -> None:
        """Nothing; the file is then gone, if there was one.

        Raises:
            OutputError: it cannot be removed.
        """
        try:
            self.file_system.delete_file(self.path)
        except FileNotFoundError:
            return
        except OSError as exc:
            raise self._not_written(exc) from exc

    def _write(self, data: bytes) -> None:
        system, folder = self.file_system, self.path.rpartition("/")[0]
        if system.type_name in _OBJECT_STORES:
            _write_stream(system, self.path, data)
            return
        system.create_dir(folder, recursive=True)
        if self.is_local:
            with atomic_path(Path(self.path)) as temp:
                temp.write_bytes(data)
            return
        temp_path = f"{folder}/.nianbao-{secrets.token_hex(_TEMP_BYTES)}.tmp"
        _write_stream(system, temp_path, data)
        system.move(temp_path, self.path)

    def _not_written(self, exc: OSError) -> OutputError:
        error = as_output_error(exc, Path(self.path))
        return OutputError(error.message, source=self.name, remedy=error.remedy)


def open_place(named: str) -> Place:
    """The place of a path or URL; nothing is looked up there yet.

    Raises:
        UsageError: no file system is known for the URL.
    """
    if not is_url(named):
        return Place("", os.path.abspath(named), named)  # noqa: PTH100 - Path.resolve would follow links
    url = urlsplit(named)
    root = f"{url.scheme}://{url.netloc}" + ("/" if url.scheme == "file" else "")
    if url.scheme in _WITH_OPTIONS:
        path, root = unquote(url.path), f"{root}?{url.query}" if url.query else root
    else:
        path = named[len(root) :]
    try:
        base = _open(root)[1]
    except (pa.ArrowException, ImportError, ValueError, OSError) as exc:
        raise UsageError(
            f"this URL cannot be opened: {str(exc).partition(chr(10))[0] or type(exc).__name__}",
            source=named,
            remedy="use s3://, gs://, abfs:// or file://, or install the fsspec package of its store",
        ) from exc
    return Place(root, base.rstrip("/") + "/" + path.strip("/"), named)


def cannot_be_read(exc: Exception, name: str) -> InputError:
    """The error of a file or folder that cannot be read."""
    cause = (exc.strerror if isinstance(exc, OSError) else None) or str(exc).partition("\n")[0] or type(exc).__name__
    return InputError(f"cannot be read: {cause}", source=name, remedy="check the path and its permissions")


@lru_cache(maxsize=64)
def _open(root: str) -> tuple[pafs.FileSystem, str]:
    """(file system, its path of the root) of a URL without path; opened once a process, which may take a request."""
    if not root:
        return pafs.LocalFileSystem(), ""
    try:
        system, path = pafs.FileSystem.from_uri(root)
    except pa.ArrowInvalid:
        from fsspec.core import url_to_fs

        other, path = url_to_fs(root)
        system = pafs.PyFileSystem(pafs.FSSpecHandler(other))
    return system, str(path)


def _write_stream(system: pafs.FileSystem, path: str, data: bytes) -> None:
    # Whole content at once: a stream that is closed by an error in the middle would leave half an object.
    with system.open_output_stream(path, compression=None) as stream:
        stream.write(data)
