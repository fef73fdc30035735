"""A port for a server under test."""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress

# Systems take the ports of outgoing connections from 32768 on.
_PORTS = range(20_000, 32_000)


def free_port() -> int:
    """A port that no outgoing connection of another test takes before the server does: below the range of those."""
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as taken, suppress(OSError):
            taken.bind(("127.0.0.1", port))
            return port
