"""Files that come by the browser or the API: kept and put on record like those of the inbox, with the same limits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol, cast

from models.errors import InputError, InputTooLargeError
from pipeline.config import LimitSettings
from pipeline.store.documents import register
from pipeline.store.open_store import Store
from pipeline.store.records import Content, Registered


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; none at the end."""


_LONGEST_NAME, _LONGEST_TAG, _MOST_TAGS = 255, 100, 20


def upload(
    store: Store, stream: Readable, name: str, *, who: str, limits: LimitSettings, tags: Sequence[str] = ()
) -> Registered:
    """The document of the file; it waits to be read unless its content is known.

    Args:
        store: The store.
        stream: The content, read to its end.
        name: As the browser calls it; folders in it are left out.
        who: Login of the person.
        limits: ``max_file_bytes`` is the most that is taken.
        tags: To find it by.

    Raises:
        InputTooLargeError: more bytes than allowed; nothing is kept of them.
        InputError: an empty file.
        StoreError: the store cannot be written.
    """
    plain = PurePosixPath(name.replace("\\", "/")).name[:_LONGEST_NAME] or "upload"
    original = store.originals.add(cast("BinaryIO", _Limited(stream, limits.max_file_bytes, plain)))
    kept = tuple(tag.strip()[:_LONGEST_TAG] for tag in tags if tag.strip())[:_MOST_TAGS]
    return register(store, Content(original.sha256, original.byte_size, plain, tags=kept), who=who)


class _Limited:
    """A stream that refuses to give more than so many bytes, or none at all."""

    def __init__(self, stream: Readable, most: int, name: str) -> None:
        self._stream, self._left, self._most, self._name = stream, most, most, name

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            InputTooLargeError: there are more than allowed.
            InputError: there are none.
        """
        data = self._stream.read(size)
        if not data and self._left == self._most:
            raise InputError("the file is empty", source=self._name, remedy="choose another file")
        self._left -= len(data)
        if self._left < 0:
            raise InputTooLargeError(
                f"the file is larger than the limit of {self._most} bytes",
                source=self._name,
                remedy="split the file or raise limits.max_file_bytes",
            )
        return data
