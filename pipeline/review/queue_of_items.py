"""The queue of a reviewer: what is open, what comes next, who works on what."""

from __future__ import annotations

from dataclasses import replace

from pipeline.store.items import (
    HOLD_SECONDS,
    QueueCounts,
    QueueFilter,
    QueueItem,
    QueueReport,
    count_items,
    hold_item,
    index_older_reports,
    queue_counts,
    queue_items,
    queue_reports,
    release_items,
)
from pipeline.store.open_store import Store

__all__ = [
    "HOLD_SECONDS",
    "QueueCounts",
    "QueueFilter",
    "QueueItem",
    "QueueReport",
    "count_items",
    "hold_item",
    "index_older_reports",
    "items_of_document",
    "next_item",
    "queue_counts",
    "queue_items",
    "queue_reports",
    "release_items",
    "take_next",
]

# More open items than any form has.
_ALL = 100_000


def items_of_document(store: Store, document_id: int, who: str) -> list[QueueItem]:
    """The open items of one document in the order in which they are to be decided.

    Raises:
        StoreError: the store cannot be read.
    """
    return queue_items(store, QueueFilter(document_id=document_id), who, limit=_ALL)


def next_item(
    store: Store, who: str, chosen: QueueFilter | None = None, *, after: tuple[int, str] | None = None
) -> QueueItem | None:
    """The item to decide next; None where nothing is left that nobody else works on.

    Args:
        store: The store.
        who: Login of the person; what others hold is left out.
        chosen: Which items.
        after: (document id, item key) of the item before: the next of the same document comes first.

    Raises:
        StoreError: the store cannot be read.
    """
    chosen = replace(chosen or QueueFilter(), held_by_others=False)
    if after is not None:
        document_id, key = after
        same = [
            i for i in queue_items(store, replace(chosen, document_id=document_id), who, limit=_ALL) if i.item != key
        ]
        fresh = [i for i in same if not i.skipped]
        if fresh:
            return fresh[0]
    # A report that nobody else works on is better than another item of one that somebody does.
    for only_free in (True, False):
        found = queue_items(store, replace(chosen, in_free_documents=only_free), who, limit=2)
        item = next((i for i in found if after is None or (i.document_id, i.item) != after), None)
        if item is not None:
            return item
    return None


def take_next(
    store: Store, who: str, chosen: QueueFilter | None = None, *, after: tuple[int, str] | None = None
) -> QueueItem | None:
    """As ``next_item``, and held for the person: two who ask at the same time get two items.

    Raises:
        StoreError: the store cannot be read or written.
    """
    while (item := next_item(store, who, chosen, after=after)) is not None:
        if hold_item(store, item.document_id, item.item, who) == who:
            return item
    return None
