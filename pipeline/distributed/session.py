"""Ray, started on this machine alone or joined where it runs. Nothing else imports it.

What Ray reads from the environment it reads when it is imported; so it is set here, before.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from models.errors import MissingDependencyError, UsageError

if TYPE_CHECKING:
    from types import ModuleType

_TOKEN_BYTES = 32  # random bytes of the token of a cluster that lives as long as the command
_OBJECT_STORE_BYTES = 1 << 30  # what is handed around are names and figures; it is not taken before it is needed
_BLOCK_BYTES = 1 << 20  # of results of one task; Ray keeps room for several for each task
_PROBE_SECONDS = 5.0
_HOST_AND_PORT = re.compile(r"(?P<host>[^/\s]+):(?P<port>\d{1,5})")
_AUTO = "auto"
_NO_STATISTICS = {"RAY_USAGE_STATS_ENABLED": "0"}
_INSTALL = "pip install 'nianbao[ray]' on every machine of the cluster"


@contextmanager
def ray_session(address: str | None, jobs: int | None) -> Iterator[ModuleType]:
    """The module ``ray``, connected; disconnected at the end, and stopped where it was started here.

    Args:
        address: ``host:port`` of a cluster, or ``auto`` for the one that this machine belongs to; None starts Ray on
            this machine, reachable from this machine alone, with a token of its own.
        jobs: Documents read at once where it is started here; None for one on each core.

    Raises:
        UsageError: the address is none.
        MissingDependencyError: Ray is not installed, does not start, or is not reached.
    """
    if address is not None:
        _probe(address)
    os.environ.update(_NO_STATISTICS)
    folder = tempfile.mkdtemp(prefix="nianbao-ray-")
    try:
        if address is None:
            _only_this_machine()
        else:
            os.environ.setdefault("RAY_AUTH_MODE", "token")
        ray = _import()
        _init(ray, address, jobs, folder)
        try:
            _set_up_data()
            yield ray
        finally:
            ray.shutdown()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _only_this_machine() -> None:
    os.environ.update(
        {
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(_TOKEN_BYTES),
            # Off, nodes have the address 127.0.0.1 and listen there; on, they listen to the network.
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
            # Ray's workers step back (nice 15); these do the work that the user waits for.
            "RAY_worker_niceness": "0",
        }
    )


def _import() -> ModuleType:
    try:
        import ray
        import ray.data
    except ImportError as exc:
        raise MissingDependencyError(f"Ray is not installed ({exc})", remedy=_INSTALL) from exc
    # What ends a job is raised, and told once; the plan of each data set is nobody's news.
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    return ray


def _init(ray: Any, address: str | None, jobs: int | None, folder: str) -> None:  # noqa: ANN401 - the module
    common: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    here: dict[str, Any] = {
        "num_cpus": jobs or len(os.sched_getaffinity(0)),
        "include_dashboard": False,
        "object_store_memory": _OBJECT_STORE_BYTES,
        "_temp_dir": folder,
    }
    try:
        ray.init(address=address or "local", **common, **({} if address else here))
    # Ray raises what it likes; whatever it is, there is no cluster.
    except Exception as exc:
        cause = str(exc).strip().partition("\n")[0] or type(exc).__name__
        if address is None:
            raise MissingDependencyError(
                f"Ray does not start on this machine: {cause}", remedy="see its messages with --debug, or use --jobs"
            ) from exc
        raise MissingDependencyError(
            f"the cluster cannot be joined: {cause}",
            source=address,
            remedy="run this on a machine of the cluster, with the same versions and the token of the cluster "
            "(RAY_AUTH_TOKEN_PATH)",
        ) from exc


def _probe(address: str) -> None:
    """Nothing; at the address somebody answers.

    Ray itself would try for minutes.
    """
    if address == _AUTO:
        return
    match = _HOST_AND_PORT.fullmatch(address)
    if match is None:
        raise UsageError(
            "this is no address of a cluster",
            source=address,
            remedy="give host:port as `ray start` shows it (6379 by default), on a machine of the cluster",
        )
    try:
        socket.create_connection((match["host"], int(match["port"])), timeout=_PROBE_SECONDS).close()
    except (OSError, OverflowError) as exc:
        raise MissingDependencyError(
            f"no Ray cluster answers here: {exc}",
            source=address,
            remedy="start one with `ray start --head`, check host and port, or leave --address out to use this machine",
        ) from exc


def _set_up_data() -> None:
    from ray.data import DataContext

    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.target_max_block_size = _BLOCK_BYTES
    # A document costs a failure row; what ends a task is no document, and must not be passed over.
    context.max_errored_blocks = 0
