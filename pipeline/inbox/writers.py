"""Whether somebody has a file open for writing, as far as the system tells."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

_PROC = Path("/proc")
_WRITING = os.O_WRONLY | os.O_RDWR
_OCTAL = 8
# The lease is refused for reasons that have nothing to do with writers: a file of another user, a network file system.
_CANNOT_TELL = frozenset({errno.EACCES, errno.EPERM, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOLCK, errno.EBADF})


def has_writer(descriptor: int) -> bool:
    """True where another descriptor of the file is open for writing; False also where it cannot be told.

    The kernel gives a read lease only on a file that nobody writes. Where it gives none, the open files of all
    processes that may be looked at are gone through.

    Args:
        descriptor: The file, open for reading alone.
    """
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as exc:
        if exc.errno in _CANNOT_TELL:
            status = os.fstat(descriptor)
            return _is_open_for_writing(status.st_dev, status.st_ino)
        return True
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False


def _is_open_for_writing(device: int, inode: int) -> bool:
    for process in _PROC.glob("[0-9]*"):
        try:
            descriptors = list((process / "fd").iterdir())
        except OSError:  # of another user, or ended
            continue
        for link in descriptors:
            try:
                status = link.stat()
                if (status.st_dev, status.st_ino) == (device, inode) and _writes(process / "fdinfo" / link.name):
                    return True
            except OSError:
                continue
    return False


def _writes(info: Path) -> bool:
    for line in info.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("flags:"):
            return bool(int(line.split()[1], _OCTAL) & _WRITING)
    return False
