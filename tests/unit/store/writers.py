"""What one of several processes does that share a store; started by ``test_writers``."""

from __future__ import annotations

import random
from collections import Counter
from multiprocessing.synchronize import Barrier

from models.errors import LeaseLostError
from pipeline.config import Settings
from pipeline.store.documents import register
from pipeline.store.health import health
from pipeline.store.open_store import Store, open_store
from pipeline.store.queue import claim, expire_leases, fail, finish, release, renew
from pipeline.store.records import Claimed
from tests.unit.store.made import content, failed, report

# Seconds for the database's lock, and to where the processes meet: on a busy machine each waits long for a processor.
PATIENCE = 600
_barrier: Barrier | None = None

NAMES = tuple(f"{number}.pdf" for number in range(40))


def meet_at(barrier: Barrier) -> None:
    """Nothing; the process then meets the others there."""
    global _barrier  # noqa: PLW0603 - how a pool hands something to its processes
    _barrier = barrier


def _meet() -> None:
    assert _barrier is not None
    _barrier.wait(PATIENCE)


def write(settings: Settings, number: int) -> Counter[str]:
    """What this process did, how often; the results are named ``finished <document>``."""
    chance = random.Random(number)
    did: Counter[str] = Counter()
    _meet()
    with open_store(settings) as store:
        for name in chance.sample(NAMES, len(NAMES)):
            did["new"] += register(store, content(name), who=f"w{number}").is_new
        # Each has a document before any goes on.
        lease = claim(store, f"w{number}")
        _meet()
        while True:
            if lease is not None:
                did["claimed"] += 1
                _turn(store, lease, chance, did)
            else:
                did["expired"] += len(expire_leases(store))
                states = health(store).states
                if states["received"] + states["running"] == 0:
                    return did
            lease = claim(store, f"w{number}")


def _turn(store: Store, lease: Claimed, chance: random.Random, did: Counter[str]) -> None:
    """One of the things that happen to a document; most of the time it is finished."""
    what = chance.choices(("finish", "fail", "release", "forget"), (6, 1, 1, 1))[0]
    renew(store, lease)
    if what == "fail":
        if fail(store, lease, failed(name=lease.name)) == "failed":
            did[f"finished {lease.document_id}"] += 1
    elif what == "release":
        release(store, lease)
    elif what == "forget":
        # Stopped without a word: the lease has to run out. It is cut short so that the test need not wait.
        renew(store, lease, lease_seconds=-1)
    else:
        did[f"finished {lease.document_id}"] += 1
        finish(store, lease, report(lease.name))
        try:
            finish(store, lease, report(lease.name))
        except LeaseLostError:
            did["refused"] += 1
