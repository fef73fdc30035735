"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket, as a user without rights."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

_DEBIAN = Path("/usr/lib/postgresql")
_USER = "nianbao"
# A server that has not answered by then will not.
_STARTS_WITHIN = 300  # seconds
_PAUSE = 0.05  # seconds
# Nothing has to outlive the tests, so nothing waits for the disk.
_CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=50")


@dataclass(frozen=True)
class PostgresServer:
    """A running server. Its socket is all that leads to it."""

    folder: Path

    def url(self, database: str) -> str:
        """What ``store.url`` is for this database."""
        return f"postgresql://{_USER}@/{database}?host={self.folder}"

    @contextlib.contextmanager
    def new_database(self) -> Iterator[str]:
        """The URL of an empty database, which is dropped afterwards."""
        name = f"test_{uuid.uuid4().hex}"
        self.execute(f"CREATE DATABASE {name}")
        yield self.url(name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Nothing; the statement was executed outside of the databases of the tests."""
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def answers(self) -> bool:
        """True where the server takes connections."""
        try:
            psycopg.connect(self._address).close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def _address(self) -> str:
        return f"host={self.folder} user={_USER} dbname=postgres"


def find_programs() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, the newest where there are several; None where none is installed."""
    # Debian keeps them outside of PATH, a folder for each version.
    installed = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parent.parent.name))
    found = shutil.which("initdb") or (installed[-1] if installed else None)
    return None if found is None else Path(found).resolve().parent


@contextlib.contextmanager
def running_server(programs: Path) -> Iterator[PostgresServer]:
    """A server that runs until the block ends, or this process does."""
    # Not under pytest's folder: that is closed to other users, and too long a path for a socket.
    folder = Path(tempfile.mkdtemp(prefix="nianbao-pg-"))
    user = _unprivileged()
    if user is not None:
        os.chown(folder, user, -1)
    data = folder / "data"
    try:
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                _USER,
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
                "--no-locale",
            ],
            check=True,
            capture_output=True,
            user=user,
            cwd=folder,
        )
        settings = [part for setting in _CARELESS for part in ("-c", setting)]
        # Killed tests must not leave a server behind.
        dies_too = ["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*dies_too, programs / "postgres", "-D", data, "-k", folder, *settings],
                stdout=log,
                stderr=log,
                user=user,
                cwd=folder,
            )
        try:
            yield _answering(PostgresServer(folder), process)
        finally:
            process.terminate()
            process.wait()
    finally:
        shutil.rmtree(folder)


def _answering(server: PostgresServer, process: subprocess.Popen[bytes]) -> PostgresServer:
    give_up = time.monotonic() + _STARTS_WITHIN
    while not server.answers():
        if process.poll() is not None or time.monotonic() > give_up:
            log = (server.folder / "log").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"the PostgreSQL server did not start:\n{log}")
        time.sleep(_PAUSE)
    return server


def _unprivileged() -> int | None:
    """The user that the server runs as where this process is root, which the server refuses; else None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    raise RuntimeError("there is no user without rights to start PostgreSQL as")
